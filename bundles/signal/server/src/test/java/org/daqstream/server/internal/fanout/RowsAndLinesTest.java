/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.fanout;

import static org.daqstream.server.internal.start.TestServer.DELTA;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import org.daqstream.server.api.ServerEvent;
import org.daqstream.server.internal.Dialogue;
import org.daqstream.server.internal.Doubles;
import org.daqstream.server.internal.Hex;
import org.daqstream.server.internal.PackedBytes;
import org.daqstream.server.internal.Peer;
import org.daqstream.server.internal.start.TestServer;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.Unit;
import org.daqstream.signal.api.WriteResult;
import org.daqstream.signal.api.sink.SignalTap;
import org.daqstream.signal.api.sink.TableTap;
import org.junit.Rule;
import org.junit.Test;

/** Rows, lines and descriptions as they move on (protocol sections 3.2 and 3.6). */
public class RowsAndLinesTest {
  /** A moment far from zero, as the reference's example has it. */
  private static final long T0 = 1_700_000_000_000_000_000L;

  @Rule public final TestServer server = new TestServer("ringBytes", 16 << 20);
  private final TableTap table = server.table("time");
  private final SignalTap v = TestServer.signal(table, "v");
  private final SignalTap w = TestServer.signal(table, "w");
  private final Peer peer = server.connect();

  private static void write(SignalTap signal, long row, long tick, double... values) {
    assertEquals(WriteResult.ACCEPTED, signal.accept(row, tick, null, values, 0, values.length));
  }

  private Dialogue.Subscribed subscribe(String signalId) throws Exception {
    Dialogue.subscribe(server, peer, signalId);
    return Dialogue.expectSubscribed(peer, "time", signalId);
  }

  @Test
  public void joinerOfARunningTableKnowsItsRowAndTime() throws Exception { // case 64, row 35
    Dialogue.Subscribed ids = subscribe("v");
    for (long row = 0; row < 5_000; row += 1_000) {
      write(v, row, T0 + row * DELTA, new double[1_000]);
      w.accept(row, T0 + row * DELTA, null, new double[1_000], 0, 1_000);
    }
    Dialogue.expectLine(peer, ids.domainSigno(), 0, T0);
    for (int i = 0; i < 5; i++) {
      assertEquals(8_000, Dialogue.expectData(peer, ids.signo()).remaining());
    }
    Dialogue.subscribe(server, peer, "w");
    Peer.Packet signal = Dialogue.expectAcknowledged(peer, "w");
    assertEquals(5_000, signal.params().path("valueIndex").longValue());
    write(v, 5_000, T0 + 5_000 * DELTA, 1);
    write(w, 5_000, T0 + 5_000 * DELTA, 2);
    Dialogue.expectDoubles(peer, ids.signo(), 1);
    Dialogue.expectLine(peer, ids.domainSigno(), 5_000, T0 + 5_000 * DELTA);
    Dialogue.expectDoubles(peer, signal.signo(), 2);
  }

  @Test
  public void joinerThatMissedRowsIsToldBeforeItsFirstBlock() throws Exception { // case 64
    Dialogue.Subscribed ids = subscribe("v");
    assertEquals(0, ids.valueIndex());
    write(v, 700, T0, 1);
    Dialogue.expectLine(peer, ids.domainSigno(), 700, T0);
    Dialogue.expectValueIndex(peer, ids.signo(), 700);
    Dialogue.expectDoubles(peer, ids.signo(), 1);
  }

  @Test
  public void secondClientOfARunningTableGetsLineAndRow() throws Exception { // cases 63, 64, 82
    Dialogue.Subscribed ids = subscribe("v");
    write(v, 0, T0, 1, 2);
    try (Peer second = Dialogue.subscriber(server, "time", "v")) {
      write(v, 2, T0 + 2 * DELTA, 3);
      Dialogue.expectLine(second, ids.domainSigno(), 2, T0 + 2 * DELTA);
      Dialogue.expectDoubles(second, ids.signo(), 3);
      Dialogue.expectLine(peer, ids.domainSigno(), 0, T0);
      Dialogue.expectDoubles(peer, ids.signo(), 1, 2);
      Dialogue.expectDoubles(peer, ids.signo(), 3);
      Dialogue.expectNothing(peer);
    }
  }

  @Test
  public void jumpOfTheClockIsANewLineBeforeItsRow() throws Exception { // case 65, row 27
    Dialogue.Subscribed ids = subscribe("v");
    write(v, 0, T0, 1, 2, 3);
    write(v, 3, T0 + 3 * DELTA, 4);
    write(v, 4, T0 + 1_000 * DELTA, 5);
    write(v, 5, T0 + 1_001 * DELTA, 6);
    Dialogue.expectLine(peer, ids.domainSigno(), 0, T0);
    Dialogue.expectDoubles(peer, ids.signo(), 1, 2, 3);
    Dialogue.expectDoubles(peer, ids.signo(), 4);
    Dialogue.expectLine(peer, ids.domainSigno(), 4, T0 + 1_000 * DELTA);
    Dialogue.expectDoubles(peer, ids.signo(), 5);
    Dialogue.expectDoubles(peer, ids.signo(), 6);
    Dialogue.expectNothing(peer);
  }

