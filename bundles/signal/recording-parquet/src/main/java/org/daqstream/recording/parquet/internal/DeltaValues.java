/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.parquet.internal;

import java.io.IOException;
import org.apache.parquet.format.Type;

/** Whole numbers as differences, in blocks of packed bits. What {@link DeltaEncoder} writes. */
final class DeltaValues implements PageValues {
  private static final int MOST_IN_BLOCK = 1 << 16;

  private final byte[] data;
  private final int end;
  private final boolean isInt;
  private final long[] mini; // those of a miniblock
  private final int miniblocks;
  private final byte[] widths;
  private int at;
  private long valuesLeft; // as the beginning says
  private long last;
  private long least;
  private boolean isBegun;
  private int miniIndex;
  private int miniAt;
  private int miniSize;

  DeltaValues(byte[] data, int from, int to, Type type) throws IOException {
    this.data = data;
    at = from;
    end = to;
    isInt = type == Type.INT32;
    long block = varint();
    long parts = varint();
    valuesLeft = varint();
    last = zigzag();
    if (parts <= 0 || block <= 0 || block > MOST_IN_BLOCK || block % (parts * Byte.SIZE) != 0) {
      throw new IOException("differences in blocks of " + block + " in " + parts + " parts");
    }
    miniblocks = (int) parts;
    mini = new long[(int) (block / parts)];
    widths = new byte[miniblocks];
    miniIndex = miniblocks;
  }

  private long varint() throws IOException {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      if (at >= end) {
        break;
      }
      byte b = data[at++];
      value |= (b & 0x7FL) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw new IOException("differences end early");
  }

  private long zigzag() throws IOException {
    long value = varint();
    return (value >>> 1) ^ -(value & 1);
  }

  /** Where the last value ends, when all are read. */
  int end() {
    return at;
  }

  /** How many values the beginning says are left. */
  long valuesLeft() {
    return valuesLeft;
  }

  private void fill() throws IOException {
    if (miniIndex == miniblocks) {
      least = zigzag();
      if (end - at < miniblocks) {
        throw new IOException("differences end early");
      }
      System.arraycopy(data, at, widths, 0, miniblocks);
      at += miniblocks;
      miniIndex = 0;
    }
    int width = widths[miniIndex++];
    if (width < 0 || width > Long.SIZE) {
      throw new IOException("differences of " + width + " bits");
    }
    int bytes = mini.length / Byte.SIZE * width;
    miniAt = 0;
    miniSize = mini.length;
    if (bytes > end - at) {
      throw new IOException("differences end early");
    }
    for (int i = 0; i < miniSize; i++) {
      last += least + (width == 0 ? 0 : bits(at * (long) Byte.SIZE + (long) i * width, width));
      last = isInt ? (int) last : last;
      mini[i] = last;
    }
    at += bytes;
  }

  private long bits(long bit, int width) {
    int place = (int) (bit >>> 3);
    int shift = (int) (bit & 7);
    long mask = width == Long.SIZE ? -1 : (1L << width) - 1;
    if (place + Long.BYTES < end) {
      long word = (long) LONGS.get(data, place) >>> shift;
      if (width + shift > Long.SIZE) {
        word |= (data[place + Long.BYTES] & 0xFFL) << (Long.SIZE - shift);
      }
      return word & mask;
    }
    long value = 0;
    for (int got = -shift; got < width; got += Byte.SIZE, place++) {
      long b = place < end ? data[place] & 0xFFL : 0;
      value |= got < 0 ? b >>> -got : b << got;
    }
    return value & mask;
  }

  @Override
  public void longs(long[] target, int from, int count) throws IOException {
    int done = 0;
    if (!isBegun && count > 0) {
      isBegun = true;
      last = isInt ? (int) last : last;
      target[from] = last;
      done = 1;
    }
    while (done < count) {
      if (miniAt == miniSize) {
        fill();
      }
      int n = Math.min(count - done, miniSize - miniAt);
      System.arraycopy(mini, miniAt, target, from + done, n);
      miniAt += n;
      done += n;
    }
    valuesLeft -= count;
  }

  @Override
  public void bytes(Bytes target) throws IOException {
    throw PageValues.misfit();
  }

  @Override
  public void skip(int count) throws IOException {
    int done = 0;
    if (!isBegun && count > 0) {
      isBegun = true;
      done = 1;
    }
    while (done < count) {
      if (miniAt == miniSize) {
        fill();
      }
      int n = Math.min(count - done, miniSize - miniAt);
      miniAt += n;
      done += n;
    }
    valuesLeft -= count;
  }
}
