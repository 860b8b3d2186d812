/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.writer.numeric.internal;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.daqstream.signal.api.Bit;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.Dimension;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.StructMember;
import org.daqstream.signal.api.Unit;
import org.daqstream.signal.api.writer.SignalWriter;
import org.daqstream.testing.WriterTest;
import org.junit.Test;

public final class NumericWriterTest extends WriterTest {
  public NumericWriterTest() {
    super(new NumericWriterFactory());
  }

  private static final HexFormat HEX = HexFormat.ofDelimiter(" ");

  private static SignalDescriptor.Builder signal(String dataType) {
    return SignalDescriptor.value("x", dataType);
  }

  private static ByteBuffer encoded(SignalWriter writer, Object samples, int offset, int count) {
    return ByteBuffer.wrap(encode(writer, samples, offset, count)).order(ByteOrder.LITTLE_ENDIAN);
  }

  private void assertBytes(String expected, String dataType, Object samples, int count) {
    final SignalWriter writer = writer(signal(dataType));
    final byte[] bytes = encode(writer, samples, 0, count);
    assertEquals(dataType, expected, HEX.formatHex(bytes));
    assertEquals(writer.sampleBytes(), bytes.length / count);
    assertEquals(Map.of("dataType", dataType), writer.definition());

    final ByteBuffer encoded = ByteBuffer.allocate(bytes.length + 3).position(3).put(bytes).flip();
    encoded.position(3);
    assertArrayEquals("from a buffer", bytes, encode(writer, encoded, 0, count));
    assertEquals("buffer unchanged", 3, encoded.position());
  }

  @Test
  public void everyTypeIsLittleEndianAndPacked() { // case 68
    assertBytes("01 ff 80", "int8", new byte[] {1, -1, -128}, 3);
    assertBytes("01 ff 80", "uint8", new byte[] {1, (byte) 255, (byte) 128}, 3);
    assertBytes("01 00 02 00 fd ff", "int16", new short[] {1, 2, -3}, 3);
    assertBytes("01 00 ff ff", "uint16", new short[] {1, (short) 65535}, 2);
    assertBytes("07 00 00 00 ff ff ff ff", "int32", new int[] {7, -1}, 2);
    assertBytes("78 56 34 92", "uint32", new int[] {0x92345678}, 1);
    assertBytes("00 00 2a 36 fe 9c 97 17", "int64", new long[] {1_700_000_000_000_000_000L}, 1);
    assertBytes("ff ff ff ff ff ff ff ff", "uint64", new long[] {-1}, 1);
    assertBytes(
        "02 00 00 00 00 00 00 00 01 00 00 00 00 00 00 00 "
            + "fe ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff",
        "int128",
        new long[] {2, 1, -2, -1},
        2);
    assertBytes(
        "01 00 00 00 00 00 00 00 00 00 00 00 00 00 00 80",
        "uint128",
        new long[] {1, Long.MIN_VALUE},
        1);
    assertBytes("00 00 80 3f 00 00 80 bf", "real32", new float[] {1, -1}, 2);
    assertBytes(
        "00 00 00 00 00 00 f0 3f 00 00 00 00 00 00 04 c0", "real64", new double[] {1, -2.5}, 2);
  }

  @Test
  public void extremeValuesAreKept() { // case 68
    assertBytes("7f 80", "int8", new byte[] {Byte.MAX_VALUE, Byte.MIN_VALUE}, 2);
    assertBytes("ff 7f 00 80", "int16", new short[] {Short.MAX_VALUE, Short.MIN_VALUE}, 2);
    assertBytes(
        "ff ff ff 7f 00 00 00 80", "int32", new int[] {Integer.MAX_VALUE, Integer.MIN_VALUE}, 2);
    assertBytes(
        "ff ff ff ff ff ff ff 7f 00 00 00 00 00 00 00 80",
        "int64",
        new long[] {Long.MAX_VALUE, Long.MIN_VALUE},
        2);
    assertBytes(
        "00 00 c0 7f 00 00 80 7f 00 00 80 ff 01 00 00 00 ff ff 7f 7f 00 00 00 80",
        "real32",
        new float[] {
          Float.NaN,
          Float.POSITIVE_INFINITY,
          Float.NEGATIVE_INFINITY,
          Float.MIN_VALUE,
          Float.MAX_VALUE,
          -0f
        },
        6);
    assertBytes(
        "00 00 00 00 00 00 f8 7f 00 00 00 00 00 00 f0 7f 00 00 00 00 00 00 f0 ff "
            + "01 00 00 00 00 00 00 00 ff ff ff ff ff ff ef 7f 00 00 00 00 00 00 00 80",
        "real64",
        new double[] {
          Double.NaN,
          Double.POSITIVE_INFINITY,
          Double.NEGATIVE_INFINITY,
          Double.MIN_VALUE,
          Double.MAX_VALUE,
          -0.0
        },
        6);
  }