  @Test
  public void linePacketsHaveTheBytesOfTheReference() throws Exception { // section 3.5, row 26
    Dialogue.Subscribed ids = subscribe("v");
    assertEquals(1, ids.domainSigno());
    write(v, 0, T0, 1);
    write(v, 4_096, 1_700_000_004_096_000_000L + 123, 2);
    assertEquals(
        ByteBuffer.wrap(Hex.bytes("01 00 00 11 00 00 00 00 00 00 00 00 00 00 2a 36 fe 9c 97 17")),
        peer.readFrame().payload());
    Dialogue.expectDoubles(peer, ids.signo(), 1);
    ByteBuffer pair = peer.readFrame().payload();
    assertEquals(0x1100_0001, pair.getInt(0));
    assertEquals(4_096, pair.getLong(4));
  }

  @Test
  public void holeIsASignalWithItsRow() throws Exception { // case 65, row 35
    Dialogue.Subscribed ids = subscribe("v");
    write(v, 0, T0, 1);
    write(v, 10, T0 + 10 * DELTA, 2);
    write(v, 11, T0 + 11 * DELTA, 3);
    Dialogue.expectLine(peer, ids.domainSigno(), 0, T0);
    Dialogue.expectDoubles(peer, ids.signo(), 1);
    JsonNode whole = Dialogue.expectValueIndex(peer, ids.signo(), 10).params();
    assertTrue(whole.path("definition").has("dataType")); // row 24: never in part
    Dialogue.expectDoubles(peer, ids.signo(), 2);
    Dialogue.expectDoubles(peer, ids.signo(), 3);
    Dialogue.expectNothing(peer);
  }

  @Test
  public void siblingThatJumpsRowsLeavesAHoleInTheOther() throws Exception { // case 65
    Dialogue.Subscribed ids = subscribe("v");
    Dialogue.subscribe(server, peer, "w");
    int other = Dialogue.expectAcknowledged(peer, "w").signo();
    write(v, 0, T0, 1, 2);
    write(w, 0, T0, 10, 20);
    write(v, 100, T0 + 100 * DELTA, 3); // v jumps, w follows
    write(w, 100, T0 + 100 * DELTA, 30);
    Dialogue.expectLine(peer, ids.domainSigno(), 0, T0);
    Dialogue.expectDoubles(peer, ids.signo(), 1, 2);
    Dialogue.expectDoubles(peer, other, 10, 20);
    Dialogue.expectValueIndex(peer, ids.signo(), 100);
    Dialogue.expectDoubles(peer, ids.signo(), 3);
    Dialogue.expectValueIndex(peer, other, 100);
    Dialogue.expectDoubles(peer, other, 30);
    Dialogue.expectNothing(peer);
  }

  @Test
  public void siblingsOutOfPhaseHaveTheirLineAnnouncedAgain() throws Exception {
    // section 3.2: clients keep only the latest line; section 3.6
    Dialogue.Subscribed ids = subscribe("v");
    Dialogue.subscribe(server, peer, "w");
    int other = Dialogue.expectAcknowledged(peer, "w").signo();
    long later = T0 + 500 * DELTA;
    write(v, 0, T0, 1, 2);
    write(w, 0, T0, 10);
    write(v, 2, later, 3); // v is on the next line already
    write(w, 1, T0 + DELTA, 20); // w still on the first
    write(v, 3, later + DELTA, 4);
    write(w, 2, later, 30);
    Dialogue.expectLine(peer, ids.domainSigno(), 0, T0);
    Dialogue.expectDoubles(peer, ids.signo(), 1, 2);
    Dialogue.expectDoubles(peer, other, 10);
    Dialogue.expectLine(peer, ids.domainSigno(), 2, later);
    Dialogue.expectDoubles(peer, ids.signo(), 3);
    Dialogue.expectLine(peer, ids.domainSigno(), 1, T0 + DELTA);
    Dialogue.expectDoubles(peer, other, 20);
    Dialogue.expectLine(peer, ids.domainSigno(), 3, later + DELTA);
    Dialogue.expectDoubles(peer, ids.signo(), 4);
    Dialogue.expectDoubles(peer, other, 30);
    Dialogue.expectNothing(peer);
  }

