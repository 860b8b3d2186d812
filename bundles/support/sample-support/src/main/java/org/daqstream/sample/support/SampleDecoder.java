/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.sample.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.daqstream.signal.api.Bit;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.Dimension;
import org.daqstream.signal.api.ElementType;
import org.daqstream.signal.api.Int128;
import org.daqstream.signal.api.PostScaling;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.StructLayout;

/**
 * Encoded samples of a signal as values: numbers, {@link Complex}, {@link Bits}, {@link Bytes},
 * texts, maps of struct members, and lists of these for each dimension.
 */
public final class SampleDecoder {
  /** A complex number. */
  public record Complex(Number re, Number im) {}

  /** A bit field and the descriptions of its bits that are set. */
  public record Bits(BigInteger value, List<String> set) {}

  /** Bytes without a meaning that is known. */
  public record Bytes(int length, String hex) {}

  private final List<Integer> sizes;
  private final int elementBytes;
  private final IntFunction<Object> elementAt;
  private ByteBuffer sample;

  /**
   * A decoder for one signal.
   *
   * @param wireType the data type that clients are told, for signals of a type with a name of its
   *     own
   */
  public SampleDecoder(SignalDescriptor signal, String wireType) {
    ElementType number = ElementType.of(signal.dataType());
    ElementType wireNumber = number == null ? ElementType.of(wireType) : number;
    boolean isBits = signal.dataType().equals(DataTypes.BIT_FIELD);
    sizes = signal.dimensions().stream().map(Dimension::size).toList();
    if (wireNumber != null) {
      elementBytes = wireNumber.bytes();
      elementAt = at -> scaled(numberAt(wireNumber, at), signal.postScaling());
    } else if (isBits && ElementType.of(signal.bitFieldType()) != null) {
      ElementType integer = ElementType.of(signal.bitFieldType());
      elementBytes = integer.bytes();
      elementAt = at -> bits((Number) numberAt(integer, at), signal.bits());
    } else if (signal.dataType().equals(DataTypes.STRUCT)) {
      StructLayout layout = StructLayout.of(signal);
      elementBytes = layout.recordBytes();
      elementAt = at -> struct(layout, at);
    } else {
      boolean text =
          SignalDescriptor.UTF8_TEXT.equals(signal.metadata().get(SignalDescriptor.CONTENT_TYPE));
      elementBytes = 0;
      elementAt = at -> text ? UTF_8.decode(sample.duplicate()).toString() : bytes();
    }
  }

  /** The value of an encoded sample; one that is not as long as its type says is given as bytes. */
  public Object decode(ByteBuffer encoded) {
    sample = encoded;
    if (elementBytes == 0) {
      return elementAt.apply(0);
    }
    int elements = sizes.stream().reduce(1, (a, b) -> a * b);
    return encoded.remaining() == elements * elementBytes ? nested(0, 0, elements) : bytes();
  }

  /** Lists within lists, row-major. */
  private Object nested(int dimension, int at, int elements) {
    if (dimension == sizes.size()) {
      return elementAt.apply(at);
    }
    int each = elements / sizes.get(dimension);
    return IntStream.range(0, sizes.get(dimension))
        .mapToObj(i -> nested(dimension + 1, at + i * each * elementBytes, each))
        .toList();
  }

  private Object numberAt(ElementType type, int at) {
    return switch (type) {
      case COMPLEX32, COMPLEX64 ->
          new Complex(real(type.part(), at), real(type.part(), at + type.part().bytes()));
      case REAL32, REAL64 -> real(type, at);
      case UINT64 -> Int128.toBigInteger(type.longAt(sample, at), 0, true);
      case INT128, UINT128 ->
          Int128.toBigInteger(
              ElementType.INT64.longAt(sample, at),
              ElementType.INT64.longAt(sample, at + Long.BYTES),
              type.isUnsigned());
      default -> type.longAt(sample, at);
    };
  }

  private Number real(ElementType type, int at) {
    double number = type.doubleAt(sample, at);
    // Not as a conditional: that would make a double of both.
    if (type == ElementType.REAL32) {
      return (float) number;
    }
    return number;
  }

  private static Object scaled(Object raw, PostScaling scaling) {
    return scaling == null || !(raw instanceof Number number)
        ? raw
        : (Object) (scaling.scale() * number.doubleValue() + scaling.offset());
  }

  private static Bits bits(Number number, List<Bit> meanings) {
    BigInteger value =
        number instanceof BigInteger big ? big : BigInteger.valueOf(number.longValue());
    return new Bits(
        value,
        meanings.stream().filter(bit -> value.testBit(bit.index())).map(Bit::description).toList());
  }

  private Map<String, Object> struct(StructLayout layout, int at) {
    Map<String, Object> fields = new LinkedHashMap<>();
    for (StructLayout.Field field : layout.fields()) {
      int from = at + field.offsetBytes();
      List<Object> list =
          IntStream.range(0, field.elements())
              .mapToObj(i -> numberAt(field.type(), from + i * field.type().bytes()))
              .toList();
      fields.put(field.path(), list.size() == 1 ? list.get(0) : list);
    }
    return fields;
  }

  private Bytes bytes() {
    byte[] copy = new byte[sample.remaining()];
    sample.get(sample.position(), copy);
    return new Bytes(copy.length, HexFormat.of().formatHex(copy));
  }
}
