/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.parquet.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.parquet.format.Type;

/** Values one behind another. */
final class PlainValues implements PageValues {
  private static final int INT96_BYTES = 12;
  private static final long JULIAN_1970 = 2_440_588;
  private static final long NANOS_PER_DAY = 86_400_000_000_000L;

  private final byte[] data;
  private final int end;
  private final Type type;
  private final int width; // bytes; 0 for those of any size, and bits
  private int at;
  private int bit;

  /**
   * Of a page.
   *
   * @param length size of values of type {@code FIXED_LEN_BYTE_ARRAY}
   */
  PlainValues(byte[] data, int from, int to, Type type, int length) {
    this.data = data;
    this.type = type;
    at = from;
    end = to;
    width = widthOf(type, length);
  }

  static int widthOf(Type type, int length) {
    return switch (type) {
      case INT32, FLOAT -> Integer.BYTES;
      case INT64, DOUBLE -> Long.BYTES;
      case INT96 -> INT96_BYTES;
      case FIXED_LEN_BYTE_ARRAY -> length;
      default -> 0;
    };
  }

  private void need(long bytes) throws IOException {
    if (bytes < 0 || bytes > end - at) {
      throw new IOException("values end early");
    }
  }

  @Override
  public void longs(long[] target, int from, int count) throws IOException {
    need((long) count * width);
    switch (type) {
      case INT32, FLOAT -> {
        for (int i = 0; i < count; i++, at += Integer.BYTES) {
          target[from + i] = (int) INTS.get(data, at);
        }
      }
      case INT64, DOUBLE -> {
        for (int i = 0; i < count; i++, at += Long.BYTES) {
          target[from + i] = (long) LONGS.get(data, at);
        }
      }
      case INT96 -> {
        for (int i = 0; i < count; i++, at += INT96_BYTES) {
          long days = (int) INTS.get(data, at + Long.BYTES) - JULIAN_1970;
          target[from + i] = days * NANOS_PER_DAY + (long) LONGS.get(data, at);
        }
      }
      case BOOLEAN -> {
        for (int i = 0; i < count; i++, bit++) {
          target[from + i] = (data[bitPlace()] >>> (bit & 7)) & 1L;
        }
      }
      default -> throw PageValues.misfit();
    }
  }

  private int bitPlace() throws IOException {
    int place = at + (bit >>> 3);
    if (place >= end) {
      throw new IOException("values end early");
    }
    return place;
  }

  @Override
  public ByteBuffer slice(int count) throws IOException {
    if (width == 0 || type == Type.INT96) {
      return null;
    }
    need((long) count * width);
    ByteBuffer slice = ByteBuffer.wrap(data, at, count * width).slice();
    at += count * width;
    return slice;
  }

  private int size() throws IOException {
    if (type != Type.BYTE_ARRAY) {
      return width;
    }
    need(Integer.BYTES);
    int size = (int) INTS.get(data, at);
    at += Integer.BYTES;
    return size;
  }

  @Override
  public void bytes(Bytes target) throws IOException {
    int size = size();
    need(size);
    target.write(data, at, size);
    at += size;
  }

  @Override
  public void skip(int count) throws IOException {
    if (type == Type.BOOLEAN) {
      bit += count;
    } else if (width > 0) {
      need((long) count * width);
      at += count * width;
    } else {
      for (int i = 0; i < count; i++) {
        int size = size();
        need(size);
        at += size;
      }
    }
  }
}
