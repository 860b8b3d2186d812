/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.fanout;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.daqstream.protocol.Metadata;
import org.daqstream.protocol.MetadataCodec;
import org.daqstream.server.api.ServerEvent;
import org.daqstream.server.internal.Dialogue;
import org.daqstream.server.internal.Peer;
import org.daqstream.server.internal.start.TestServer;
import org.daqstream.signal.api.sink.TableTap;
import org.junit.Rule;
import org.junit.Test;

/** The first messages of a session (protocol sections 2.1 to 2.3). */
public class GreetingTest {
  @Rule public final TestServer server = new TestServer();

  @Test
  public void greetingComesInOrderAlsoWithoutSignals() throws Exception { // case 36, rows 7, 8
    long shortestNanos = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) { // a busy machine may delay one of them
      try (Peer peer = new Peer(server.port())) {
        long start = System.nanoTime();
        peer.upgrade("/");
        assertEquals("1.2.0", peer.next("apiVersion").params().path("version").textValue());
        peer.sessionId = peer.next("init").params().path("streamId").textValue();
        JsonNode signalIds = peer.next("available").params().path("signalIds");
        assertTrue(signalIds.isArray() && signalIds.isEmpty());
        shortestNanos = Math.min(shortestNanos, System.nanoTime() - start);
        Dialogue.expectNothing(peer);
      }
    }
    assertTrue(shortestNanos + " ns", shortestNanos < TimeUnit.SECONDS.toNanos(1));
  }

  @Test
  public void domainsAreAvailableToo() throws Exception { // row 9
    TableTap table = server.table("time");
    TestServer.signal(table, "v");
    TestServer.signal(table, "w");
    try (Peer peer = new Peer(server.port())) {
      peer.upgrade("/");
      peer.next("apiVersion");
      peer.next("init");
      Dialogue.expectSignalIds(peer, "available", "time", "v", "w");
    }
  }

  @Test
  public void initOffersBothInterfacesInTheFormThatAllTake() throws Exception { // case 37, row 10
    JsonNode init = init();
    JsonNode interfaces = init.path("commandInterfaces");
    assertEquals(2, interfaces.size());
    interfaces.forEach(each -> assertTrue(each.path("httpMethod").isTextual()));
    assertEquals("", interfaces.at("/jsonrpc/httpMethod").textValue());
    JsonNode http = interfaces.path("jsonrpc-http");
    assertEquals("POST", http.path("httpMethod").textValue());
    assertEquals("/", http.path("httpPath").textValue());
    assertEquals("1.1", http.path("httpVersion").textValue());
    assertTrue("port is a string", http.path("port").isTextual());
    assertEquals(String.valueOf(server.controlPort()), http.path("port").textValue());
  }

  @Test
  public void sessionIdsAreRandomWithoutDots() throws Exception { // row 11
    String one = init().path("streamId").textValue();
    String other = init().path("streamId").textValue();
    assertNotEquals(one, other);
    assertTrue(one, one.length() >= 16);
    assertFalse(one, one.contains("."));
  }

  private JsonNode init() throws Exception {
    try (Peer peer = new Peer(server.port())) {
      peer.upgrade("/");
      peer.next("apiVersion");
      return peer.next("init").params();
    }
  }

  @Test
  public void helloOfAClientIsRead() throws Exception { // case 38, row 36
    TestServer.signal(server.table("time"), "v");
    JsonNodeFactory json = JsonNodeFactory.instance;
    ObjectNode init = json.objectNode().put("streamId", "127.0.0.1:51420");
    init.putObject("commandInterfaces").putObject("jsonrpc").put("httpMethod", "");
    ObjectNode available = json.objectNode();
    available.putArray("signalIds").add("theirs");
    try (Peer peer = Peer.connect(server.port(), Dialogue.WS_STREAMING)) {
      for (Metadata message :
          List.of(
              new Metadata("apiVersion", json.objectNode().put("version", "2.0.0")),
              new Metadata("init", init),
              new Metadata("available", available))) {
        peer.send(0x82, MetadataCodec.packet(0, message), false);
      }
      Dialogue.expectNothing(peer);
      Dialogue.request(peer, 1, "subscribe", "v");
      Dialogue.expectSubscribed(peer, "time", "v");
    }
    assertEquals(1, server.statistics().offersCount());
  }

  @Test
  public void familyThatGreetsBackIsToldTheVersionForIt() throws Exception { // row 7
    try (Peer peer = new Peer(server.port())) {
      peer.upgrade("/", Dialogue.WS_STREAMING);
      assertEquals("2.0.0", peer.next("apiVersion").params().path("version").textValue());
    }
  }

  @Test
  public void strangeVersionsOfAClientAreIgnored() throws Exception { // case 39, server's side
    JsonNodeFactory json = JsonNodeFactory.instance;
    try (Peer peer = Peer.connect(server.port())) {
      for (JsonNode params :
          List.of(
              json.objectNode().put("version", "abc"),
              json.objectNode().put("version", "2.0"),
              json.objectNode().put("version", 7),
              json.objectNode(),
              json.arrayNode())) {
        peer.send(new Metadata("apiVersion", params));
      }
      Dialogue.expectNothing(peer);
    }
  }

  @Test
  public void idleClientIsPinged() throws Exception { // row 4
    try (TestServer eager = new TestServer("pingIntervalMs", 500);
        Peer peer = Peer.connect(eager.port())) {
      for (int i = 0; i < 3; i++) {
        Peer.Frame ping = peer.readFrame();
        assertEquals(0x89, ping.firstByte());
        peer.send(0x8A, ping.payload().array(), true);
      }
    }
  }

  @Test
  public void clientThatNeverPongsStays() throws Exception { // row 4: pongs are not required
    TestServer.signal(server.table("time"), "v");
    try (TestServer eager = new TestServer("pingIntervalMs", 100);
        Peer peer = Peer.connect(eager.port())) {
      for (int i = 0; i < 5; i++) {
        assertEquals(0x89, peer.readFrame().firstByte());
      }
      assertEquals(0, eager.statistics().count(ServerEvent.DISCONNECTED));
    }
  }

  @Test
  public void clientThatStopsAnsweringPingsIsDisconnected() throws Exception {
    try (TestServer eager = new TestServer("pingIntervalMs", 100);
        Peer peer = Peer.connect(eager.port())) {
      Peer.Frame ping = peer.readFrame();
      assertEquals(0x89, ping.firstByte());
      peer.send(0x8A, ping.payload().array(), true);
      assertEquals(1008, Dialogue.closeCode(peer));
      assertEquals(1, eager.statistics().count(ServerEvent.SILENT));
    }
  }

  @Test
  public void anySignOfLifeIsAsGoodAsAPong() throws Exception {
    try (TestServer eager = new TestServer("pingIntervalMs", 500);
        Peer peer = Peer.connect(eager.port())) {
      peer.send(0x8A, new byte[0], true);
      for (int i = 0; i < 3; i++) {
        assertEquals(0x89, peer.readFrame().firstByte());
        peer.send(0x81, new byte[] {'x'}, true); // which is ignored
      }
      assertEquals(0, eager.statistics().count(ServerEvent.SILENT));
    }
  }
}
