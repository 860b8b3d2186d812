/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.writer.complex.internal;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.Dimension;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.StructMember;
import org.daqstream.signal.api.Unit;
import org.daqstream.signal.api.writer.SignalWriter;
import org.daqstream.testing.WriterTest;
import org.junit.Test;

public final class ComplexWriterTest extends WriterTest {
  public ComplexWriterTest() {
    super(new ComplexWriterFactory());
  }

  private static final HexFormat HEX = HexFormat.ofDelimiter(" ");
  private static final Dimension THREE = new Dimension.Log("f", 0, 1, 10, 3, Unit.HERTZ);

  private static SignalDescriptor.Builder signal(String dataType) {
    return SignalDescriptor.value("z", dataType);
  }

  @Test
  public void realComesBeforeImaginary() { // case 68
    final SignalWriter single = writer(signal(DataTypes.COMPLEX32));
    assertEquals(
        "00 00 80 3f 00 00 80 bf", HEX.formatHex(encode(single, new float[] {1, -1}, 0, 1)));
    assertEquals(8, single.sampleBytes());
    assertEquals(Map.of("dataType", "complex32"), single.definition());
    final SignalWriter twice = writer(signal(DataTypes.COMPLEX64));
    assertEquals(
        "00 00 00 00 00 00 f0 3f 00 00 00 00 00 00 04 c0",
        HEX.formatHex(encode(twice, new double[] {9, 9, 1, -2.5}, 1, 1)));
    assertEquals(16, twice.sampleBytes());
    assertNull("no single number", twice.newSample());
  }

  @Test
  public void extremesAreKept() { // case 68
    final double[] samples = {
      Double.NaN, Double.NEGATIVE_INFINITY, Double.MIN_VALUE, Double.MAX_VALUE, -0.0, 1
    };
    final ByteBuffer bytes =
        ByteBuffer.wrap(encode(writer(signal(DataTypes.COMPLEX64)), samples, 0, 3))
            .order(ByteOrder.LITTLE_ENDIAN);
    final double[] read = new double[6];
    bytes.asDoubleBuffer().get(read);
    assertArrayEquals(samples, read, 0);
  }

  @Test
  public void bufferAndArrayGiveTheSameBytes() {
    final Random random = new Random(3);
    final float[] samples = new float[60];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = random.nextFloat();
    }
    final SignalWriter vectors =
        writer(signal(DataTypes.COMPLEX32).rule(Rule.CONSTANT).dimensions(List.of(THREE)));
    assertEquals(24, vectors.sampleBytes());
    final byte[] bytes = encode(vectors, samples, 2, 8);
    final byte[] all = encode(vectors, samples, 0, 10);
    assertArrayEquals(Arrays.copyOfRange(all, 48, 240), bytes);
    assertArrayEquals(bytes, encode(vectors, ByteBuffer.wrap(all), 2, 8));
  }

  @Test
  public void wrongBlocksAndSignalsAreRefusedByName() {
    final SignalWriter writer = writer(signal(DataTypes.COMPLEX64));
    assertEquals(
        "signal z of type complex64 takes double[] or ByteBuffer, not float[]",
        assertThrows(IllegalArgumentException.class, () -> writer.encodedBytes(new float[2], 0, 1))
            .getMessage());
    assertThrows(IndexOutOfBoundsException.class, () -> writer.encodedBytes(new double[5], 0, 3));
    assertRefused("postScaling", signal(DataTypes.COMPLEX64).postScaling(0, 2));
    assertRefused("rule linear", signal(DataTypes.COMPLEX64).rule(new Rule.Linear(1)));
    assertRefused("dataType real32", signal(DataTypes.REAL32));
    assertRefused(
        "members",
        signal(DataTypes.COMPLEX32).members(List.of(new StructMember("a", DataTypes.INT8))));
    assertRefused("bits", signal(DataTypes.COMPLEX32).bits("uint8", List.of()));
  }

  @Test
  public void encodingAllocatesNothing() {
    final SignalWriter writer = writer(signal(DataTypes.COMPLEX64));
    final double[] samples = new double[256];
    assertEncodingAllocatesNothing(writer, samples, 128);
  }
}
