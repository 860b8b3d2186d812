/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal;

import static org.daqstream.server.internal.start.TestServer.DELTA;
import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import org.daqstream.server.internal.start.TestServer;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.Dimension;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.StructMember;
import org.daqstream.signal.api.Unit;
import org.daqstream.signal.api.WriteResult;
import org.daqstream.signal.api.sink.SignalTap;
import org.daqstream.signal.api.sink.TableTap;
import org.daqstream.signal.api.writer.SignalWriter;
import org.junit.Rule;
import org.junit.Test;

/** Samples of every type byte for byte on the wire (protocol section 3.3). */
public class SamplesOnTheWireTest {
  @Rule public final TestServer server = new TestServer();
  private final TableTap table = server.table("time"); // signal number 1
  private Peer peer;

  private SignalTap subscribed(SignalDescriptor descriptor, SignalWriter writer) throws Exception {
    SignalTap signal = table.openSignal(descriptor, writer);
    peer = Peer.connect(server.port(), "User-Agent: daqstream/0.1"); // takes every type
    Dialogue.subscribe(server, peer, descriptor.signalId());
    Dialogue.expectSubscribed(peer, "time", descriptor.signalId());
    return signal;
  }

  private void expectPackets(
      String dataType, int sampleBytes, String samples, int count, String packet) throws Exception {
    SignalTap signal =
        subscribed(
            SignalDescriptor.value("v", dataType).build(), new PackedBytes(dataType, sampleBytes));
    assertEquals(WriteResult.ACCEPTED, signal.accept(0, 0, null, Hex.bytes(samples), 0, count));
    Dialogue.expectLine(peer, 1, 0, 0);
    assertEquals(ByteBuffer.wrap(Hex.bytes(packet)), peer.readFrame().payload());
  }

  @Test
  public void eightBitIntegers() throws Exception { // case 68
    expectPackets("int8", 1, "80 ff 7f", 3, "02 00 30 10 80 ff 7f");
  }

  @Test
  public void sixteenBitIntegers() throws Exception { // case 68
    expectPackets("int16", 2, "01 00 02 00 fd ff", 3, "02 00 60 10 01 00 02 00 fd ff");
  }

  @Test
  public void thirtyTwoBitIntegers() throws Exception { // case 68
    expectPackets("uint32", 4, "ff ff ff ff", 1, "02 00 40 10 ff ff ff ff");
  }

  @Test
  public void sixtyFourBitIntegers() throws Exception { // case 68
    expectPackets("int64", 8, "00 00 00 00 00 00 00 80", 1, "02 00 80 10 00 00 00 00 00 00 00 80");
  }

  @Test
  public void singlePrecision() throws Exception { // case 68: NaN, infinities
    expectPackets(
        "real32",
        4,
        "00 00 c0 7f 00 00 80 7f 00 00 80 ff",
        3,
        "02 00 c0 10 00 00 c0 7f 00 00 80 7f 00 00 80 ff");
  }

  @Test
  public void complexNumbers() throws Exception { // case 68
    expectPackets(
        "complex32", 8, "00 00 80 3f 00 00 80 bf", 1, "02 00 80 10 00 00 80 3f 00 00 80 bf");
  }

  @Test
  public void doublePrecision() throws Exception { // case 68
    SignalTap signal = subscribed(SignalDescriptor.value("v", "real64").build(), new Doubles());
    signal.accept(0, 0, null, new double[] {1.0, -2.5}, 0, 2);
    Dialogue.expectLine(peer, 1, 0, 0);
    assertEquals(
        ByteBuffer.wrap(Hex.bytes("02 00 00 11 00 00 00 00 00 00 f0 3f 00 00 00 00 00 00 04 c0")),
        peer.readFrame().payload());
    double[] extremes = {
      Double.NaN,
      Double.POSITIVE_INFINITY,
      Double.NEGATIVE_INFINITY,
      -0.0,
      Double.MIN_VALUE,
      Double.MAX_VALUE,
      -Double.MAX_VALUE
    };
    signal.accept(2, 2 * DELTA, null, extremes, 0, extremes.length);
    ByteBuffer payload = Dialogue.expectData(peer, 2);
    for (double extreme : extremes) {
      assertEquals(Double.doubleToRawLongBits(extreme), payload.getLong());
    }
  }

  @Test
  public void partOfAnArrayIsSent() throws Exception { // offset and count
    SignalTap signal = subscribed(SignalDescriptor.value("v", "real64").build(), new Doubles());
    signal.accept(0, 0, null, new double[] {1, 2, 3, 4, 5}, 1, 3);
    Dialogue.expectLine(peer, 1, 0, 0);
    Dialogue.expectDoubles(peer, 2, 2, 3, 4);
  }

