/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.fanout;

import static org.daqstream.server.internal.start.TestServer.DELTA;
import static org.junit.Assert.assertEquals;

import java.nio.ByteBuffer;
import org.daqstream.server.internal.Dialogue;
import org.daqstream.server.internal.Doubles;
import org.daqstream.server.internal.Peer;
import org.daqstream.server.internal.start.TestServer;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.Unit;
import org.daqstream.signal.api.sink.SignalTap;
import org.daqstream.signal.api.sink.TableTap;
import org.junit.Rule;
import org.junit.Test;

/** What one signal of a table is told must not make another one's times or description wrong. */
public class SiblingTimesTest {
  private static final long JUMP = 1_000_000_007;

  @Rule public final TestServer server = new TestServer();
  private final TableTap table = server.table("time"); // signal number 1
  private final SignalTap running = TestServer.signal(table, "running"); // signal number 2

  @Test
  public void replayOfAnOldSampleLeavesTheTimesOfSiblingsRight() throws Exception { // section 3.2
    SignalTap kept =
        table.openSignal(
            SignalDescriptor.value("kept", "real64").replayLast(true).build(), new Doubles());
    kept.accept(0, 0, null, new double[] {7}, 0, 1);
    try (Peer peer = Dialogue.subscriber(server, "time", "running")) {
      running.accept(0, 0, null, new double[] {1}, 0, 1);
      running.accept(1, JUMP, null, new double[] {2}, 0, 1);
      Dialogue.subscribe(server, peer, "kept");
      running.accept(2, JUMP + DELTA, null, new double[] {3}, 0, 1);
      assertEquals(JUMP + DELTA, tickOf(peer, 3, 2));
    }
  }

  /** The time that a client gives to the sample with a value, from the latest line before it. */
  private static long tickOf(Peer peer, double value, long row) throws Exception {
    long lineRow = 0;
    long lineTick = 0;
    while (true) {
      Peer.Packet packet = peer.read();
      if (!packet.method().equals("data")) {
        continue;
      }
      ByteBuffer payload = packet.payload();
      if (packet.signo() == 1) {
        lineRow = payload.getLong(0);
        lineTick = payload.getLong(8);
      } else if (packet.signo() == 2 && payload.getDouble(0) == value) {
        return lineTick + DELTA * (row - lineRow);
      }
    }
  }

  @Test
  public void holeAfterAnUpdateIsToldWithTheNewDescription() throws Exception { // rows 24, 35
    try (Peer peer = Dialogue.subscriber(server, "time", "running")) {
      running.accept(0, 0, null, new double[] {1}, 0, 1);
      Dialogue.expectLine(peer, 1, 0, 0);
      Dialogue.expectDoubles(peer, 2, 1);
      running.update(
          SignalDescriptor.value("running", "real64").unit(Unit.VOLT).build(), new Doubles());
      assertEquals("V", unitOf(peer.next("signal")));
      running.accept(5, 5 * DELTA, null, new double[] {2}, 0, 1);
      Peer.Packet told = peer.next("signal");
      assertEquals(5, told.params().path("valueIndex").longValue());
      assertEquals("V", unitOf(told));
    }
  }

  private static String unitOf(Peer.Packet signal) {
    return signal.params().at("/definition/unit/displayName").textValue();
  }
}
