/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.web;

import java.io.IOException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import javax.net.ssl.X509TrustManager;
import org.daqstream.tls.support.TlsKeys;

/**
 * The certificates of those who are connected. They are judged again when others may vouch for them
 * than at the handshake, and when one has expired meanwhile: who would not be let in now has to
 * leave. Any thread.
 */
final class ShownCertificates {
  private final Map<TlsConnection, Shown> all = new ConcurrentHashMap<>();
  private final BiConsumer<TlsConnection, String> told;
  private final Clock clock;
  private volatile TlsKeys keys;

  /** What a connection has shown, and when the next of it expires. */
  private record Shown(List<X509Certificate> chain, Instant end) {
    static Shown of(List<X509Certificate> chain, Instant now) {
      return new Shown(
          chain,
          chain.stream()
              .map(each -> each.getNotAfter().toInstant())
              .filter(end -> end.isAfter(now))
              .min(Instant::compareTo)
              .orElse(Instant.MAX));
    }
  }

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

  /**
   * The handshake is over.
   *
   * @param chain what was shown, the client's own first
   * @param by whom it was judged, unless that was at an earlier handshake which this one continues
   */
  void add(TlsConnection connection, List<X509Certificate> chain, TlsKeys by) {
    Instant now = clock.instant();
    all.put(connection, Shown.of(chain, now));
    boolean isOver = chain.stream().anyMatch(each -> !each.getNotAfter().toInstant().isAfter(now));
    if (by != keys || isOver) {
      judge(connection, chain);
    }
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
    all.forEach((connection, shown) -> judge(connection, shown.chain));
  }

  /** Looks for those whose certificate has expired. */
  void sweep() {
    Instant now = clock.instant();
    all.forEach(
        (connection, shown) -> {
          if (!shown.end.isAfter(now)) {
            all.replace(connection, shown, Shown.of(shown.chain, now));
            judge(connection, shown.chain);
          }
        });
  }

  private void judge(TlsConnection connection, List<X509Certificate> chain) {
    X509Certificate own = chain.get(0);
    try {
      X509TrustManager trust = keys.trust();
      trust.checkClientTrusted(
          chain.toArray(X509Certificate[]::new), own.getPublicKey().getAlgorithm());
    } catch (CertificateException | IOException e) {
      boolean isExpired = own.getNotAfter().toInstant().isBefore(clock.instant());
      remove(connection);
      told.accept(connection, e.getMessage());
      connection.object(
          isExpired ? "the certificate has expired" : "the certificate is not trusted any more");
    }
  }
}
