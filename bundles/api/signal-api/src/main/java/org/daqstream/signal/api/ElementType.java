/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.api;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The data types of which one element is a number of fixed size: what vectors, matrices and structs
 * are made of (protocol section 3.3). Little endian and packed in buffers of any byte order.
 */
public enum ElementType {
  /** See {@link DataTypes#INT8}. */
  INT8(DataTypes.INT8, 1, byte[].class, 1),
  /** See {@link DataTypes#UINT8}. */
  UINT8(DataTypes.UINT8, 1, byte[].class, 1),
  /** See {@link DataTypes#INT16}. */
  INT16(DataTypes.INT16, 2, short[].class, 1),
  /** See {@link DataTypes#UINT16}. */
  UINT16(DataTypes.UINT16, 2, short[].class, 1),
  /** See {@link DataTypes#INT32}. */
  INT32(DataTypes.INT32, 4, int[].class, 1),
  /** See {@link DataTypes#UINT32}. */
  UINT32(DataTypes.UINT32, 4, int[].class, 1),
  /** See {@link DataTypes#INT64}. */
  INT64(DataTypes.INT64, 8, long[].class, 1),
  /** See {@link DataTypes#UINT64}. */
  UINT64(DataTypes.UINT64, 8, long[].class, 1),
  /** See {@link DataTypes#INT128}. */
  INT128(DataTypes.INT128, 16, long[].class, 2),
  /** See {@link DataTypes#UINT128}. */
  UINT128(DataTypes.UINT128, 16, long[].class, 2),
  /** See {@link DataTypes#REAL32}. */
  REAL32(DataTypes.REAL32, 4, float[].class, 1),
  /** See {@link DataTypes#REAL64}. */
  REAL64(DataTypes.REAL64, 8, double[].class, 1),
  /** See {@link DataTypes#COMPLEX32}. */
  COMPLEX32(DataTypes.COMPLEX32, 8, float[].class, 2),
  /** See {@link DataTypes#COMPLEX64}. */
  COMPLEX64(DataTypes.COMPLEX64, 16, double[].class, 2);

  // Views of arrays cost a fraction of those of buffers.
  private static final VarHandle SHORTS = arrayView(short[].class);
  private static final VarHandle INTS = arrayView(int[].class);
  private static final VarHandle LONGS = arrayView(long[].class);
  private static final VarHandle FLOATS = arrayView(float[].class);
  private static final VarHandle DOUBLES = arrayView(double[].class);

  private static final VarHandle SHORT = view(short[].class);
  private static final VarHandle INT = view(int[].class);
  private static final VarHandle LONG = view(long[].class);
  private static final VarHandle FLOAT = view(float[].class);
  private static final VarHandle DOUBLE = view(double[].class);

  private static final Map<String, ElementType> BY_NAME =
      Stream.of(values()).collect(Collectors.toUnmodifiableMap(ElementType::dataType, t -> t));

  private final String dataType;
  private final int bytes;
  private final Class<?> arrayType;
  private final int slots;

  ElementType(String dataType, int bytes, Class<?> arrayType, int slots) {
    this.dataType = dataType;
    this.bytes = bytes;
    this.arrayType = arrayType;
    this.slots = slots;
  }

  private static VarHandle view(Class<?> arrayType) {
    return MethodHandles.byteBufferViewVarHandle(arrayType, ByteOrder.LITTLE_ENDIAN);
  }

