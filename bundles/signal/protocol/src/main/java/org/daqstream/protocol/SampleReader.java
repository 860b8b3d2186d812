/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.protocol;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.daqstream.protocol.ProtocolException.Kind;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.Dimension;
import org.daqstream.signal.api.ElementType;
import org.daqstream.signal.api.PostScaling;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.StructBuffer;
import org.daqstream.signal.api.StructLayout;

/**
 * Reads the samples of a signal of any data type (protocol section 3.3): gives back what a source
 * would write to a port of that type. Immutable; safe for any thread.
 */
public final class SampleReader {
  private final String dataType;
  private final ElementType type; // null for struct and binary
  private final StructLayout layout; // of a struct
  private final int elements;
  private final int sampleBytes;
  private final PostScaling postScaling;

  private SampleReader(
      String dataType,
      ElementType type,
      StructLayout layout,
      int elements,
      PostScaling postScaling) {
    this.dataType = dataType;
    this.type = type;
    this.layout = layout;
    this.elements = elements;
    this.postScaling = postScaling;
    int elementBytes = type != null ? type.bytes() : layout != null ? layout.recordBytes() : 0;
    this.sampleBytes = elements * elementBytes;
  }

  /**
   * {@return a reader for a signal of any type, with its dimensions}
   *
   * @param descriptor as parsed from the signal's document
   * @throws ProtocolException of kind {@code BAD_SIGNAL} when the type is not known or a sample
   *     would be larger than an array, naming signal and type
   */
  public static SampleReader of(SignalDescriptor descriptor) throws ProtocolException {
    String dataType = descriptor.dataType();
    if (dataType.equals(DataTypes.BINARY)) {
      return new SampleReader(dataType, null, null, 1, null);
    }
    if (dataType.equals(DataTypes.STRUCT)) {
      StructLayout layout = layoutOf(descriptor);
      int records = elementsOf(descriptor, layout.recordBytes());
      return new SampleReader(dataType, null, layout, records, null);
    }
    boolean isBitField = dataType.equals(DataTypes.BIT_FIELD);
    ElementType type = ElementType.of(isBitField ? descriptor.bitFieldType() : dataType);
    if (type == null) {
      throw new ProtocolException(
          Kind.BAD_SIGNAL,
          "signal %s: samples of type %s%s cannot be read"
              .formatted(
                  descriptor.signalId(),
                  dataType,
                  isBitField ? " on '" + descriptor.bitFieldType() + "'" : ""));
    }
    int elements = elementsOf(descriptor, type.bytes());
    return new SampleReader(dataType, type, null, elements, descriptor.postScaling());
  }

  private static StructLayout layoutOf(SignalDescriptor descriptor) throws ProtocolException {
    try {
      return StructLayout.of(descriptor);
    } catch (IllegalArgumentException e) {
      throw new ProtocolException(
          Kind.BAD_SIGNAL, "signal " + descriptor.signalId() + ": " + e.getMessage(), e);
    }
  }

  private static int elementsOf(SignalDescriptor descriptor, int elementBytes)
      throws ProtocolException {
    long elements = 1;
    for (Dimension dimension : descriptor.dimensions()) {
      elements *= dimension.size();
      if (elements * elementBytes > Integer.MAX_VALUE) {
        throw new ProtocolException(
            Kind.BAD_SIGNAL,
            "signal " + descriptor.signalId() + ": a sample of its dimensions is too large");
      }
    }
    return (int) elements;
  }

  /** {@return the bytes of a sample; 0 for binary samples, of which each has its own size} */
  public int sampleBytes() {
    return sampleBytes;
  }

  /**
   * {@return how many values {@link #readValues} finds in a sample: one for each element of its
   * dimensions, two if that is complex; 0 for struct and binary}
   */
  public int valuesPerSample() {
    return type == null ? 0 : elements * (type.isComplex() ? 2 : 1);
  }

  /**
   * {@return the number of samples in a payload, maybe 0}
   *
   * @param payload samples from position to limit; is not changed
   * @throws ProtocolException of kind {@code BAD_DATA} when the length is no multiple of the sample
   *     size: leave out this packet
   */
  public int count(ByteBuffer payload) throws ProtocolException {
    if (sampleBytes == 0) {
      return payload.hasRemaining() ? 1 : 0;
    }
    if (payload.remaining() % sampleBytes != 0) {
      throw new ProtocolException(
          Kind.BAD_DATA,
          "payload of %s B is no multiple of the %s B of %s"
              .formatted(payload.remaining(), sampleBytes, dataType));
    }
    return payload.remaining() / sampleBytes;
  }

  /**
   * The samples as they are, without post-scaling.
   *
   * @param payload samples from position to limit; is not changed
   * @return a new {@code byte[]}, {@code short[]}, {@code int[]}, {@code long[]}, {@code float[]}
   *     or {@code double[]} as {@link DataTypes} says, unsigned numbers as their bits; for a struct
   *     a new {@link StructBuffer}; for a binary sample its bytes
   * @throws ProtocolException as {@link #count}
   */
  public Object readRaw(ByteBuffer payload) throws ProtocolException {
    int count = count(payload);
    ByteBuffer source = payload.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    if (type != null) {
      return readArray(source, type.newArray(count * elements));
    }
    byte[] bytes = new byte[source.remaining()];
    source.get(bytes);
    return layout == null ? bytes : StructBuffer.wrap(layout, ByteBuffer.wrap(bytes));
  }

  private static Object readArray(ByteBuffer source, Object array) {
    if (array instanceof byte[] numbers) {
      source.get(numbers);
    } else if (array instanceof short[] numbers) {
      source.asShortBuffer().get(numbers);
    } else if (array instanceof int[] numbers) {
      source.asIntBuffer().get(numbers);
    } else if (array instanceof long[] numbers) {
      source.asLongBuffer().get(numbers);
    } else if (array instanceof float[] numbers) {
      source.asFloatBuffer().get(numbers);
    } else {
      source.asDoubleBuffer().get((double[]) array);
    }
    return array;
  }

  /**
   * The samples as values: unsigned numbers are positive, post-scaling is applied. Allocates
   * nothing.
   *
   * @param payload samples from position to limit; is not changed
   * @param target room for the values; integers of 64 and 128 bits are rounded to the nearest
   *     double, complex numbers are real and imaginary part in turn
   * @param offset index of the first value in the target
   * @return number of values
   * @throws ProtocolException as {@link #count}
   * @throws IndexOutOfBoundsException when the target is too small
   * @throws IllegalStateException for struct and binary, which are read by {@link #readRaw}
   */
  public int readValues(ByteBuffer payload, double[] target, int offset) throws ProtocolException {
    if (type == null) {
      throw new IllegalStateException("samples of type " + dataType + " are no values");
    }
    int values = count(payload) * valuesPerSample();
    Doubles.read(type.part(), payload, target, offset, values);
    if (postScaling != null) {
      for (int i = offset; i < offset + values; i++) {
        target[i] = postScaling.scale() * target[i] + postScaling.offset();
      }
    }
    return values;
  }
}
