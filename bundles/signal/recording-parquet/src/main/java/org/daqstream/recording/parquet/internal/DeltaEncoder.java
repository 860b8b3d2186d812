/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.parquet.internal;

/** Parquet's encoding DELTA_BINARY_PACKED: nearly nothing for steady ticks and rows. */
final class DeltaEncoder {
  private static final int BLOCK = 128;
  private static final int MINIBLOCKS = 4;
  private static final int MINIBLOCK = BLOCK / MINIBLOCKS;

  private final long[] deltas = new long[BLOCK];
  private long[] values = new long[BLOCK];

  /** Room for the numbers of a page. */
  long[] room(int count) {
    values = values.length < count ? new long[count] : values;
    return values;
  }

  private static void header(Bytes out, int count, long first) {
    out.putVarint(BLOCK);
    out.putVarint(MINIBLOCKS);
    out.putVarint(count);
    out.putZigzag(first);
  }

  /** Numbers at equal distances. */
  static void encodeLine(Bytes out, long first, long delta, int count) {
    header(out, count, first);
    for (int done = 1; done < count; done += BLOCK) {
      out.putZigzag(delta);
      out.putInt(0); // no bits in any of the four miniblocks
    }
  }

  /** The numbers in the {@link #room}, of 64 bits, which overflow as such. */
  void encodeLongs(Bytes out, int count) {
    header(out, count, count == 0 ? 0 : values[0]);
    for (int at = 1; at < count; at += BLOCK) {
      int n = Math.min(BLOCK, count - at);
      long least = Long.MAX_VALUE;
      for (int i = 0; i < n; i++) {
        long delta = values[at + i] - values[at + i - 1];
        deltas[i] = delta;
        least = Math.min(least, delta);
      }
      block(out, n, least, -1);
    }
  }

  /** The numbers in the {@link #room}, of 32 bits, which overflow as such. */
  void encodeInts(Bytes out, int count) {
    header(out, count, count == 0 ? 0 : values[0]);
    for (int at = 1; at < count; at += BLOCK) {
      int n = Math.min(BLOCK, count - at);
      int least = Integer.MAX_VALUE;
      for (int i = 0; i < n; i++) {
        int delta = (int) (values[at + i] - values[at + i - 1]);
        deltas[i] = delta;
        least = Math.min(least, delta);
      }
      block(out, n, least, 0xFFFF_FFFFL);
    }
  }

  private void block(Bytes out, int n, long least, long mask) {
    out.putZigzag(least);
    int widthsAt = out.reserve(MINIBLOCKS);
    out.advance(MINIBLOCKS);
    for (int mini = 0; mini < MINIBLOCKS; mini++) {
      int from = mini * MINIBLOCK;
      long bits = 0;
      for (int i = from; i < Math.min(n, from + MINIBLOCK); i++) {
        deltas[i] = (deltas[i] - least) & mask;
        bits |= deltas[i];
      }
      int width = from < n ? Long.SIZE - Long.numberOfLeadingZeros(bits) : 0;
      out.array()[widthsAt + mini] = (byte) width;
      if (width > 0) {
        for (int i = Math.max(from, n); i < from + MINIBLOCK; i++) {
          deltas[i] = 0;
        }
        pack(out, from, width);
      }
    }
  }

  /** Lowest bits first. */
  private void pack(Bytes out, int from, int width) {
    long word = 0;
    int filled = 0;
    for (int i = from; i < from + MINIBLOCK; i++) {
      word |= deltas[i] << filled;
      filled += width;
      if (filled >= Long.SIZE) {
        out.putLong(word);
        filled -= Long.SIZE;
        word = filled == 0 ? 0 : deltas[i] >>> (width - filled);
      }
    }
    for (; filled > 0; filled -= Byte.SIZE) {
      out.write((int) word);
      word >>>= Byte.SIZE;
    }
  }
}
