/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.daqstream.signal.api.Bit;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.Dimension;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.StructMember;
import org.daqstream.signal.api.Unit;

/** Signals of every data type, and encoded samples of them at random. */
public final class AllTypes {
  /** What they share: a row a millisecond. */
  public static final SignalDescriptor DOMAIN = SignalDescriptor.linearTime("t", 1_000_000);

  private static final List<String> NUMBERS =
      List.of(
          DataTypes.INT8,
          DataTypes.UINT8,
          DataTypes.INT16,
          DataTypes.UINT16,
          DataTypes.INT32,
          DataTypes.UINT32,
          DataTypes.INT64,
          DataTypes.UINT64,
          DataTypes.REAL32,
          DataTypes.REAL64,
          DataTypes.COMPLEX32,
          DataTypes.COMPLEX64,
          DataTypes.INT128,
          DataTypes.UINT128);

  private final Random random;

  /**
   * Samples at random.
   *
   * @param seed the same one gives the same samples
   */
  public AllTypes(long seed) {
    random = new Random(seed);
  }

  /** {@return a signal of each type; one of texts is called {@code text}} */
  public static List<SignalDescriptor> signals() {
    List<SignalDescriptor> signals = new ArrayList<>();
    for (String type : NUMBERS) {
      signals.add(SignalDescriptor.value(type, type).build());
    }
    signals.add(
        SignalDescriptor.value("bits", DataTypes.BIT_FIELD)
            .bits(DataTypes.UINT16, List.of(new Bit(3, "door open", "")))
            .build());
    signals.add(
        SignalDescriptor.value("vector", DataTypes.REAL32).dimensions(dimensions(5)).build());
    signals.add(
        SignalDescriptor.value("matrix", DataTypes.INT16).dimensions(dimensions(2, 3)).build());
    signals.add(
        SignalDescriptor.value("struct", DataTypes.STRUCT)
            .members(
                List.of(
                    new StructMember("a", DataTypes.UINT8),
                    StructMember.array("b", DataTypes.REAL64, 3),
                    new StructMember(
                        "c",
                        DataTypes.STRUCT,
                        dimensions(2),
                        List.of(
                            new StructMember("x", DataTypes.INT16),
                            new StructMember("y", DataTypes.COMPLEX32)))))
            .build());
    signals.add(SignalDescriptor.value("bytes", DataTypes.BINARY).build());
    signals.add(SignalDescriptor.text("text").build());
    return signals;
  }

  private static List<Dimension> dimensions(int... sizes) {
    List<Dimension> dimensions = new ArrayList<>();
    for (int size : sizes) {
      dimensions.add(new Dimension.Linear("i", 0, 1, size, Unit.NONE));
    }
    return dimensions;
  }

  /**
   * {@return a sample, as on the wire}
   *
   * @param signal one of {@link #signals}
   * @param sampleBytes its size, 0 for any
   */
  public ByteBuffer sample(SignalDescriptor signal, int sampleBytes) {
    byte[] bytes = new byte[sampleBytes == 0 ? 1 + random.nextInt(20) : sampleBytes];
    if (signal.signalId().equals("text")) {
      return ByteBuffer.wrap(("grün " + random.nextInt(100)).getBytes(UTF_8));
    }
    random.nextBytes(bytes);
    return ByteBuffer.wrap(bytes);
  }

  /**
   * {@return what is to be read of an encoded sample: numbers, a {@link BigInteger} for 64 unsigned
   * bits, text, {@code byte[]}, lists, maps of members, {@code re} and {@code im}, or {@code low}
   * and {@code high}}
   *
   * @param signal one of {@link #signals}
   * @param sample as on the wire
   */
  public static Object expected(SignalDescriptor signal, ByteBuffer sample) {
    ByteBuffer in = sample.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    if (signal.signalId().equals("text")) {
      return UTF_8.decode(in).toString();
    }
    if (signal.dataType().equals(DataTypes.BINARY)) {
      byte[] bytes = new byte[in.remaining()];
      in.get(bytes);
      return bytes;
    }
    String type =
        signal.dataType().equals(DataTypes.BIT_FIELD) ? signal.bitFieldType() : signal.dataType();
    return nested(signal.dimensions(), type, signal.members(), in);
  }

  private static Object nested(
      List<Dimension> dimensions, String type, List<StructMember> members, ByteBuffer in) {
    if (!dimensions.isEmpty()) {
      List<Object> list = new ArrayList<>();
      for (int i = 0; i < dimensions.get(0).size(); i++) {
        list.add(nested(dimensions.subList(1, dimensions.size()), type, members, in));
      }
      return list;
    }
    Map<String, Object> map = new HashMap<>();
    switch (type) {
      case DataTypes.STRUCT -> {
        for (StructMember each : members) {
          map.put(each.name(), nested(each.dimensions(), each.dataType(), each.members(), in));
        }
      }
      case DataTypes.COMPLEX32, DataTypes.COMPLEX64 -> {
        map.put("re", number(type.replace("complex", "real"), in));
        map.put("im", number(type.replace("complex", "real"), in));
      }
      case DataTypes.INT128, DataTypes.UINT128 -> {
        map.put("low", number(DataTypes.UINT64, in));
        map.put("high", number(type.replace("128", "64"), in));
      }
      default -> {
        return number(type, in);
      }
    }
    return map;
  }

  private static Object number(String type, ByteBuffer in) {
    return switch (type) {
      case DataTypes.INT8 -> (long) in.get();
      case DataTypes.UINT8 -> in.get() & 0xFFL;
      case DataTypes.INT16 -> (long) in.getShort();
      case DataTypes.UINT16 -> in.getShort() & 0xFFFFL;
      case DataTypes.INT32 -> (long) in.getInt();
      case DataTypes.UINT32 -> in.getInt() & 0xFFFF_FFFFL;
      case DataTypes.INT64 -> in.getLong();
      case DataTypes.UINT64 -> new BigInteger(Long.toUnsignedString(in.getLong()));
      case DataTypes.REAL32 -> in.getFloat();
      case DataTypes.REAL64 -> in.getDouble();
      default -> throw new IllegalArgumentException(type);
    };
  }
}
