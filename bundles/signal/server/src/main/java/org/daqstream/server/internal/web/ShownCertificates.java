/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.web;

import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.daqstream.tls.support.ShownChain;
import org.daqstream.tls.support.TlsKeys;

/**
 * The certificates of those who are connected: who would not be let in now, because others may
 * vouch for clients or because it has expired, has to leave. Any thread.
 */
final class ShownCertificates {
  private final Map<TlsConnection, ShownChain> all = new ConcurrentHashMap<>();
  private final BiConsumer<TlsConnection, String> told;
  private final Clock clock;
  private volatile TlsKeys keys;

  /**
   * With nobody connected.
   *
   * @param keys with those who may vouch for clients
   * @param told of those who have to leave, with a sentence for a log
   */
  ShownCertificates(TlsKeys keys, BiConsumer<TlsConnection, String> told, Clock clock) {
    this.keys = keys;
    this.told = told;
    this.clock = clock;
  }

  /** Who may vouch for clients now. */
  TlsKeys keys() {
    return keys;
  }

  /** The handshake is over. */
  void add(TlsConnection connection, ShownChain chain) {
    all.put(connection, chain);
    look(connection, chain); // others may vouch since it began
    if (!connection.getEndPoint().isOpen()) {
      remove(connection); // it was told of its end before
    }
  }

  void remove(TlsConnection connection) {
    all.remove(connection);
  }

  /** Others may vouch for clients now. */
  void setKeys(TlsKeys next) {
    keys = next;
    sweep();
  }

  /** Looks at all, several times a second. */
  void sweep() {
    all.forEach(this::look);
  }

  private void look(TlsConnection connection, ShownChain chain) {
    Instant now = clock.instant();
    Optional<String> objection = chain.objection(keys, now);
    if (objection.isPresent() && all.remove(connection, chain)) {
      told.accept(connection, objection.get());
      connection.object(chain.words(now));
    }
  }
}
