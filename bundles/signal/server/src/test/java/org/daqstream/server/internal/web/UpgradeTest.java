/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.web;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.SplittableRandom;
import org.daqstream.protocol.Upgrade;
import org.daqstream.server.internal.Dialogue;
import org.daqstream.server.internal.Peer;
import org.daqstream.server.internal.start.TestServer;
import org.daqstream.testing.LogLines;
import org.junit.Rule;
import org.junit.Test;

/** What both ports answer to HTTP before a session begins (protocol section 1.2). */
public class UpgradeTest {
  /** RFC 6455 section 1.3, for the key that {@link Peer} sends. */
  private static final String ACCEPT_KEY = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

  @Rule public final TestServer server = new TestServer();

  @Test
  public void anyPathAndHostWithoutPortAreUpgraded() throws Exception { // case 28
    try (Peer peer = new Peer(server.port())) {
      String head = peer.upgrade("/anything");
      assertTrue(head, head.startsWith("HTTP/1.1 101 "));
      assertTrue(head, head.contains("Sec-WebSocket-Accept: " + ACCEPT_KEY + "\r\n"));
      assertTrue(head, head.contains("Upgrade: websocket\r\n"));
      assertTrue(head, head.contains("Connection: Upgrade\r\n"));
      peer.next("apiVersion");
    }
  }

  @Test
  public void framesBehindTheUpgradeInOneSegmentAreRead() throws Exception { // case 33, our side
    try (Peer peer = new Peer(server.port())) {
      peer.write(
          "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
              + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
              + "\u0089\u0001x"); // a ping, unmasked
      String head = peer.readHead();
      assertTrue(head, head.startsWith("HTTP/1.1 101 "));
      assertTrue("case 32", !head.contains("Content-Length"));
      Peer.Frame frame = peer.readFrame();
      while (frame.opcode() == 2) {
        frame = peer.readFrame();
      }
      assertEquals(10, frame.opcode());
      assertEquals('x', frame.payload().get());
    }
  }

  @Test
  public void ourOwnClientSideIsUpgraded() throws Exception {
    String key = Upgrade.newKey(new SplittableRandom());
    try (Peer peer = new Peer(server.port())) {
      peer.write(
          Upgrade.request(
              URI.create("ws://127.0.0.1:" + server.port()), key, "daqstream/test", ""));
      String head = peer.readHead();
      assertTrue(
          head,
          Upgrade.isAccepted(ByteBuffer.wrap(head.getBytes(StandardCharsets.ISO_8859_1)), key));
      peer.next("apiVersion");
    }
  }

  @Test
  public void sendBufferThatTheSystemDoesNotGrantIsSaid() throws Exception { // section 1.5
    LogLines.clear();
    try (TestServer greedy = new TestServer("sendBufferBytes", 1 << 30);
        Peer peer = Peer.connect(greedy.port())) {
      assertTrue("connected as " + peer.sessionId, !peer.sessionId.isEmpty());
      assertEquals(1, LogLines.with("key sendBufferBytes = " + (1 << 30)).size());
    }
  }

  @Test
  public void headerNamesOfAnyCaseAreUpgraded() throws Exception { // case 29
    for (boolean lower : new boolean[] {true, false}) {
      String names =
          "HOST: localhost\r\nuPGRADE: websocket\r\nCONNECTION: Upgrade\r\n"
              + "SEC-websocket-KEY: dGhlIHNhbXBsZSBub25jZQ==\r\nsEc-WebSocket-version: 13\r\n\r\n";
      try (Peer peer = new Peer(server.port())) {
        peer.write(
            "GET / HTTP/1.1\r\n"
                + (lower
                    ? names
                        .replace("HOST", "host")
                        .replace("SEC-websocket-KEY", "sec-websocket-key")
                    : names));
        String head = peer.readHead();
        assertTrue(head, head.startsWith("HTTP/1.1 101 "));
        assertTrue(head, head.contains(ACCEPT_KEY));
      }
    }
  }

