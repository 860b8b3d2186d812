/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.parquet.internal;

import java.io.IOException;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.Type;
import org.daqstream.recording.parquet.internal.DictionaryValues.Dictionary;

/** Encodings that only others write. */
final class OtherValues {
  private OtherValues() {}

  /** Values of a page, however they are encoded. */
  static PageValues of(
      Encoding encoding,
      Type type,
      int length,
      Dictionary dictionary,
      byte[] data,
      int from,
      int to)
      throws IOException {
    return switch (encoding) {
      case PLAIN -> new PlainValues(data, from, to, type, length);
      case PLAIN_DICTIONARY, RLE_DICTIONARY -> new DictionaryValues(dictionary, data, from, to);
      case DELTA_BINARY_PACKED -> new DeltaValues(data, from, to, type);
      case DELTA_LENGTH_BYTE_ARRAY -> new LengthsFirst(data, from, to);
      case BYTE_STREAM_SPLIT -> new Split(data, from, to, PlainValues.widthOf(type, length));
      case RLE -> new Bits(data, from, to);
      default -> throw new IOException("encoding " + encoding + " is not read");
    };
  }

  /** All lengths as differences, then all bytes. */
  private static final class LengthsFirst implements PageValues {
    private static final int STEP = 1024;

    private final byte[] data;
    private final int end;
    private final DeltaValues lengths;
    private final long[] length = new long[1];
    private int at;

    LengthsFirst(byte[] data, int from, int to) throws IOException {
      this.data = data;
      end = to;
      DeltaValues all = new DeltaValues(data, from, to, Type.INT32);
      while (all.valuesLeft() > 0) {
        all.skip((int) Math.min(STEP, all.valuesLeft()));
      }
      at = all.end();
      lengths = new DeltaValues(data, from, to, Type.INT32);
    }

    @Override
    public void longs(long[] target, int from, int count) throws IOException {
      throw PageValues.misfit();
    }

    private int next() throws IOException {
      lengths.longs(length, 0, 1);
      int from = at;
      if (length[0] < 0 || length[0] > end - at) {
        throw new IOException("values end early");
      }
      at += (int) length[0];
      return from;
    }

    @Override
    public void bytes(Bytes target) throws IOException {
      int from = next();
      target.write(data, from, at - from);
    }

    @Override
    public void skip(int count) throws IOException {
      for (int i = 0; i < count; i++) {
        next();
      }
    }
  }

  /** The first bytes of all values, then the second ones, and so on. */
  private static final class Split implements PageValues {
    private final byte[] data;
    private final int from;
    private final int width;
    private final int stride;
    private int next;

    Split(byte[] data, int from, int to, int width) throws IOException {
      if (width == 0 || width > Long.BYTES) {
        throw PageValues.misfit();
      }
      this.data = data;
      this.from = from;
      this.width = width;
      stride = (to - from) / width;
    }

    @Override
    public void longs(long[] target, int at, int count) throws IOException {
      skip(count);
      for (int i = 0; i < count; i++) {
        int place = from + next - count + i;
        long bits = 0;
        for (int b = 0; b < width; b++) {
          bits |= (data[place + b * stride] & 0xFFL) << (b * Byte.SIZE);
        }
        target[at + i] = width == Integer.BYTES ? (int) bits : bits;
      }
    }

    @Override
    public void bytes(Bytes target) throws IOException {
      throw PageValues.misfit();
    }

    @Override
    public void skip(int count) throws IOException {
      if (count > stride - next) {
        throw new IOException("values end early");
      }
      next += count;
    }
  }

  /** Booleans as runs. */
  private static final class Bits implements PageValues {
    private final RunReader runs = new RunReader();

    Bits(byte[] data, int from, int to) throws IOException {
      runs.set(data, Math.min(to, from + Integer.BYTES), to, 1);
    }

    @Override
    public void longs(long[] target, int from, int count) throws IOException {
      for (int i = 0; i < count; i++) {
        target[from + i] = runs.next();
      }
    }

    @Override
    public void bytes(Bytes target) throws IOException {
      throw PageValues.misfit();
    }

    @Override
    public void skip(int count) throws IOException {
      runs.skip(count);
    }
  }
}
