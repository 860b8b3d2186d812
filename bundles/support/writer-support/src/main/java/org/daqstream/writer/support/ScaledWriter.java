/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.writer.support;

import java.nio.ByteBuffer;
import java.util.Map;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.ElementType;
import org.daqstream.signal.api.Int128;
import org.daqstream.signal.api.PostScaling;
import org.daqstream.signal.api.SignalDescriptor;

/**
 * Writes numbers of a signal with post-scaling as scaled {@code real64}, because not every client
 * scales by itself (protocol section 4, point 28).
 */
public final class ScaledWriter extends FixedSizeWriter {
  private final ElementType type;
  private final int elements;
  private final PostScaling scaling;

  /**
   * A writer of its own for one signal, which has a post-scaling.
   *
   * @param descriptor the signal
   * @param type type of the elements, not complex
   * @param elements elements in a sample, see {@link #elementsOf}
   */
  public ScaledWriter(SignalDescriptor descriptor, ElementType type, int elements) {
    super(
        descriptor,
        Map.of("dataType", DataTypes.REAL64),
        type.arrayType().getSimpleName(),
        elements * type.bytes(),
        elements * Double.BYTES);
    this.type = type;
    this.elements = elements;
    this.scaling = descriptor.postScaling();
  }

  @Override
  public Object newSample() {
    return elements == 1 && type.slots() == 1 ? type.newArray(1) : null;
  }

  @Override
  protected int samplesIn(Object samples) {
    int length = type.lengthOf(samples);
    return length < 0 ? -1 : length / elements;
  }

  @Override
  protected void put(Object samples, int offset, int count, ByteBuffer target) {
    int from = offset * elements;
    double scale = scaling.scale();
    double shift = scaling.offset();
    for (int i = from; i < from + count * elements; i++) {
      target.putDouble(scale * numberAt(samples, i) + shift);
    }
  }

  @Override
  protected void putCarried(ByteBuffer carried, int fromByte, int count, ByteBuffer target) {
    double scale = scaling.scale();
    double shift = scaling.offset();
    for (int i = 0; i < count * elements; i++) {
      target.putDouble(scale * type.doubleAt(carried, fromByte + i * type.bytes()) + shift);
    }
  }

  private double numberAt(Object array, int index) {
    return switch (type) {
      case INT8 -> ((byte[]) array)[index];
      case UINT8 -> Byte.toUnsignedInt(((byte[]) array)[index]);
      case INT16 -> ((short[]) array)[index];
      case UINT16 -> Short.toUnsignedInt(((short[]) array)[index]);
      case INT32 -> ((int[]) array)[index];
      case UINT32 -> Integer.toUnsignedLong(((int[]) array)[index]);
      case INT64 -> ((long[]) array)[index];
      case UINT64 -> Int128.toDouble(((long[]) array)[index], 0, true);
      case INT128, UINT128 -> {
        long[] halves = (long[]) array;
        yield Int128.toDouble(halves[2 * index], halves[2 * index + 1], type.isUnsigned());
      }
      case REAL32 -> ((float[]) array)[index];
      case REAL64 -> ((double[]) array)[index];
      case COMPLEX32, COMPLEX64 -> throw new IllegalStateException("not scaled: " + type);
    };
  }
}
