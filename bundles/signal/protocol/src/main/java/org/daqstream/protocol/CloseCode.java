/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.protocol;

/** Why a side closes a WebSocket, as the first two bytes of a close frame say (RFC 6455, 7.4.1). */
public final class CloseCode {
  /** All is done. */
  public static final int NORMAL = 1000;

  /** The program ends. */
  public static final int SHUTDOWN = 1001;

  /** What came is no WebSocket. */
  public static final int PROTOCOL_ERROR = 1002;

  /** The peer does what may not be. */
  public static final int POLICY_VIOLATION = 1008;

  /** A message is larger than allowed. */
  public static final int MESSAGE_TOO_LARGE = 1009;

  /** A fault of the side that closes. */
  public static final int INTERNAL_ERROR = 1011;

  /** There is no room now. */
  public static final int TRY_AGAIN_LATER = 1013;

  private CloseCode() {}
}
