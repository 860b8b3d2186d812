/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.api;

/** Outcome of a stream call, with the numbers of {@code EVP_RESULT}. */
public enum StreamResult {
  /** Done; for a write: queued, not yet sent. */
  OK(0),
  /** The module was asked to stop and its event queue is empty: leave the event loop. */
  SHOULDEXIT(1),
  /** Nothing happened in time; at close: the flush deadline passed with messages left. */
  TIMEDOUT(2),
  /** The transport failed, refused (queue full) or has left. */
  ERROR(3),
  /** Unknown handle or name, or the wrong direction. */
  INVAL(4),
  /** No memory for the message or the stream. */
  NOMEM(5),
  /** The message is larger than the stream's queue may ever hold: write smaller messages. */
  TOOBIG(6),
  /** Another thread is processing this client's events. */
  AGAIN(7),
  /** Number kept for completeness; this implementation has no agent. */
  AGENT_PROTOCOL_ERROR(8),
  /** A stream of this name is already open in this client. */
  EXIST(9),
  /** A callback threw; the event is consumed. */
  FAULT(10),
  /** The peer or the file system did not permit it. */
  DENIED(11),
  /** No transport for the stream's type, or the transport cannot do this. */
  NOTSUP(12);

  private final int number;

  StreamResult(int number) {
    this.number = number;
  }

  /** {@return the number of the same result in {@code EVP_RESULT}, 0 to 12} */
  public int number() {
    return number;
  }
}
