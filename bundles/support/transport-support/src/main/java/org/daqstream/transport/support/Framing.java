/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.support;

import java.nio.ByteBuffer;

/**
 * What goes in front of each message on a connection.
 *
 * @param type the first byte; -1 for none
 * @param lengthBytes then the message's length, big-endian, unsigned, in 4 or 8 bytes; 0 when
 *     messages go without borders
 */
public record Framing(int type, int lengthBytes) {
  /** Nothing: the bytes as they are. */
  public static final Framing NONE = new Framing(-1, 0);

  /** In front of the length: 0 or 1. */
  public int typeBytes() {
    return type < 0 ? 0 : 1;
  }

  /** Type and length together. */
  public int headerBytes() {
    return typeBytes() + lengthBytes;
  }

  /** Writes the header of a message of that length, from the buffer's start to its limit. */
  public void write(ByteBuffer header, int messageBytes) {
    header.clear();
    if (type >= 0) {
      header.put((byte) type);
    }
    if (lengthBytes == Long.BYTES) {
      header.putLong(messageBytes);
    } else if (lengthBytes == Integer.BYTES) {
      header.putInt(messageBytes);
    }
    header.flip();
  }

  /** Reads the length that begins there; below zero when it is beyond all reason. */
  public long length(ByteBuffer source, int at) {
    return lengthBytes == Long.BYTES
        ? source.getLong(at)
        : Integer.toUnsignedLong(source.getInt(at));
  }
}
