/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.posix.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Cuts what one peer sends into messages: a length of 32 bits, big-endian, unsigned, then so many
 * bytes. Memory follows what has arrived, not what was announced. Not thread-safe.
 */
final class FrameReader {

  /** Bytes of the length. */
  static final int HEADER_BYTES = 4;

  private static final int FIRST_BYTES = 64 * 1024;

  private static final byte[] NOTHING = {};

  private final int limitBytes;
  private int headerBytes;
  private int length;
  private byte[] body; // null while the length is incomplete
  private int filled;

  /**
   * Starts before the first length.
   *
   * @param limitBytes largest message
   */
  FrameReader(int limitBytes) {
    this.limitBytes = limitBytes;
  }

  /**
   * The next complete message.
   *
   * @param source what came, used up as far as needed
   * @return the message in memory of its own, or null when it goes on in what is yet to come
   * @throws IOException when the message is too large; the stream cannot be read any further
   */
  ByteBuffer next(ByteBuffer source) throws IOException {
    if (body == null && !readLength(source)) {
      return null;
    }
    int count = Math.min(source.remaining(), length - filled);
    if (count > body.length - filled) {
      long larger = Math.max(2L * body.length, filled + count);
      body = sized(body, (int) Math.min(length, larger));
    }
    source.get(body, filled, count);
    filled += count;
    if (filled < length) {
      return null;
    }
    ByteBuffer message = ByteBuffer.wrap(body);
    body = null;
    filled = 0;
    headerBytes = 0;
    return message;
  }

  /** Whether a whole message comes next; to be asked after {@link #next} gave one. */
  boolean isWhole(ByteBuffer source) {
    int bodyBytes = source.remaining() - HEADER_BYTES;
    if (bodyBytes < 0) {
      return false;
    }
    int announced = source.getInt(source.position());
    return Integer.compareUnsigned(announced, Math.min(bodyBytes, limitBytes)) <= 0;
  }

  private boolean readLength(ByteBuffer source) throws IOException {
    for (; headerBytes < HEADER_BYTES; headerBytes++) {
      if (!source.hasRemaining()) {
        return false;
      }
      length = length << Byte.SIZE | Byte.toUnsignedInt(source.get());
    }
    if (Integer.compareUnsigned(length, limitBytes) > 0) {
      throw new IOException(
          "announces a message of "
              + Integer.toUnsignedString(length)
              + " bytes, allowed are "
              + limitBytes);
    }
    body = sized(NOTHING, Math.min(length, Math.max(FIRST_BYTES, source.remaining())));
    return true;
  }

  private byte[] sized(byte[] bytes, int size) throws IOException {
    try {
      return Arrays.copyOf(bytes, size);
    } catch (OutOfMemoryError e) {
      throw new IOException("no memory for a message of " + length + " bytes", e);
    }
  }

  /** Memory held for a message that is not complete. */
  int heldBytes() {
    return body == null ? 0 : body.length;
  }

  /** Bytes of a message that is not complete; -1 at a border. */
  int begunBytes() {
    return headerBytes == 0 ? -1 : filled;
  }
}
