/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.web;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.daqstream.base.support.LimitedLog;
import org.daqstream.security.api.Authenticator;
import org.daqstream.security.api.Credentials;
import org.daqstream.security.api.Identity;
import org.daqstream.server.internal.access.Changes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Those who know people, in the order in which they are asked; any thread. */
public final class Authenticators {
  private static final Logger LOG = LoggerFactory.getLogger(Authenticators.class);

  private final LimitedLog failed = new LimitedLog(LOG::warn, 1);
  private final List<Registered> registered = new CopyOnWriteArrayList<>();
  private final Changes changes = new Changes();

  private record Registered(Authenticator authenticator, int ranking) {}

  public void add(Authenticator authenticator, Map<String, ?> properties) {
    int ranking = properties.get("service.ranking") instanceof Integer i ? i : 0;
    registered.add(new Registered(authenticator, ranking));
    listen(authenticator, changes::tell);
  }

  public void remove(Authenticator authenticator) {
    registered.removeIf(each -> each.authenticator == authenticator);
    listen(authenticator, () -> {});
    changes.tell();
  }

  private void listen(Authenticator to, Runnable changed) {
    try {
      to.whenChanged(changed);
    } catch (RuntimeException e) {
      tell(to, e);
    }
  }

  /** Tells when those who are known may be others. */
  Changes changes() {
    return changes;
  }

  boolean isEmpty() {
    return registered.isEmpty();
  }

  /** Who has these credentials; may block. */
  Optional<Visitor> authenticate(Credentials credentials) {
    return registered.stream()
        .sorted(Comparator.comparingInt(Registered::ranking).reversed())
        .map(Registered::authenticator)
        .flatMap(by -> ask(by, credentials).map(who -> new Visitor(who, by, null)).stream())
        .findFirst();
  }

  private Optional<Identity> ask(Authenticator by, Credentials credentials) {
    try {
      return by.authenticate(credentials);
    } catch (RuntimeException e) {
      tell(by, e);
      return Optional.empty();
    }
  }

  /** Without the text of the fault, which may repeat a secret. */
  private void tell(Authenticator by, RuntimeException e) {
    failed.say(() -> by.getClass().getName() + " failed: " + e.getClass().getName());
  }

  /** Who a visitor is now; empty when nobody vouches for him any more. */
  Optional<Identity> current(Visitor visitor) {
    if (registered.stream().noneMatch(each -> each.authenticator == visitor.by())) {
      return Optional.empty();
    }
    try {
      return visitor.by().current(visitor.identity());
    } catch (RuntimeException e) {
      tell(visitor.by(), e);
      return Optional.empty();
    }
  }
}
