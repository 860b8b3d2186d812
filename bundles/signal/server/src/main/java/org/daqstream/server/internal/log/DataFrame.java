/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.log;

import java.nio.ByteBuffer;
import org.daqstream.protocol.FrameHeader;
import org.daqstream.protocol.PacketHeader;

/**
 * A WebSocket message of one data packet, as it stands in the log (protocol section 1.3):
 *
 * <pre>
 * | 0x82 | length: 1, 3 or 9 | signal number, type, size: 4 or 8 | payload ... |
 * </pre>
 */
public final class DataFrame {
  private static final int LENGTH_16 = 126;

  private DataFrame() {}

  /** The size of a frame. */
  public static int bytes(int payloadBytes) {
    int packetBytes = PacketHeader.bytes(payloadBytes) + payloadBytes;
    return FrameHeader.bytes(packetBytes) + packetBytes;
  }

  /** Puts what stands in front of a payload. */
  public static void putHeaders(ByteBuffer target, int signo, int payloadBytes) {
    FrameHeader.putBinary(target, PacketHeader.bytes(payloadBytes) + payloadBytes);
    PacketHeader.put(target, signo, PacketHeader.DATA, payloadBytes);
  }

  /** Index of the first byte of the payload of a frame that starts at an index. */
  public static int payloadAt(ByteBuffer bytes, int frameAt) {
    int length = bytes.get(frameAt + 1) & 0x7F;
    int packetAt = frameAt + (length < LENGTH_16 ? 2 : length == LENGTH_16 ? 4 : 10);
    boolean longForm = (bytes.getInt(packetAt) >>> 20 & 0xFF) == 0;
    return packetAt + (longForm ? PacketHeader.LONG_BYTES : Integer.BYTES);
  }

  /** Moves behind the headers of a frame. */
  public static void skipHeaders(ByteBuffer frame) {
    frame.position(payloadAt(frame, frame.position()));
  }
}
