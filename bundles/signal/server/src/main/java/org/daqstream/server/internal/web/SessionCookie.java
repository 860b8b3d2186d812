/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.web;

import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/**
 * The cookie that carries the id of a session. Its name has the port in it, so that servers on the
 * same host do not take it from each other.
 */
final class SessionCookie {
  private SessionCookie() {}

  private static String name(boolean isSecure, int port) {
    return (isSecure ? "__Host-" : "") + "daqstream-" + port;
  }

  /** Has the browser keep an id, or forget it when it is empty. */
  static String field(String id, boolean isSecure, int port) {
    return name(isSecure, port)
        + "="
        + id
        + "; Path=/; Max-Age="
        + (id.isEmpty() ? 0 : Sessions.LIFE_S)
        + "; HttpOnly; SameSite=Strict"
        + (isSecure ? "; Secure" : "");
  }

  /**
   * The ids that a browser sends for a port. Whoever listens at another port of the host may have
   * put any number of cookies of this name in front, for other paths or domains; the request's head
   * bounds them, and one that cannot be an id costs nothing.
   */
  static List<String> idsIn(Request request, int port) {
    String wanted = name(WebRules.isInsideTls(request), port) + "=";
    List<String> ids = new ArrayList<>();
    for (String field : request.getHeaders().getValuesList(HttpHeader.COOKIE)) {
      for (String cookie : field.split(";", -1)) {
        String stripped = cookie.strip();
        if (stripped.startsWith(wanted)
            && stripped.length() == wanted.length() + Sessions.ID_CHARS) {
          ids.add(stripped.substring(wanted.length()));
        }
      }
    }
    return ids;
  }
}
