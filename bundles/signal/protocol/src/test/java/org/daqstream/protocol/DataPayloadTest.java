/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.protocol;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.daqstream.protocol.ConstantPacket.Form;
import org.daqstream.protocol.ProtocolException.Kind;
import org.daqstream.signal.api.PostScaling;
import org.daqstream.signal.api.SignalDescriptor;
import org.junit.Test;

/** Payloads of data packets (sections 3.3, 3.5). */
public class DataPayloadTest {
  private static final String ROW_0 = "00 00 00 00 00 00 00 00";
  private static final String ROW_100 = "64 00 00 00 00 00 00 00";

  private static String dataPacket(int signo, ByteBuffer payload) {
    ByteBuffer packet = ByteBuffer.allocate(8 + payload.position());
    PacketHeader.put(packet, signo, PacketHeader.DATA, payload.position());
    packet.put(payload.flip());
    return Bytes.written(packet);
  }

  private static SampleReader reader(String dataType, PostScaling scaling)
      throws ProtocolException {
    SignalDescriptor.Builder signal = SignalDescriptor.value("v", dataType);
    if (scaling != null) {
      signal.postScaling(scaling.offset(), scaling.scale());
    }
    return SampleReader.of(signal.build());
  }

  private static Object raw(String dataType, String payload) throws ProtocolException {
    return reader(dataType, null).readRaw(Bytes.buffer(payload));
  }

