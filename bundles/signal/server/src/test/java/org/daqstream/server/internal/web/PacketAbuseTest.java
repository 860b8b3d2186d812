/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.web;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import org.daqstream.protocol.CommandResponse;
import org.daqstream.protocol.Metadata;
import org.daqstream.protocol.MetadataCodec;
import org.daqstream.server.api.ServerEvent;
import org.daqstream.server.internal.Await;
import org.daqstream.server.internal.Dialogue;
import org.daqstream.server.internal.Peer;
import org.daqstream.server.internal.WitnessedServer;
import org.daqstream.server.internal.start.TestServer;
import org.daqstream.signal.api.sink.SignalTap;
import org.daqstream.signal.api.sink.TableTap;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;

/**
 * Packets and commands that make no sense (sections 1.3, 1.4, 2.5): what cannot be read is left out
 * and counted, what can be read gets an error, and the connection goes on.
 */
public class PacketAbuseTest {
  @Rule public final Timeout timeout = Timeout.seconds(60);

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final int METADATA = 2 << 28;
  private WitnessedServer server;
  private Peer peer;

  @Before
  public void start() throws Exception {
    server = new WitnessedServer("messageBytes", 4 << 20, "requestBytes", 4 << 20);
    peer = server.offender();
  }

  @After
  public void stop() throws Exception {
    peer.close();
    server.close();
  }

