/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.api;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;

/**
 * A block of struct samples, packed as they travel: what a source writes to a port of type {@link
 * DataTypes#STRUCT}, and what a reader of such samples gets. Fields are set and read by their index
 * in {@link StructLayout#fields()}, on the record that was added or selected last. Nothing is
 * allocated after construction. For one thread.
 *
 * <pre>{@code
 * StructBuffer frames = StructBuffer.allocate(StructLayout.of(CanFrame.MEMBERS), 64);
 * frames.clear();
 * frames.add().setLong(CanFrame.ARB_ID, 0x123).setLong(CanFrame.LENGTH, 8)
 *     .setBytes(CanFrame.DATA, data, 0, 8);
 * port.write(ticks, frames, 0, frames.size());
 * }</pre>
 *
 * A complex number counts as two elements: element {@code 2 * i} is the real part of number {@code
 * i}, the next one its imaginary part.
 */
public final class StructBuffer {
  private final StructLayout layout;
  private final ElementType[] types;
  private final int[] offsets;
  private final int[] counts;
  private final int recordBytes;
  private final ByteBuffer bytes;
  private final byte[] array; // that of the buffer, null when it has none
  private final int arrayStart;
  private final int[] elementBytes;
  private final int capacity;
  private int size;
  private int at;

  private StructBuffer(StructLayout layout, ByteBuffer bytes, int size) {
    this.layout = layout;
    this.bytes = bytes;
    array = bytes.hasArray() ? bytes.array() : null;
    arrayStart = array == null ? 0 : bytes.arrayOffset();
    this.size = size;
    recordBytes = layout.recordBytes();
    capacity = bytes.capacity() / recordBytes;
    types = layout.fields().stream().map(f -> f.type().part()).toArray(ElementType[]::new);
    elementBytes = Arrays.stream(types).mapToInt(ElementType::bytes).toArray();
    offsets = layout.fields().stream().mapToInt(StructLayout.Field::offsetBytes).toArray();
    counts =
        layout.fields().stream()
            .mapToInt(f -> f.elements() * (f.type().isComplex() ? 2 : 1))
            .toArray();
  }

