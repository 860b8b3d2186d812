/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.file.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.daqstream.signal.api.ElementType;
import org.daqstream.signal.api.Range;

/** How a WAV file stores a sample, and the signal data type that holds it without loss. */
enum SampleFormat {
  A_LAW(1, ElementType.INT16, Short.MIN_VALUE, Short.MAX_VALUE),
  MU_LAW(1, ElementType.INT16, Short.MIN_VALUE, Short.MAX_VALUE),
  PCM8(1, ElementType.UINT8, 0, 0xff),
  PCM16(2, ElementType.INT16, Short.MIN_VALUE, Short.MAX_VALUE),
  PCM24(3, ElementType.INT32, -0x80_0000, 0x7f_ffff),
  PCM32(4, ElementType.INT32, Integer.MIN_VALUE, Integer.MAX_VALUE),
  FLOAT32(4, ElementType.REAL32, -1, 1),
  FLOAT64(8, ElementType.REAL64, -1, 1);

  private final int bytes;
  private final ElementType type;
  private final double low;
  private final double high;

  SampleFormat(int bytes, ElementType type, double low, double high) {
    this.bytes = bytes;
    this.type = type;
    this.low = low;
    this.high = high;
  }

  int bytes() {
    return bytes;
  }

  String dataType() {
    return type.dataType();
  }

  Range range() {
    return new Range(low, high);
  }

  Object allocate(int count) {
    return type.newArray(count);
  }

  /**
   * Takes one channel out of interleaved frames.
   *
   * @param frames in the byte order of the file; its position is not used
   * @param firstByte where the channel's first sample is
   * @param strideBytes distance of its samples
   * @param target array of {@link #allocate}
   * @param count number of samples
   */
  void deinterleave(ByteBuffer frames, int firstByte, int strideBytes, Object target, int count) {
    int at = firstByte;
    for (int i = 0; i < count; i++) {
      switch (this) {
        case A_LAW -> ((short[]) target)[i] = ofALaw(frames.get(at));
        case MU_LAW -> ((short[]) target)[i] = ofMuLaw(frames.get(at));
        case PCM8 -> ((byte[]) target)[i] = frames.get(at);
        case PCM16 -> ((short[]) target)[i] = frames.getShort(at);
        case PCM24 -> ((int[]) target)[i] = pcm24(frames, at);
        case PCM32 -> ((int[]) target)[i] = frames.getInt(at);
        case FLOAT32 -> ((float[]) target)[i] = frames.getFloat(at);
        case FLOAT64 -> ((double[]) target)[i] = frames.getDouble(at);
      }
      at += strideBytes;
    }
  }

  private static int pcm24(ByteBuffer frames, int at) {
    return frames.order() == ByteOrder.BIG_ENDIAN
        ? (frames.getShort(at) << Byte.SIZE) | (frames.get(at + 2) & 0xff)
        : (frames.getShort(at) & 0xffff) | (frames.get(at + 2) << Short.SIZE);
  }

  /** A step of 13 bits, left in 16 (ITU-T G.711, table 1). */
  private static short ofALaw(byte code) {
    int bits = code ^ 0x55;
    int segment = (bits >> 4) & 7;
    int step = ((bits & 0xf) << 4) | 8;
    int size = segment == 0 ? step : (step | 0x100) << (segment - 1);
    return (short) ((bits & 0x80) == 0 ? -size : size);
  }

  /** A step of 14 bits, left in 16 (ITU-T G.711, table 2). */
  private static short ofMuLaw(byte code) {
    int bits = ~code;
    int size = ((((bits & 0xf) << 3) | 0x84) << ((bits >> 4) & 7)) - 0x84;
    return (short) ((bits & 0x80) == 0 ? size : -size);
  }
}
