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
import java.util.List;
import java.util.Map;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.Dimension;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.StructMember;
import org.daqstream.signal.api.Unit;
import org.daqstream.signal.api.writer.SignalWriter;
import org.daqstream.testing.AcceptedSignal;
import org.daqstream.testing.SignalWriterContract;
import org.junit.Test;

public final class ComplexWriterTest extends SignalWriterContract {
  public ComplexWriterTest() {
    super(new ComplexWriterFactory());
  }

  private static final Dimension THREE = new Dimension.Log("f", 0, 1, 10, 3, Unit.HERTZ);

  private static SignalDescriptor.Builder signal(String dataType) {
    return SignalDescriptor.value("z", dataType);
  }

  @Override
  protected List<AcceptedSignal> accepted() {
    return List.of(
        AcceptedSignal.of(
            signal(DataTypes.COMPLEX32),
            new float[] {1, -1, 0, 2},
            "00 00 80 3f 00 00 80 bf",
            "00 00 00 00 00 00 00 40"),
        AcceptedSignal.of(
            signal(DataTypes.COMPLEX64),
            new double[] {1, -2.5},
            "00 00 00 00 00 00 f0 3f 00 00 00 00 00 00 04 c0"),
        AcceptedSignal.of(
            signal(DataTypes.COMPLEX32),
            ByteBuffer.wrap(new byte[] {0, 0, 1, 2, 0, 0, 3, 4}),
            "00 00 01 02 00 00 03 04"),
        AcceptedSignal.of(
            signal(DataTypes.COMPLEX32).rule(Rule.CONSTANT).dimensions(List.of(THREE)),
            new float[] {1, 0, -1, 0, 0, 1},
            "00 00 80 3f 00 00 00 00 00 00 80 bf 00 00 00 00 00 00 00 00 00 00 80 3f"));
  }

  @Override
  protected Map<String, SignalDescriptor.Builder> refused() {
    return Map.of(
        "postScaling", signal(DataTypes.COMPLEX64).postScaling(0, 2),
        "rule linear", signal(DataTypes.COMPLEX64).rule(new Rule.Linear(1)),
        "dataType real32", signal(DataTypes.REAL32),
        "members",
            signal(DataTypes.COMPLEX32).members(List.of(new StructMember("a", DataTypes.INT8))),
        "bits", signal(DataTypes.COMPLEX32).bits("uint8", List.of()));
  }

  @Test
  public void aTypeIsNoSingleNumber() { // case 68
    SignalWriter writer = writer(signal(DataTypes.COMPLEX64));
    assertEquals(16, writer.sampleBytes());
    assertEquals(Map.of("dataType", "complex64"), writer.definition());
    assertNull(writer.newSample());
  }

  @Test
  public void extremesAreKept() { // case 68
    double[] samples = {
      Double.NaN, Double.NEGATIVE_INFINITY, Double.MIN_VALUE, Double.MAX_VALUE, -0.0, 1
    };
    ByteBuffer bytes =
        ByteBuffer.wrap(encode(writer(signal(DataTypes.COMPLEX64)), samples, 0, 3))
            .order(ByteOrder.LITTLE_ENDIAN);
    double[] read = new double[6];
    bytes.asDoubleBuffer().get(read);
    assertArrayEquals(samples, read, 0);
  }

  @Test
  public void wrongBlocksAreRefusedByName() {
    SignalWriter writer = writer(signal(DataTypes.COMPLEX64));
    assertEquals(
        "signal z of type complex64 takes double[] or ByteBuffer, not float[]",
        assertThrows(IllegalArgumentException.class, () -> writer.encodedBytes(new float[2], 0, 1))
            .getMessage());
    assertThrows(IndexOutOfBoundsException.class, () -> writer.encodedBytes(new double[5], 0, 3));
  }
}