  @Test
  public void stockClientIsUpgraded() throws Exception { // section 1.2: exactly what it sends
    try (Peer peer = new Peer(server.port())) {
      peer.write(
          "GET / HTTP/1.1\r\nConnection: Upgrade\r\nHost: 127.0.0.1\r\n"
              + "Sec-WebSocket-Key: MTcwMDAwMDAwMDAwMDAwMA==\r\nSec-WebSocket-Version: 13\r\n"
              + "Upgrade: websocket\r\nUser-Agent: ws-streaming/3.0.2 Boost.Beast/345\r\n\r\n");
      assertTrue(peer.readHead().startsWith("HTTP/1.1 101 "));
      peer.next("apiVersion");
      peer.next("init");
      peer.next("available");
    }
  }

  @Test
  public void noExtensionIsNegotiated() throws Exception { // section 1.2
    try (Peer peer = new Peer(server.port())) {
      String head =
          peer.upgrade(
              "/", "Sec-WebSocket-Extensions: permessage-deflate", "Sec-WebSocket-Protocol: chat");
      assertTrue(head, head.startsWith("HTTP/1.1 101 "));
      String lower = head.toLowerCase(Locale.ROOT);
      assertTrue(head, !lower.contains("extensions") && !lower.contains("protocol:"));
      assertEquals(0x82, peer.readFrame().firstByte());
    }
  }

  @Test
  public void missingKeyIsRefused() throws Exception { // case 30
    try (Peer peer = new Peer(server.port())) {
      peer.write(
          "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
              + "Sec-WebSocket-Version: 13\r\n\r\n");
      Dialogue.assertRefused(400, peer.readHead());
    }
  }

  @Test
  public void otherVersionIsRefusedWithTheRightOne() throws Exception { // case 30
    try (Peer peer = new Peer(server.port())) {
      peer.write(
          "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
              + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 8\r\n\r\n");
      String head = peer.readHead();
      Dialogue.assertRefused(426, head);
      assertTrue(head, head.contains("Sec-WebSocket-Version: 13\r\n"));
    }
  }

  @Test
  public void getWithoutUpgradeIsRefused() throws Exception { // case 34
    try (Peer peer = new Peer(server.port())) {
      peer.write("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
      Dialogue.assertRefused(400, peer.readToEnd());
    }
  }

  @Test
  public void optionsLetBrowsersIn() throws Exception { // case 34
    try (TestServer open = new TestServer("allowedOrigins", "http://page.example");
        Peer peer = new Peer(open.port())) {
      peer.write(
          "OPTIONS / HTTP/1.1\r\nHost: localhost\r\nOrigin: http://page.example\r\n"
              + "Access-Control-Request-Method: POST\r\n\r\n");
      String head = peer.readHead();
      assertTrue(head, head.startsWith("HTTP/1.1 204 "));
      assertTrue(head, head.contains("Access-Control-Allow-Origin: http://page.example\r\n"));
      assertTrue(
          head, head.contains("Access-Control-Allow-Headers: Authorization, Content-Type, *\r\n"));
      assertTrue(head, head.contains("Access-Control-Allow-Methods: GET, HEAD, POST, OPTIONS\r\n"));
    }
  }

  @Test
  public void bothPortsServeBoth() throws Exception { // case 35
    TestServer.signal(server.table("time"), "v");
    try (Peer peer = Peer.connect(server.controlPort())) {
      Dialogue.assertSucceeded(peer.command(server.port(), "subscribe", "v"));
      Dialogue.expectSubscribed(peer, "time", "v");
    }
    try (Peer peer = Peer.connect(server.port())) {
      Dialogue.assertSucceeded(peer.command(server.controlPort(), "subscribe", "v"));
      Dialogue.expectSubscribed(peer, "time", "v");
    }
  }

  @Test
  public void configuredPathIsTheOnlyOne() throws Exception { // section 1.1
    try (TestServer elsewhere = new TestServer("path", "/stream")) {
      try (Peer peer = new Peer(elsewhere.port())) {
        Dialogue.assertRefused(404, peer.upgrade("/"));
      }
      try (Peer peer = new Peer(elsewhere.port())) {
        assertTrue(peer.upgrade("/stream").startsWith("HTTP/1.1 101 "));
        peer.next("apiVersion");
        assertEquals(
            "/stream",
            peer.next("init").params().at("/commandInterfaces/jsonrpc-http/httpPath").textValue());
      }
    }
  }
}