  private static byte[] words(int... words) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * words.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int word : words) {
      bytes.putInt(word);
    }
    return bytes.array();
  }

  private static byte[] concat(byte[] head, byte[] tail) {
    byte[] all = Arrays.copyOf(head, head.length + tail.length);
    System.arraycopy(tail, 0, all, head.length, tail.length);
    return all;
  }

  private static byte[] metadata(int encoding, byte[] document) {
    return concat(words(METADATA, document.length + 4, encoding), document);
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  private void expectIgnored(byte[] message) throws Exception {
    long before = server.statistics().count(ServerEvent.MALFORMED);
    peer.send(0x82, message, true);
    Dialogue.expectNothing(peer);
    assertTrue(
        "counted: " + Arrays.toString(Arrays.copyOf(message, 20)),
        server.statistics().count(ServerEvent.MALFORMED) > before);
  }

  @Test
  public void truncatedAndOversizedHeadersAreLeftOut() throws Exception {
    for (int length = 1; length < 4; length++) {
      expectIgnored(new byte[length]);
    }
    expectIgnored(words(METADATA));
    expectIgnored(Arrays.copyOf(words(METADATA, 5), 7));
    expectIgnored(words(METADATA | 200 << 20));
    expectIgnored(words(METADATA, 1_000, 2));
    expectIgnored(words(METADATA, Integer.MAX_VALUE));
    expectIgnored(words(METADATA, -1));
    expectIgnored(words(-1, -1, -1));
    expectIgnored(words(METADATA, 0));
    expectIgnored(words(0));
    expectIgnored(words(3 << 28 | 4 << 20, 0));
    expectIgnored(words(1 << 28 | 4 << 20 | 7, 0)); // data, which a client does not send
  }

  @Test
  public void metadataThatIsNoMetadataIsLeftOut() throws Exception {
    byte[] json = "{\"method\":".getBytes(StandardCharsets.UTF_8);
    expectIgnored(words(METADATA | 3 << 20, 2));
    expectIgnored(metadata(0, json));
    expectIgnored(metadata(7, json));
    expectIgnored(metadata(1, json));
    expectIgnored(metadata(2, json));
    expectIgnored(metadata(2, new byte[0]));
    expectIgnored(metadata(2, bytes(0xC1)));
    expectIgnored(metadata(2, bytes(0x90)));
    expectIgnored(metadata(2, bytes(0x81, 0xA6, 'm', 'e', 't', 'h', 'o', 'd', 0x05)));
    expectIgnored(metadata(2, bytes(0x81, 0x05, 0x05)));
    expectIgnored(metadata(2, bytes(0xC7, 0x01, 0x02, 0x03)));
  }

  @Test
  public void countsAndLengthsThatAreLiesCostNothing() throws Exception {
    for (int type : new int[] {0xDD, 0xDF, 0xDB, 0xC6, 0xC9}) {
      expectIgnored(metadata(2, bytes(type, 0xFF, 0xFF, 0xFF, 0xFF)));
      expectIgnored(metadata(2, bytes(type, 0x7F, 0xFF, 0xFF, 0xFF, 0, 0, 0)));
    }
    expectIgnored(metadata(2, bytes(0xDE, 0xFF, 0xFF, 0xA1, 'a')));
  }

  @Test
  public void deepNestingIsLeftOut() throws Exception {
    byte[] arrays = new byte[1_000_000];
    Arrays.fill(arrays, (byte) 0x91);
    expectIgnored(metadata(2, arrays));
    Arrays.fill(arrays, (byte) '[');
    expectIgnored(metadata(1, arrays));
    expectIgnored(
        metadata(
            1,
            ("{\"method\":\"request\",\"params\":" + "{\"a\":".repeat(100_000))
                .getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  public void otherMethodsOfTheSessionAreIgnored() throws Exception {
    for (String method : new String[] {"available", "init", "nonsense", "", "subscribe"}) {
      peer.send(new Metadata(method, JSON.arrayNode()));
    }
    peer.send(0x82, MetadataCodec.packet(77, new Metadata("request", JSON.objectNode())), true);
    Dialogue.expectNothing(peer);
  }

  private int errorOf(JsonNode params) throws Exception {
    peer.send(new Metadata("request", params));
    JsonNode response = peer.next("response").params();
    assertTrue(response.toString(), response.path("error").path("message").isTextual());
    return response.path("error").path("code").intValue();
  }

  private ObjectNode request(String method) {
    return JSON.objectNode().put("id", 1).put("jsonrpc", "2.0").put("method", method);
  }

  @Test
  public void requestsWithoutAnEnvelopeGetAnError() throws Exception {
    peer.send(
        new Metadata("request", com.fasterxml.jackson.databind.node.MissingNode.getInstance()));
    assertEquals(
        CommandResponse.INVALID_REQUEST,
        peer.next("response").params().path("error").path("code").intValue());
    assertEquals(CommandResponse.INVALID_REQUEST, errorOf(JSON.nullNode()));
    assertEquals(CommandResponse.INVALID_REQUEST, errorOf(JSON.arrayNode()));
    assertEquals(CommandResponse.INVALID_REQUEST, errorOf(JSON.textNode("x")));
    assertEquals(CommandResponse.INVALID_REQUEST, errorOf(JSON.objectNode()));
    assertEquals(CommandResponse.INVALID_REQUEST, errorOf(JSON.objectNode().put("method", 5)));
    assertEquals(CommandResponse.INVALID_REQUEST, errorOf(request("x".repeat(2_000))));
    Await.until("counted", () -> server.statistics().count(ServerEvent.BAD_REQUEST) == 7);
  }

  @Test
  public void unknownStreamsAndCommandsGetAnError() throws Exception {
    for (String method :
        new String[] {"subscribe", ".subscribe", "nobody.subscribe", ".", "", "....", "\uFFFD"}) {
      assertEquals(CommandResponse.METHOD_NOT_FOUND, errorOf(request(method)));
    }
    for (String command : new String[] {"", "fly", "Subscribe", "subscribe.subscribe"}) {
      assertEquals(
          CommandResponse.METHOD_NOT_FOUND, errorOf(request(peer.sessionId + "." + command)));
    }
  }

  @Test
  public void aSessionOfAnotherClientCannotBeCommanded() throws Exception {
    try (Peer other = server.offender()) {
      assertEquals(
          CommandResponse.METHOD_NOT_FOUND, errorOf(request(other.sessionId + ".subscribe")));
    }
  }

  @Test
  public void paramsOfTheWrongKindGetAnError() throws Exception {
    ObjectNode subscribe = request(peer.sessionId + ".subscribe");
    assertEquals(CommandResponse.INVALID_PARAMS, errorOf(subscribe));
    for (JsonNode params :
        new JsonNode[] {
          JSON.nullNode(), JSON.numberNode(5), JSON.objectNode(), JSON.booleanNode(true)
        }) {
      assertEquals(CommandResponse.INVALID_PARAMS, errorOf(subscribe.set("params", params)));
    }
    assertEquals(
        CommandResponse.SERVER_ERROR, errorOf(subscribe.set("params", JSON.textNode("unknown"))));
  }

  @Test
  public void idsThatAreNoStringsNameNoSignal() throws Exception {
    ObjectNode subscribe = request(peer.sessionId + ".subscribe");
    subscribe.putArray("params").add(5).addNull().add(JSON.objectNode()).add(JSON.arrayNode());
    peer.send(new Metadata("request", subscribe));
    assertEquals(
        "[false,false,false,false]", Dialogue.expectResponse(peer, 1).path("result").toString());
  }

  @Test
  public void idThatIsInvalidUtf8NamesNoSignal() throws Exception {
    byte[] packet =
        MetadataCodec.packet(
            0,
            new Metadata(
                "request",
                request(peer.sessionId + ".subscribe").set("params", JSON.arrayNode().add("XX"))));
    packet[packet.length - 2] = (byte) 0xC3;
    packet[packet.length - 1] = (byte) 0x28;
    peer.send(0x82, packet, true);
    assertEquals("[false]", Dialogue.expectResponse(peer, 1).path("result").toString());
  }

  @Test
  public void hundredThousandUnknownIdsAreAnswered() throws Exception {
    String[] ids = new String[100_000];
    Arrays.setAll(ids, i -> "s" + i);
    Dialogue.request(peer, 1, "subscribe", ids);
    JsonNode result = Dialogue.expectResponse(peer, 1).path("result");
    assertEquals(ids.length, result.size());
    String answer = peer.command(server.port(), "subscribe", ids);
    assertTrue(answer, answer.startsWith("HTTP/1.1 400 "));
    assertTrue("a short answer", answer.length() < 1_000);
  }

  @Test
  public void moreValuesThanTheLimitAreLeftOut() throws Exception {
    String[] ids = Collections.nCopies(300_000, "x").toArray(String[]::new);
    long before = server.statistics().count(ServerEvent.MALFORMED);
    Dialogue.request(peer, 1, "subscribe", ids);
    Dialogue.expectNothing(peer);
    assertEquals(before + 1, server.statistics().count(ServerEvent.MALFORMED));
  }

  @Test
  public void idsNamedTwiceAreSubscribedOnce() throws Exception {
    TableTap table = server.server.table("t");
    SignalTap value = TestServer.signal(table, "v");
    try (Peer greedy = server.offender()) {
      Dialogue.request(greedy, 1, "subscribe", "v", "v", "t", "v");
      Dialogue.expectSubscribed(greedy, "t", "v");
      assertEquals(
          "[true,true,true,true]", Dialogue.expectResponse(greedy, 1).path("result").toString());
      Dialogue.request(greedy, 2, "unsubscribe", "v", "v", "t", "t");
      greedy.next("unsubscribe");
      greedy.next("unsubscribe");
      Dialogue.expectResponse(greedy, 2);
      assertTrue("no subscription is left", !value.hasSubscriber());
    }
    value.close();
    table.close();
  }

  @Test
  public void thousandsOfRequestsInOneMessageAreAnsweredInOrder() throws Exception {
    byte[] message = {};
    int count = 2_000;
    for (int i = 0; i < count; i++) {
      String command = i % 3 == 0 ? "fly" : i % 3 == 1 ? "subscribe" : "unsubscribe";
      ObjectNode request = request(peer.sessionId + "." + command).put("id", i);
      request.putArray("params").add("unknown");
      message = concat(message, MetadataCodec.packet(0, new Metadata("request", request)));
    }
    peer.send(0x82, message, true);
    for (int i = 0; i < count; i++) {
      Dialogue.expectResponse(peer, i);
    }
  }
}
