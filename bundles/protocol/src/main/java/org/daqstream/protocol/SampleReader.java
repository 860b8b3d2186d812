/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.protocol;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.daqstream.protocol.ProtocolException.Kind;
import org.daqstream.protocol.internal.NumericType;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.PostScaling;

/**
 * Reads the samples of a signal of a real numeric type and explicit rule (protocol section 3.3).
 * Immutable; safe for any thread.
 */
public final class SampleReader {
  private final NumericType type;
  private final String dataType;
  private final PostScaling postScaling;

  private SampleReader(NumericType type, String dataType, PostScaling postScaling) {
    this.type = type;
    this.dataType = dataType;
    this.postScaling = postScaling;
  }

  /**
   * Whether samples of a type can be read.
   *
   * @param dataType see {@link DataTypes}
   * @return true for integers of up to 64 bits and reals
   */
  public static boolean isNumeric(String dataType) {
    return NumericType.of(dataType) != null;
  }

  /**
   * A reader for one signal.
   *
   * @param dataType a type for which {@link #isNumeric} holds
   * @param postScaling applied by {@link #readValues}; {@code null} for none
   * @return the reader
   * @throws IllegalArgumentException for other types, naming it
   */
  public static SampleReader of(String dataType, PostScaling postScaling) {
    NumericType type = NumericType.of(dataType);
    if (type == null) {
      throw new IllegalArgumentException("no numeric data type: " + dataType);
    }
    return new SampleReader(type, dataType, postScaling);
  }

  /**
   * The size of a sample.
   *
   * @return 1, 2, 4 or 8
   */
  public int sampleBytes() {
    return type.sampleBytes();
  }

  /**
   * The number of samples in a payload.
   *
   * @param payload samples from position to limit; is not changed
   * @return samples, maybe 0
   * @throws ProtocolException of kind {@code BAD_DATA} when the length is no multiple of the sample
   *     size: leave out this packet
   */
  public int count(ByteBuffer payload) throws ProtocolException {
    if (payload.remaining() % type.sampleBytes() != 0) {
      throw new ProtocolException(
          Kind.BAD_DATA,
          "payload of "
              + payload.remaining()
              + " B is no multiple of the "
              + type.sampleBytes()
              + " B of "
              + dataType);
    }
    return payload.remaining() / type.sampleBytes();
  }

  /**
   * The samples as they are, without post-scaling.
   *
   * @param payload samples from position to limit; is not changed
   * @return a new {@code byte[]}, {@code short[]}, {@code int[]}, {@code long[]}, {@code float[]}
   *     or {@code double[]} as {@link DataTypes} says; unsigned numbers as their bits
   * @throws ProtocolException as {@link #count}
   */
  public Object readRaw(ByteBuffer payload) throws ProtocolException {
    int count = count(payload);
    ByteBuffer source = payload.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    return switch (type) {
      case INT8, UINT8 -> {
        byte[] samples = new byte[count];
        source.get(samples);
        yield samples;
      }
      case INT16, UINT16 -> {
        short[] samples = new short[count];
        source.asShortBuffer().get(samples);
        yield samples;
      }
      case INT32, UINT32 -> {
        int[] samples = new int[count];
        source.asIntBuffer().get(samples);
        yield samples;
      }
      case INT64, UINT64 -> {
        long[] samples = new long[count];
        source.asLongBuffer().get(samples);
        yield samples;
      }
      case REAL32 -> {
        float[] samples = new float[count];
        source.asFloatBuffer().get(samples);
        yield samples;
      }
      case REAL64 -> {
        double[] samples = new double[count];
        source.asDoubleBuffer().get(samples);
        yield samples;
      }
    };
  }

  /**
   * The samples as values: unsigned numbers are positive, post-scaling is applied. Allocates
   * nothing for a little-endian payload.
   *
   * @param payload little-endian buffer as a {@link PacketReader} gives it, samples from position
   *     to limit; is not changed
   * @param target room for the values; 64-bit integers are rounded to the nearest double
   * @param offset index of the first value in the target
   * @return number of values
   * @throws ProtocolException as {@link #count}
   * @throws IndexOutOfBoundsException when the target is too small
   */
  public int readValues(ByteBuffer payload, double[] target, int offset) throws ProtocolException {
    int count = count(payload);
    ByteBuffer source =
        payload.order() == ByteOrder.LITTLE_ENDIAN
            ? payload
            : payload.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    int at = source.position();
    for (int i = 0; i < count; i++) {
      target[offset + i] = value(source, at);
      at += type.sampleBytes();
    }
    if (postScaling != null) {
      for (int i = offset; i < offset + count; i++) {
        target[i] = postScaling.scale() * target[i] + postScaling.offset();
      }
    }
    return count;
  }

  private double value(ByteBuffer source, int at) {
    return switch (type) {
      case INT8 -> source.get(at);
      case UINT8 -> Byte.toUnsignedInt(source.get(at));
      case INT16 -> source.getShort(at);
      case UINT16 -> Short.toUnsignedInt(source.getShort(at));
      case INT32 -> source.getInt(at);
      case UINT32 -> Integer.toUnsignedLong(source.getInt(at));
      case INT64 -> source.getLong(at);
      case UINT64 -> unsigned(source.getLong(at));
      case REAL32 -> source.getFloat(at);
      case REAL64 -> source.getDouble(at);
    };
  }

  /** Halves what does not fit into a long, keeping the lowest bit for correct rounding. */
  private static double unsigned(long bits) {
    return bits >= 0 ? bits : 2.0 * ((bits >>> 1) | (bits & 1));
  }
}
