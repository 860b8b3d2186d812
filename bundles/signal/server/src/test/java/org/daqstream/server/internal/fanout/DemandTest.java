/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.fanout;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.concurrent.atomic.AtomicInteger;
import org.daqstream.server.internal.Await;
import org.daqstream.server.internal.Dialogue;
import org.daqstream.server.internal.Peer;
import org.daqstream.server.internal.start.TestServer;
import org.daqstream.signal.api.sink.SignalTap;
import org.daqstream.signal.api.sink.TableTap;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** Sources hear whether anybody wants their signals. */
public class DemandTest {
  @Rule public final TestServer server = new TestServer();
  private final TableTap table = server.table("time");
  private final SignalTap v = TestServer.signal(table, "v");
  private final SignalTap w = TestServer.signal(table, "w");
  private final AtomicInteger toldOfV = new AtomicInteger();
  private final AtomicInteger toldOfW = new AtomicInteger();

  @Before
  public void listen() {
    v.whenDemandChanges(toldOfV::incrementAndGet);
    w.whenDemandChanges(toldOfW::incrementAndGet);
  }

  @Test
  public void firstSubscriberAndEndOfTheLastOneAreTold() throws Exception {
    try (Peer peer = server.connect();
        Peer other = server.connect()) {
      Dialogue.subscribe(server, peer, "v");
      Dialogue.expectSubscribed(peer, "time", "v");
      Await.until("the source hears of it", () -> toldOfV.get() > 0);
      assertTrue(v.hasSubscriber());
      int told = toldOfV.get();
      Dialogue.subscribe(server, other, "v");
      Dialogue.expectSubscribed(other, "time", "v");
      Dialogue.unsubscribe(server, peer, "v");
      peer.next("unsubscribe");
      assertEquals("the other one is left", told, toldOfV.get());
    }
    Await.until("nobody wants it", () -> !v.hasSubscriber());
    Await.until("the source hears of it", () -> toldOfV.get() > 1);
    assertEquals("nobody wanted it ever", 0, toldOfW.get());
  }

  @Test
  public void domainAloneWantsAllAndWithAValueNoOther() throws Exception { // section 2.6
    Peer peer = server.connect();
    Dialogue.subscribe(server, peer, "time");
    Dialogue.expectAcknowledged(peer, "time");
    Await.until("all hear of it", () -> toldOfV.get() > 0 && toldOfW.get() > 0);
    assertTrue(v.hasSubscriber());
    assertTrue(w.hasSubscriber());
    int told = toldOfW.get();
    Dialogue.subscribe(server, peer, "v");
    Dialogue.expectAcknowledged(peer, "v");
    Await.until("the other hears of it", () -> toldOfW.get() > told);
    assertTrue(v.hasSubscriber());
    assertFalse("lines come with the blocks of v", w.hasSubscriber());
  }
}