  private static List<Double> values(String dataType, PostScaling scaling, String payload)
      throws ProtocolException {
    double[] target = new double[100];
    int count = reader(dataType, scaling).readValues(Bytes.buffer(payload), target, 1);
    List<Double> values = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      values.add(target[1 + i]);
    }
    return values;
  }

  @Test
  public void linearPacketsAreTheWorkedOnes() throws ProtocolException {
    ByteBuffer start = ByteBuffer.allocate(16);
    DomainPair.put(start, 0, 1_700_000_000_000_000_000L);
    assertEquals(
        Bytes.plain("01 00 00 11" + ROW_0 + "00 00 2a 36 fe 9c 97 17"), dataPacket(1, start));
    ByteBuffer resync = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    DomainPair.put(resync, 4096, 0x17979cff2a4e0000L);
    assertEquals(
        Bytes.plain("01 00 00 11  00 10 00 00 00 00 00 00  00 00 4e 2a ff 9c 97 17"),
        dataPacket(1, resync));
    LinearPacket parsed = LinearPacket.parse(resync.flip());
    assertEquals(List.of(new DomainPair(4096, 0x17979cff2a4e0000L)), parsed.pairs());
    assertEquals(LinearPacket.NO_PROGRESS, parsed.progressRow());
  }

  @Test
  public void capturedDomainDataIsUnderstood() throws ProtocolException {
    for (String packet : new String[] {Captured.LT_DOMAIN_DATA, Captured.WSS_DOMAIN_DATA}) {
      LinearPacket parsed = LinearPacket.parse(Bytes.buffer(packet).position(4).slice());
      assertEquals(1, parsed.pairs().size());
      assertEquals(0, parsed.pairs().get(0).row());
      assertTrue(parsed.pairs().get(0).tick() > 1_700_000_000_000_000_000L);
    }
  }

  @Test
  public void severalPairsAndABareRow() throws ProtocolException { // case 73
    LinearPacket parsed =
        LinearPacket.parse(
            Bytes.buffer(
                ROW_0
                    + "0a 00 00 00 00 00 00 00"
                    + ROW_100
                    + "ff ff ff ff ff ff ff ff"
                    + "c8 00 00 00 00 00 00 00"));
    assertEquals(List.of(new DomainPair(0, 10), new DomainPair(100, -1)), parsed.pairs());
    assertEquals(200, parsed.progressRow());
    assertEquals(100, LinearPacket.parse(Bytes.buffer(ROW_100)).progressRow());
    assertTrue(LinearPacket.parse(Bytes.buffer("")).pairs().isEmpty());
  }

  @Test
  public void oddLinearPacketsAreRefused() {
    for (String payload : new String[] {"00", ROW_0 + ROW_0 + "00", "00 00 00 00 00 00 00 80"}) {
      ProtocolException e =
          assertThrows(ProtocolException.class, () -> LinearPacket.parse(Bytes.buffer(payload)));
      assertEquals(Kind.BAD_DATA, e.kind());
    }
  }

  @Test
  public void indexedConstants() throws ProtocolException { // case 72
    ByteBuffer payload = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
    payload.putLong(0).putInt(7).putLong(100).putInt(-1);
    String packet = dataPacket(3, payload);
    assertEquals(
        Bytes.plain("03 00 80 11" + ROW_0 + "07 00 00 00" + ROW_100 + "ff ff ff ff"), packet);
    List<ConstantPacket.Entry> entries =
        ConstantPacket.parse(Bytes.buffer(packet).position(4).slice(), 4, Form.INDEXED, 55);
    assertEquals(2, entries.size());
    assertEquals(0, entries.get(0).row());
    assertEquals(7, entries.get(0).value().getInt());
    assertEquals(100, entries.get(1).row());
    assertEquals(-1, entries.get(1).value().getInt());
  }

  @Test
  public void rawConstants() throws ProtocolException { // case 72
    ByteBuffer payload = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
    payload.putInt(7);
    assertEquals(Bytes.plain("03 00 40 10 07 00 00 00"), dataPacket(3, payload));
    for (Form form : Form.values()) {
      List<ConstantPacket.Entry> entries =
          ConstantPacket.parse(Bytes.buffer("07 00 00 00"), 4, form, 55);
      assertEquals(1, entries.size());
      assertEquals(55, entries.get(0).row());
      assertEquals(7, entries.get(0).value().getInt());
    }
    // Looks indexed, but the server's family never is.
    assertEquals(
        9,
        ConstantPacket.parse(Bytes.buffer(ROW_0 + "09 00 00 00 00 00 00 00"), 8, Form.RAW, 55)
            .get(0)
            .value()
            .getLong());
  }

  @Test
  public void garbageTailIsIgnored() throws ProtocolException { // case 72
    String good = ROW_100 + "07 00 00 00";
    for (String tail :
        new String[] {ROW_100 + "08 00 00 00", ROW_0 + "08 00 00 00", "aa", "aa".repeat(11)}) {
      List<ConstantPacket.Entry> entries =
          ConstantPacket.parse(Bytes.buffer(good + tail), 4, Form.INDEXED, 0);
      assertEquals(tail, 1, entries.size());
      assertEquals(7, entries.get(0).value().getInt());
    }
    for (String bad :
        new String[] {"", "01", "01 02 03 04 05", "00 00 00 00 00 00 00 80 01 00 00 00"}) {
      ProtocolException e =
          assertThrows(
              bad,
              ProtocolException.class,
              () -> ConstantPacket.parse(Bytes.buffer(bad), 4, Form.INDEXED, 0));
      assertEquals(Kind.BAD_DATA, e.kind());
    }
  }

  @Test
  public void int64InTheSlotOfAShorterTypeIsGivenWhole() throws ProtocolException { // case 72
    ConstantPacket.Entry entry =
        ConstantPacket.parse(Bytes.buffer(ROW_0 + "f9 ff ff ff ff ff ff ff"), 4, Form.INDEXED, 0)
            .get(0);
    assertEquals(8, entry.value().remaining());
    assertEquals(-7, entry.value().getLong());
  }

  @Test
  public void everyNumericTypeIsReadExactly() throws ProtocolException { // case 68
    assertArrayEquals(new byte[] {-128, 127, -1}, (byte[]) raw("int8", "80 7f ff"));
    assertArrayEquals(new byte[] {-128, 127, -1}, (byte[]) raw("uint8", "80 7f ff"));
    assertArrayEquals(new short[] {1, 2, -3}, (short[]) raw("int16", "01 00 02 00 fd ff"));
    assertArrayEquals(new short[] {-3}, (short[]) raw("uint16", "fd ff"));
    assertArrayEquals(
        new int[] {Integer.MIN_VALUE, 7}, (int[]) raw("int32", "00 00 00 80 07 00 00 00"));
    assertArrayEquals(new int[] {-1}, (int[]) raw("uint32", "ff ff ff ff"));
    assertArrayEquals(
        new long[] {Long.MIN_VALUE}, (long[]) raw("int64", "00 00 00 00 00 00 00 80"));
    assertArrayEquals(new long[] {-1}, (long[]) raw("uint64", "ff ff ff ff ff ff ff ff"));
    assertArrayEquals(
        new float[] {1, Float.NEGATIVE_INFINITY, Float.NaN},
        (float[]) raw("real32", "00 00 80 3f 00 00 80 ff 00 00 c0 7f"),
        0);
    assertArrayEquals(
        new double[] {1.0, -2.5},
        (double[]) raw("real64", "00 00 00 00 00 00 f0 3f 00 00 00 00 00 00 04 c0"),
        0);
    assertArrayEquals(new int[] {0}, (int[]) raw("int32", Captured.LT_INT32_DATA.substring(8)));
  }

  @Test
  public void valuesAreSignedOrUnsignedAsTheirTypeSays() throws ProtocolException { // case 68
    assertEquals(List.of(-128.0, 127.0), values("int8", null, "80 7f"));
    assertEquals(List.of(128.0, 127.0), values("uint8", null, "80 7f"));
    assertEquals(List.of(-3.0), values("int16", null, "fd ff"));
    assertEquals(List.of(65533.0), values("uint16", null, "fd ff"));
    assertEquals(List.of(-1.0), values("int32", null, "ff ff ff ff"));
    assertEquals(List.of(4294967295.0), values("uint32", null, "ff ff ff ff"));
    assertEquals(List.of(-0x1p63), values("int64", null, "00 00 00 00 00 00 00 80"));
    assertEquals(List.of(0x1p63), values("uint64", null, "00 00 00 00 00 00 00 80"));
    assertEquals(List.of(0x1p64), values("uint64", null, "ff ff ff ff ff ff ff ff"));
    assertEquals(List.of(Double.POSITIVE_INFINITY), values("real32", null, "00 00 80 7f"));
    assertEquals(
        List.of(Double.MAX_VALUE, Double.NaN),
        values("real64", null, "ff ff ff ff ff ff ef 7f 00 00 00 00 00 00 f8 7f"));
  }

  @Test
  public void incompleteSamplesAreAnErrorOfThatPacketOnly() throws ProtocolException { // case 70
    SampleReader reader = reader("int32", null);
    for (String payload : new String[] {"00", "00 00 00 00 00"}) {
      ProtocolException e =
          assertThrows(ProtocolException.class, () -> reader.readRaw(Bytes.buffer(payload)));
      assertEquals(Kind.BAD_DATA, e.kind());
    }
    assertEquals(1, reader.count(Bytes.buffer("00 00 00 00")));
    assertEquals(0, reader.count(Bytes.buffer("")));
  }

  @Test
  public void dataBeforeTheDomainIsAnErrorOfThatPacketOnly() throws ProtocolException { // case 71
    RowTime time = new RowTime(10);
    assertFalse(time.isKnown());
    assertEquals(Kind.BAD_DATA, assertThrows(ProtocolException.class, () -> time.tickOf(5)).kind());
    time.add(new DomainPair(0, 1000));
    assertEquals(1050, time.tickOf(5));
  }

  @Test
  public void postScalingIsApplied() throws ProtocolException { // case 74
    assertEquals(List.of(12.0, 4.0), values("int16", new PostScaling(10, 2), "01 00 fd ff"));
  }

  @Test
  public void bigEndianBuffersAreReadLittleEndian() throws ProtocolException { // case 81
    ByteBuffer payload = Bytes.buffer("01 00 02 00").order(ByteOrder.BIG_ENDIAN);
    assertArrayEquals(new short[] {1, 2}, (short[]) reader("int16", null).readRaw(payload));
    double[] values = new double[2];
    reader("int16", null).readValues(payload, values, 0);
    assertArrayEquals(new double[] {1, 2}, values, 0);
    assertEquals(
        1,
        LinearPacket.parse(Bytes.buffer(ROW_100).order(ByteOrder.BIG_ENDIAN)).progressRow() / 100);
    assertEquals(0, payload.position());
  }

  @Test
  public void profilesFollowTheUserAgent() {
    assertEquals(
        PeerProfile.WS_STREAMING, PeerProfile.ofUserAgent("ws-streaming/3.1.2 Boost.Beast/347"));
    assertEquals(PeerProfile.LT, PeerProfile.ofUserAgent("Boost.Beast/345 stream-client"));
    assertEquals(PeerProfile.LT, PeerProfile.ofUserAgent(null));
    assertEquals(PeerProfile.LT, PeerProfile.ofUserAgent("Python/3.12 websockets/13.0"));
    assertEquals(PeerProfile.FULL, PeerProfile.ofUserAgent("daqstream/0.1"));
    assertEquals(PeerProfile.FULL, PeerProfile.ofUserAgent("Mozilla/5.0 (X11; Linux x86_64)"));
    assertEquals(2000, PeerProfile.WS_STREAMING.maxDataFrameBytes());
    assertEquals(4, FrameHeader.bytes(PeerProfile.LT.maxDataFrameBytes()));
    assertEquals(10, FrameHeader.bytes(PeerProfile.LT.maxDataFrameBytes() + 1));
  }

  @Test
  public void constantsAreToldOfToThoseWhoReadThem() {
    for (boolean linearDomain : new boolean[] {false, true}) {
      assertTrue(PeerProfile.FULL.takesConstants(linearDomain));
      assertEquals(linearDomain, PeerProfile.LT.takesConstants(linearDomain));
      assertFalse(PeerProfile.WS_STREAMING.takesConstants(linearDomain));
    }
  }
}
