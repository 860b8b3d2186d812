/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.web;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.daqstream.security.api.Credentials;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;

/** Where in a request a client shows who it is. */
final class ShownCredentials {
  /** In front of the path, for those who can choose nothing else: {@code /token/<token>/…}. */
  private static final String PATH_PREFIX = "/token/";

  /** A user of this name has a token for his password, for those who can say that only. */
  private static final String TOKEN_USER = "token";

  /** A query stands in the logs and lists of programs on the way. */
  private static final Pattern IN_QUERY =
      Pattern.compile("(?i)(^|&)(access_?|bearer_?|auth_?)?token=|authorization=|dqs_");

  private ShownCredentials() {}

  /** Whether there is a token in the query, where it must not be. */
  static boolean areInQuery(Request request) {
    String query = request.getHttpURI().getQuery();
    return query != null && IN_QUERY.matcher(query).find();
  }

  /** The path of a request without the token in front of it. */
  static String pathOf(Request request) {
    String path = Request.getPathInContext(request);
    if (!path.startsWith(PATH_PREFIX)) {
      return path;
    }
    int end = path.indexOf('/', PATH_PREFIX.length());
    return end < 0 ? "/" : path.substring(end);
  }

  /**
   * What a client shows; {@code null} if that is nothing. What it says goes before what its
   * connection has proved.
   */
  static Credentials of(Request request, InetAddress address) {
    String said = request.getHeaders().get(HttpHeader.AUTHORIZATION);
    if (said != null) {
      return said(said.strip(), address);
    }
    String path = Request.getPathInContext(request);
    if (path.startsWith(PATH_PREFIX)) {
      String rest = path.substring(PATH_PREFIX.length());
      return Credentials.ofToken(rest.replaceFirst("/.*", ""), address);
    }
    List<String> subjects = certificateSubjects(request);
    return subjects.isEmpty() ? null : Credentials.ofCertificates(subjects, address);
  }

  private static Credentials said(String field, InetAddress address) {
    int space = field.indexOf(' ');
    String scheme = space < 0 ? field : field.substring(0, space);
    String value = space < 0 ? "" : field.substring(space + 1).strip();
    return switch (scheme.toLowerCase(Locale.ROOT)) {
      case "bearer" -> Credentials.ofToken(value, address);
      case "basic" -> basic(value, address);
      default -> Credentials.ofToken("", address); // known to nobody
    };
  }

  private static Credentials basic(String value, InetAddress address) {
    String decoded;
    try {
      decoded = new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return Credentials.ofToken("", address);
    }
    int colon = decoded.indexOf(':');
    return colon < 0
        ? Credentials.ofToken("", address)
        : named(decoded.substring(0, colon), decoded.substring(colon + 1), address);
  }

  /** A user and a password, or a token if it is nobody's. */
  static Credentials named(String user, String secret, InetAddress address) {
    return user.isEmpty() || user.equals(TOKEN_USER)
        ? Credentials.ofToken(secret, address)
        : Credentials.ofUser(user, secret, address);
  }

  private static List<String> certificateSubjects(Request request) {
    EndPoint.SslSessionData data =
        request.getConnectionMetaData().getConnection().getEndPoint().getSslSessionData();
    X509Certificate[] certificates = data == null ? null : data.peerCertificates();
    return certificates == null
        ? List.of()
        : Arrays.stream(certificates)
            .map(certificate -> certificate.getSubjectX500Principal().getName())
            .toList();
  }
}
