/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.fanout;

import org.daqstream.protocol.CloseCode;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CoreSession;

/**
 * Why the server ends a client, in the words that the client is told. What breaks the WebSocket
 * protocol or is too large Jetty ends.
 *
 * @param code one of {@link CloseCode}
 */
public record Farewell(int code, String reason) {
  public static final Farewell INTERNAL_ERROR =
      new Farewell(CloseCode.INTERNAL_ERROR, "internal error");

  static final Farewell SERVER_STOPS = new Farewell(CloseCode.SHUTDOWN, "server stops");
  static final Farewell SILENT = forbidden("no answer to a ping (key pingIntervalMs)");

  /** There is no room for it now. */
  public static Farewell noRoom(String why) {
    return new Farewell(CloseCode.TRY_AGAIN_LATER, why);
  }

  /** It does what may not be, or somebody wants it gone. */
  public static Farewell forbidden(String why) {
    return new Farewell(CloseCode.POLICY_VIOLATION, why);
  }

  /** It does not read what it asked for. */
  static Farewell tooSlow(String why) {
    return forbidden("too slow: " + why);
  }

  /** It asked for what cannot be sent to it. */
  static Farewell tooLarge(String what) {
    return new Farewell(CloseCode.MESSAGE_TOO_LARGE, what);
  }

  /** Begins the closing handshake. */
  public void say(CoreSession session) {
    session.close(code, reason, Callback.NOOP);
  }
}
