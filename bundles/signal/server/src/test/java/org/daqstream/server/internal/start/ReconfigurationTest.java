/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.start;

import static org.daqstream.server.internal.start.TestServer.DELTA;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import org.daqstream.server.internal.Dialogue;
import org.daqstream.server.internal.Peer;
import org.daqstream.signal.api.sink.SignalTap;
import org.junit.Rule;
import org.junit.Test;

/** Configuration that changes while clients are connected (architecture section 3.3). */
public class ReconfigurationTest {
  @Rule public final TestServer server = new TestServer();
  private final SignalTap v = TestServer.signal(server.table("time"), "v");

  @Test
  public void newLimitsHoldForNewcomersAndDropNobody() throws Exception {
    try (Peer peer = Peer.connect(server.port());
        Peer other = Peer.connect(server.port())) {
      Dialogue.subscribe(server, peer, "v");
      Dialogue.Subscribed ids = Dialogue.expectSubscribed(peer, "time", "v");
      v.accept(0, 0, null, new double[] {1}, 0, 1);
      ServerSettings changed = TestServer.onFreePorts("clients", 1, "allowedOrigins", "http://a");
      assertTrue(server.instance.canTakeOver(changed));
      server.instance.reconfigure(changed);
      v.accept(1, DELTA, null, new double[] {2}, 0, 1);
      Dialogue.expectLine(peer, ids.domainSigno(), 0, 0);
      Dialogue.expectDoubles(peer, ids.signo(), 1);
      Dialogue.expectDoubles(peer, ids.signo(), 2);
      Dialogue.expectNothing(peer);
      Dialogue.expectNothing(other);
      try (Peer third = new Peer(server.port())) {
        Dialogue.assertRefused(503, third.upgrade("/"));
      }
      try (Peer page = new Peer(server.port())) {
        Dialogue.assertRefused(403, page.upgrade("/", "Origin: http://b"));
      }
      server.instance.reconfigure(TestServer.onFreePorts("allowedOrigins", "*"));
      try (Peer page = new Peer(server.port())) {
        assertTrue(page.upgrade("/", "Origin: http://b").startsWith("HTTP/1.1 101 "));
      }
    }
  }

  @Test
  public void whatNeedsOtherSocketsCannotBeTakenOver() throws Exception {
    assertFalse(server.instance.canTakeOver(TestServer.onFreePorts("port", 17_414)));
    assertFalse(server.instance.canTakeOver(TestServer.onFreePorts("controlPort", 17_438)));
    assertFalse(server.instance.canTakeOver(TestServer.onFreePorts("host", "localhost")));
    assertFalse(server.instance.canTakeOver(TestServer.onFreePorts("path", "/stream")));
    assertFalse(server.instance.canTakeOver(TestServer.onFreePorts("ringBytes", 32 << 20)));
    assertFalse(server.instance.canTakeOver(TestServer.onFreePorts("frameBytes", 1_024)));
    assertFalse(server.instance.canTakeOver(TestServer.onFreePorts("sendBufferBytes", 65_536)));
    assertTrue(server.instance.canTakeOver(TestServer.onFreePorts("closeTimeoutMs", 500)));
  }

  @Test
  public void framesAreAsSmallAsConfigured() throws Exception { // row 3
    try (TestServer small = new TestServer("frameBytes", 256)) {
      SignalTap signal = TestServer.signal(small.table("time"), "v");
      try (Peer peer = Dialogue.subscriber(small, "time", "v")) {
        signal.accept(0, 0, null, new double[100], 0, 100);
        Dialogue.expectLine(peer, 1, 0, 0);
        for (int samples = 0; samples < 100; ) {
          Peer.Frame frame = peer.readFrame();
          assertTrue(frame.payload().remaining() <= 256);
          samples += frame.payload().remaining() / Double.BYTES;
        }
      }
    }
  }

  @Test
  public void clientsAreToldThatTheServerStops() throws Exception { // 1001
    TestServer brief = new TestServer();
    try (Peer peer = Peer.connect(brief.port())) {
      Thread stopping = new Thread(brief::close);
      stopping.start();
      Peer.Frame frame = peer.readFrame();
      assertEquals(1001, frame.closeCode());
      peer.send(0x88, new byte[] {0x03, (byte) 0xE9}, true);
      assertEquals("", peer.readToEnd());
      stopping.join();
    }
  }
}
