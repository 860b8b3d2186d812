/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.web;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.daqstream.security.api.Authenticator;
import org.daqstream.security.api.Credentials;
import org.daqstream.security.api.Identity;

/** Knows people by token, by user and password, and by certificate; each by a line of text. */
public final class KnownPeople implements Authenticator {
  final Map<String, Set<String>> rolesBySecret = new ConcurrentHashMap<>();
  final AtomicInteger asked = new AtomicInteger();
  private volatile Runnable changed = () -> {};

  /** Runs between a look at somebody and what comes of it. */
  public volatile Runnable whenLooked = () -> {};

  public KnownPeople with(String secret, String... roles) {
    rolesBySecret.put(secret, Set.of(roles));
    return this;
  }

  public void without(String secret) {
    rolesBySecret.remove(secret);
  }

  @Override
  public void whenChanged(Runnable listener) {
    changed = listener;
  }

  /** Tells that they are others than before. */
  public void tell() {
    changed.run();
  }

  @Override
  public Optional<Identity> authenticate(Credentials credentials) {
    asked.incrementAndGet();
    String secret =
        credentials.user().isEmpty()
            ? credentials.token()
                + credentials.certificateSubjects().stream().findFirst().orElse("")
            : credentials.user() + ":" + credentials.password();
    return current(new Identity("name of " + secret.length(), secret, Set.of()));
  }

  @Override
  public Optional<Identity> current(Identity identity) {
    Set<String> roles = rolesBySecret.get(identity.reference());
    whenLooked.run();
    return Optional.ofNullable(roles)
        .map(known -> new Identity(identity.name(), identity.reference(), known));
  }
}
