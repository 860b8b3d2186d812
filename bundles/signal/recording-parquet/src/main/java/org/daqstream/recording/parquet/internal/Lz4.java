/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.parquet.internal;

import java.io.IOException;

/**
 * Decompresses a block of LZ4 as it is (Parquet's LZ4_RAW): literals, and copies of what is there.
 */
final class Lz4 {
  private static final int LEAST_COPY = 4;
  private static final int MORE = 15;

  private final byte[] in;
  private final int end;
  private int at;

  private Lz4(byte[] in, int from, int count) {
    this.in = in;
    at = from;
    end = from + count;
  }

  /** Decompresses to exactly as many bytes as there is room. */
  static void decompress(byte[] in, int from, int count, byte[] out) throws IOException {
    try {
      new Lz4(in, from, count).run(out);
    } catch (IndexOutOfBoundsException e) {
      throw new IOException("LZ4_RAW that cannot be decompressed", e);
    }
  }

  private int next() {
    if (at >= end) {
      throw new IndexOutOfBoundsException(at);
    }
    return in[at++] & 0xFF;
  }

  /** A length of which the token has the first four bits. */
  private int length(int bits) {
    long length = bits;
    for (int more = bits == MORE ? 0xFF : 0; more == 0xFF; ) {
      more = next();
      length += more;
    }
    return Math.toIntExact(length);
  }

  private void run(byte[] out) throws IOException {
    int filled = 0;
    while (at < end) {
      int token = next();
      int literals = length(token >>> 4);
      if (literals > end - at) {
        throw new IndexOutOfBoundsException(literals);
      }
      System.arraycopy(in, at, out, filled, literals);
      at += literals;
      filled += literals;
      if (at == end) {
        break; // the last ones have no copy behind them
      }
      int offset = next() | next() << Byte.SIZE;
      int length = length(token & MORE) + LEAST_COPY;
      Decompression.copyBack(out, filled, offset, length);
      filled += length;
    }
    if (filled != out.length) {
      throw new IOException("LZ4_RAW of " + filled + " bytes in place of " + out.length);
    }
  }
}
