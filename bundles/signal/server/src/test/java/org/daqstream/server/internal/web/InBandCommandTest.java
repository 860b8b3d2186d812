/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.web;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.daqstream.protocol.Metadata;
import org.daqstream.protocol.MetadataCodec;
import org.daqstream.server.internal.Dialogue;
import org.daqstream.server.internal.Hex;
import org.daqstream.server.internal.Peer;
import org.daqstream.server.internal.start.TestServer;
import org.daqstream.signal.api.sink.TableTap;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** Commands within the session (protocol section 2.5). */
public class InBandCommandTest {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private TestServer server;
  private Peer peer;

  @Before
  public void startServer() throws Exception {
    server = new TestServer();
    TableTap table = server.table("time");
    TestServer.signal(table, "v");
    TestServer.signal(table, "w");
    peer = Peer.connect(server.port(), Dialogue.WS_STREAMING);
  }

  @After
  public void stopServer() throws Exception {
    peer.close();
    server.close();
  }

  private void request(String id, JsonNode method, JsonNode params) throws Exception {
    ObjectNode envelope = JSON.objectNode().put("id", id).put("jsonrpc", "2.0");
    envelope.set("method", method);
    if (params != null) {
      envelope.set("params", params);
    }
    peer.send(0x82, MetadataCodec.packet(0, new Metadata("request", envelope)), false);
  }

  private JsonNode method(String command) {
    return JSON.textNode(peer.sessionId + "." + command);
  }

  private JsonNode expectResponse(String id) throws Exception {
    JsonNode response = peer.next("response").params();
    assertEquals("2.0", response.path("jsonrpc").textValue());
    assertEquals(id, response.path("id").textValue());
    return response;
  }

  private void expectError(String id, int code) throws Exception {
    JsonNode error = expectResponse(id).path("error");
    assertEquals(code, error.path("code").intValue());
    assertTrue(error.path("message").isTextual());
  }

  @Test
  public void acknowledgementsPrecedeTheResponse() throws Exception { // cases 47, 56, row 15
    Dialogue.request(peer, 7, "subscribe", "v", "w");
    Dialogue.expectSubscribed(peer, "time", "v");
    Dialogue.expectAcknowledged(peer, "w");
    JsonNode result = Dialogue.expectResponse(peer, 7).path("result");
    assertEquals(JSON.arrayNode().add(true).add(true), result);
    Dialogue.request(peer, 8, "unsubscribe", "v");
    peer.next("unsubscribe");
    assertTrue(Dialogue.expectResponse(peer, 8).path("result").path(0).booleanValue());
  }

  @Test
  public void resultsTellEachSignal() throws Exception { // case 56, row 16
    Dialogue.request(peer, 1, "subscribe", "nope", "v");
    Dialogue.expectSubscribed(peer, "time", "v");
    assertEquals(
        JSON.arrayNode().add(false).add(true), Dialogue.expectResponse(peer, 1).path("result"));
    Dialogue.request(peer, 2, "subscribe", "v");
    assertEquals(JSON.arrayNode().add(true), Dialogue.expectResponse(peer, 2).path("result"));
  }

  @Test
  public void singleSignalHasSingleResult() throws Exception { // case 56
    request("a", method("subscribe"), JSON.textNode("v"));
    Dialogue.expectSubscribed(peer, "time", "v");
    assertTrue(expectResponse("a").path("result").booleanValue());
    request("b", method("subscribe"), JSON.textNode("nope"));
    expectError("b", -32000);
  }

