/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.web;

import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/**
 * Keeps web pages of others out. A browser says with every WebSocket and every POST which page
 * wants it, in the field {@code Origin}; what has none comes from no page, and is not looked at. A
 * page may have its own name lead to this machine, so that it looks like one of ours (DNS
 * rebinding): therefore {@code Host} must be an address or a name that is known to be ours. Any
 * thread.
 */
final class WebRules {
  private static final int SHOWN_CHARS = 100;

  private final Set<String> machineNames;
  private volatile WebTerms terms;
  private volatile Set<Integer> ports = Set.of();

  WebRules(WebTerms terms, Set<String> machineNames) {
    this.terms = terms;
    this.machineNames = machineNames;
  }

  void setTerms(WebTerms newTerms) {
    terms = newTerms;
  }

  /** Sets the ports that this server listens on: pages of one may ask the other. */
  void setPorts(Set<Integer> newPorts) {
    ports = newPorts;
  }

  /**
   * Why a request is not for whom it comes from; {@code null} if it is. Pages are read without an
   * origin.
   */
  String refusal(Request request, boolean isPage) {
    String origin = request.getHeaders().get(HttpHeader.ORIGIN);
    if (origin == null && !isPage) {
      return null;
    }
    String host = hostOf(request);
    if (!host.isEmpty() && !isOurs(Authority.of(host, isInsideTls(request)))) {
      return "'" + shown(host) + "' is no name of this server (key hostNames)";
    }
    return origin == null || isAllowed(request, origin)
        ? null
        : "pages of " + shown(origin) + " may not connect (key allowedOrigins)";
  }

  /** Whether the connection is encrypted; what a request says of itself does not count. */
  static boolean isInsideTls(Request request) {
    return request.getConnectionMetaData().getConnection().getEndPoint().isSecure();
  }

  /** The field {@code Host} as it was sent; empty if there is none. */
  static String hostOf(Request request) {
    String field = request.getHeaders().get(HttpHeader.HOST);
    return field == null ? "" : RequestHead.hostOf(field);
  }

  private boolean isOurs(Authority asked) {
    return asked != null
        && (asked.isAddress()
            || asked.host().equals("localhost")
            || asked.host().endsWith(".localhost")
            || machineNames.contains(asked.host())
            || terms.hostNames().contains(asked.host()));
  }

  private boolean isAllowed(Request request, String origin) {
    Set<String> allowed = terms.allowedOrigins();
    return allowed.contains(WebTerms.ANY) || allowed.contains(origin) || isOwn(request, origin);
  }

  /**
   * Whether it is a page of this server: of the host that was asked, and one of our ports. Inside
   * TLS all our pages are; without, somebody in front of us may have ended it.
   */
  boolean isOwn(Request request, String origin) {
    Authority page = Authority.ofOrigin(origin);
    Authority asked = Authority.of(hostOf(request), Authority.isSecure(origin));
    return page != null
        && asked != null
        && (Authority.isSecure(origin) || !isInsideTls(request))
        && page.host().equals(asked.host())
        && (page.port() == asked.port() || ports.contains(page.port()));
  }

  /** What others sent, short enough for a line. */
  private static String shown(String text) {
    return text.length() <= SHOWN_CHARS ? text : text.substring(0, SHOWN_CHARS) + "…";
  }
}
