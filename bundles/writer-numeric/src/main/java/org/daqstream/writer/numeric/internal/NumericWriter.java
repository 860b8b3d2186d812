/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.writer.numeric.internal;

import java.nio.ByteBuffer;
import java.util.Map;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.PostScaling;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.writer.SignalWriter;

/**
 * Writes numbers of one size (protocol section 3.3): from the primitive array of that size, or from
 * a {@link ByteBuffer} that holds them encoded already. A sample with dimensions is so many
 * elements in a row, row-major.
 *
 * <p>Samples of a signal with post-scaling travel as scaled {@code real64}, because not every
 * client scales by itself (protocol section 4, point 28).
 */
abstract class NumericWriter implements SignalWriter {
  private final String signalId;
  private final String dataType;
  private final Class<?> arrayType;
  private final PostScaling scaling;
  private final int elementBytes;
  private final int elements;
  private final int sampleBytes;
  private final Map<String, Object> definition;

  NumericWriter(
      SignalDescriptor descriptor, Class<?> arrayType, int elementBytes, int elementsPerSample) {
    signalId = descriptor.signalId();
    dataType = descriptor.dataType();
    this.arrayType = arrayType;
    scaling = descriptor.postScaling();
    this.elementBytes = elementBytes;
    elements = elementsPerSample;
    sampleBytes = elementsPerSample * (scaling == null ? elementBytes : Double.BYTES);
    definition = Map.of("dataType", scaling == null ? dataType : DataTypes.REAL64);
  }

  /** Length of an array of this writer's kind, or -1 when it is something else. */
  abstract int lengthOf(Object array);

  /** Puts elements as they are. */
  abstract void put(Object array, int from, int elementCount, ByteBuffer target);

  /** An element as a number, with the sign that the data type gives it. */
  abstract double numberAt(Object array, int index);

  /** An encoded little-endian element as a number, whatever the buffer's own order. */
  abstract double numberAt(ByteBuffer encoded, int byteIndex);

  /** An array of one element. */
  abstract Object newElement();

  @Override
  public final int sampleBytes() {
    return sampleBytes;
  }

  @Override
  public final Map<String, Object> definition() {
    return definition;
  }

  @Override
  public final Object newSample() {
    return elements == 1 ? newElement() : null;
  }

  @Override
  public final int encodedBytes(Object samples, int offset, int count) {
    final int held = samplesIn(samples);
    if ((offset | count) < 0 || count > held - offset) {
      throw new IndexOutOfBoundsException(
          "signal "
              + signalId
              + ": block of "
              + count
              + " samples at "
              + offset
              + " is not within the "
              + held
              + " samples given");
    }
    final long bytes = (long) count * sampleBytes;
    if (bytes > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "signal " + signalId + ": block of " + bytes + " bytes: write smaller blocks");
    }
    return (int) bytes;
  }

  private int samplesIn(Object samples) {
    if (samples instanceof ByteBuffer encoded) {
      return encoded.remaining() / (elements * elementBytes);
    }
    final int length = lengthOf(samples);
    if (length < 0) {
      throw new IllegalArgumentException(
          "signal "
              + signalId
              + " of type "
              + dataType
              + " takes "
              + arrayType.getSimpleName()
              + " or ByteBuffer, not "
              + (samples == null ? "null" : samples.getClass().getSimpleName()));
    }
    return length / elements;
  }

  @Override
  public final void encode(Object samples, int offset, int count, ByteBuffer target) {
    final int from = offset * elements;
    final int elementCount = count * elements;
    if (samples instanceof ByteBuffer encoded) {
      final int fromByte = encoded.position() + from * elementBytes;
      if (scaling == null) {
        final int bytes = elementCount * elementBytes;
        target.put(target.position(), encoded, fromByte, bytes);
        target.position(target.position() + bytes);
      } else {
        putScaled(encoded, fromByte, elementCount, target);
      }
    } else if (scaling == null) {
      put(samples, from, elementCount, target);
    } else {
      putScaled(samples, from, elementCount, target);
    }
  }

  private void putScaled(Object array, int from, int elementCount, ByteBuffer target) {
    final double scale = scaling.scale();
    final double offset = scaling.offset();
    for (int i = from; i < from + elementCount; i++) {
      target.putDouble(scale * numberAt(array, i) + offset);
    }
  }

  private void putScaled(ByteBuffer encoded, int fromByte, int elementCount, ByteBuffer target) {
    final double scale = scaling.scale();
    final double offset = scaling.offset();
    for (int i = 0; i < elementCount; i++) {
      target.putDouble(scale * numberAt(encoded, fromByte + i * elementBytes) + offset);
    }
  }
}
