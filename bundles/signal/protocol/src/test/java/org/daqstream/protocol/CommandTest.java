/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.protocol;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.daqstream.protocol.CommandRequest.Target;
import org.daqstream.protocol.ProtocolException.Kind;
import org.junit.Test;

/** Commands and their answers (sections 2.4, 2.5). */
public class CommandTest {
  private static JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text.replace('\'', '"'));
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] utf8(String text) {
    return text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }

  @Test
  public void requestAndResponseAreTheWorkedPackets() throws ProtocolException {
    // Protocol section 2.5.
    CommandRequest request = CommandRequest.of(1, "S1", CommandRequest.SUBSCRIBE, List.of("/V"));
    String requestHex =
        Bytes.plain(
            "00 00 b0 24 02 00 00 00 82 a6 6d 65 74 68 6f 64 a7 72 65 71 75 65 73 74"
                + "a6 70 61 72 61 6d 73 84 a2 69 64 01 a7 6a 73 6f 6e 72 70 63 a3 32 2e 30"
                + "a6 6d 65 74 68 6f 64 ac 53 31 2e 73 75 62 73 63 72 69 62 65"
                + "a6 70 61 72 61 6d 73 91 a2 2f 56");
    assertEquals(requestHex, Bytes.hex(MetadataCodec.packet(0, request.toMetadata())));
    CommandRequest parsed = CommandRequest.parse(Bytes.message(requestHex).params());
    assertEquals(IntNode.valueOf(1), parsed.id());
    assertEquals("S1.subscribe", parsed.method());
    assertEquals(List.of("/V"), parsed.signalIds());

    String responseHex =
        Bytes.plain(
            "00 00 60 23 02 00 00 00 82 a6 6d 65 74 68 6f 64 a8 72 65 73 70 6f 6e 73 65"
                + "a6 70 61 72 61 6d 73 83 a2 69 64 01 a7 6a 73 6f 6e 72 70 63 a3 32 2e 30"
                + "a6 72 65 73 75 6c 74 91 c3");
    CommandResponse response = CommandResponse.results(parsed.id(), List.of(true));
    assertEquals(responseHex, Bytes.hex(MetadataCodec.packet(0, response.toMetadata())));
    assertEquals(response, CommandResponse.parse(Bytes.message(responseHex).params()));
  }

  @Test
  public void httpBodyIsAnEnvelopeInJson() throws ProtocolException {
    CommandRequest request =
        CommandRequest.of(7, "S1", CommandRequest.UNSUBSCRIBE, List.of("/A", "/B"));
    assertEquals(
        json("{'id':7,'jsonrpc':'2.0','method':'S1.unsubscribe','params':['/A','/B']}"),
        json(new String(request.toHttpBody(), StandardCharsets.UTF_8)));
    CommandRequest parsed = CommandRequest.parseHttp(request.toHttpBody(), Limits.DEFAULT);
    assertEquals(List.of("/A", "/B"), parsed.signalIds());
    assertArrayEquals(request.toHttpBody(), parsed.toHttpBody());
  }

  @Test
  public void methodIsSplitAtAKnownStreamIdElseAtTheLastDot() throws ProtocolException {
    CommandRequest captured = CommandRequest.parse(Bytes.message(Captured.WSS_REQUEST).params());
    assertEquals(
        new Target("::ffff:127.0.0.1:43844", "subscribe"), captured.target(Set.of()::contains));
    CommandRequest request = CommandRequest.of(1, "a.b", "c.d", List.of());
    assertEquals(new Target("a.b", "c.d"), request.target(Set.of("a.b")::contains));
    assertEquals(new Target("a", "b.c.d"), request.target(Set.of("a")::contains));
    assertEquals(new Target("a.b.c", "d"), request.target(Set.of("x")::contains));
    CommandRequest noDot = CommandRequest.parse(json("{'method':'subscribe'}"));
    assertEquals(new Target("", "subscribe"), noDot.target(id -> true));
    CommandRequest dots = CommandRequest.parse(json("{'method':'.'}"));
    assertEquals(new Target("", ""), dots.target(id -> false));
  }

  @Test
  public void paramsAreAnArrayAStringOrSomethingElse() throws ProtocolException { // case 56
    CommandRequest single = CommandRequest.parse(json("{'method':'S.subscribe','params':'/V'}"));
    assertTrue(single.isSingle() && single.namesSignals());
    assertEquals(List.of("/V"), single.signalIds());
    CommandRequest array =
        CommandRequest.parse(json("{'method':'S.subscribe','params':['/V',5,{}]}"));
    assertFalse(array.isSingle());
    assertEquals(List.of("/V", "5", "{}"), array.signalIds());
    for (String params : new String[] {"{'a':1}", "5", "null", "true"}) {
      CommandRequest other =
          CommandRequest.parse(json("{'method':'S.subscribe','params':" + params + "}"));
      assertFalse(params, other.namesSignals());
      assertEquals(List.of(), other.signalIds());
    }
  }

  @Test
  public void requestWithoutParamsIsACommandWithoutSignals() throws ProtocolException { // case 57
    CommandRequest request = CommandRequest.parse(json("{'id':'x','method':'S.subscribe'}"));
    assertFalse(request.namesSignals());
    assertEquals(TextNode.valueOf("x"), request.id());
  }

  @Test
  public void badEnvelopesAreRefusedAndTheirIdIsKnown() throws ProtocolException { // case 57
    for (String envelope :
        new String[] {
          "{'id':'x','method':5}",
          "{'id':'x'}",
          "{'id':'x','method':null,'params':[]}",
          "{'id':'x','method':'" + "x".repeat(2000) + "'}"
        }) {
      ProtocolException e =
          assertThrows(ProtocolException.class, () -> CommandRequest.parse(json(envelope)));
      assertEquals(Kind.BAD_REQUEST, e.kind());
      assertEquals(TextNode.valueOf("x"), CommandRequest.idOf(json(envelope)));
    }
    for (String envelope : new String[] {"[]", "5", "null", "'x'"}) {
      assertThrows(ProtocolException.class, () -> CommandRequest.parse(json(envelope)));
      assertTrue(CommandRequest.idOf(json(envelope)).isMissingNode());
    }
    assertThrows(
        ProtocolException.class,
        () ->
            CommandRequest.parse(
                Bytes.message("00 00 d0 20 02 00 00 00 81 a6 6d6574686f64 a1 78").params()));
  }

  @Test
  public void theIdComesBackInTheResponse() throws ProtocolException { // case 57
    for (String id :
        new String[] {"1", "-1", "'x'", "null", "1.5", "18446744073709551615", "-1e300"}) {
      CommandRequest request = CommandRequest.parse(json("{'id':" + id + ",'method':'S.x'}"));
      JsonNode params = CommandResponse.succeeded(request.id()).toMetadata().params();
      assertEquals(json("{'id':" + id + ",'jsonrpc':'2.0','result':true}"), params);
    }
    CommandRequest noId = CommandRequest.parse(json("{'method':'S.x'}"));
    assertTrue(CommandResponse.succeeded(noId.id()).toMetadata().params().path("id").isNull());
  }

  @Test
  public void idsThatCannotComeBackAreRefused() throws ProtocolException {
    String[] ids = {
      "18446744073709551616",
      "-9223372036854775809",
      "9".repeat(90),
      "1e999",
      "-1e999",
      "true",
      "[]",
      "{'a':[]}",
      "'" + "x".repeat(1025) + "'"
    };
    for (String id : ids) {
      JsonNode envelope = json("{'id':" + id + ",'method':'S.subscribe','params':[]}");
      ProtocolException e =
          assertThrows(id, ProtocolException.class, () -> CommandRequest.parse(envelope));
      assertEquals(id, Kind.BAD_REQUEST, e.kind());
      assertTrue(id, CommandRequest.idOf(envelope).isMissingNode());
    }
    JsonNode binary =
        JsonNodeFactory.instance.objectNode().put("id", new byte[3]).put("method", "");
    assertThrows(ProtocolException.class, () -> CommandRequest.parse(binary));
    JsonNode nan = JsonNodeFactory.instance.objectNode().put("id", Double.NaN).put("method", "");
    assertThrows(ProtocolException.class, () -> CommandRequest.parse(nan));
  }

  @Test
  public void errorsCarryCodeAndMessage() throws ProtocolException {
    CommandResponse error =
        CommandResponse.error(
            IntNode.valueOf(3), CommandResponse.METHOD_NOT_FOUND, "no command 'x'");
    assertEquals(IntNode.valueOf(-32601), error.toMetadata().params().path("error").path("code"));
    assertEquals(error, CommandResponse.parse(error.toMetadata().params()));
    assertTrue(error.isError());
    assertFalse(error.isDone(0));
    CommandResponse odd = CommandResponse.parse(json("{'error':'broken'}"));
    assertTrue(odd.isError());
    assertTrue(odd.errorMessage().contains("broken"));
    assertThrows(ProtocolException.class, () -> CommandResponse.parse(json("[]")));
  }

  @Test
  public void httpAnswersOfAllFamilies() { // cases 58, 59
    byte[] nothing = new byte[0];
    assertFalse(CommandResponse.parseHttp(204, nothing, Limits.DEFAULT).isError());
    CommandResponse plain = CommandResponse.parseHttp(200, utf8("Succeeded"), Limits.DEFAULT);
    assertTrue(plain.isDone(0) && !plain.isError());
    CommandResponse some = CommandResponse.parseHttp(200, utf8("[true,false]"), Limits.DEFAULT);
    assertTrue(some.isDone(0) && !some.isDone(1));
    CommandResponse emb =
        CommandResponse.parseHttp(200, utf8("{'id':1,'result':true}"), Limits.DEFAULT);
    assertTrue(emb.isDone(0));
    CommandResponse embError =
        CommandResponse.parseHttp(
            200, utf8("{'id':1,'error':{'code':-32602,'message':'no'}}"), Limits.DEFAULT);
    assertEquals(CommandResponse.INVALID_PARAMS, embError.errorCode());
    CommandResponse bad = CommandResponse.parseHttp(400, utf8("unknown: /X"), Limits.DEFAULT);
    assertEquals(400, bad.errorCode());
    assertEquals("unknown: /X", bad.errorMessage());
    assertEquals(
        500,
        CommandResponse.parseHttp(500, new byte[9999], Limits.DEFAULT).errorMessage().length());
  }

  @Test
  public void bodiesOutOfBoundsAreRefused() { // case 55
    Limits tight = new Limits(100, 100, 4, 10, 20);
    assertEquals(
        Kind.LIMIT,
        assertThrows(ProtocolException.class, () -> CommandRequest.parseHttp(new byte[101], tight))
            .kind());
    assertEquals(
        Kind.MALFORMED,
        assertThrows(ProtocolException.class, () -> CommandRequest.parseHttp(utf8(""), tight))
            .kind());
    assertEquals(
        Kind.MALFORMED,
        assertThrows(ProtocolException.class, () -> CommandRequest.parseHttp(utf8("{'id"), tight))
            .kind());
    assertEquals(
        Kind.BAD_REQUEST,
        assertThrows(ProtocolException.class, () -> CommandRequest.parseHttp(utf8("[]"), tight))
            .kind());
  }
}
