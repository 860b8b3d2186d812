/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.writer.support;

import java.nio.ByteBuffer;
import java.util.Map;
import org.daqstream.signal.api.ElementType;
import org.daqstream.signal.api.SignalDescriptor;

/**
 * Writes samples that are numbers of one type, from the primitive array of that type or a {@link
 * ByteBuffer}. A sample with dimensions is so many elements in a row, row-major.
 */
public final class ArrayWriter extends FixedSizeWriter {
  private final ElementType type;
  private final int elements;
  private final ArrayEncoder encoder;

  /**
   * A writer of its own for one signal.
   *
   * @param descriptor the signal
   * @param type type of the elements
   * @param elements elements in a sample, see {@link #elementsOf}
   */
  public ArrayWriter(SignalDescriptor descriptor, ElementType type, int elements) {
    super(
        descriptor,
        Map.of("dataType", descriptor.dataType()),
        type.arrayType().getSimpleName(),
        elements * type.bytes(),
        elements * type.bytes());
    this.type = type;
    this.elements = elements;
    this.encoder = ArrayEncoder.of(type);
  }

  /**
   * {@return the most elements that a sample of a type can have to fit into an array of bytes}
   *
   * @param type type of the elements
   */
  public static int elementsLimit(ElementType type) {
    return Integer.MAX_VALUE / Math.max(Double.BYTES, type.bytes());
  }

  @Override
  public Object newSample() {
    return elements == 1 && type.slots() == 1 ? type.newArray(1) : null;
  }

  @Override
  protected int samplesIn(Object samples) {
    int length = type.lengthOf(samples);
    return length < 0 || elements == 1 ? length : length / elements; // divisions take long
  }

  @Override
  protected void put(Object samples, int offset, int count, ByteBuffer target) {
    int slots = elements * type.slots();
    encoder.put(samples, offset * slots, count * slots, target);
  }
}
