/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.protocol;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Random;
import org.daqstream.protocol.ProtocolException.Kind;
import org.daqstream.signal.api.CanFrame;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.Dimension;
import org.daqstream.signal.api.ElementType;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.StructBuffer;
import org.daqstream.signal.api.StructMember;
import org.daqstream.signal.api.Unit;
import org.junit.Test;

/** Samples of the types beyond single numbers (sections 3.3, 3.4). */
public class SampleReaderTest {
  private static final Dimension TWO = new Dimension.Linear("n", 0, 1, 2, Unit.NONE);

  private static SignalDescriptor.Builder signal(String dataType) {
    return SignalDescriptor.value("/v", dataType);
  }

  private static SampleReader reader(SignalDescriptor.Builder signal) throws ProtocolException {
    return SampleReader.of(signal.build());
  }

  private static double[] values(SampleReader reader, String payload) throws ProtocolException {
    ByteBuffer bytes = Bytes.buffer(payload);
    double[] values = new double[reader.count(bytes) * reader.valuesPerSample()];
    assertEquals(values.length, reader.readValues(bytes, values, 0));
    assertEquals("payload unchanged", 0, bytes.position());
    return values;
  }

  @Test
  public void complexNumbersAreRealAndImaginary() throws ProtocolException { // case 68
    SampleReader reader = reader(signal(DataTypes.COMPLEX32));
    assertEquals(8, reader.sampleBytes());
    assertEquals(2, reader.valuesPerSample());
    String payload = "00 00 80 3f 00 00 80 bf";
    assertArrayEquals(new float[] {1, -1}, (float[]) reader.readRaw(Bytes.buffer(payload)), 0);
    assertArrayEquals(new double[] {1, -1}, values(reader, payload), 0);
    assertEquals(16, reader(signal(DataTypes.COMPLEX64)).sampleBytes());
  }

  @Test
  public void integersOf128BitsAreTwoHalves() throws ProtocolException { // case 68
    String payload = "fe" + "ff".repeat(15) + "00".repeat(8) + "01" + "00".repeat(7);
    SampleReader signed = reader(signal(DataTypes.INT128));
    assertArrayEquals(new long[] {-2, -1, 0, 1}, (long[]) signed.readRaw(Bytes.buffer(payload)));
    assertArrayEquals(new double[] {-2, 0x1p64}, values(signed, payload), 0);
    assertArrayEquals(
        new double[] {0x1p128, 0x1p64}, values(reader(signal(DataTypes.UINT128)), payload), 0);
  }

  @Test
  public void bitFieldsAreTheirInteger() throws ProtocolException { // case 68
    SampleReader reader = reader(signal(DataTypes.BIT_FIELD).bits("uint16", List.of()));
    assertArrayEquals(
        new short[] {1, (short) 0x8000}, (short[]) reader.readRaw(Bytes.buffer("01 00 00 80")));
    assertArrayEquals(new double[] {1, 0x8000}, values(reader, "01 00 00 80"), 0);
  }

  @Test
  public void binaryIsThePayloadItself() throws ProtocolException { // case 68
    SampleReader reader = reader(signal(DataTypes.BINARY));
    assertEquals(0, reader.sampleBytes());
    ByteBuffer payload = Bytes.buffer("63 61 66 c3 a9");
    assertEquals(1, reader.count(payload));
    assertArrayEquals(Bytes.of("63 61 66 c3 a9"), (byte[]) reader.readRaw(payload));
    assertEquals(0, reader.count(Bytes.buffer("")));
    assertThrows(IllegalStateException.class, () -> reader.readValues(payload, new double[9], 0));
  }

  @Test
  public void structsAreRecords() throws ProtocolException { // case 69
    SampleReader reader = reader(signal(DataTypes.STRUCT).members(CanFrame.MEMBERS));
    assertEquals(69, reader.sampleBytes());
    String frame = "34 12 00 00 03 61 62 63" + "00".repeat(61);
    StructBuffer frames = (StructBuffer) reader.readRaw(Bytes.buffer(frame + frame));
    assertEquals(2, frames.size());
    assertEquals(0x1234, frames.select(1).getLong(CanFrame.ARB_ID));
    assertEquals(3, frames.getLong(CanFrame.LENGTH));
    assertEquals('c', frames.getLong(CanFrame.DATA, 2));
  }

