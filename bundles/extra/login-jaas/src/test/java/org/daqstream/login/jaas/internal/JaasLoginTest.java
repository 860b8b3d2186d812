/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.login.jaas.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;

import java.net.InetAddress;
import java.security.Principal;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.security.auth.Subject;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.CallbackHandler;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.Configuration;
import javax.security.auth.login.FailedLoginException;
import javax.security.auth.login.LoginException;
import javax.security.auth.spi.LoginModule;
import org.daqstream.security.api.Credentials;
import org.daqstream.security.api.Identity;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

public class JaasLoginTest {
  /** A role, as a realm has it. */
  record Role(String name) implements Principal {
    @Override
    public String getName() {
      return name;
    }
  }

  /** Something else that a realm says of a user. */
  record User(String name) implements Principal {
    @Override
    public String getName() {
      return name;
    }
  }

  private static Set<Role> annsRoles = Set.of();

  /** Knows ann. */
  public static final class Realm implements LoginModule {
    private Subject subject;
    private CallbackHandler handler;

    @Override
    public void initialize(
        Subject newSubject,
        CallbackHandler newHandler,
        Map<String, ?> sharedState,
        Map<String, ?> options) {
      subject = newSubject;
      handler = newHandler;
    }

    @Override
    public boolean login() throws LoginException {
      NameCallback name = new NameCallback("user");
      PasswordCallback password = new PasswordCallback("password", false);
      try {
        handler.handle(new Callback[] {name, password});
      } catch (Exception e) {
        throw new LoginException(e.toString());
      }
      if (!name.getName().equals("ann") || !new String(password.getPassword()).equals("secret")) {
        throw new FailedLoginException("not " + new String(password.getPassword()));
      }
      return true;
    }

    @Override
    public boolean commit() {
      subject.getPrincipals().addAll(annsRoles);
      subject.getPrincipals().add(new User("ann"));
      return true;
    }

    @Override
    public boolean abort() {
      return true;
    }

    @Override
    public boolean logout() {
      subject.getPrincipals().clear();
      return true;
    }
  }

  @Before
  public void setRealm() {
    annsRoles = Set.of(new Role("reader"), new Role("b"));
    Configuration.setConfiguration(
        new Configuration() {
          @Override
          public AppConfigurationEntry[] getAppConfigurationEntry(String name) {
            return name.equals("lab")
                ? new AppConfigurationEntry[] {
                  new AppConfigurationEntry(
                      Realm.class.getName(),
                      AppConfigurationEntry.LoginModuleControlFlag.REQUIRED,
                      Map.of())
                }
                : null;
          }
        });
  }

  @After
  public void resetRealm() {
    Configuration.setConfiguration(null);
  }

  private static Optional<Identity> show(String realm, String user, String password) {
    return new JaasLogin(Map.of("realm", realm, "rolePrincipal", Role.class.getName()))
        .authenticate(Credentials.ofUser(user, password, InetAddress.getLoopbackAddress()));
  }

  @Test
  public void whomTheRealmKnowsHasItsRoles() {
    assertEquals(
        Optional.of(new Identity("ann", "ann", Set.of("reader", "b"))),
        show("lab", "ann", "secret"));
  }

  @Test
  public void whomItDoesNotStaysOutside() {
    assertFalse(show("lab", "ann", "wrong").isPresent());
    assertFalse(show("lab", "bob", "secret").isPresent());
    assertFalse(show("lab", "ann", "").isPresent());
    assertFalse("no such realm", show("elsewhere", "ann", "secret").isPresent());
    JaasLogin login = new JaasLogin(Map.of("realm", "lab"));
    assertFalse(
        login
            .authenticate(Credentials.ofToken("secret", InetAddress.getLoopbackAddress()))
            .isPresent());
  }

  private final AtomicLong nanos = new AtomicLong(-5);
  private final AtomicInteger told = new AtomicInteger();

  private static Map<String, Object> lab(int minutes) {
    return Map.of("realm", "lab", "rolePrincipal", Role.class.getName(), "loginMinutes", minutes);
  }

  private static Identity logIn(JaasLogin login) {
    return login
        .authenticate(Credentials.ofUser("ann", "secret", InetAddress.getLoopbackAddress()))
        .orElseThrow();
  }

  @Test
  public void aLoginLastsSoLong() {
    JaasLogin login = new JaasLogin(lab(10), nanos::get);
    Identity ann = logIn(login);
    nanos.addAndGet(TimeUnit.MINUTES.toNanos(10) - 1);
    assertEquals(Optional.of(ann), login.current(ann));
    nanos.addAndGet(1);
    assertFalse(login.current(ann).isPresent());
    logIn(login);
    assertEquals("by another connection", Optional.of(ann), login.current(ann));
    nanos.addAndGet(TimeUnit.MINUTES.toNanos(5));
    login.modified(lab(5));
    assertFalse("shorter now", login.current(ann).isPresent());
  }

  @Test
  public void rolesOfTheLastLoginHoldForAll() {
    JaasLogin login = new JaasLogin(lab(10), nanos::get);
    login.whenChanged(told::incrementAndGet);
    Identity ann = logIn(login);
    logIn(login);
    assertEquals(0, told.get());
    annsRoles = Set.of(new Role("b"));
    logIn(login);
    assertEquals(1, told.get());
    assertEquals(Set.of("b"), login.current(ann).orElseThrow().roles());
  }

  @Test
  public void anotherRealmKnowsNobodyYet() {
    JaasLogin login = new JaasLogin(lab(10), nanos::get);
    login.whenChanged(told::incrementAndGet);
    Identity ann = logIn(login);
    login.modified(Map.of("realm", "other", "rolePrincipal", Role.class.getName()));
    assertFalse(login.current(ann).isPresent());
    assertEquals(1, told.get());
  }
}
