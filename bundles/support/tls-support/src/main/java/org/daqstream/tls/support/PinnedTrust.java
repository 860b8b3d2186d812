/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.tls.support;

import java.net.Socket;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trusts who has one of some keys. Without anybody else to ask, that is enough, whatever name the
 * certificate is for, while it has not expired.
 */
final class PinnedTrust extends X509ExtendedTrustManager {
  private static final String PREFIX = "sha256/";
  private static final int HASH_BYTES = 32;

  private final Set<String> pins;
  private final X509ExtendedTrustManager other; // null for none

  PinnedTrust(Set<String> pins, X509ExtendedTrustManager other) {
    this.pins = Set.copyOf(pins);
    this.other = other;
    pins.forEach(PinnedTrust::check);
  }

  private static void check(String pin) {
    try {
      if (pin.startsWith(PREFIX)
          && Base64.getDecoder().decode(pin.substring(PREFIX.length())).length == HASH_BYTES) {
        return;
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    throw new IllegalArgumentException(
        "'" + pin + "' is no pin: expected sha256/ and the Base64 of 32 bytes");
  }

  /** The pin of a certificate's key. */
  static String pin(X509Certificate certificate) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] hash = digest.digest(certificate.getPublicKey().getEncoded());
      return PREFIX + Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has it", e);
    }
  }

  private void judge(X509Certificate[] chain) throws CertificateException {
    X509Certificate certificate = chain[0];
    String subject = "the certificate of " + CertificateText.subject(certificate);
    String pin = pin(certificate);
    if (!pins.contains(pin)) {
      throw new CertificateException(subject + " has another key than the pinned one: " + pin);
    }
    Optional<String> problem = CertificateText.problemOfTime(certificate, Instant.now());
    if (problem.isPresent()) {
      throw new CertificateException(subject + " " + problem.get());
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    judge(chain);
    if (other != null) {
      other.checkServerTrusted(chain, type, engine);
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    judge(chain);
    if (other != null) {
      other.checkServerTrusted(chain, type, socket);
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    judge(chain);
    if (other != null) {
      other.checkServerTrusted(chain, type);
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    throw noClients();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    throw noClients();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    throw noClients();
  }

  private static CertificateException noClients() {
    return new CertificateException("pins are for servers");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return other == null ? new X509Certificate[0] : other.getAcceptedIssuers();
  }
}
