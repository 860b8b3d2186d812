/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.fanout;

import static org.daqstream.server.internal.start.TestServer.DELTA;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.daqstream.server.internal.Dialogue;
import org.daqstream.server.internal.Doubles;
import org.daqstream.server.internal.PackedBytes;
import org.daqstream.server.internal.Peer;
import org.daqstream.server.internal.start.TestServer;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.WriteResult;
import org.daqstream.signal.api.sink.SignalTap;
import org.daqstream.signal.api.sink.TableTap;
import org.junit.Rule;
import org.junit.Test;

/** Signals that clients neither hear of nor get: those that are not public, and refused ones. */
public class VisibilityTest {
  private static final SignalDescriptor TIME =
      SignalDescriptor.linearTime("time", DELTA).toBuilder().isPublic(false).build();

  @Rule public final TestServer server = new TestServer();
  private final TableTap table = server.sink().openTable(TIME);

  private SignalTap open(String signalId, boolean isPublic) {
    return table.openSignal(
        SignalDescriptor.value(signalId, "real64").isPublic(isPublic).build(), new Doubles());
  }

  /** In one message or in several, as the server finds them. */
  private static void expectAvailable(Peer peer, String... signalIds) throws Exception {
    List<String> seen = new ArrayList<>();
    while (seen.size() < signalIds.length) {
      seen.addAll(Dialogue.strings(peer.next("available").params().path("signalIds")));
    }
    assertEquals(List.of(signalIds), seen);
  }

  @Test
  public void signalThatIsNotPublicIsUnknownToClients() throws Exception {
    SignalTap secret = open("secret", false);
    assertFalse(secret.hasSubscriber());
    assertEquals(WriteResult.NO_SUBSCRIBER, secret.accept(0, 0, null, new double[] {1}, 0, 1));
    try (Peer peer = new Peer(server.port())) {
      peer.upgrade("/");
      peer.next("apiVersion");
      peer.sessionId = peer.next("init").params().path("streamId").textValue();
      Dialogue.expectSignalIds(peer, "available");
      for (String signalId : new String[] {"secret", "time"}) {
        String answer = peer.command(server.controlPort(), "subscribe", signalId);
        Dialogue.assertRefused(400, answer);
        assertTrue(answer, answer.contains(signalId));
      }
      secret.close();
      Dialogue.expectNothing(peer);
    }
  }

  @Test
  public void signalOfAnUnknownTypeIsRefusedAndOfferedToNobody() throws Exception {
    SignalTap unknown =
        table.openSignal(
            SignalDescriptor.value("q", "quaternion").build(), new PackedBytes("quaternion", 4));
    assertEquals("signal q: samples of type quaternion cannot be read", unknown.refusal());
    assertEquals("", open("v", true).refusal());
    try (Peer peer = new Peer(server.port())) {
      peer.upgrade("/", "User-Agent: daqstream/0.1");
      peer.next("apiVersion");
      peer.sessionId = peer.next("init").params().path("streamId").textValue();
      Dialogue.expectSignalIds(peer, "available", "time", "v");
      Dialogue.assertRefused(400, peer.command(server.controlPort(), "subscribe", "q"));
    }
  }

  @Test
  public void domainThatIsNotPublicIsOfferedAsLongAsAPublicValueNeedsIt() throws Exception {
    try (Peer peer = Peer.connect(server.port())) {
      open("secret", false);
      SignalTap v = open("v", true);
      SignalTap w = open("w", true);
      expectAvailable(peer, "time", "v", "w");
      Dialogue.subscribe(server, peer, "w");
      Dialogue.Subscribed ids = Dialogue.expectSubscribed(peer, "time", "w");
      v.close();
      Dialogue.expectSignalIds(peer, "unavailable", "v");
      w.accept(0, 0, null, new double[] {1}, 0, 1);
      Dialogue.expectLine(peer, ids.domainSigno(), 0, 0);
      Dialogue.expectDoubles(peer, ids.signo(), 1);
      w.close();
      Dialogue.expectUnsubscribed(peer, "w", ids.signo());
      Dialogue.expectUnsubscribed(peer, "time", ids.domainSigno());
      Dialogue.expectSignalIds(peer, "unavailable", "w");
      Dialogue.expectSignalIds(peer, "unavailable", "time");
      SignalTap again = open("v", true);
      expectAvailable(peer, "time", "v");
      again.close();
      table.close();
      Dialogue.expectSignalIds(peer, "unavailable", "v");
      Dialogue.expectSignalIds(peer, "unavailable", "time");
      Dialogue.expectNothing(peer);
    }
  }

  @Test
  public void domainBecomesPublicAndCeasesToBe() throws Exception {
    try (Peer peer = Peer.connect(server.port())) {
      table.updateDomain(TIME.toBuilder().isPublic(true).build());
      Dialogue.expectSignalIds(peer, "available", "time");
      table.updateDomain(TIME);
      Dialogue.expectSignalIds(peer, "unavailable", "time");
      table.close();
      Dialogue.expectNothing(peer);
    }
  }
}
