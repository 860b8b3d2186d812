/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.parquet.internal;

import java.io.OutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Bytes that grow, little endian; kept from row group to row group. */
final class Bytes extends OutputStream {
  private static final int FIRST = 1024;
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private byte[] array = new byte[FIRST];
  private int size;

  byte[] array() {
    return array;
  }

  int size() {
    return size;
  }

  void clear() {
    size = 0;
  }

  /** Goes back to a size that it had. */
  void truncate(int newSize) {
    size = newSize;
  }

  /** Makes room behind what is there; where that begins. */
  int reserve(int bytes) {
    if (array.length - size < bytes) {
      array = Arrays.copyOf(array, Math.max(size + bytes, array.length + (array.length >> 1)));
    }
    return size;
  }

  /** What was put into reserved room is there now. */
  void advance(int bytes) {
    size += bytes;
  }

  @Override
  public void write(int b) {
    reserve(1);
    array[size++] = (byte) b;
  }

  @Override
  public void write(byte[] from, int offset, int count) {
    reserve(count);
    System.arraycopy(from, offset, array, size, count);
    size += count;
  }

  void put(ByteBuffer from, int at, int count) {
    reserve(count);
    from.get(at, array, size, count);
    size += count;
  }

  void putInt(int value) {
    reserve(Integer.BYTES);
    INT.set(array, size, value);
    size += Integer.BYTES;
  }

  void putLong(long value) {
    reserve(Long.BYTES);
    LONG.set(array, size, value);
    size += Long.BYTES;
  }

  /** As Parquet's and Thrift's unsigned variable-length integers. */
  void putVarint(long value) {
    long rest = value;
    reserve(10);
    while ((rest & ~0x7FL) != 0) {
      array[size++] = (byte) ((rest & 0x7F) | 0x80);
      rest >>>= 7;
    }
    array[size++] = (byte) rest;
  }

  void putZigzag(long value) {
    putVarint((value << 1) ^ (value >> 63));
  }
}
