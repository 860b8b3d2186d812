/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.parquet.internal;

import java.io.IOException;

/** Parquet's small numbers, levels and places in a dictionary: runs of one, or packed bits. */
final class RunReader {
  private static final int WIDEST = 32;

  private byte[] data;
  private int at;
  private int end;
  private int width;
  private int left; // of the run
  private boolean isPacked;
  private int repeated;
  private long bitAt;

  void set(byte[] newData, int from, int to, int newWidth) throws IOException {
    if (newWidth > WIDEST || newWidth < 0) {
      throw new IOException("numbers of " + newWidth + " bits");
    }
    data = newData;
    at = from;
    end = to;
    width = newWidth;
    left = 0;
  }

  private int nextByte() throws IOException {
    if (at >= end) {
      throw new IOException("levels or places in the dictionary end early");
    }
    return data[at++] & 0xFF;
  }

  private void fill() throws IOException {
    while (left == 0) {
      long head = 0;
      for (int shift = 0; ; shift += 7) {
        int b = nextByte();
        head |= (b & 0x7FL) << shift;
        if (b < 0x80) {
          break;
        }
        if (shift > WIDEST) {
          throw new IOException("a run that cannot be read");
        }
      }
      isPacked = (head & 1) == 1;
      long count = (head >>> 1) * (isPacked ? Byte.SIZE : 1);
      if (isPacked) {
        // The last group may be cut off where its values are not wanted.
        count = width == 0 ? count : Math.min(count, (end - at) * (long) Byte.SIZE / width);
        bitAt = at * (long) Byte.SIZE;
        at = (int) Math.min(end, at + (count * width + Byte.SIZE - 1) / Byte.SIZE);
      } else {
        repeated = 0;
        for (int i = 0; i * Byte.SIZE < width; i++) {
          repeated |= nextByte() << (i * Byte.SIZE);
        }
      }
      left = (int) Math.min(Integer.MAX_VALUE, count);
    }
  }

  private int packed(long bit) {
    int value = 0;
    int got = 0;
    while (got < width) {
      long place = bit + got;
      int shift = (int) (place & 7);
      int bits = Math.min(Byte.SIZE - shift, width - got);
      value |= ((data[(int) (place >>> 3)] & 0xFF) >>> shift & ((1 << bits) - 1)) << got;
      got += bits;
    }
    return value;
  }

  /** The number that comes next. */
  int peek() throws IOException {
    fill();
    return isPacked ? packed(bitAt) : repeated;
  }

  int next() throws IOException {
    int value = peek();
    pass(1);
    return value;
  }

  private void pass(int count) {
    left -= count;
    bitAt += isPacked ? (long) count * width : 0;
  }

  void skip(int count) throws IOException {
    for (int rest = count; rest > 0; ) {
      fill();
      int n = Math.min(rest, left);
      pass(n);
      rest -= n;
    }
  }

  /** How many of what comes next are as the first one; some of them may not be counted. */
  int alike(int limit) throws IOException {
    int first = peek();
    int most = Math.min(limit, left);
    if (!isPacked) {
      return most;
    }
    int count = 1;
    while (count < most && packed(bitAt + (long) count * width) == first) {
      count++;
    }
    return count;
  }
}
