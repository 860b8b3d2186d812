/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.writer.numeric.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import org.daqstream.signal.api.Bit;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.Dimension;
import org.daqstream.signal.api.ElementType;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.StructMember;
import org.daqstream.signal.api.Unit;
import org.daqstream.signal.api.writer.SignalWriter;
import org.daqstream.testing.AcceptedSignal;
import org.daqstream.testing.SignalWriterContract;
import org.junit.Test;

public final class NumericWriterTest extends SignalWriterContract {
  public NumericWriterTest() {
    super(new NumericWriterFactory());
  }

  private static final Dimension TWO = new Dimension.Linear("row", 0, 1, 2, Unit.NONE);
  private static final Dimension THREE =
      new Dimension.Values("axis", List.of("x", "y", "z"), Unit.NONE);

  private static SignalDescriptor.Builder signal(String dataType) {
    return SignalDescriptor.value("x", dataType);
  }

  private static ByteBuffer encoded(SignalWriter writer, Object samples, int offset, int count) {
    return ByteBuffer.wrap(encode(writer, samples, offset, count)).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  protected List<AcceptedSignal> accepted() { // case 68
    byte[] encoded = {1, 0, 2, 0, -3, -1};
    return List.of(
        of("int8", new byte[] {1, -1, 127, -128}, "01 ff 7f 80"),
        of("uint8", new byte[] {1, (byte) 255, (byte) 128}, "01 ff 80"),
        of("int16", new short[] {1, 2, -3, 32767, -32768}, "01 00 02 00 fd ff ff 7f 00 80"),
        of("uint16", new short[] {1, (short) 65535}, "01 00 ff ff"),
        of("int32", new int[] {7, -1, 1 << 31}, "07 00 00 00 ff ff ff ff 00 00 00 80"),
        of("uint32", new int[] {0x92345678}, "78 56 34 92"),
        of(
            "int64",
            new long[] {1_700_000_000_000_000_000L, Long.MAX_VALUE, Long.MIN_VALUE},
            "00 00 2a 36 fe 9c 97 17 ff ff ff ff ff ff ff 7f 00 00 00 00 00 00 00 80"),
        of("uint64", new long[] {-1}, "ff ff ff ff ff ff ff ff"),
        of(
            "int128",
            new long[] {2, 1, -2, -1},
            "02 00 00 00 00 00 00 00 01 00 00 00 00 00 00 00 "
                + "fe ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff"),
        of(
            "uint128",
            new long[] {1, Long.MIN_VALUE},
            "01 00 00 00 00 00 00 00 00 00 00 00 00 00 00 80"),
        of(
            "real32",
            new float[] {1, -1, Float.NaN, 1 / 0f, -1 / 0f, Float.MIN_VALUE, Float.MAX_VALUE, -0f},
            "00 00 80 3f 00 00 80 bf 00 00 c0 7f 00 00 80 7f 00 00 80 ff 01 00 00 00 "
                + "ff ff 7f 7f 00 00 00 80"),
        of(
            "real64",
            new double[] {1, -2.5, Double.NaN, 1 / 0d, Double.MIN_VALUE, Double.MAX_VALUE, -0d},
            "00 00 00 00 00 00 f0 3f 00 00 00 00 00 00 04 c0 00 00 00 00 00 00 f8 7f "
                + "00 00 00 00 00 00 f0 7f 01 00 00 00 00 00 00 00 ff ff ff ff ff ff ef 7f "
                + "00 00 00 00 00 00 00 80"),
        of("int16", ByteBuffer.wrap(encoded), "01 00 02 00 fd ff"),
        AcceptedSignal.of(
            signal("int16").dimensions(List.of(TWO, THREE)),
            new short[] {1, 2, 3, 4, 5, 6},
            "01 00 02 00 03 00 04 00 05 00 06 00"),
        AcceptedSignal.of(signal("int32").rule(Rule.CONSTANT), new int[] {7}, "07 00 00 00"),
        AcceptedSignal.of(
            signal("int16").postScaling(3, -0.25), new short[] {8}, "00 00 00 00 00 00 f0 3f"),
        AcceptedSignal.of(
            signal("int16").postScaling(3, -0.25),
            ByteBuffer.wrap(new byte[] {8, 0}),
            "00 00 00 00 00 00 f0 3f"),
        AcceptedSignal.of(
            signal("uint128").postScaling(1, 1), new long[] {0, 0}, "00 00 00 00 00 00 f0 3f"));
  }

  /** The bytes of all samples, cut where the type says. */
  private static AcceptedSignal of(String dataType, Object samples, String hex) {
    int digits = 3 * ElementType.of(dataType).bytes();
    return AcceptedSignal.of(
        signal(dataType), samples, hex.replaceAll("(.{" + (digits - 1) + "}) ", "$1;").split(";"));
  }

  @Override
  protected Map<String, SignalDescriptor.Builder> refused() {
    Dimension huge = new Dimension.Linear("i", 0, 1, 1 << 20, Unit.NONE);
    return Map.of(
        "dataType complex32", signal(DataTypes.COMPLEX32),
        "rule linear", signal(DataTypes.INT64).rule(new Rule.Linear(1)),
        "members", signal(DataTypes.INT64).members(List.of(new StructMember("a", DataTypes.INT8))),
        "bits", signal(DataTypes.UINT32).bits("uint32", List.of(new Bit(0, "on", ""))),
        "dimensions", signal(DataTypes.INT8).dimensions(List.of(huge, huge, huge, huge)));
  }

  @Test
  public void blockOutsideTheArrayIsRefused() {
    SignalWriter writer = writer(signal(DataTypes.INT16));
    IndexOutOfBoundsException e =
        assertThrows(
            IndexOutOfBoundsException.class, () -> writer.encodedBytes(new short[10], 0, 11));
    assertTrue(e.getMessage(), e.getMessage().contains("signal x"));
    assertThrows(
        IndexOutOfBoundsException.class,
        () -> writer.encodedBytes(ByteBuffer.allocate(9).position(2), 0, 4));
    assertEquals(6, writer.encodedBytes(ByteBuffer.allocate(9).position(2), 0, 3));
  }

  @Test
  public void wrongCarrierIsNamed() {
    SignalWriter writer = writer(signal(DataTypes.REAL64));
    assertEquals(
        "signal x of type real64 takes double[] or ByteBuffer, not float[]",
        assertThrows(IllegalArgumentException.class, () -> writer.encodedBytes(new float[1], 0, 1))
            .getMessage());
    assertEquals(
        "signal x of type real64 takes double[] or ByteBuffer, not null",
        assertThrows(IllegalArgumentException.class, () -> writer.encodedBytes(null, 0, 1))
            .getMessage());
  }

  @Test
  public void everyTypeTakesItsOwnArrayOnly() {
    Map<String, Object> arrays =
        Map.of(
            "int8", new byte[1],
            "uint8", new byte[1],
            "int16", new short[1],
            "uint16", new short[1],
            "int32", new int[1],
            "uint32", new int[1],
            "int64", new long[1],
            "uint64", new long[1],
            "real32", new float[1],
            "real64", new double[1]);
    arrays.forEach(
        (dataType, own) -> {
          SignalWriter writer = writer(signal(dataType));
          assertEquals(own.getClass(), writer.newSample().getClass());
          for (Object array : arrays.values()) {
            if (array.getClass() == own.getClass()) {
              assertEquals(writer.sampleBytes(), writer.encodedBytes(array, 0, 1));
            } else {
              assertThrows(IllegalArgumentException.class, () -> writer.encodedBytes(array, 0, 1));
            }
          }
        });
  }

  @Test
  public void postScaledSamplesTravelAsScaledReals() {
    assertScaled("int8", new byte[] {-1, 100}, -1, 100);
    assertScaled("uint8", new byte[] {-1, 100}, 255, 100);
    assertScaled("int16", new short[] {-1, 1000}, -1, 1000);
    assertScaled("uint16", new short[] {-1, 1000}, 65535, 1000);
    assertScaled("int32", new int[] {-1, 7}, -1, 7);
    assertScaled("uint32", new int[] {-1, 7}, 4294967295.0, 7);
    assertScaled("int64", new long[] {-1, 7}, -1, 7);
    assertScaled("uint64", new long[] {-1, 7}, 0x1p64, 7);
    assertScaled("uint64", new long[] {Long.MIN_VALUE, 0}, 0x1p63, 0);
    assertScaled("int128", new long[] {-3, -1, 0, 1}, -3, 0x1p64);
    assertScaled("uint128", new long[] {0, Long.MIN_VALUE, 7, 0}, 0x1p127, 7);
    assertScaled("real32", new float[] {0.5f, Float.NaN}, 0.5, Double.NaN);
    assertScaled("real64", new double[] {0.1, -3}, 0.1, -3);
  }

  private void assertScaled(String dataType, Object samples, double first, double second) {
    SignalWriter writer = writer(signal(dataType).postScaling(3, -0.25));
    assertEquals(Map.of("dataType", "real64"), writer.definition());
    assertEquals(8, writer.sampleBytes());
    ByteBuffer raw = encoded(writer(signal(dataType)), samples, 0, 2);
    for (Object carrier :
        new Object[] {samples, raw, raw.duplicate().order(ByteOrder.BIG_ENDIAN)}) {
      ByteBuffer bytes = encoded(writer, carrier, 0, 2);
      assertEquals(dataType, -0.25 * first + 3, bytes.getDouble(), 0);
      assertEquals(dataType, -0.25 * second + 3, bytes.getDouble(), 0);
    }
    assertEquals(dataType, -0.25 * second + 3, encoded(writer, samples, 1, 1).getDouble(), 0);
  }

  @Test
  public void sampleWithDimensionsIsNoSingleNumber() {
    SignalWriter writer = writer(signal(DataTypes.INT16).dimensions(List.of(TWO, THREE)));
    assertEquals(12, writer.sampleBytes());
    assertNull(writer.newSample());
    assertThrows(IndexOutOfBoundsException.class, () -> writer.encodedBytes(new short[23], 0, 4));
  }

  @Test
  public void integerOf128BitsIsTwoNumbersAndNoSingleOne() {
    SignalWriter writer = writer(signal(DataTypes.INT128));
    assertNull(writer.newSample());
    assertNull(writer(signal(DataTypes.INT128).postScaling(1, 2)).newSample());
    assertEquals(16, writer.sampleBytes());
    assertEquals(32, writer.encodedBytes(new long[4], 0, 2));
    assertThrows(IndexOutOfBoundsException.class, () -> writer.encodedBytes(new long[5], 0, 3));
  }
}
