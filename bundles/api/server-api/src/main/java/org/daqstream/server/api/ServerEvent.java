/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.api;

/** What a server counts. */
public enum ServerEvent {
  /** A client connected. */
  CONNECTED,
  /** A client left or was disconnected, for whatever reason. */
  DISCONNECTED,
  /** A client was disconnected because it fell behind by more than the log reaches. */
  TOO_SLOW,
  /** An upgrade or connection was refused because of a limit. */
  REFUSED,
  /** A connection could not be accepted by the operating system. */
  NOT_ACCEPTED,
  /** A block was dropped because it is larger than the log takes. */
  BLOCK_TOO_LARGE,
  /** A client sent something that the protocol has no meaning for; it was ignored. */
  MALFORMED,
  /** A request was answered with an error. */
  BAD_REQUEST,
  /** A client broke the rules of WebSocket and was disconnected. */
  PROTOCOL_VIOLATION,
  /** A client was disconnected before a sample that is larger than its kind survives. */
  SAMPLE_TOO_LARGE,
  /** A client was disconnected because it does not answer pings any more. */
  SILENT,
  /** A client that read too slowly went on with the present; see {@link ServerMonitor#losses}. */
  GAP,
  /** Somebody was refused who may not: a web page of others, a wrong login, a missing right. */
  DENIED
}
