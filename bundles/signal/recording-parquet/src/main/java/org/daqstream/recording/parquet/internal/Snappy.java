/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.parquet.internal;

import java.io.IOException;

/** Decompresses what is compressed with Snappy: literals, and copies of what is there already. */
final class Snappy {
  private final byte[] in;
  private final int end;
  private int at;

  private Snappy(byte[] in, int from, int count) {
    this.in = in;
    at = from;
    end = from + count;
  }

  /** Decompresses to exactly as many bytes as there is room. */
  static void decompress(byte[] in, int from, int count, byte[] out) throws IOException {
    try {
      new Snappy(in, from, count).run(out);
    } catch (IndexOutOfBoundsException e) {
      throw new IOException("SNAPPY that cannot be decompressed", e);
    }
  }

  private int littleEndian(int bytes) {
    int value = 0;
    for (int i = 0; i < bytes; i++) {
      value |= (next() & 0xFF) << (i * Byte.SIZE);
    }
    return value;
  }

  private byte next() {
    if (at >= end) {
      throw new IndexOutOfBoundsException(at);
    }
    return in[at++];
  }

  private void run(byte[] out) throws IOException {
    long told = 0;
    for (int shift = 0; shift < Integer.SIZE; shift += 7) {
      byte b = next();
      told |= (b & 0x7FL) << shift;
      if (b >= 0) {
        break;
      }
    }
    int filled = 0;
    while (at < end) {
      int tag = next() & 0xFF;
      int upper = tag >>> 2;
      if ((tag & 3) == 0) {
        int length = upper < 60 ? upper + 1 : littleEndian(upper - 59) + 1;
        if (length <= 0 || length > end - at) {
          throw new IndexOutOfBoundsException(length);
        }
        System.arraycopy(in, at, out, filled, length);
        at += length;
        filled += length;
      } else {
        boolean isShort = (tag & 3) == 1;
        int length = isShort ? (upper & 7) + 4 : upper + 1;
        int offset =
            isShort
                ? ((upper >>> 3) << Byte.SIZE) | (next() & 0xFF)
                : littleEndian((tag & 3) * 2 - 2);
        Decompression.copyBack(out, filled, offset, length);
        filled += length;
      }
    }
    if (filled != out.length || told != out.length) {
      throw new IOException("SNAPPY of " + filled + " bytes in place of " + out.length);
    }
  }
}
