/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.writer.numeric.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import org.daqstream.signal.api.SignalDescriptor;

/** Writes {@code int32} and {@code uint32} from {@code int[]}. */
final class IntWriter extends NumericWriter {
  private static final VarHandle LITTLE_ENDIAN =
      MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private final TargetViews<IntBuffer> views =
      new TargetViews<>(Integer.BYTES, ByteBuffer::asIntBuffer);
  private final boolean unsigned;

  IntWriter(SignalDescriptor descriptor, int elementsPerSample, boolean unsigned) {
    super(descriptor, int[].class, Integer.BYTES, elementsPerSample);
    this.unsigned = unsigned;
  }

  @Override
  int lengthOf(Object array) {
    return array instanceof int[] elements ? elements.length : -1;
  }

  @Override
  void put(Object array, int from, int elementCount, ByteBuffer target) {
    final int[] elements = (int[]) array;
    final IntBuffer view = views.viewFor(target, elementCount);
    if (view == null) {
      for (int i = from; i < from + elementCount; i++) {
        target.putInt(elements[i]);
      }
    } else {
      view.put(target.position() / Integer.BYTES, elements, from, elementCount);
      target.position(target.position() + elementCount * Integer.BYTES);
    }
  }

  @Override
  double numberAt(Object array, int index) {
    return number(((int[]) array)[index]);
  }

  @Override
  double numberAt(ByteBuffer encoded, int byteIndex) {
    return number((int) LITTLE_ENDIAN.get(encoded, byteIndex));
  }

  private double number(int value) {
    return unsigned ? value & 0xffff_ffffL : value;
  }

  @Override
  Object newElement() {
    return new int[1];
  }
}