  @Test
  public void dimensionsMultiplyAndSamplesStayWhole() throws ProtocolException {
    SampleReader matrix =
        reader(
            signal(DataTypes.INT16)
                .dimensions(List.of(TWO, new Dimension.Log("f", 0, 1, 10, 3, Unit.HERTZ)))
                .postScaling(1, 10));
    assertEquals(12, matrix.sampleBytes());
    assertEquals(6, matrix.valuesPerSample());
    assertEquals(1, matrix.count(Bytes.buffer("00".repeat(12))));
    assertArrayEquals(
        new double[] {11, 1, 1, 1, 1, -9}, values(matrix, "01 00" + "00".repeat(8) + "ff ff"), 0);
    ProtocolException e =
        assertThrows(ProtocolException.class, () -> matrix.count(Bytes.buffer("00".repeat(14))));
    assertEquals(Kind.BAD_DATA, e.kind()); // case 70
    SampleReader records =
        reader(signal(DataTypes.STRUCT).members(CanFrame.MEMBERS).dimensions(List.of(TWO)));
    assertEquals(138, records.sampleBytes());
  }

  @Test
  public void whatCannotBeReadIsNamed() {
    Dimension huge = new Dimension.Linear("n", 0, 1, Integer.MAX_VALUE, Unit.NONE);
    assertBad("samples of type string", signal("string"));
    assertBad("bitField on 'real64x'", signal(DataTypes.BIT_FIELD).bits("real64x", List.of()));
    assertBad("bitField on ''", signal(DataTypes.BIT_FIELD));
    assertBad("must have members", signal(DataTypes.STRUCT));
    assertBad("too large", signal(DataTypes.INT16).dimensions(List.of(huge)));
    assertBad("too large", signal(DataTypes.INT8).dimensions(List.of(huge, huge, huge)));
    assertBad(
        "too large",
        signal(DataTypes.STRUCT)
            .members(List.of(new StructMember("a", DataTypes.INT16)))
            .dimensions(List.of(huge)));
  }

  private static void assertBad(String named, SignalDescriptor.Builder signal) {
    ProtocolException e = assertThrows(ProtocolException.class, () -> reader(signal));
    assertEquals(Kind.BAD_SIGNAL, e.kind());
    assertTrue(e.getMessage(), e.getMessage().startsWith("signal /v"));
    assertTrue(e.getMessage(), e.getMessage().contains(named));
  }

  @Test
  public void manyAtOnceAreAsEachByItself() throws ProtocolException {
    byte[] bytes = new byte[3 + 16 * 64];
    new Random(42).nextBytes(bytes);
    for (ElementType type : ElementType.values()) {
      SampleReader reader = reader(signal(type.dataType()));
      ElementType part = type.part();
      for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
        ByteBuffer payload = ByteBuffer.wrap(bytes).order(order).position(3);
        double[] expected = new double[16 * 64 / part.bytes() + 2];
        for (int i = 0; i < expected.length - 2; i++) {
          expected[1 + i] = part.doubleAt(payload, 3 + i * part.bytes());
        }
        double[] values = new double[expected.length];
        assertEquals(expected.length - 2, reader.readValues(payload, values, 1));
        assertArrayEquals(type + ", " + order, expected, values, 0);
        assertEquals(3, payload.position());
        assertEquals(order, payload.order());
      }
    }
  }

  @Test
  public void aTargetThatIsTooSmallIsRefused() throws ProtocolException {
    SampleReader reader = reader(signal(DataTypes.INT32));
    ByteBuffer payload = Bytes.buffer("00".repeat(12));
    assertThrows(
        IndexOutOfBoundsException.class, () -> reader.readValues(payload, new double[4], 2));
  }

  @Test
  public void readingValuesAllocatesNothing() throws ProtocolException {
    ByteBuffer payload = Bytes.buffer("00".repeat(1024));
    double[] values = new double[1024];
    SampleReader[] readers = {
      reader(signal(DataTypes.COMPLEX32)),
      reader(signal(DataTypes.UINT128)),
      reader(signal(DataTypes.COMPLEX64)),
      reader(signal(DataTypes.INT16)),
      reader(signal(DataTypes.UINT64).dimensions(List.of(TWO)).postScaling(1, 2)),
      reader(signal(DataTypes.BIT_FIELD).bits("uint8", List.of()))
    };
    readOften(readers, payload, values);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    readOften(readers, payload, values);
    long allocatedBytes = threads.getCurrentThreadAllocatedBytes() - before;
    assertTrue(allocatedBytes + " bytes allocated", allocatedBytes < 20_000);
  }

  private static void readOften(SampleReader[] readers, ByteBuffer payload, double[] values)
      throws ProtocolException {
    for (int i = 0; i < 3_000; i++) {
      for (SampleReader reader : readers) {
        reader.readValues(payload, values, 0);
      }
    }
  }
}
