/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.web;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.daqstream.protocol.Available;
import org.daqstream.protocol.CommandRequest;
import org.daqstream.protocol.Metadata;
import org.daqstream.server.api.PeerSignals;
import org.daqstream.server.api.PublishingClient;
import org.daqstream.server.internal.Await;
import org.daqstream.server.internal.Dialogue;
import org.daqstream.server.internal.Peer;
import org.daqstream.server.internal.start.TestServer;
import org.daqstream.signal.api.sink.TableTap;
import org.junit.Test;

/** What clients publish, from their socket to whoever takes it. */
public class PublishingClientTest extends PublishingBench {
  @Test
  public void clientsAreToldWhetherTheyMay() throws Exception {
    try (TestServer off = server();
        TestServer on = server("acceptSignals", true)) {
      assertEquals("2.0.0 {}", versionTold(off, WSS));
      String delivery = "\"delivery\":{\"messageBytes\":65535}";
      assertEquals("1.2.0 {" + delivery + "}", versionTold(off, OURS));
      assertEquals("1.2.0 {}", versionTold(off, LT));
      assertEquals("2.0.0 {}", versionTold(on, WSS));
      assertEquals(
          "2.0.0 {\"constantRows\":true," + delivery + ",\"signals\":{\"messageBytes\":65536}}",
          versionTold(on, OURS));
      assertEquals("2.0.0 {}", versionTold(on, LT));
      on.takers.remove(taker);
      assertEquals("nobody takes them", "1.2.0 {" + delivery + "}", versionTold(on, OURS));
    }
  }

  @Test
  public void byDefaultOffersAreNotedAndNothingElse() throws Exception {
    try (TestServer server = server()) {
      Peer peer = server.connect(WSS);
      greet(peer, "/Time", "/Value");
      peer.send(0x82, data(1, 16), false);
      Await.until("an offer", () -> server.statistics().offersCount() == 1);
      assertEquals(List.of(), taker.clients);
      assertEquals(0, notTaken());
    }
  }

  @Test
  public void packetsOfAStockClientArePassedOnAndAnswered() throws Exception { // case 88
    try (TestServer server = server("acceptSignals", true)) {
      Peer peer = server.connect(WSS);
      greet(peer, "/Time", "/Value");
      awaitCame(3);
      PublishingClient client = taker.clients.get(0);
      assertEquals("clients/127.0.0.1/ws-streaming/", client.prefix());
      assertTrue(client.send(data(0, 8)));
      assertEquals("data", peer.read().method());
      peer.send(
          0x82,
          HexFormat.of()
              .parseHex(
                  "0100d0220200000082a66d6574686f64a9737562736372696265a6706172616d7381a87369676e61"
                      + "6c4964a52f54696d65"),
          false);
      peer.send(0x82, HexFormat.of().parseHex("010000110000000000000000352e1a3bc94eea18"), false);
      awaitCame(5);
      assertEquals("1 1 0000000000000000352e1a3bc94eea18", taker.came.get(4));
      peer.close();
      awaitCame(6);
      assertEquals("closed", taker.came.get(5));
      Await.until("it is gone", () -> !client.send(data(0, 8)));
    }
  }

  @Test
  public void whoPublishesCanAlsoSubscribe() throws Exception {
    try (TestServer server = server("acceptSignals", true)) {
      TableTap table = server.table("t");
      TestServer.signal(table, "v");
      Peer peer = server.connect(OURS);
      greet(peer, "a");
      peer.send(
          CommandRequest.of(1, peer.sessionId, CommandRequest.SUBSCRIBE, List.of("v"))
              .toMetadata());
      for (String each : List.of("subscribe", "signal", "subscribe", "signal", "response")) {
        peer.next(each);
      }
      awaitCame(3);
      assertEquals("clients/127.0.0.1/press/", taker.clients.get(0).prefix());
    }
  }

  @Test
  public void aClientThatOnlyGreetsIsNoPublisher() throws Exception {
    try (TestServer server = server("acceptSignals", true, "acceptedClients", 1)) {
      for (int i = 0; i < 3; i++) {
        Peer peer = server.connect(WSS);
        greet(peer);
      }
      Peer publishes = server.connect(WSS);
      greet(publishes, "a");
      awaitCame(3);
      Peer tooMany = server.connect(WSS);
      greet(tooMany, "a");
      tooMany.send(0x82, data(1, 16), false);
      Await.until("a refusal", () -> notTaken() == 1);
      publishes.close();
      awaitCame(4);
      Peer next = server.connect(WSS);
      greet(next, "a");
      awaitCame(7);
      assertEquals(2, taker.clients.size());
    }
  }

