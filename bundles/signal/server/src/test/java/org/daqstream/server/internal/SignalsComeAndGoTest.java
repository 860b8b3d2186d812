/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal;

import static org.daqstream.server.internal.start.TestServer.DELTA;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.daqstream.server.internal.start.TestServer;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.WriteResult;
import org.daqstream.signal.api.sink.SignalTap;
import org.daqstream.signal.api.sink.TableTap;
import org.daqstream.signal.api.writer.SignalWriter;
import org.junit.Rule;
import org.junit.Test;

/** Signals that come, go and change while clients are connected (protocol section 2.2). */
public class SignalsComeAndGoTest {
  @Rule public final TestServer server = new TestServer();
  private TableTap table = server.table("time");
  private SignalTap v = TestServer.signal(table, "v");
  private final Peer peer = server.connect();

  private static void write(SignalTap signal, long row, double... values) {
    signal.accept(row, row * DELTA, null, values, 0, values.length);
  }

  @Test
  public void withdrawnSignalLetsGoOfItsWriter() throws Exception {
    SignalWriter writer = new Doubles();
    WeakReference<SignalWriter> reference = new WeakReference<>(writer);
    SignalTap signal = table.openSignal(SignalDescriptor.value("w", "real64").build(), writer);
    writer = null;
    signal.accept(0, 0, null, new double[] {1}, 0, 1);
    signal.close();
    assertEquals(
        "a block that was on its way",
        WriteResult.NO_SUBSCRIBER,
        signal.accept(1, DELTA, null, new double[] {1}, 0, 1));
    Await.until(
        "end of the writer",
        () -> {
          System.gc();
          return reference.get() == null;
        });
  }

  @Test
  public void newSignalsAreToldToAll() throws Exception { // case 78
    try (Peer other = Peer.connect(server.port())) {
      TableTap second = server.table("time2");
      TestServer.signal(second, "x");
      TestServer.signal(table, "w");
      for (Peer each : new Peer[] {peer, other}) {
        var seen = new ArrayList<String>();
        while (seen.size() < 3) {
          seen.addAll(Dialogue.strings(each.next("available").params().path("signalIds")));
        }
        assertEquals(List.of("time2", "x", "w"), seen);
        Dialogue.expectNothing(each);
      }
    }
  }

  @Test
  public void newSignalOfARunningTableWorks() throws Exception { // cases 64, 78
    Dialogue.subscribe(server, peer, "v");
    Dialogue.Subscribed ids = Dialogue.expectSubscribed(peer, "time", "v");
    write(v, 0, 1);
    Dialogue.expectLine(peer, ids.domainSigno(), 0, 0);
    Dialogue.expectDoubles(peer, ids.signo(), 1);
    SignalTap w = TestServer.signal(table, "w");
    Dialogue.expectSignalIds(peer, "available", "w");
    Dialogue.subscribe(server, peer, "w");
    int signo = Dialogue.expectAcknowledged(peer, "w").signo();
    write(w, 1, 10);
    write(v, 1, 2);
    Dialogue.expectValueIndex(peer, signo, 1);
    Dialogue.expectLine(peer, ids.domainSigno(), 1, DELTA);
    Dialogue.expectDoubles(peer, signo, 10);
    Dialogue.expectDoubles(peer, ids.signo(), 2);
    Dialogue.expectNothing(peer);
  }

  @Test
  public void signalThatGoesIsUnsubscribedFirst() throws Exception { // case 78, row 33
    try (Peer other = Peer.connect(server.port())) {
      Dialogue.subscribe(server, peer, "v");
      Dialogue.Subscribed ids = Dialogue.expectSubscribed(peer, "time", "v");
      v.close();
      Dialogue.expectUnsubscribed(peer, "v", ids.signo());
      Dialogue.expectUnsubscribed(peer, "time", ids.domainSigno());
      Dialogue.expectSignalIds(peer, "unavailable", "v");
      Dialogue.expectNothing(peer);
      Dialogue.expectSignalIds(other, "unavailable", "v");
      Dialogue.expectNothing(other);
      String answer = peer.command(server.controlPort(), "subscribe", "v");
      Dialogue.assertRefused(400, answer);
    }
  }

  @Test
  public void tableThatGoesTakesValuesThenDomain() throws Exception { // case 78, row 33
    Dialogue.subscribe(server, peer, "v");
    Dialogue.Subscribed ids = Dialogue.expectSubscribed(peer, "time", "v");
    v.close();
    table.close();
    Dialogue.expectUnsubscribed(peer, "v", ids.signo());
    Dialogue.expectUnsubscribed(peer, "time", ids.domainSigno());
    Dialogue.expectSignalIds(peer, "unavailable", "v");
    Dialogue.expectSignalIds(peer, "unavailable", "time");
    Dialogue.expectNothing(peer);
  }

