/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.writer.numeric.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import org.daqstream.signal.api.SignalDescriptor;

/** Writes {@code real64} from {@code double[]}. */
final class DoubleWriter extends NumericWriter {
  private static final VarHandle LITTLE_ENDIAN =
      MethodHandles.byteBufferViewVarHandle(double[].class, ByteOrder.LITTLE_ENDIAN);

  private final TargetViews<DoubleBuffer> views =
      new TargetViews<>(Double.BYTES, ByteBuffer::asDoubleBuffer);

  DoubleWriter(SignalDescriptor descriptor, int elementsPerSample) {
    super(descriptor, double[].class, Double.BYTES, elementsPerSample);
  }

  @Override
  int lengthOf(Object array) {
    return array instanceof double[] elements ? elements.length : -1;
  }

  @Override
  void put(Object array, int from, int elementCount, ByteBuffer target) {
    final double[] elements = (double[]) array;
    final DoubleBuffer view = views.viewFor(target, elementCount);
    if (view == null) {
      for (int i = from; i < from + elementCount; i++) {
        target.putDouble(elements[i]);
      }
    } else {
      view.put(target.position() / Double.BYTES, elements, from, elementCount);
      target.position(target.position() + elementCount * Double.BYTES);
    }
  }

  @Override
  double numberAt(Object array, int index) {
    return ((double[]) array)[index];
  }

  @Override
  double numberAt(ByteBuffer encoded, int byteIndex) {
    return (double) LITTLE_ENDIAN.get(encoded, byteIndex);
  }

  @Override
  Object newElement() {
    return new double[1];
  }
}
