/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.writer.numeric.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.daqstream.signal.api.SignalDescriptor;

/** Writes {@code real32} from {@code float[]}. */
final class FloatWriter extends NumericWriter {
  private static final VarHandle LITTLE_ENDIAN =
      MethodHandles.byteBufferViewVarHandle(float[].class, ByteOrder.LITTLE_ENDIAN);

  private final TargetViews<FloatBuffer> views =
      new TargetViews<>(Float.BYTES, ByteBuffer::asFloatBuffer);

  FloatWriter(SignalDescriptor descriptor, int elementsPerSample) {
    super(descriptor, float[].class, Float.BYTES, elementsPerSample);
  }

  @Override
  int lengthOf(Object array) {
    return array instanceof float[] elements ? elements.length : -1;
  }

  @Override
  void put(Object array, int from, int elementCount, ByteBuffer target) {
    final float[] elements = (float[]) array;
    final FloatBuffer view = views.viewFor(target, elementCount);
    if (view == null) {
      for (int i = from; i < from + elementCount; i++) {
        target.putFloat(elements[i]);
      }
    } else {
      view.put(target.position() / Float.BYTES, elements, from, elementCount);
      target.position(target.position() + elementCount * Float.BYTES);
    }
  }

  @Override
  double numberAt(Object array, int index) {
    return ((float[]) array)[index];
  }

  @Override
  double numberAt(ByteBuffer encoded, int byteIndex) {
    return (float) LITTLE_ENDIAN.get(encoded, byteIndex);
  }

  @Override
  Object newElement() {
    return new float[1];
  }
}
