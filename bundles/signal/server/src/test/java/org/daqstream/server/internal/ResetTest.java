/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;

import java.io.IOException;
import org.daqstream.server.api.ServerEvent;
import org.daqstream.server.internal.start.TestServer;
import org.daqstream.signal.api.sink.SignalTap;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;

/** Connections that are reset at any moment leave nothing behind. */
public class ResetTest {
  @Rule public final Timeout timeout = Timeout.seconds(60);

  private static final int TIMES = 30;
  private static final String UPGRADE =
      "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
          + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x\r\n\r\n";
  private WitnessedServer server;

  @Before
  public void start() throws Exception {
    server = new WitnessedServer();
  }

  @After
  public void stop() throws Exception {
    server.close();
  }

  private static void reset(Peer peer) throws IOException {
    peer.socket.setSoLinger(true, 0);
    peer.close();
  }

  private void resetAfter(String bytes) throws IOException {
    for (int i = 0; i < TIMES; i++) {
      Peer peer = new Peer(server.port());
      peer.write(bytes);
      reset(peer);
    }
    server.expectOnlyWitnessLeft();
  }

  @Test
  public void beforeAndWithinARequest() throws Exception {
    resetAfter("");
    resetAfter("GET / HT");
    resetAfter(
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{");
    resetAfter(
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
  }

  @Test
  public void rightAfterTheUpgradeRequest() throws Exception {
    resetAfter(UPGRADE);
    expectDisconnected(server.statistics().count(ServerEvent.CONNECTED) - 1);
  }

  @Test
  public void rightAfterTheAnswerToTheUpgrade() throws Exception {
    for (int i = 0; i < TIMES; i++) {
      Peer peer = new Peer(server.port());
      peer.upgrade("/");
      reset(peer);
    }
    server.expectOnlyWitnessLeft();
    assertEquals(TIMES + 1, server.statistics().count(ServerEvent.CONNECTED));
    expectDisconnected(TIMES);
  }

  /** It is counted a moment after the client is gone. */
  private void expectDisconnected(long count) {
    Await.until("counted", () -> server.statistics().count(ServerEvent.DISCONNECTED) == count);
  }

  @Test
  public void withinAFrame() throws Exception {
    for (int length = 1; length <= TIMES; length++) {
      Peer peer = server.offender();
      byte[] part = new byte[length];
      part[0] = (byte) 0x82;
      if (length > 1) {
        part[1] = (byte) 0xFF;
      }
      if (length > 8) {
        part[8] = 1;
      }
      peer.write(part);
      reset(peer);
    }
  }

  @Test
  public void withCommandsUnderWay() throws Exception {
    for (int i = 0; i < TIMES; i++) {
      Peer peer = server.offender();
      for (int k = 0; k < 20; k++) {
        Dialogue.request(
            peer, k, k % 2 == 0 ? "subscribe" : "unsubscribe", WitnessedServer.SIGNAL_ID);
      }
      reset(peer);
    }
  }

  @Test
  public void whileDataFlow() throws Exception {
    SignalTap big = TestServer.signal(server.server.table("big time"), "big");
    long row = 0;
    for (int i = 0; i < TIMES; i++) {
      Peer peer = server.offender();
      Dialogue.subscribe(server.server, peer, "big");
      for (int k = 0; k < 20; k++) {
        big.accept(row, row * TestServer.DELTA, null, new double[5_000], 0, 5_000);
        row += 5_000;
      }
      reset(peer);
    }
    server.expectOnlyWitnessLeft();
    assertFalse(big.hasSubscriber());
  }

  @Test
  public void halfClosedConnectionIsClosed() throws Exception {
    try (Peer peer = server.offender()) {
      peer.socket.shutdownOutput();
      peer.readToEnd();
    }
  }
}
