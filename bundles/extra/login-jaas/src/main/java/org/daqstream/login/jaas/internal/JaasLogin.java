/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.login.jaas.internal;

import java.io.IOException;
import java.security.Principal;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import javax.security.auth.Subject;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.auth.login.LoginContext;
import javax.security.auth.login.LoginException;
import org.daqstream.config.support.Configured;
import org.daqstream.security.api.Authenticator;
import org.daqstream.security.api.Credentials;
import org.daqstream.security.api.Identity;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The component: asks a realm of JAAS for user and password. It learns nothing of users that are
 * removed, or have other roles, before they log in again; so they have to, now and then. What a
 * realm says of somebody at his last login holds for all his connections.
 */
@Component(configurationPid = JaasLogin.PID)
@Designate(ocd = JaasLogin.Config.class)
public final class JaasLogin implements Authenticator {
  static final String PID = "org.daqstream.login.jaas";

  private static final Logger LOG = LoggerFactory.getLogger(JaasLogin.class);
  private static final String REALM = "realm";
  private static final String ROLE_PRINCIPAL = "rolePrincipal";
  private static final String LOGIN_MINUTES = "loginMinutes";
  private static final int CHARS_MAX = 200;
  private static final int MINUTES_MAX = 525_600;

  /** Keys, defaults and meanings. */
  @ObjectClassDefinition(
      name = "daqstream login by JAAS",
      description = "Whose users and passwords hold.")
  @interface Config {
    @AttributeDefinition(description = "Realm that knows the users")
    String realm() default "karaf";

    @AttributeDefinition(description = "Class of those principals of a user that are roles")
    String rolePrincipal() default "org.apache.karaf.jaas.boot.principal.RolePrincipal";

    @AttributeDefinition(
        min = "1",
        max = "525600",
        description = "Minutes after his last login at which somebody has to log in again")
    int loginMinutes() default 720;
  }

  private record Settings(String realm, String rolePrincipal, int loginMinutes) {
    boolean asks(Settings other) {
      return realm.equals(other.realm) && rolePrincipal.equals(other.rolePrincipal);
    }
  }

  /** The last one of a user. */
  private record Login(Set<String> roles, long atNanos) {}

  private final Configured<Settings> configured =
      new Configured<>(
          Config.class,
          PID,
          "nobody can log in",
          LOG,
          values ->
              new Settings(
                  values.text(REALM, CHARS_MAX),
                  values.text(ROLE_PRINCIPAL, CHARS_MAX),
                  values.integer(LOGIN_MINUTES, 1, MINUTES_MAX)));
  private final Map<String, Login> logins = new ConcurrentHashMap<>(); // by user
  private final LongSupplier nanoTime;
  private volatile Settings settings;
  private volatile Runnable changed = () -> {};

  /** Takes the configuration; called by DS. */
  @Activate
  public JaasLogin(Map<String, ?> properties) {
    this(properties, System::nanoTime);
  }

  JaasLogin(Map<String, ?> properties, LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    modified(properties);
  }

  /** Takes the configuration when it has changed; called by DS. */
  @Modified
  void modified(Map<String, ?> properties) {
    configured.take(properties, this::take);
  }

  private void take(Settings wanted) {
    Settings before = settings;
    settings = wanted;
    if (before != null && !before.asks(wanted)) {
      logins.clear(); // of another realm
    }
    changed.run();
  }

  @Override
  public void whenChanged(Runnable listener) {
    changed = listener;
  }

  @Override
  public Optional<Identity> authenticate(Credentials credentials) {
    Settings now = settings;
    if (now == null || credentials.user().isEmpty()) {
      return Optional.empty();
    }
    Subject subject = new Subject();
    try {
      LoginContext context =
          new LoginContext(now.realm, subject, callbacks -> answer(callbacks, credentials));
      context.login();
      Set<String> roles = roles(subject, now.rolePrincipal);
      context.logout();
      String name = credentials.user();
      note(name, roles, now);
      return Optional.of(new Identity(name, name, roles));
    } catch (LoginException | SecurityException e) {
      LOG.debug("realm {} knows nobody like that: {}", now.realm, e.getClass().getName());
      return Optional.empty();
    }
  }

  private void note(String user, Set<String> roles, Settings by) {
    logins.values().removeIf(this::isOver);
    Login before = logins.put(user, new Login(roles, nanoTime.getAsLong()));
    if (!settings.asks(by)) { // another realm meanwhile
      logins.remove(user);
    }
    if (before != null && !before.roles.equals(roles)) {
      changed.run();
    }
  }

  private boolean isOver(Login login) {
    return nanoTime.getAsLong() - login.atNanos >= TimeUnit.MINUTES.toNanos(settings.loginMinutes);
  }

  @Override
  public Optional<Identity> current(Identity identity) {
    return Optional.ofNullable(logins.get(identity.reference()))
        .filter(login -> !isOver(login))
        .map(login -> new Identity(identity.name(), identity.reference(), login.roles));
  }

  private static Set<String> roles(Subject subject, String rolePrincipal) {
    return subject.getPrincipals().stream()
        .filter(principal -> principal.getClass().getName().equals(rolePrincipal))
        .map(Principal::getName)
        .collect(Collectors.toSet());
  }

  private static void answer(Callback[] callbacks, Credentials credentials)
      throws IOException, UnsupportedCallbackException {
    for (Callback callback : callbacks) {
      if (callback instanceof NameCallback name) {
        name.setName(credentials.user());
      } else if (callback instanceof PasswordCallback password) {
        password.setPassword(credentials.password().toCharArray());
      } else {
        throw new UnsupportedCallbackException(callback);
      }
    }
  }
}
