/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.tls.support;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.daqstream.base.support.ForeignText;

/** Certificates in words. They may be a stranger's: what they say is cut short and made plain. */
public final class CertificateText {
  private static final int CHARS_MAX = 200;
  private static final int NAME_DNS = 2;
  private static final int NAME_ADDRESS = 7;
  private static final DateTimeFormatter SECOND =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss 'UTC'").withZone(ZoneOffset.UTC);

  private CertificateText() {}

  /** Whose it is. */
  public static String subject(X509Certificate certificate) {
    return ForeignText.plain(certificate.getSubjectX500Principal().getName(), CHARS_MAX);
  }

  static String issuer(X509Certificate certificate) {
    return ForeignText.plain(certificate.getIssuerX500Principal().getName(), CHARS_MAX);
  }

  /** A moment as all messages have it. */
  static String second(Instant instant) {
    return SECOND.format(instant);
  }

  /** Host names and addresses that it is for, separated by commas. */
  public static String names(X509Certificate certificate) {
    String names;
    try {
      Collection<List<?>> all = certificate.getSubjectAlternativeNames();
      names =
          all == null
              ? ""
              : all.stream()
                  .filter(name -> isOfHost((Integer) name.get(0)))
                  .map(name -> String.valueOf(name.get(1)))
                  .collect(Collectors.joining(", "));
    } catch (CertificateParsingException e) {
      names = "";
    }
    return names.isEmpty() ? "no host" : ForeignText.plain(names, CHARS_MAX);
  }

  private static boolean isOfHost(int kind) {
    return kind == NAME_DNS || kind == NAME_ADDRESS;
  }

  /** What is wrong with its time; empty when nothing is. */
  public static Optional<String> problemOfTime(X509Certificate certificate, Instant now) {
    Instant from = certificate.getNotBefore().toInstant();
    Instant to = certificate.getNotAfter().toInstant();
    if (now.isBefore(from)) {
      return Optional.of("is not valid before " + second(from) + "; here it is " + second(now));
    }
    if (now.isAfter(to)) {
      return Optional.of("expired on " + second(to) + "; here it is " + second(now));
    }
    return Optional.empty();
  }
}
