/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.tls.support;

import java.io.IOException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * The certificates that a client has shown, which are judged again when others may vouch for it
 * than before, or when one has expired. Thread-safe.
 */
public final class ShownChain {
  private final List<X509Certificate> chain;
  private TlsKeys judgedBy;
  private Instant end; // of what was good the last time

  private ShownChain(List<X509Certificate> chain, TlsKeys judgedBy) {
    this.chain = chain;
    this.judgedBy = judgedBy;
    end = firstEnd(each -> true); // a continued session may have begun long ago
  }

  /**
   * After a handshake.
   *
   * @param judgedBy whose trust the handshake used
   * @return empty when no certificate was shown
   */
  public static Optional<ShownChain> of(SSLSession session, TlsKeys judgedBy) {
    try {
      return session.getPeerCertificates() instanceof X509Certificate[] chain
          ? Optional.of(new ShownChain(List.of(chain), judgedBy))
          : Optional.empty();
    } catch (SSLPeerUnverifiedException e) {
      return Optional.empty();
    }
  }

  private Instant firstEnd(Predicate<Instant> which) {
    return chain.stream()
        .map(each -> each.getNotAfter().toInstant())
        .filter(which)
        .min(Instant::compareTo)
        .orElse(Instant.MAX);
  }

  /**
   * Why the client would not be let in now, in a sentence for a log; empty when it would. Costs
   * next to nothing while it need not be judged.
   */
  public synchronized Optional<String> objection(TlsKeys keys, Instant now) {
    if (keys == judgedBy && now.isBefore(end)) {
      return Optional.empty();
    }
    try {
      keys.trust()
          .checkClientTrusted(
              chain.toArray(X509Certificate[]::new), chain.get(0).getPublicKey().getAlgorithm());
    } catch (CertificateException | IOException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
    judgedBy = keys;
    end = firstEnd(now::isBefore);
    return Optional.empty();
  }

  /** Whether the client's own certificate has expired. */
  private boolean isExpired(Instant now) {
    return !now.isBefore(chain.get(0).getNotAfter().toInstant());
  }

  /** What the client itself is told of an objection. */
  public String words(Instant now) {
    return isExpired(now)
        ? "the certificate has expired"
        : "the certificate is not trusted any more";
  }
}
