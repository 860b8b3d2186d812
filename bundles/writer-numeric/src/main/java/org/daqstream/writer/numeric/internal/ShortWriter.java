/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.writer.numeric.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import org.daqstream.signal.api.SignalDescriptor;

/** Writes {@code int16} and {@code uint16} from {@code short[]}. */
final class ShortWriter extends NumericWriter {
  private static final VarHandle LITTLE_ENDIAN =
      MethodHandles.byteBufferViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

  private final TargetViews<ShortBuffer> views =
      new TargetViews<>(Short.BYTES, ByteBuffer::asShortBuffer);
  private final boolean unsigned;

  ShortWriter(SignalDescriptor descriptor, int elementsPerSample, boolean unsigned) {
    super(descriptor, short[].class, Short.BYTES, elementsPerSample);
    this.unsigned = unsigned;
  }

  @Override
  int lengthOf(Object array) {
    return array instanceof short[] elements ? elements.length : -1;
  }

  @Override
  void put(Object array, int from, int elementCount, ByteBuffer target) {
    final short[] elements = (short[]) array;
    final ShortBuffer view = views.viewFor(target, elementCount);
    if (view == null) {
      for (int i = from; i < from + elementCount; i++) {
        target.putShort(elements[i]);
      }
    } else {
      view.put(target.position() / Short.BYTES, elements, from, elementCount);
      target.position(target.position() + elementCount * Short.BYTES);
    }
  }

  @Override
  double numberAt(Object array, int index) {
    return number(((short[]) array)[index]);
  }

  @Override
  double numberAt(ByteBuffer encoded, int byteIndex) {
    return number((short) LITTLE_ENDIAN.get(encoded, byteIndex));
  }

  private double number(short value) {
    return unsigned ? value & 0xffff : value;
  }

  @Override
  Object newElement() {
    return new short[1];
  }
}
