/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.login.tokens.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.daqstream.base.support.Home;
import org.daqstream.base.support.LimitedLog;
import org.daqstream.base.support.Worker;
import org.daqstream.config.support.Configured;
import org.daqstream.config.support.Values;
import org.daqstream.security.api.Authenticator;
import org.daqstream.security.api.Credentials;
import org.daqstream.security.api.Identity;
import org.daqstream.security.api.TokenStore;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The component: asks the file, and changes it for whoever makes and revokes tokens. The file is
 * looked at by a thread of its own, so that nobody who asks waits for a disk.
 */
@Component(
    configurationPid = TokenLogin.PID,
    service = {Authenticator.class, TokenStore.class})
@Designate(ocd = TokenLogin.Config.class)
public final class TokenLogin implements Authenticator, TokenStore {
  static final String PID = "org.daqstream.login.tokens";

  private static final Logger LOG = LoggerFactory.getLogger(TokenLogin.class);
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  /** Keys, defaults and meanings. */
  @ObjectClassDefinition(
      name = "daqstream login by tokens",
      description = "Who logs in by a token or a certificate.")
  @interface Config {
    @AttributeDefinition(
        description =
            "The file with hashes of tokens and subjects of certificates; a relative path stands"
                + " against the folder of the runtime")
    String file() default "etc/logins";
  }

  private final Path home;
  private final LongSupplier nanoTime;
  private final LoginsFile.Reader reader;
  private final Configured<Path> configured;
  private final Worker looking = new Worker("daqstream-logins", this::work);
  private final LimitedLog faults = new LimitedLog(LOG::error, 1);
  private volatile LoginsFile file;
  private volatile Runnable changed = () -> {};

  /** Takes the configuration; called by DS. */
  @Activate
  public TokenLogin(BundleContext context, Map<String, ?> properties) {
    this(Home.of(context::getProperty), System::nanoTime, Files::readAllLines, properties);
    looking.start();
  }

  /** In a folder, by a clock, and without a thread that looks at the file. */
  TokenLogin(
      Path home, LongSupplier nanoTime, LoginsFile.Reader reader, Map<String, ?> properties) {
    this.home = home;
    this.nanoTime = nanoTime;
    this.reader = reader;
    configured = new Configured<>(Config.class, PID, "nobody can log in", LOG, this::pathOf);
    modified(properties);
  }

  /** Takes the configuration when it has changed; called by DS. */
  @Modified
  void modified(Map<String, ?> properties) {
    configured.take(properties, path -> file = new LoginsFile(path, nanoTime, reader));
    changed.run();
  }

  /** Ends the thread; called by DS. */
  @Deactivate
  void stop() {
    looking.stop();
  }

  private void work(Worker self) {
    self.repeat(
        () -> {
          look();
          return LOOK_NANOS;
        },
        fault -> faults.say(() -> "the file of logins is not looked at for a moment: " + fault));
  }

  /** Looks whether the file has changed. */
  void look() {
    LoginsFile now = file;
    if (now != null && now.look()) {
      changed.run();
    }
  }

  private Path pathOf(Values values) {
    return home.resolve(values.text("file", 1_000));
  }

  private Logins logins() {
    LoginsFile now = file;
    return now == null ? Logins.NONE : now.logins();
  }

  @Override
  public Optional<Identity> authenticate(Credentials credentials) {
    Logins logins = logins();
    Secret secret = Secret.parse(credentials.token());
    if (secret != null) {
      return logins.find(secret);
    }
    return credentials.certificateSubjects().stream()
        .limit(1) // those behind it vouch for others, too
        .flatMap(subject -> logins.findSubject(subject).stream())
        .findFirst();
  }

  @Override
  public Optional<Identity> current(Identity identity) {
    return logins().byReference(identity.reference());
  }

  @Override
  public void whenChanged(Runnable listener) {
    changed = listener;
  }

  @Override
  public String create(Set<String> roles, String name) throws IOException {
    Secret[] made = new Secret[1];
    changeable()
        .change(
            now -> {
              Secret secret = Secret.random();
              while (now.hasToken(secret.id())) {
                secret = Secret.random();
              }
              made[0] = secret;
              Instant created = Instant.now().truncatedTo(ChronoUnit.SECONDS);
              return now.with(secret, new TreeSet<>(roles), name.strip(), created);
            });
    changed.run();
    return made[0].token();
  }

  @Override
  public List<Token> tokens() {
    return logins().tokens();
  }

  @Override
  public boolean revoke(String id) throws IOException {
    boolean[] found = new boolean[1];
    changeable()
        .change(
            now -> {
              found[0] = now.hasToken(id);
              return now.without(id);
            });
    changed.run();
    return found[0];
  }

  private LoginsFile changeable() throws IOException {
    LoginsFile now = file;
    if (now == null) {
      throw new IOException(PID + " has no file that could be changed");
    }
    return now;
  }
}