  @Test
  public void rateChangeIsAWholeSignalThenItsLine() throws Exception { // case 66, row 24
    Dialogue.Subscribed ids = subscribe("v");
    write(v, 0, T0, 1, 2);
    table.updateDomain(SignalDescriptor.linearTime("time", 10 * DELTA));
    write(v, 2, T0 + 2 * DELTA, 3, 4);
    write(v, 4, T0 + 22 * DELTA, 5);
    Dialogue.expectLine(peer, ids.domainSigno(), 0, T0);
    Dialogue.expectDoubles(peer, ids.signo(), 1, 2);
    JsonNode signal = Dialogue.expectValueIndex(peer, ids.domainSigno(), 2).params();
    assertEquals(10 * DELTA, signal.at("/definition/linear/delta").longValue());
    assertEquals(10 * DELTA, signal.at("/interpretation/rule/parameters/delta").longValue());
    assertEquals("1970-01-01", signal.at("/definition/absoluteReference").textValue());
    Dialogue.expectLine(peer, ids.domainSigno(), 2, T0 + 2 * DELTA);
    Dialogue.expectDoubles(peer, ids.signo(), 3, 4);
    Dialogue.expectDoubles(peer, ids.signo(), 5);
    Dialogue.expectNothing(peer);
  }

  @Test
  public void newDescriptionIsAWholeSignalBeforeItsData() throws Exception { // row 24
    Dialogue.Subscribed ids = subscribe("v");
    write(v, 0, T0, 1);
    v.update(
        SignalDescriptor.value("v", "real64").unit(Unit.VOLT).name("AI0").build(), new Doubles());
    write(v, 1, T0 + DELTA, 2);
    Dialogue.expectLine(peer, ids.domainSigno(), 0, T0);
    Dialogue.expectDoubles(peer, ids.signo(), 1);
    JsonNode signal = Dialogue.expectValueIndex(peer, ids.signo(), 1).params();
    assertEquals("V", signal.at("/definition/unit/displayName").textValue());
    assertEquals("AI0", signal.at("/definition/name").textValue());
    assertEquals("explicit", signal.at("/definition/rule").textValue());
    assertEquals("time", signal.path("tableId").textValue());
    Dialogue.expectDoubles(peer, ids.signo(), 2);
    Dialogue.expectNothing(peer);
    try (Peer second = Peer.connect(server.port())) {
      Dialogue.subscribe(server, second, "v");
      Dialogue.expectAcknowledged(second, "time");
      assertEquals(
          "AI0",
          Dialogue.expectAcknowledged(second, "v").params().at("/definition/name").textValue());
    }
  }

  @Test
  public void blockLargerThanAFrameIsCutWithItsRowsInOrder() throws Exception { // rows 1, 3
    Dialogue.Subscribed ids = subscribe("v");
    double[] values = new double[100_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    write(v, 0, T0, values);
    Dialogue.expectLine(peer, ids.domainSigno(), 0, T0);
    for (int next = 0; next < values.length; ) {
      Peer.Frame frame = peer.readFrame();
      assertTrue(frame.payload().remaining() + " B", frame.payload().remaining() <= 65_535);
      ByteBuffer samples = frame.payload().position(8);
      assertEquals("whole samples", 0, samples.remaining() % Double.BYTES);
      while (samples.hasRemaining()) {
        assertEquals(next++, samples.getDouble(), 0);
      }
    }
    Dialogue.expectNothing(peer);
  }

  @Test
  public void blockLargerThanTheLogTakesIsRefusedWhole() throws Exception { // case 70, publisher
    Dialogue.Subscribed ids = subscribe("v");
    write(v, 0, T0, 1);
    double[] much = new double[4 << 20];
    assertEquals(WriteResult.TOO_LARGE, v.accept(1, T0 + DELTA, null, much, 0, much.length));
    assertEquals(1, server.statistics().count(ServerEvent.BLOCK_TOO_LARGE));
    write(v, 1 + much.length, T0 + DELTA * (1 + much.length), 2);
    Dialogue.expectLine(peer, ids.domainSigno(), 0, T0);
    Dialogue.expectDoubles(peer, ids.signo(), 1);
    Dialogue.expectValueIndex(peer, ids.signo(), 1 + much.length);
    Dialogue.expectDoubles(peer, ids.signo(), 2);
    Dialogue.expectNothing(peer);
  }

  @Test
  public void failingWriterLeavesAHole() throws Exception { // case 70, publisher
    SignalTap packed =
        table.openSignal(SignalDescriptor.value("p", "uint8").build(), new PackedBytes("uint8", 1));
    peer.next("available");
    Dialogue.Subscribed ids = subscribe("p");
    packed.accept(0, T0, null, new byte[] {1}, 0, 1);
    try {
      packed.accept(1, T0 + DELTA, null, new byte[] {1}, 0, 2);
      throw new AssertionError("encoded more than there is");
    } catch (IndexOutOfBoundsException e) {
      packed.accept(3, T0 + 3 * DELTA, null, new byte[] {2}, 0, 1);
    }
    Dialogue.expectLine(peer, ids.domainSigno(), 0, T0);
    assertEquals(1, Dialogue.expectData(peer, ids.signo()).get());
    Dialogue.expectValueIndex(peer, ids.signo(), 3);
    assertEquals(2, Dialogue.expectData(peer, ids.signo()).get());
    Dialogue.expectNothing(peer);
  }
}