  @Test
  public void blocksOfAnySizeAtAnyPlaceAreTheSameAsElementByElement() {
    final Random random = new Random(1);
    final SignalWriter reals = writer(signal(DataTypes.REAL64));
    final SignalWriter shorts = writer(signal(DataTypes.INT16));
    final SignalWriter ints = writer(signal(DataTypes.INT32));
    final SignalWriter longs = writer(signal(DataTypes.UINT64));
    final SignalWriter floats = writer(signal(DataTypes.REAL32));
    final double[] d = random.doubles(300).toArray();
    final long[] l = random.longs(300).toArray();
    final int[] n = random.ints(300).toArray();
    final short[] s = new short[300];
    final float[] f = new float[300];
    for (int i = 0; i < 300; i++) {
      s[i] = (short) n[i];
      f[i] = (float) d[i];
    }
    for (final boolean direct : new boolean[] {false, true}) {
      final ByteBuffer shared =
          direct ? ByteBuffer.allocateDirect(4096) : ByteBuffer.allocate(4096);
      shared.order(ByteOrder.LITTLE_ENDIAN);
      for (int round = 0; round < 500; round++) {
        final int offset = random.nextInt(100);
        final int count = 1 + random.nextInt(200);
        final int at = random.nextInt(500);
        final ByteBuffer expected = ByteBuffer.allocate(count * 24 + 2 * count);
        expected.order(ByteOrder.LITTLE_ENDIAN);
        for (int i = offset; i < offset + count; i++) {
          expected.putDouble(d[i]);
        }
        assertBlock(expected, reals, d, offset, count, shared, at);
        for (int i = offset; i < offset + count; i++) {
          expected.putShort(s[i]);
        }
        assertBlock(expected, shorts, s, offset, count, shared, at);
        for (int i = offset; i < offset + count; i++) {
          expected.putInt(n[i]);
        }
        assertBlock(expected, ints, n, offset, count, shared, at);
        for (int i = offset; i < offset + count; i++) {
          expected.putLong(l[i]);
        }
        assertBlock(expected, longs, l, offset, count, shared, at);
        for (int i = offset; i < offset + count; i++) {
          expected.putFloat(f[i]);
        }
        assertBlock(expected, floats, f, offset, count, shared, at);
      }
    }
  }

  private static void assertBlock(
      ByteBuffer expected,
      SignalWriter writer,
      Object samples,
      int offset,
      int count,
      ByteBuffer target,
      int at) {
    expected.flip();
    target.clear().position(at);
    target.limit(at + writer.encodedBytes(samples, offset, count));
    writer.encode(samples, offset, count, target);
    assertEquals(target.limit(), target.position());
    target.position(at);
    assertEquals(expected, target.slice().order(ByteOrder.LITTLE_ENDIAN));
    expected.clear();
  }

  @Test
  public void blockIsNeverPutBehindTheLimitOfTheTarget() {
    final SignalWriter writer = writer(signal(DataTypes.REAL64));
    final double[] samples = new double[64];
    final ByteBuffer target = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
    for (int round = 0; round < 3; round++) {
      target.clear();
      writer.encode(samples, 0, 64, target);
    }
    target.clear().limit(511);
    assertThrows(BufferOverflowException.class, () -> writer.encode(samples, 0, 64, target));
  }

  @Test
  public void blockOutsideTheArrayIsRefused() {
    final SignalWriter writer = writer(signal(DataTypes.INT16));
    final short[] samples = new short[10];
    assertEquals(20, writer.encodedBytes(samples, 0, 10));
    for (final int[] block :
        new int[][] {{0, 11}, {10, 1}, {-1, 2}, {2, -1}, {5, Integer.MAX_VALUE}}) {
      final IndexOutOfBoundsException e =
          assertThrows(
              IndexOutOfBoundsException.class,
              () -> writer.encodedBytes(samples, block[0], block[1]));
      assertTrue(e.getMessage(), e.getMessage().contains("signal x"));
    }
    assertThrows(
        IndexOutOfBoundsException.class,
        () -> writer.encodedBytes(ByteBuffer.allocate(9).position(2), 0, 4));
    assertEquals(6, writer.encodedBytes(ByteBuffer.allocate(9).position(2), 0, 3));
  }

