/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.web;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Name or address and port, as in the field {@code Host} and in an origin.
 *
 * @param host in small letters, without a dot at its end; of IPv6 in brackets, without a zone
 * @param port that was said, or the usual one of the scheme
 */
record Authority(String host, int port) {
  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;

  private static final Pattern FORM =
      Pattern.compile(
          "(?:\\[([0-9A-Fa-f:.]{2,45})(?:%[\\w.-]{1,32})?\\]|([\\w-]{1,63}(?:\\.[\\w-]{1,63}){0,8})\\.?)"
              + "(?::(\\d{1,5}))?");
  private static final Pattern ORIGIN = Pattern.compile("(https?)://([^/?#@]{1,300})");
  private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

  /** Reads the value of a field {@code Host}; {@code null} if it is none. */
  static Authority of(String value, boolean isSecure) {
    Matcher matcher = FORM.matcher(value);
    if (value.length() > 300 || !matcher.matches()) {
      return null;
    }
    String host = matcher.group(1) == null ? matcher.group(2) : "[" + matcher.group(1) + "]";
    int usual = isSecure ? HTTPS_PORT : HTTP_PORT;
    int port = matcher.group(3) == null ? usual : Integer.parseInt(matcher.group(3));
    return new Authority(host.toLowerCase(Locale.ROOT), port);
  }

  /** Reads an origin as browsers send it; {@code null} if it is none of a web page. */
  static Authority ofOrigin(String origin) {
    Matcher matcher = ORIGIN.matcher(origin);
    return matcher.matches() ? of(matcher.group(2), isSecure(origin)) : null;
  }

  /** Whether an origin is one of TLS. */
  static boolean isSecure(String origin) {
    return origin.startsWith("https:");
  }

  /** Whether the host is an address in numbers, which no name server can turn to another one. */
  boolean isAddress() {
    return host.startsWith("[") || IPV4.matcher(host).matches();
  }
}
