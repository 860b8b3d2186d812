/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.writer.struct.internal;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.daqstream.signal.api.CanFrame;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.Dimension;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.StructBuffer;
import org.daqstream.signal.api.StructLayout;
import org.daqstream.signal.api.StructMember;
import org.daqstream.signal.api.Unit;
import org.daqstream.signal.api.writer.SignalWriter;
import org.daqstream.testing.WriterTest;
import org.junit.Test;

public final class StructWriterTest extends WriterTest {
  public StructWriterTest() {
    super(new StructWriterFactory());
  }

  private static final HexFormat HEX = HexFormat.ofDelimiter(" ");
  private static final List<StructMember> POINT =
      List.of(
          new StructMember("kind", DataTypes.UINT8),
          new StructMember(
              "at",
              DataTypes.STRUCT,
              List.of(),
              List.of(
                  new StructMember("x", DataTypes.INT16), new StructMember("y", DataTypes.INT16))),
          StructMember.array("w", DataTypes.UINT16, 2));

  private static SignalDescriptor.Builder signal(List<StructMember> members) {
    return SignalDescriptor.value("s", DataTypes.STRUCT).members(members);
  }

  private static StructBuffer points(int count) {
    final StructBuffer points = StructBuffer.allocate(StructLayout.of(POINT), count + 1);
    for (int i = 0; i < count; i++) {
      points.add().setLong(0, i).setLong(1, -i).setDouble(2, 2 * i);
      points.setLong(3, 0, 100 + i).setLong(3, 1, 65535);
    }
    return points;
  }

  @Test
  public void sizeIsTheSumOfTheMembersInOrder() { // case 69
    final SignalWriter writer = writer(signal(POINT));
    assertEquals(1 + 2 + 2 + 4, writer.sampleBytes());
    assertEquals(Map.of("dataType", "struct"), writer.definition());
    assertNull(writer.newSample());
    assertEquals(
        "01 ff ff 02 00 65 00 ff ff 02 fe ff 04 00 66 00 ff ff",
        HEX.formatHex(encode(writer, points(3), 1, 2)));
    final SignalWriter can = writer(signal(CanFrame.MEMBERS).rule(Rule.CONSTANT));
    assertEquals(69, can.sampleBytes());
  }

  @Test
  public void bufferAndRecordsGiveTheSameBytes() {
    final SignalWriter writer = writer(signal(POINT));
    final byte[] all = encode(writer, points(5), 0, 5);
    assertArrayEquals(Arrays.copyOfRange(all, 18, 36), encode(writer, ByteBuffer.wrap(all), 2, 2));
    assertEquals(5 * 9, writer.encodedBytes(ByteBuffer.wrap(all), 0, 5));
  }

  @Test
  public void sampleWithDimensionsIsSoManyRecords() {
    final SignalWriter writer =
        writer(signal(POINT).dimensions(List.of(new Dimension.Linear("n", 0, 1, 3, Unit.NONE))));
    assertEquals(27, writer.sampleBytes());
    final byte[] all = encode(writer, points(6), 0, 2);
    assertArrayEquals(Arrays.copyOfRange(all, 27, 54), encode(writer, points(7), 1, 1));
    assertThrows(IndexOutOfBoundsException.class, () -> writer.encodedBytes(points(5), 0, 2));
  }

  @Test
  public void recordsOfAnotherLayoutAreRefused() {
    final SignalWriter writer = writer(signal(POINT));
    final StructBuffer frames = StructBuffer.allocate(StructLayout.of(CanFrame.MEMBERS), 1).add();
    final String message =
        assertThrows(IllegalArgumentException.class, () -> writer.encodedBytes(frames, 0, 1))
            .getMessage();
    assertTrue(message, message.contains("signal s takes struct of 9 B: [kind, at.x, at.y, w]"));
    assertEquals(9, writer.encodedBytes(points(1), 0, 1));
    assertThrows(IllegalArgumentException.class, () -> writer.encodedBytes(new byte[9], 0, 1));
    assertThrows(IndexOutOfBoundsException.class, () -> writer.encodedBytes(points(1), 0, 2));
  }

  @Test
  public void whatIsNotSupportedIsNamed() {
    assertRefused("must have members", signal(List.of()));
    assertRefused(
        "member text is of type binary",
        signal(List.of(new StructMember("text", DataTypes.BINARY))));
    assertRefused("postScaling", signal(POINT).postScaling(0, 2));
    assertRefused("bits", signal(POINT).bits("uint8", List.of()));
    assertRefused("rule linear", signal(POINT).rule(new Rule.Linear(1)));
    final Dimension huge = new Dimension.Linear("n", 0, 1, Integer.MAX_VALUE, Unit.NONE);
    assertRefused("dimensions", signal(POINT).dimensions(List.of(huge)));
  }

  @Test
  public void encodingAllocatesNothing() {
    final SignalWriter writer = writer(signal(CanFrame.MEMBERS));
    final StructBuffer frames = StructBuffer.allocate(StructLayout.of(CanFrame.MEMBERS), 16);
    while (frames.size() < frames.capacity()) {
      frames.add();
    }
    assertEncodingAllocatesNothing(writer, frames, frames.size());
  }
}
