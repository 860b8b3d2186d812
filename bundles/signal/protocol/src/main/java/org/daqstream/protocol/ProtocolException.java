/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.protocol;

import org.daqstream.base.support.ForeignText;

/**
 * Something from outside that does not follow the protocol. The message names what was wrong; the
 * {@link Kind} tells the caller what to do. None of them is a reason to end the connection by
 * itself: the packet or message is left out and counted.
 */
public final class ProtocolException extends Exception {
  private static final long serialVersionUID = 1L;

  /** What was wrong. */
  public enum Kind {
    /** A metadata packet in an encoding other than JSON and MessagePack: skip it. */
    UNKNOWN_ENCODING,
    /** Bytes that are not what they claim to be: truncated, or not MessagePack or JSON. */
    MALFORMED,
    /** Larger, deeper or with more elements than {@link Limits} allow. */
    LIMIT,
    /** Well-formed, but no message: a root that is no map, a method that is no string. */
    BAD_MESSAGE,
    /**
     * A command without a usable envelope: JSON-RPC error {@value CommandResponse#INVALID_REQUEST}.
     */
    BAD_REQUEST,
    /** A {@code signal} document that does not describe a signal; names the signal and the key. */
    BAD_SIGNAL,
    /** The payload of a data packet does not fit its signal: leave out this packet. */
    BAD_DATA,
    /** The server offers no way to subscribe that we know. */
    NO_COMMAND_INTERFACE
  }

  private static final int MESSAGE_LIMIT_CHARS = 500;

  /** What was wrong. */
  private final Kind kind;

  /**
   * Something is wrong.
   *
   * @param kind tells the caller what to do
   * @param message tells people what is wrong
   */
  public ProtocolException(Kind kind, String message) {
    super(ForeignText.plain(message, MESSAGE_LIMIT_CHARS));
    this.kind = kind;
  }

  /**
   * Something is wrong, found by a parser.
   *
   * @param kind tells the caller what to do
   * @param message tells people what is wrong
   * @param cause what the parser said
   */
  public ProtocolException(Kind kind, String message, Throwable cause) {
    super(ForeignText.plain(message, MESSAGE_LIMIT_CHARS), cause);
    this.kind = kind;
  }

  /** {@return the kind, which tells the caller what to do} */
  public Kind kind() {
    return kind;
  }
}
