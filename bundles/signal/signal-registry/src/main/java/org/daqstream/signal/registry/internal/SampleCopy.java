/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.registry.internal;

import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.daqstream.signal.api.StructBuffer;
import org.daqstream.signal.api.StructLayout;
import org.daqstream.signal.api.writer.SignalWriter;

/**
 * A copy of one sample in the kind in which the publisher gave it, so that a writer that comes
 * later can take it. Copied without knowing its writer are arrays of numbers, buffers, structs and
 * texts, alone or in an array of them; of a data type that is not the protocol's the whole array or
 * buffer, because only its writer knows what a sample is. What else a writer's own type may be made
 * of is encoded by the writer at once, and good for that writer alone.
 *
 * <p>Holds nothing of the publisher's or of a writer's classes. Allocates nothing for a sample no
 * larger than those before.
 */
final class SampleCopy {
  /** In which form it is held. */
  private enum Form {
    NONE,
    ARRAY,
    BUFFER,
    STRUCT,
    TEXT,
    INTEGER,
    REAL,
    ENCODED
  }

  private final SampleShape shape;
  private Form form = Form.NONE;
  private Object array; // of numbers
  private ByteBuffer bytes = ByteBuffer.allocate(0);
  private int length; // bytes in use
  private ByteOrder order;
  private StructLayout layout;
  private String text;
  private long number;
  private int index; // of the sample in what is held
  private Class<?> elementType; // of the array that the sample was an element of, or null
  private long writerId;

  SampleCopy(SampleShape shape) {
    this.shape = shape;
  }

  /** A copy for keeping; when this one is changed meanwhile it is of no use, but does no harm. */
  SampleCopy snapshot() {
    SampleCopy copy = new SampleCopy(shape);
    Object numbers = array;
    copy.form = form;
    copy.array = numbers == null ? null : cloneOf(numbers);
    copy.bytes = ByteBuffer.wrap(bytes.array().clone());
    copy.length = Math.min(length, copy.bytes.capacity());
    copy.order = order;
    copy.layout = layout;
    copy.text = text;
    copy.number = number;
    copy.index = index;
    copy.elementType = elementType;
    copy.writerId = writerId;
    return copy;
  }

  private static Object cloneOf(Object numbers) {
    int size = Array.getLength(numbers);
    Object clone = Array.newInstance(numbers.getClass().getComponentType(), size);
    System.arraycopy(numbers, 0, clone, 0, size);
    return clone;
  }

  boolean isEmpty() {
    return form == Form.NONE;
  }

  void clear() {
    form = Form.NONE;
  }

  /** Takes a number given as a {@code long} or as the bits of a {@code double}. */
  void takeNumber(boolean real, long bits) {
    form = real ? Form.REAL : Form.INTEGER;
    number = bits;
  }

  /**
   * Copies one of the publisher's samples, and tells whether it could; what only the writer knows
   * that encodes, for its own thread.
   */
  boolean take(Object samples, int at, SignalWriter writer, long serviceId) {
    clear();
    boolean several = samples instanceof Object[];
    Object sample = several ? ((Object[]) samples)[at] : samples;
    elementType = several ? samples.getClass().getComponentType() : null;
    if (sample instanceof String string) {
      text = string;
      form = Form.TEXT;
    } else if (sample instanceof ByteBuffer buffer) {
      order = buffer.order();
      takeBytes(buffer, buffer.position(), buffer.remaining(), several ? 0 : at);
      form = Form.BUFFER;
    } else if (sample instanceof StructBuffer block) {
      layout = block.layout();
      takeBytes(block.bytes(), 0, block.size() * layout.recordBytes(), several ? 0 : at);
      form = Form.STRUCT;
    } else if (sample != null
        && sample.getClass().isArray()
        && sample.getClass().getComponentType().isPrimitive()) {
      takeNumbers(sample, several ? 0 : at, several);
      form = Form.ARRAY;
    } else if (sample != null && writer != null) {
      encode(samples, at, writer);
      writerId = serviceId;
      form = Form.ENCODED;
    }
    return form != Form.NONE;
  }

  private void takeNumbers(Object numbers, int at, boolean whole) {
    boolean one = !whole && shape.arrayType() != null && shape.arrayType().isInstance(numbers);
    int size = one ? shape.slots() : Array.getLength(numbers);
    if (array == null || array.getClass() != numbers.getClass() || Array.getLength(array) != size) {
      array = Array.newInstance(numbers.getClass().getComponentType(), size);
    }
    System.arraycopy(numbers, one ? at * size : 0, array, 0, size);
    index = one ? 0 : at;
  }

  private void takeBytes(ByteBuffer from, int start, int held, int at) {
    int size = shape.bytes() == 0 ? held : shape.bytes();
    int offset = shape.bytes() == 0 ? 0 : at * size;
    if (offset > held - size) {
      throw new IndexOutOfBoundsException("sample " + at + " of " + held + " bytes");
    }
    reserve(size);
    from.get(start + offset, bytes.array(), 0, size);
    length = size;
    index = shape.bytes() == 0 ? at : 0;
  }

  private void encode(Object samples, int at, SignalWriter writer) {
    int fixed = writer.sampleBytes();
    int size = fixed == SignalWriter.VARIABLE ? writer.encodedBytes(samples, at, 1) : fixed;
    reserve(size);
    writer.encode(samples, at, 1, bytes.clear().limit(size).order(ByteOrder.LITTLE_ENDIAN));
    checkFull(bytes);
    length = size;
  }

  private void reserve(int size) {
    if (bytes.capacity() < size) {
      bytes = ByteBuffer.allocate(size);
    }
  }

  /**
   * The little-endian payload that a writer of the caller's own makes of it; an
   * IllegalArgumentException when it cannot take such a sample.
   */
  ByteBuffer encodedBy(SignalWriter writer, long serviceId, boolean unsigned64) {
    if (form == Form.ENCODED && writerId != serviceId) {
      throw new IllegalArgumentException("only the writer that was there then knows its kind");
    }
    if (form == Form.ENCODED) {
      return ByteBuffer.wrap(bytes.array(), 0, length).slice().order(ByteOrder.LITTLE_ENDIAN);
    }
    Object samples = elementType == null ? sample(writer, unsigned64) : element();
    int at = elementType == null ? index : 0;
    int size = writer.encodedBytes(samples, at, 1);
    ByteBuffer target = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    writer.encode(samples, at, 1, target);
    checkFull(target);
    return target.flip();
  }

  private static void checkFull(ByteBuffer target) {
    if (target.hasRemaining()) {
      throw new IllegalArgumentException("left " + target.remaining() + " bytes unwritten");
    }
  }

  private Object element() {
    Object elements = Array.newInstance(elementType, 1);
    Array.set(elements, 0, sample(null, false));
    return elements;
  }

  private Object sample(SignalWriter writer, boolean unsigned64) {
    return switch (form) {
      case ARRAY -> array;
      case BUFFER -> held().order(order);
      case STRUCT -> StructBuffer.wrap(layout, held());
      case TEXT -> text;
      case INTEGER, REAL -> single(writer, unsigned64);
      case NONE, ENCODED -> throw new IllegalStateException(form.name());
    };
  }

  private ByteBuffer held() {
    return ByteBuffer.wrap(bytes.array(), 0, length).slice();
  }

  private Object single(SignalWriter writer, boolean unsigned64) {
    Object one = writer.newSample();
    if (one != null && new SingleSample(one, unsigned64).set(form == Form.REAL, number)) {
      return one;
    }
    throw new IllegalArgumentException("takes no single numbers");
  }
}
