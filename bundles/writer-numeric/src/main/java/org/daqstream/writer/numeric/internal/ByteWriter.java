/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.writer.numeric.internal;

import java.nio.ByteBuffer;
import org.daqstream.signal.api.SignalDescriptor;

/** Writes {@code int8} and {@code uint8} from {@code byte[]}. */
final class ByteWriter extends NumericWriter {
  private final boolean unsigned;

  ByteWriter(SignalDescriptor descriptor, int elementsPerSample, boolean unsigned) {
    super(descriptor, byte[].class, Byte.BYTES, elementsPerSample);
    this.unsigned = unsigned;
  }

  @Override
  int lengthOf(Object array) {
    return array instanceof byte[] elements ? elements.length : -1;
  }

  @Override
  void put(Object array, int from, int elementCount, ByteBuffer target) {
    final byte[] elements = (byte[]) array;
    target.put(elements, from, elementCount);
  }

  @Override
  double numberAt(Object array, int index) {
    return number(((byte[]) array)[index]);
  }

  @Override
  double numberAt(ByteBuffer encoded, int byteIndex) {
    return number(encoded.get(byteIndex));
  }

  private double number(byte value) {
    return unsigned ? value & 0xff : value;
  }

  @Override
  Object newElement() {
    return new byte[1];
  }
}