  @Test
  public void structHasItsMembersInOrderWithoutPadding() throws Exception { // case 69, row 29
    SignalDescriptor can =
        SignalDescriptor.value("can", DataTypes.STRUCT)
            .members(
                List.of(
                    new StructMember("ArbId", "uint32"),
                    new StructMember("Length", "uint8"),
                    new StructMember(
                        "Data",
                        "uint8",
                        List.of(new Dimension.Linear("Dimension", 1, 0, 8, Unit.NONE)),
                        List.of())))
            .build();
    SignalTap signal = table.openSignal(can, new PackedBytes(DataTypes.STRUCT, 13));
    peer = Peer.connect(server.port());
    Dialogue.subscribe(server, peer, "can");
    Dialogue.expectAcknowledged(peer, "time");
    var members = Dialogue.expectAcknowledged(peer, "can").params().at("/definition/struct");
    assertEquals("ArbId", members.at("/0/name").textValue());
    assertEquals("Length", members.at("/1/name").textValue());
    assertEquals("explicit", members.at("/1/rule").textValue());
    assertEquals(8, members.at("/2/dimensions/0/linear/size").intValue());
    assertEquals(1, members.at("/2/dimensions/0/linear/start").intValue());
    assertEquals(0, members.at("/2/dimensions/0/linear/delta").intValue());
    byte[] samples = Hex.bytes("23 01 00 00 08 01 02 03 04 05 06 07 08".repeat(2));
    signal.accept(0, 0, null, samples, 0, 2);
    Dialogue.expectLine(peer, 1, 0, 0);
    byte[] payload = new byte[26];
    Dialogue.expectData(peer, 2).get(payload);
    assertArrayEquals(samples, payload);
  }

  @Test
  public void samplesOfAnyLengthTravelAlone() throws Exception { // section 3.3, binary
    SignalTap signal =
        subscribed(
            SignalDescriptor.value("v", DataTypes.BINARY).build(),
            new PackedBytes(DataTypes.BINARY, SignalWriter.VARIABLE));
    byte[][] samples = {{1}, new byte[300], {2, 3}};
    assertEquals(WriteResult.ACCEPTED, signal.accept(0, 0, null, samples, 0, 3));
    Dialogue.expectLine(peer, 1, 0, 0);
    for (byte[] sample : samples) {
      assertEquals(ByteBuffer.wrap(sample), Dialogue.expectData(peer, 2));
    }
  }

  @Test
  public void manyLongSamplesInOneBlockAreTaken() throws Exception { // section 3.3, binary
    SignalTap signal =
        subscribed(
            SignalDescriptor.value("v", DataTypes.BINARY).build(),
            new PackedBytes(DataTypes.BINARY, SignalWriter.VARIABLE));
    byte[][] samples = new byte[100][10_000];
    assertEquals(WriteResult.ACCEPTED, signal.accept(0, 0, null, samples, 0, 100));
    Dialogue.expectLine(peer, 1, 0, 0);
    for (byte[] sample : samples) {
      assertEquals(ByteBuffer.wrap(sample), Dialogue.expectData(peer, 2));
    }
    byte[][] oneTooLong = {{1}, new byte[1 << 20]};
    assertEquals(WriteResult.TOO_LARGE, signal.accept(100, 100 * DELTA, null, oneTooLong, 0, 2));
    Dialogue.expectNothing(peer);
  }

  /** A writer of a platform whose buffers are big endian. */
  private static final class BigEndianSource implements SignalWriter {
    @Override
    public int sampleBytes() {
      return Integer.BYTES;
    }

    @Override
    public Map<String, Object> definition() {
      return Map.of("dataType", "int32");
    }

    @Override
    public Object newSample() {
      return null;
    }

    @Override
    public int encodedBytes(Object samples, int offset, int count) {
      return count * Integer.BYTES;
    }

    @Override
    public void encode(Object samples, int offset, int count, ByteBuffer target) {
      assertEquals(ByteOrder.LITTLE_ENDIAN, target.order());
      for (int i = offset; i < offset + count; i++) {
        target.putInt(((ByteBuffer) samples).getInt(i * Integer.BYTES));
      }
    }
  }

  @Test
  public void bigEndianSamplesAreLittleEndianOnTheWire() throws Exception { // case 81
    SignalTap signal =
        subscribed(
            SignalDescriptor.value("v", "int32").replayLast(true).build(), new BigEndianSource());
    ByteBuffer samples = ByteBuffer.allocate(8).order(ByteOrder.BIG_ENDIAN);
    samples.putInt(0, 0x01020304).putInt(4, -2);
    signal.accept(0, 0, null, samples, 0, 2);
    Dialogue.expectLine(peer, 1, 0, 0);
    assertEquals(
        ByteBuffer.wrap(Hex.bytes("02 00 80 10 04 03 02 01 fe ff ff ff")),
        peer.readFrame().payload());
    try (Peer replayed = Dialogue.subscriber(server, "time", "v")) {
      Dialogue.expectLine(replayed, 1, 1, DELTA);
      assertEquals(
          ByteBuffer.wrap(Hex.bytes("02 00 40 10 fe ff ff ff")), replayed.readFrame().payload());
    }
  }
}
