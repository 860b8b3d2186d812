/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import org.daqstream.signal.api.WriteResult;
import org.daqstream.signal.api.sink.SignalTap;
import org.daqstream.signal.api.sink.TableTap;
import org.junit.Test;

/** Subscribing and what follows (protocol section 2.6). */
public class SubscriptionTest {

  @Test
  public void subscriberGetsDomainThenValueThenLineThenData() throws Exception { // cases 36, 47, 63
    try (TestServer server = new TestServer()) {
      final TableTap table = server.table("time");
      final SignalTap value = TestServer.signal(table, "v");
      try (Peer peer = Peer.connect(server.port())) {
        assertEquals(
            WriteResult.NO_SUBSCRIBER, value.accept(0, 5_000, null, new double[] {1}, 0, 1));
        final String answer = peer.command(server.controlPort(), "subscribe", "v");
        assertTrue(answer, answer.endsWith("Succeeded"));
        assertEquals("time", peer.next("subscribe").params().path("signalId").textValue());
        assertEquals("time", peer.next("signal").params().path("tableId").textValue());
        assertEquals("v", peer.next("subscribe").params().path("signalId").textValue());
        assertEquals(1, peer.next("signal").params().path("valueIndex").longValue());
        assertEquals(
            WriteResult.ACCEPTED,
            value.accept(1, 5_000 + TestServer.DELTA, null, new double[] {2, 3}, 0, 2));
        final Peer.Packet line = peer.next("data");
        assertEquals(1, line.payload().getLong(0));
        assertEquals(5_000 + TestServer.DELTA, line.payload().getLong(8));
        final Peer.Packet data = peer.next("data");
        assertEquals(16, data.payload().remaining());
        assertEquals(2, data.payload().getDouble(0), 0);
      }
    }
  }
}
