/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.writer.bitfield.internal;

import static org.junit.Assert.assertEquals;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.daqstream.signal.api.Bit;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.Dimension;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.Unit;
import org.daqstream.signal.api.writer.SignalWriter;
import org.daqstream.testing.AcceptedSignal;
import org.daqstream.testing.SignalWriterContract;
import org.junit.Test;

public final class BitFieldWriterTest extends SignalWriterContract {
  public BitFieldWriterTest() {
    super(new BitFieldWriterFactory());
  }

  private static final Dimension CHANNELS =
      new Dimension.Values("channel", List.of("a", "b", "c"), Unit.NONE);

  private static SignalDescriptor.Builder signal(String integer, Bit... bits) {
    return SignalDescriptor.value("flags", DataTypes.BIT_FIELD).bits(integer, List.of(bits));
  }

  @Override
  protected List<AcceptedSignal> accepted() {
    Bit on = new Bit(0, "on", "");
    return List.of(
        AcceptedSignal.of(signal("uint8", on), new byte[] {1, (byte) 0x80}, "01", "80"),
        AcceptedSignal.of(signal("uint16", on), new short[] {1, (short) 0x8000}, "01 00", "00 80"),
        AcceptedSignal.of(
            signal("uint32", on), new int[] {1, 0x80000000}, "01 00 00 00", "00 00 00 80"),
        AcceptedSignal.of(
            signal("uint64", on),
            new long[] {1, Long.MIN_VALUE},
            "01 00 00 00 00 00 00 00",
            "00 00 00 00 00 00 00 80"),
        AcceptedSignal.of(
            signal("uint16", on),
            ByteBuffer.wrap(new byte[] {1, 0, 0, (byte) 0x80}),
            "01 00",
            "00 80"),
        AcceptedSignal.of(
            signal("uint16").rule(Rule.CONSTANT).dimensions(List.of(CHANNELS)),
            new short[] {1, 2, 3},
            "01 00 02 00 03 00"));
  }

  @Override
  protected Map<String, SignalDescriptor.Builder> refused() {
    return Map.of(
        "int32", signal("int32"),
        "real64", signal("real64"),
        "''", SignalDescriptor.value("flags", DataTypes.BIT_FIELD),
        "bit 8 'x'", signal("uint8", new Bit(8, "x", "")),
        "bit -1", signal("uint64", new Bit(-1, "x", "")),
        "bit 3 'y'", signal("uint8", new Bit(3, "x", ""), new Bit(3, "y", "")),
        "postScaling", signal("uint8").postScaling(0, 2),
        "rule linear", signal("uint8").rule(new Rule.Linear(1)));
  }

  @Test
  public void everyWidthIsAnUnsignedInteger() { // case 68
    Map.of(
            "uint8",
            byte[].class,
            "uint16",
            short[].class,
            "uint32",
            int[].class,
            "uint64",
            long[].class)
        .forEach(
            (integer, array) -> {
              SignalWriter writer = writer(signal(integer));
              assertEquals(array, writer.newSample().getClass());
              assertEquals(Map.of("dataType", "bitField"), writer.definition());
            });
  }
}
