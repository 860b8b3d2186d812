/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.tls.support;

import java.security.cert.CertificateException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.daqstream.base.support.ForeignText;

/** Why two sides did not come to terms, in one sentence. */
public final class TlsProblem {
  private static final int CHARS_MAX = 400;
  private static final Pattern ALERT = Pattern.compile("Received fatal alert: (\\w+)");
  private static final Pattern ALERT_SENT = Pattern.compile("^\\(\\w+\\) ");

  private TlsProblem() {}

  /** The sentence, for what a connection inside TLS failed with. */
  public static String text(Throwable failure) {
    String words = "";
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateException && cause.getMessage() != null) {
        return ForeignText.plain(cause.getMessage(), CHARS_MAX);
      }
      words = cause.getMessage() == null ? words : cause.getMessage();
    }
    Matcher alert = ALERT.matcher(words);
    if (alert.find()) {
      return refusal(alert.group(1));
    }
    if (words.startsWith("Unsupported or unrecognized SSL message")
        || words.startsWith("Unrecognized SSL message")) {
      return "the other side does not speak TLS";
    }
    return ForeignText.plain(ALERT_SENT.matcher(words).replaceFirst(""), CHARS_MAX);
  }

  private static String refusal(String alert) {
    return switch (alert) {
      case "certificate_required" -> "the other side wants a certificate of this side";
      case "bad_certificate", "certificate_unknown", "unknown_ca", "unsupported_certificate" ->
          "the other side does not accept the certificate of this side (" + alert + ")";
      case "certificate_expired" -> "the certificate of this side has expired for the other side";
      case "protocol_version" -> "the other side speaks neither TLS 1.3 nor TLS 1.2";
      default -> "the other side refuses (" + alert + ")";
    };
  }
}
