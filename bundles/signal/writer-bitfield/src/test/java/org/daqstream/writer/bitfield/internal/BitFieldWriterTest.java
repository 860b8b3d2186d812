/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.writer.bitfield.internal;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.daqstream.signal.api.Bit;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.Dimension;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.Unit;
import org.daqstream.signal.api.writer.SignalWriter;
import org.daqstream.testing.WriterTest;
import org.junit.Test;

public final class BitFieldWriterTest extends WriterTest {
  public BitFieldWriterTest() {
    super(new BitFieldWriterFactory());
  }

  private static final HexFormat HEX = HexFormat.ofDelimiter(" ");

  private static SignalDescriptor.Builder signal(String integer, Bit... bits) {
    return SignalDescriptor.value("flags", DataTypes.BIT_FIELD).bits(integer, List.of(bits));
  }

  private void assertBytes(String expected, String integer, Object samples) {
    final SignalWriter writer = writer(signal(integer, new Bit(0, "on", "")));
    final int bytes = writer.encodedBytes(samples, 0, 2);
    final ByteBuffer target = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    writer.encode(samples, 0, 2, target);
    assertEquals(integer, expected, HEX.formatHex(target.array()));
    assertEquals(2L * writer.sampleBytes(), bytes);
    assertEquals(Map.of("dataType", "bitField"), writer.definition());
    assertEquals(samples.getClass(), writer.newSample().getClass());
    final ByteBuffer again = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    writer.encode(target.flip(), 0, 2, again);
    assertArrayEquals(target.array(), again.array());
  }

  @Test
  public void everyWidthIsAnUnsignedInteger() { // case 68
    assertBytes("01 80", "uint8", new byte[] {1, (byte) 0x80});
    assertBytes("01 00 00 80", "uint16", new short[] {1, (short) 0x8000});
    assertBytes("01 00 00 00 00 00 00 80", "uint32", new int[] {1, 0x80000000});
    assertBytes(
        "01 00 00 00 00 00 00 00 00 00 00 00 00 00 00 80",
        "uint64",
        new long[] {1, Long.MIN_VALUE});
  }

  @Test
  public void fieldsMayBeConstantAndHaveDimensions() {
    final Dimension channels = new Dimension.Values("channel", List.of("a", "b", "c"), Unit.NONE);
    final SignalWriter writer =
        writer(signal("uint16").rule(Rule.CONSTANT).dimensions(List.of(channels)));
    assertEquals(6, writer.sampleBytes());
  }

  @Test
  public void whatIsNotSupportedIsNamed() {
    assertRefused("int32", signal("int32"));
    assertRefused("real64", signal("real64"));
    assertRefused("''", SignalDescriptor.value("flags", DataTypes.BIT_FIELD));
    assertRefused("bit 8 'x'", signal("uint8", new Bit(8, "x", "")));
    assertRefused("bit -1", signal("uint64", new Bit(-1, "x", "")));
    assertRefused("bit 3 'y'", signal("uint8", new Bit(3, "x", ""), new Bit(3, "y", "")));
    assertRefused("postScaling", signal("uint8").postScaling(0, 2));
    assertRefused("rule linear", signal("uint8").rule(new Rule.Linear(1)));
  }

  @Test
  public void encodingAllocatesNothing() {
    final SignalWriter writer = writer(signal("uint32"));
    final int[] samples = new int[128];
    assertEncodingAllocatesNothing(writer, samples, samples.length);
  }
}
