/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.writer.struct.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

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
import org.daqstream.testing.AcceptedSignal;
import org.daqstream.testing.SignalWriterContract;
import org.junit.Test;

public final class StructWriterTest extends SignalWriterContract {
  public StructWriterTest() {
    super(new StructWriterFactory());
  }

  private static final Dimension TWO = new Dimension.Linear("n", 0, 1, 2, Unit.NONE);
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
    StructBuffer points = StructBuffer.allocate(StructLayout.of(POINT), count + 1);
    for (int i = 0; i < count; i++) {
      points.add().setLong(0, i).setLong(1, -i).setDouble(2, 2 * i);
      points.setLong(3, 0, 100 + i).setLong(3, 1, 65535);
    }
    return points;
  }

  @Override
  protected List<AcceptedSignal> accepted() {
    String[] hex = {
      "00 00 00 00 00 64 00 ff ff", "01 ff ff 02 00 65 00 ff ff", "02 fe ff 04 00 66 00 ff ff"
    };
    return List.of(
        AcceptedSignal.of(signal(POINT), points(3), hex),
        AcceptedSignal.of(signal(POINT), points(3).bytes().limit(27), hex),
        AcceptedSignal.of(
            signal(POINT).rule(Rule.CONSTANT).dimensions(List.of(TWO)),
            points(3), // one record too few for a second sample
            hex[0] + " " + hex[1]));
  }

  @Override
  protected Map<String, SignalDescriptor.Builder> refused() {
    Dimension huge = new Dimension.Linear("n", 0, 1, Integer.MAX_VALUE, Unit.NONE);
    return Map.of(
        "must have members", signal(List.of()),
        "member text is of type binary",
            signal(List.of(new StructMember("text", DataTypes.BINARY))),
        "postScaling", signal(POINT).postScaling(0, 2),
        "bits", signal(POINT).bits("uint8", List.of()),
        "rule linear", signal(POINT).rule(new Rule.Linear(1)),
        "dimensions", signal(POINT).dimensions(List.of(huge)));
  }

  @Test
  public void sizeIsTheSumOfTheMembersInOrder() { // case 69
    SignalWriter writer = writer(signal(POINT));
    assertEquals(1 + 2 + 2 + 4, writer.sampleBytes());
    assertEquals(Map.of("dataType", "struct"), writer.definition());
    assertNull(writer.newSample());
    assertEquals(69, writer(signal(CanFrame.MEMBERS).rule(Rule.CONSTANT)).sampleBytes());
  }

  @Test
  public void recordsOfAnotherLayoutAreRefused() {
    SignalWriter writer = writer(signal(POINT));
    StructBuffer frames = StructBuffer.allocate(StructLayout.of(CanFrame.MEMBERS), 1).add();
    String message =
        assertThrows(IllegalArgumentException.class, () -> writer.encodedBytes(frames, 0, 1))
            .getMessage();
    assertTrue(message, message.contains("signal s takes struct of 9 B: [kind, at.x, at.y, w]"));
    assertEquals(9, writer.encodedBytes(points(1), 0, 1));
    assertThrows(IllegalArgumentException.class, () -> writer.encodedBytes(new byte[9], 0, 1));
    assertThrows(IndexOutOfBoundsException.class, () -> writer.encodedBytes(points(1), 0, 2));
  }
}