  @Test
  public void goldenRequestGetsTheGoldenResponse() throws Exception { // section 2.5, case 56
    TableTap table = server.table("t2");
    TestServer.signal(table, "/V");
    for (int told = 0; told < 2; ) {
      told += peer.next("available").params().path("signalIds").size();
    }
    byte[] packet =
        Hex.bytes(
            "82 a6 6d 65 74 68 6f 64 a7 72 65 71 75 65 73 74 a6 70 61 72 61 6d 73 84 a2 69 64 01"
                + "a7 6a 73 6f 6e 72 70 63 a3 32 2e 30 a6 6d 65 74 68 6f 64");
    byte[] method = (peer.sessionId + ".subscribe").getBytes(StandardCharsets.UTF_8);
    byte[] params = Hex.bytes("a6 70 61 72 61 6d 73 91 a2 2f 56");
    ByteBuffer message =
        ByteBuffer.allocate(10 + packet.length + method.length + params.length)
            .order(ByteOrder.LITTLE_ENDIAN);
    message.putInt(2 << 28 | (message.capacity() - 4) << 20).putInt(2).put(packet);
    message.put((byte) 0xD9).put((byte) method.length).put(method).put(params);
    peer.send(0x82, message.array(), false);
    Dialogue.expectSubscribed(peer, "t2", "/V");
    assertEquals(
        ByteBuffer.wrap(
            Hex.bytes(
                "00 00 60 23 02 00 00 00 82 a6 6d 65 74 68 6f 64 a8 72 65 73 70 6f 6e 73 65"
                    + "a6 70 61 72 61 6d 73 83 a2 69 64 01 a7 6a 73 6f 6e 72 70 63 a3 32 2e 30"
                    + "a6 72 65 73 75 6c 74 91 c3")),
        peer.readFrame().payload());
  }

  @Test
  public void brokenRequestsGetErrors() throws Exception { // case 57
    request("no params", method("subscribe"), null);
    expectError("no params", -32602);
    request("wrong params", method("subscribe"), JSON.objectNode());
    expectError("wrong params", -32602);
    request("method 7", JSON.numberNode(7), JSON.arrayNode());
    expectError("method 7", -32600);
    request("no such command", method("explode"), JSON.arrayNode());
    expectError("no such command", -32601);
    request("no such stream", JSON.textNode("other.subscribe"), JSON.arrayNode());
    expectError("no such stream", -32601);
    request("no dot", JSON.textNode("subscribe"), JSON.arrayNode());
    expectError("no dot", -32601);
    peer.send(0x82, MetadataCodec.packet(0, new Metadata("request", JSON.textNode("x"))), false);
    assertEquals(-32600, peer.next("response").params().at("/error/code").intValue());
    Dialogue.request(peer, 1, "subscribe", "v");
    Dialogue.expectSubscribed(peer, "time", "v");
  }

  @Test
  public void anotherSessionCannotBeCommandedInBand() throws Exception { // case 54
    try (Peer other = Peer.connect(server.port())) {
      request("foreign", JSON.textNode(other.sessionId + ".subscribe"), JSON.arrayNode().add("v"));
      expectError("foreign", -32601);
      Dialogue.expectNothing(other);
    }
  }

  @Test
  public void errorsReachOnlyWhoCausedThem() throws Exception { // case 57, with clients around
    List<Peer> others = new ArrayList<>();
    try {
      for (int i = 0; i < 4; i++) {
        others.add(Peer.connect(server.port()));
      }
      for (int i = 0; i < 50; i++) {
        Peer culprit = others.get(i % others.size());
        ObjectNode envelope = JSON.objectNode().put("id", i).put("method", 7);
        culprit.send(new Metadata("request", envelope));
        assertEquals(i, culprit.next("response").params().path("id").intValue());
      }
      for (Peer other : others) {
        Dialogue.expectNothing(other);
      }
    } finally {
      for (Peer other : others) {
        other.close();
      }
    }
  }

  @Test
  public void pipelinedRequestsAreAnsweredInOrder() throws Exception { // case 56
    for (int i = 0; i < 500; i++) {
      Dialogue.request(peer, i, i % 2 == 0 ? "subscribe" : "unsubscribe", "v");
    }
    for (int i = 0; i < 500; i++) {
      if (i % 2 == 0) {
        Dialogue.expectSubscribed(peer, "time", "v");
      } else {
        assertEquals("v", peer.next("unsubscribe").params().path("signalId").textValue());
        assertEquals("time", peer.next("unsubscribe").params().path("signalId").textValue());
      }
      assertFalse(Dialogue.expectResponse(peer, i).has("error"));
    }
  }
}