  private static VarHandle arrayView(Class<?> arrayType) {
    return MethodHandles.byteArrayViewVarHandle(arrayType, ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * {@return the type of a name, {@code null} for struct, bitField, binary and unknown names}
   *
   * @param dataType see {@link DataTypes}
   */
  public static ElementType of(String dataType) {
    return BY_NAME.get(dataType);
  }

  /** {@return the type's name, see {@link DataTypes}} */
  public String dataType() {
    return dataType;
  }

  /** {@return the bytes of an element: 1, 2, 4, 8 or 16} */
  public int bytes() {
    return bytes;
  }

  /** {@return the kind of array that holds elements, for example {@code double[].class}} */
  public Class<?> arrayType() {
    return arrayType;
  }

  /**
   * {@return how many numbers of such an array make an element: 2 for complex (real, imaginary) and
   * 128-bit integers (low half, high half), else 1}
   */
  public int slots() {
    return slots;
  }

  /** {@return whether a number of the type is never negative, as for the unsigned integers} */
  public boolean isUnsigned() {
    return switch (this) {
      case UINT8, UINT16, UINT32, UINT64, UINT128 -> true;
      default -> false;
    };
  }

  /** {@return whether a number of the type has a fraction, as real32 and real64} */
  public boolean isReal() {
    return this == REAL32 || this == REAL64;
  }

  /** {@return whether the type has a real and an imaginary part, as complex32 and complex64} */
  public boolean isComplex() {
    return this == COMPLEX32 || this == COMPLEX64;
  }

  /**
   * {@return the type of one part of a complex number, else the type itself: one with one number
   * per element, or an integer of 128 bits}
   */
  public ElementType part() {
    return switch (this) {
      case COMPLEX32 -> REAL32;
      case COMPLEX64 -> REAL64;
      default -> this;
    };
  }

  /**
   * {@return the number of elements in an array, -1 when it is no array of {@link #arrayType}}
   *
   * @param array any object
   */
  public int lengthOf(Object array) {
    if (!arrayType.isInstance(array)) {
      return -1;
    }
    int length = Array.getLength(array);
    return slots == 1 ? length : length / slots;
  }

  /**
   * {@return a new array of {@link #arrayType}}
   *
   * @param elements how many elements it holds
   */
  public Object newArray(int elements) {
    return Array.newInstance(arrayType.getComponentType(), elements * slots);
  }

  /**
   * Reads a number; of a complex one its real part. Allocates nothing.
   *
   * @param buffer little-endian bytes, whatever the order that the buffer is set to
   * @param at index of the first byte
   * @return the number with the sign that its type gives it, rounded to the nearest double
   */
  public double doubleAt(ByteBuffer buffer, int at) {
    return switch (this) {
      case REAL32, COMPLEX32 -> (float) FLOAT.get(buffer, at);
      case REAL64, COMPLEX64 -> (double) DOUBLE.get(buffer, at);
      case UINT64 -> Int128.toDouble((long) LONG.get(buffer, at), 0, true);
      case INT128, UINT128 ->
          Int128.toDouble(
              (long) LONG.get(buffer, at), (long) LONG.get(buffer, at + 8), isUnsigned());
      default -> longAt(buffer, at);
    };
  }

  /**
   * Reads a number as an integer. Allocates nothing.
   *
   * @param buffer little-endian bytes, whatever the order that the buffer is set to
   * @param at index of the first byte
   * @return the integer, of 64 and 128 unsigned bits the lowest 64; a real is rounded toward zero
   */
  public long longAt(ByteBuffer buffer, int at) {
    return switch (this) {
      case INT8 -> buffer.get(at);
      case UINT8 -> Byte.toUnsignedLong(buffer.get(at));
      case INT16 -> (short) SHORT.get(buffer, at);
      case UINT16 -> Short.toUnsignedLong((short) SHORT.get(buffer, at));
      case INT32 -> (int) INT.get(buffer, at);
      case UINT32 -> Integer.toUnsignedLong((int) INT.get(buffer, at));
      case INT64, UINT64, INT128, UINT128 -> (long) LONG.get(buffer, at);
      case REAL32, COMPLEX32, REAL64, COMPLEX64 -> (long) doubleAt(buffer, at);
    };
  }

  /**
   * Writes a number; of a complex one its real part. Allocates nothing.
   *
   * @param buffer gets little-endian bytes, whatever the order that it is set to
   * @param at index of the first byte
   * @param value rounded toward zero for an integer and kept within the range of 64 bits, or of 128
   *     bits for such a type; the low bits count for a narrower one
   */
  public void putDouble(ByteBuffer buffer, int at, double value) {
    switch (this) {
      case REAL32, COMPLEX32 -> FLOAT.set(buffer, at, (float) value);
      case REAL64, COMPLEX64 -> DOUBLE.set(buffer, at, value);
      case INT128, UINT128 -> {
        LONG.set(buffer, at, Int128.low(value, isUnsigned()));
        LONG.set(buffer, at + 8, Int128.high(value, isUnsigned()));
      }
      case UINT64 -> LONG.set(buffer, at, value < 0x1p63 ? (long) value : upperHalf(value));
      default -> putLong(buffer, at, (long) value);
    }
  }

  /** As {@link #putDouble(ByteBuffer, int, double)}. */
  void putDouble(byte[] target, int at, double value) {
    switch (this) {
      case REAL32, COMPLEX32 -> FLOATS.set(target, at, (float) value);
      case REAL64, COMPLEX64 -> DOUBLES.set(target, at, value);
      case INT128, UINT128 -> {
        LONGS.set(target, at, Int128.low(value, isUnsigned()));
        LONGS.set(target, at + 8, Int128.high(value, isUnsigned()));
      }
      case UINT64 -> LONGS.set(target, at, value < 0x1p63 ? (long) value : upperHalf(value));
      default -> putLong(target, at, (long) value);
    }
  }

  private static long upperHalf(double value) {
    return value >= 0x1p64 ? -1 : (long) (value - 0x1p63) + Long.MIN_VALUE;
  }

  /**
   * Writes an integer; of a complex number its real part. Allocates nothing.
   *
   * @param buffer gets little-endian bytes, whatever the order that it is set to
   * @param at index of the first byte
   * @param value the low bits count for a narrower integer; of 128 bits the upper 64 repeat its
   *     sign
   */
  public void putLong(ByteBuffer buffer, int at, long value) {
    switch (this) {
      case INT8, UINT8 -> buffer.put(at, (byte) value);
      case INT16, UINT16 -> SHORT.set(buffer, at, (short) value);
      case INT32, UINT32 -> INT.set(buffer, at, (int) value);
      case INT64, UINT64 -> LONG.set(buffer, at, value);
      case INT128, UINT128 -> {
        LONG.set(buffer, at, value);
        LONG.set(buffer, at + 8, value >> 63);
      }
      case REAL32, COMPLEX32 -> FLOAT.set(buffer, at, (float) value);
      case REAL64, COMPLEX64 -> DOUBLE.set(buffer, at, (double) value);
    }
  }

  /** As {@link #putLong(ByteBuffer, int, long)}. */
  void putLong(byte[] target, int at, long value) {
    switch (this) {
      case INT8, UINT8 -> target[at] = (byte) value;
      case INT16, UINT16 -> SHORTS.set(target, at, (short) value);
      case INT32, UINT32 -> INTS.set(target, at, (int) value);
      case INT64, UINT64 -> LONGS.set(target, at, value);
      case INT128, UINT128 -> {
        LONGS.set(target, at, value);
        LONGS.set(target, at + 8, value >> 63);
      }
      case REAL32, COMPLEX32 -> FLOATS.set(target, at, (float) value);
      case REAL64, COMPLEX64 -> DOUBLES.set(target, at, (double) value);
    }
  }
}
