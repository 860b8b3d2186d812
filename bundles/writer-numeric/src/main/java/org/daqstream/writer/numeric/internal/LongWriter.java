/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.writer.numeric.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import org.daqstream.signal.api.SignalDescriptor;

/** Writes {@code int64} and {@code uint64} from {@code long[]}. */
final class LongWriter extends NumericWriter {
  private static final VarHandle LITTLE_ENDIAN =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final TargetViews<LongBuffer> views =
      new TargetViews<>(Long.BYTES, ByteBuffer::asLongBuffer);
  private final boolean unsigned;

  LongWriter(SignalDescriptor descriptor, int elementsPerSample, boolean unsigned) {
    super(descriptor, long[].class, Long.BYTES, elementsPerSample);
    this.unsigned = unsigned;
  }

  @Override
  int lengthOf(Object array) {
    return array instanceof long[] elements ? elements.length : -1;
  }

  @Override
  void put(Object array, int from, int elementCount, ByteBuffer target) {
    final long[] elements = (long[]) array;
    final LongBuffer view = views.viewFor(target, elementCount);
    if (view == null) {
      for (int i = from; i < from + elementCount; i++) {
        target.putLong(elements[i]);
      }
    } else {
      view.put(target.position() / Long.BYTES, elements, from, elementCount);
      target.position(target.position() + elementCount * Long.BYTES);
    }
  }

  @Override
  double numberAt(Object array, int index) {
    return number(((long[]) array)[index]);
  }

  @Override
  double numberAt(ByteBuffer encoded, int byteIndex) {
    return number((long) LITTLE_ENDIAN.get(encoded, byteIndex));
  }

  private double number(long value) {
    if (!unsigned || value >= 0) {
      return value;
    }
    // Halved, with the lost bit kept so that rounding to a double still sees it.
    return 2.0 * ((value >>> 1) | (value & 1));
  }

  @Override
  Object newElement() {
    return new long[1];
  }
}
