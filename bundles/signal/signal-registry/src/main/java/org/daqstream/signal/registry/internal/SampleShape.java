/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.registry.internal;

import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.Dimension;
import org.daqstream.signal.api.ElementType;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.StructLayout;

/**
 * How much of what a publisher gives is one sample, as far as the data type tells.
 *
 * @param arrayType kind of array that the numbers come in, {@code null} when the type has none
 * @param slots elements of such an array in a sample
 * @param bytes bytes of a sample in a buffer, 0 when the type does not tell
 */
record SampleShape(Class<?> arrayType, int slots, int bytes) {
  private static final SampleShape UNKNOWN = new SampleShape(null, 0, 0);

  static SampleShape of(SignalDescriptor descriptor) {
    long elements = 1;
    for (Dimension dimension : descriptor.dimensions()) {
      elements *= dimension.size();
      if (elements > Integer.MAX_VALUE) {
        return UNKNOWN;
      }
    }
    boolean bits = descriptor.dataType().equals(DataTypes.BIT_FIELD);
    ElementType type = ElementType.of(bits ? descriptor.bitFieldType() : descriptor.dataType());
    long bytes = elements * (type == null ? recordBytes(descriptor) : type.bytes());
    if (bytes > Integer.MAX_VALUE) {
      return UNKNOWN;
    }
    return type == null
        ? new SampleShape(null, 0, (int) bytes)
        : new SampleShape(type.arrayType(), (int) elements * type.slots(), (int) bytes);
  }

  private static int recordBytes(SignalDescriptor descriptor) {
    if (!descriptor.dataType().equals(DataTypes.STRUCT)) {
      return 0;
    }
    try {
      return StructLayout.of(descriptor).recordBytes();
    } catch (IllegalArgumentException e) {
      return 0; // no writer takes it; the operator reads why
    }
  }
}