  /**
   * {@return an empty block}
   *
   * @param layout of the records
   * @param capacity the most records it can hold, at least 1
   * @throws IllegalArgumentException when so many records do not fit into an array of bytes
   */
  public static StructBuffer allocate(StructLayout layout, int capacity) {
    long bytes = (long) capacity * layout.recordBytes();
    if (capacity < 1 || bytes > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "capacity " + capacity + " of records of " + layout.recordBytes() + " B");
    }
    ByteBuffer buffer = ByteBuffer.allocate((int) bytes);
    return new StructBuffer(layout, buffer.order(ByteOrder.LITTLE_ENDIAN), 0);
  }

  /**
   * {@return a full block on bytes that exist, for reading; the first record is selected}
   *
   * @param layout of the records
   * @param records packed records from position to limit, not copied; an incomplete one at the end
   *     is left out
   */
  public static StructBuffer wrap(StructLayout layout, ByteBuffer records) {
    int count = records.remaining() / layout.recordBytes();
    ByteBuffer whole = records.slice(records.position(), count * layout.recordBytes());
    return new StructBuffer(layout, whole.order(ByteOrder.LITTLE_ENDIAN), count);
  }

  /** {@return the layout of the records, as given at construction} */
  public StructLayout layout() {
    return layout;
  }

  /** {@return the number of records added since {@link #clear}} */
  public int size() {
    return size;
  }

  /** {@return the greatest number of records, as given at construction} */
  public int capacity() {
    return capacity;
  }

  /** Forgets all records; their bytes become 0. */
  public void clear() {
    int end = size * recordBytes;
    if (array != null) {
      Arrays.fill(array, arrayStart, arrayStart + end, (byte) 0); // at once: a fill has its cost
    } else {
      for (int i = 0; i < end; i++) {
        bytes.put(i, (byte) 0);
      }
    }
    size = 0;
  }

  /**
   * Adds a record with all bytes 0 and selects it.
   *
   * @return this
   * @throws IllegalStateException when the block is full
   */
  public StructBuffer add() {
    if (size == capacity) {
      throw new IllegalStateException("block is full: " + capacity + " records");
    }
    at = size++ * recordBytes;
    return this;
  }

  /**
   * Selects a record for setting and reading.
   *
   * @param record its place in the block
   * @return this
   */
  public StructBuffer select(int record) {
    at = Objects.checkIndex(record, size) * recordBytes;
    return this;
  }

  /**
   * {@return the packed bytes of all records, for writers of signals: the memory of the block
   * itself, little endian, record 0 at index 0; position and limit mean nothing}
   */
  public ByteBuffer bytes() {
    return bytes;
  }

  private int place(int field, int element) {
    return at + offsets[field] + Objects.checkIndex(element, counts[field]) * elementBytes[field];
  }

  /**
   * Sets a number, or the first element of an array.
   *
   * @param field index in {@link StructLayout#fields()}
   * @param value see {@link ElementType#putLong}
   * @return this
   */
  public StructBuffer setLong(int field, long value) {
    return setLong(field, 0, value);
  }

  /**
   * Sets an element of an array.
   *
   * @param field index in {@link StructLayout#fields()}
   * @param element index in the array, row-major
   * @param value see {@link ElementType#putLong}
   * @return this
   */
  public StructBuffer setLong(int field, int element, long value) {
    int place = place(field, element);
    if (array == null) {
      types[field].putLong(bytes, place, value);
    } else {
      types[field].putLong(array, arrayStart + place, value);
    }
    return this;
  }

  /**
   * Sets a number, or the first element of an array.
   *
   * @param field index in {@link StructLayout#fields()}
   * @param value see {@link ElementType#putDouble}
   * @return this
   */
  public StructBuffer setDouble(int field, double value) {
    return setDouble(field, 0, value);
  }

  /**
   * Sets an element of an array, or a part of a complex number.
   *
   * @param field index in {@link StructLayout#fields()}
   * @param element index in the array, row-major
   * @param value see {@link ElementType#putDouble}
   * @return this
   */
  public StructBuffer setDouble(int field, int element, double value) {
    int place = place(field, element);
    if (array == null) {
      types[field].putDouble(bytes, place, value);
    } else {
      types[field].putDouble(array, arrayStart + place, value);
    }
    return this;
  }

  /**
   * Sets the first bytes of a field as they are; the rest stays.
   *
   * @param field index in {@link StructLayout#fields()}
   * @param source little-endian elements
   * @param offset first byte in the source
   * @param count number of bytes, at most those of the field
   * @return this
   */
  public StructBuffer setBytes(int field, byte[] source, int offset, int count) {
    Objects.checkFromIndexSize(0, count, fieldBytes(field));
    bytes.put(at + offsets[field], source, offset, count);
    return this;
  }

  /**
   * Reads a number, or the first element of an array.
   *
   * @param field index in {@link StructLayout#fields()}
   * @return see {@link ElementType#longAt}
   */
  public long getLong(int field) {
    return getLong(field, 0);
  }

  /**
   * Reads an element of an array.
   *
   * @param field index in {@link StructLayout#fields()}
   * @param element index in the array, row-major
   * @return see {@link ElementType#longAt}
   */
  public long getLong(int field, int element) {
    return types[field].longAt(bytes, place(field, element));
  }

  /**
   * Reads a number, or the first element of an array.
   *
   * @param field index in {@link StructLayout#fields()}
   * @return see {@link ElementType#doubleAt}
   */
  public double getDouble(int field) {
    return getDouble(field, 0);
  }

  /**
   * Reads an element of an array, or a part of a complex number.
   *
   * @param field index in {@link StructLayout#fields()}
   * @param element index in the array, row-major
   * @return see {@link ElementType#doubleAt}
   */
  public double getDouble(int field, int element) {
    return types[field].doubleAt(bytes, place(field, element));
  }

  /**
   * Reads the first bytes of a field as they are.
   *
   * @param field index in {@link StructLayout#fields()}
   * @param target gets little-endian elements
   * @param offset first byte in the target
   * @param count number of bytes, at most those of the field
   */
  public void getBytes(int field, byte[] target, int offset, int count) {
    Objects.checkFromIndexSize(0, count, fieldBytes(field));
    bytes.get(at + offsets[field], target, offset, count);
  }

  private int fieldBytes(int field) {
    return counts[field] * elementBytes[field];
  }
}