  @Test
  public void wrongCarrierIsNamed() {
    final SignalWriter writer = writer(signal(DataTypes.REAL64));
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
    final Map<String, Object> arrays =
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
          final SignalWriter writer = writer(signal(dataType));
          assertEquals(own.getClass(), writer.newSample().getClass());
          for (final Object array : arrays.values()) {
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
    final SignalWriter writer = writer(signal(dataType).postScaling(3, -0.25));
    assertEquals(Map.of("dataType", "real64"), writer.definition());
    assertEquals(8, writer.sampleBytes());
    final ByteBuffer raw = encoded(writer(signal(dataType)), samples, 0, 2);
    for (final Object carrier :
        new Object[] {samples, raw, raw.duplicate().order(ByteOrder.BIG_ENDIAN)}) {
      final ByteBuffer bytes = encoded(writer, carrier, 0, 2);
      assertEquals(dataType, -0.25 * first + 3, bytes.getDouble(), 0);
      assertEquals(dataType, -0.25 * second + 3, bytes.getDouble(), 0);
    }
    assertEquals(dataType, -0.25 * second + 3, encoded(writer, samples, 1, 1).getDouble(), 0);
  }

  @Test
  public void sampleWithDimensionsIsSoManyElements() {
    final SignalWriter writer =
        writer(
            signal(DataTypes.INT16)
                .dimensions(
                    List.of(
                        new Dimension.Linear("row", 0, 1, 2, Unit.NONE),
                        new Dimension.Values("axis", List.of("x", "y", "z"), Unit.NONE))));
    assertEquals(12, writer.sampleBytes());
    assertNull(writer.newSample());
    final short[] samples = new short[18];
    for (short i = 0; i < samples.length; i++) {
      samples[i] = i;
    }
    final ByteBuffer bytes = encoded(writer, samples, 1, 2);
    for (int i = 6; i < 18; i++) {
      assertEquals(i, bytes.getShort());
    }
    assertThrows(IndexOutOfBoundsException.class, () -> writer.encodedBytes(samples, 2, 2));
  }

  @Test
  public void integerOf128BitsIsTwoNumbersAndNoSingleOne() {
    final SignalWriter writer = writer(signal(DataTypes.INT128));
    assertNull(writer.newSample());
    assertNull(writer(signal(DataTypes.INT128).postScaling(1, 2)).newSample());
    assertEquals(16, writer.sampleBytes());
    assertEquals(32, writer.encodedBytes(new long[4], 0, 2));
    assertThrows(IndexOutOfBoundsException.class, () -> writer.encodedBytes(new long[5], 0, 3));
    assertEquals(
        "03 00 00 00 00 00 00 00 04 00 00 00 00 00 00 00",
        HEX.formatHex(encode(writer, new long[] {1, 2, 3, 4}, 1, 1)));
  }

  @Test
  public void constantRuleIsTheBareValue() {
    final SignalWriter writer = writer(signal(DataTypes.INT32).rule(Rule.CONSTANT));
    assertEquals("07 00 00 00", HEX.formatHex(encode(writer, new int[] {7}, 0, 1)));
  }

  @Test
  public void whatIsNotSupportedIsNamed() {
    assertRefused("dataType complex32", signal(DataTypes.COMPLEX32));
    assertRefused("rule linear", signal(DataTypes.INT64).rule(new Rule.Linear(1)));
    assertRefused(
        "members", signal(DataTypes.INT64).members(List.of(new StructMember("a", DataTypes.INT8))));
    assertRefused("bits", signal(DataTypes.UINT32).bits("uint32", List.of(new Bit(0, "on", ""))));
    final Dimension huge = new Dimension.Linear("i", 0, 1, 1 << 20, Unit.NONE);
    assertRefused("dimensions", signal(DataTypes.INT8).dimensions(List.of(huge, huge, huge, huge)));
  }

  @Test
  public void encodingAllocatesNothing() {
    final ByteBuffer target = ByteBuffer.allocateDirect(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
    final ByteBuffer encoded = ByteBuffer.allocate(1024);
    final Object[][] blocks = {
      {writer(signal(DataTypes.REAL64)), new double[128]},
      {writer(signal(DataTypes.INT16)), new short[128]},
      {writer(signal(DataTypes.UINT8)), new byte[128]},
      {writer(signal(DataTypes.REAL64)), encoded},
      {writer(signal(DataTypes.INT32).postScaling(1, 2)), new int[128]},
      {writer(signal(DataTypes.REAL64).postScaling(1, 2)), encoded},
      {writer(signal(DataTypes.UINT128)), new long[256]},
      {writer(signal(DataTypes.INT128).postScaling(1, 2)), new long[256]},
    };
    encodeOften(blocks, target); // classes are loaded, views made
    final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    final long before = threads.getCurrentThreadAllocatedBytes();
    encodeOften(blocks, target);
    final long allocatedBytes = threads.getCurrentThreadAllocatedBytes() - before;
    assertTrue(allocatedBytes + " bytes allocated", allocatedBytes < 20_000);
  }

  private static void encodeOften(Object[][] blocks, ByteBuffer target) {
    for (int i = 0; i < 20_000; i++) {
      for (final Object[] block : blocks) {
        final SignalWriter writer = (SignalWriter) block[0];
        target.clear().position(i % 16);
        target.limit(target.position() + writer.encodedBytes(block[1], 0, 128));
        writer.encode(block[1], 0, 128, target);
      }
    }
  }
}