  @Test
  public void whoOffersTooManySignalsIsDisconnected() throws Exception {
    try (TestServer server = server("acceptSignals", true, "acceptedSignals", 2)) {
      Peer other = server.connect(WSS);
      greet(other, "x");
      Peer peer = server.connect(WSS);
      greet(peer, "a", "b");
      awaitCame(6);
      peer.send(new Available(List.of("c")).toMetadata());
      assertEquals(1008, peer.readFrame().closeCode());
      other.send(0x82, data(1, 16), false);
      awaitCame(7);
    }
  }

  @Test
  public void whoSendsTooMuchIsDisconnected() throws Exception {
    try (TestServer server = server("acceptSignals", true, "acceptedBytesPerSecond", 10_000)) {
      Peer peer = server.connect(WSS);
      greet(peer, "a");
      for (int i = 0; i < 10; i++) {
        peer.send(0x82, data(1, 5_000), false);
      }
      assertEquals(1008, peer.readFrame().closeCode());
      int came = taker.came.size();
      assertTrue("passed on: " + came, came <= 12);
    }
  }

  @Test
  public void whoPublishesWhenItIsTurnedOffIsDisconnected() throws Exception {
    try (TestServer server = server("acceptSignals", true)) {
      Peer peer = server.connect(WSS);
      greet(peer, "a");
      awaitCame(3);
      server.intake().setTerms(new PeerTerms(false, 1, 1, 1, ""));
      peer.send(0x82, data(1, 16), false);
      assertEquals(1008, peer.readFrame().closeCode());
      assertEquals(3, taker.came.stream().filter(each -> !each.equals("closed")).count());
    }
  }

  @Test
  public void aTakerThatFailsEndsThatClientOnly() throws Exception {
    try (TestServer server = new TestServer("acceptSignals", true)) {
      server.takers.add(
          client -> {
            throw new IllegalStateException("no");
          },
          Map.of());
      Peer peer = server.connect(WSS);
      greet(peer, "a");
      assertEquals(1011, peer.readFrame().closeCode());
      assertFalse(server.connect(WSS).sessionId.isEmpty());
    }
  }

  @Test
  public void whoGoesWhileItIsTakenLeavesItsPlace() throws Exception {
    try (TestServer server = new TestServer("acceptSignals", true, "acceptedClients", 1)) {
      server.takers.add(
          client -> {
            PeerSignals.Session session = taker.open(client);
            if (taker.clients.size() == 1) {
              client.disconnect("enough"); // as the server does whenever it likes
              Await.until("it is gone", () -> !client.send(data(0, 8)));
            }
            return session;
          },
          Map.of());
      greet(server.connect(WSS), "a");
      awaitCame(1);
      assertEquals("closed", taker.came.get(0));
      greet(server.connect(WSS), "b");
      awaitCame(4);
      assertEquals(2, taker.clients.size());
    }
  }

  @Test
  public void thePrefixTellsWhoItIs() throws Exception {
    PeerTerms terms = new PeerTerms(true, 1, 1, 1, "{name}@{address}:");
    InetSocketAddress address = new InetSocketAddress(InetAddress.getByName("fe80::1"), 4);
    assertEquals("press@fe80-0-0-0-0-0-0-1:", terms.prefixFor(address, "daqstream/press 7"));
    assertEquals("a-b@fe80-0-0-0-0-0-0-1:", terms.prefixFor(address, "a\nb/2"));
  }

  @Test
  public void signalsAreCountedInEveryShapeOfAnOffer() throws Exception {
    try (TestServer server = server("acceptSignals", true, "acceptedSignals", 1)) {
      for (JsonNode shape : shapesOf("b")) {
        Peer peer = server.connect(OURS);
        greet(peer, "a");
        peer.send(new Metadata(Available.METHOD, shape));
        assertEquals(shape.toString(), 1008, Dialogue.closeCode(peer));
      }
    }
  }
}