  @Test
  public void dataBeforeTheEndArriveBeforeIt() throws Exception { // case 53
    Dialogue.subscribe(server, peer, "v");
    Dialogue.Subscribed ids = Dialogue.expectSubscribed(peer, "time", "v");
    write(v, 0, 1);
    v.close();
    write(v, 1, 2); // a publisher may come once more; nobody hears it
    Dialogue.expectLine(peer, ids.domainSigno(), 0, 0);
    Dialogue.expectDoubles(peer, ids.signo(), 1);
    Dialogue.expectUnsubscribed(peer, "v", ids.signo());
    Dialogue.expectUnsubscribed(peer, "time", ids.domainSigno());
    Dialogue.expectSignalIds(peer, "unavailable", "v");
    Dialogue.expectNothing(peer);
    assertFalse(v.hasSubscriber());
  }

  @Test
  public void sameIdCanComeBack() throws Exception { // case 78
    Dialogue.subscribe(server, peer, "v");
    Dialogue.Subscribed before = Dialogue.expectSubscribed(peer, "time", "v");
    v.close();
    v = TestServer.signal(table, "v");
    peer.next("unsubscribe");
    peer.next("unsubscribe");
    Dialogue.expectSignalIds(peer, "unavailable", "v");
    Dialogue.expectSignalIds(peer, "available", "v");
    Dialogue.subscribe(server, peer, "v");
    Dialogue.Subscribed after = Dialogue.expectSubscribed(peer, "time", "v");
    assertNotEquals("late data of the old one find no reader", before.signo(), after.signo());
    write(v, 0, 5);
    Dialogue.expectLine(peer, after.domainSigno(), 0, 0);
    Dialogue.expectDoubles(peer, after.signo(), 5);
    Dialogue.expectNothing(peer);
  }

  @Test
  public void wholeTableCanComeBack() throws Exception { // case 78
    for (int i = 0; i < 300; i++) { // more than signal numbers rest
      Dialogue.subscribe(server, peer, "v");
      Dialogue.Subscribed ids = Dialogue.expectSubscribed(peer, "time", "v");
      write(v, 0, i);
      Dialogue.expectLine(peer, ids.domainSigno(), 0, 0);
      Dialogue.expectDoubles(peer, ids.signo(), i);
      v.close();
      table.close();
      peer.next("unsubscribe");
      peer.next("unsubscribe");
      Dialogue.expectSignalIds(peer, "unavailable", "v");
      Dialogue.expectSignalIds(peer, "unavailable", "time");
      table = server.table("time");
      v = TestServer.signal(table, "v");
      int seen = 0;
      while (seen < 2) {
        seen += peer.next("available").params().path("signalIds").size();
      }
    }
  }

  @Test
  public void changedTypeIsANewSignalOfTheSameId() throws Exception { // case 79
    Dialogue.subscribe(server, peer, "v");
    Dialogue.Subscribed ids = Dialogue.expectSubscribed(peer, "time", "v");
    write(v, 0, 1);
    v.close();
    SignalTap integers =
        table.openSignal(SignalDescriptor.value("v", "int32").build(), new PackedBytes("int32", 4));
    Dialogue.expectLine(peer, ids.domainSigno(), 0, 0);
    Dialogue.expectDoubles(peer, ids.signo(), 1);
    Dialogue.expectUnsubscribed(peer, "v", ids.signo());
    Dialogue.expectUnsubscribed(peer, "time", ids.domainSigno());
    Dialogue.expectSignalIds(peer, "unavailable", "v");
    Dialogue.expectSignalIds(peer, "available", "v");
    Dialogue.subscribe(server, peer, "v");
    Dialogue.expectAcknowledged(peer, "time");
    Peer.Packet signal = Dialogue.expectAcknowledged(peer, "v");
    assertEquals("int32", signal.params().at("/definition/dataType").textValue());
    integers.accept(1, DELTA, null, new byte[] {4, 3, 2, 1}, 0, 1);
    Dialogue.expectValueIndex(peer, signal.signo(), 1);
    Dialogue.expectLine(peer, ids.domainSigno(), 1, DELTA);
    assertEquals(0x01020304, Dialogue.expectData(peer, signal.signo()).getInt());
  }

  @Test
  public void clientWithoutSubscriptionsIsToldOfEverything() throws Exception { // case 78
    for (int i = 0; i < 500; i++) {
      TestServer.signal(table, "s" + i).close();
    }
    int balance = 0;
    int told = 0;
    while (told < 1_000) {
      Peer.Packet packet = peer.read();
      int count = packet.params().path("signalIds").size();
      balance += packet.method().equals("available") ? count : -count;
      told += count;
    }
    assertEquals(0, balance);
    Dialogue.expectNothing(peer);
  }
}
