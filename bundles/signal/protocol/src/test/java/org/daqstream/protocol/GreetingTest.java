/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.protocol;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.List;
import org.daqstream.protocol.ProtocolException.Kind;
import org.junit.Test;

/** Messages of the stream: apiVersion, init, available and the others of section 2.2. */
public class GreetingTest {
  private static JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text.replace('\'', '"'));
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private static CommandInterface selected(String commandInterfaces) throws ProtocolException {
    JsonNode params = json("{'streamId':'x','commandInterfaces':" + commandInterfaces + "}");
    return Init.parse(params).commandInterfaces().select();
  }

  @Test
  public void initHasStringPortAndHttpMethodEverywhere() { // case 37
    Init init = new Init("S1", CommandInterfaces.inBandAndHttp(7438, "/"));
    assertEquals("init", init.toMetadata().method());
    assertEquals(
        json(
            "{'streamId':'S1','commandInterfaces':{'jsonrpc':{'httpMethod':''},'jsonrpc-http':"
                + "{'httpMethod':'POST','httpPath':'/','httpVersion':'1.1','port':'7438'}},"
                + "'supported':{}}"),
        init.toMetadata().params());
    assertEquals(init, Init.parse(init.toMetadata().params()));
  }

  @Test
  public void helloOfAStockClientIsUnderstood() throws ProtocolException { // case 38
    Metadata init = Bytes.message(Captured.WSS_CLIENT_INIT);
    assertEquals(Init.METHOD, init.method());
    assertEquals("127.0.0.1:7414", Init.parse(init.params()).streamId());
    assertTrue(Init.parse(init.params()).commandInterfaces().select().isInBand());
  }

  @Test
  public void oddVersionsAreToldButAccepted() { // case 39
    for (String version :
        new String[] {"'abc'", "'2.0'", "2", "null", "{}", "'1.2.3.4'", "'-1.2.3'"}) {
      ApiVersion parsed = ApiVersion.parse(json("{'version':" + version + "}"));
      assertFalse(version, parsed.isWellFormed());
    }
    assertFalse(ApiVersion.parse(MissingNode.getInstance()).isWellFormed());
    assertTrue(new ApiVersion("1.5.0").isWellFormed());
  }

  @Test
  public void versionsCompareNumberByNumber() {
    assertTrue(new ApiVersion("2.0.0").isAtLeast(ApiVersion.V2_0_0));
    assertTrue(new ApiVersion("10.0.0").isAtLeast(ApiVersion.V2_0_0));
    assertTrue(new ApiVersion("2.0").isAtLeast(ApiVersion.V2_0_0));
    assertTrue(new ApiVersion("3").isAtLeast(ApiVersion.V2_0_0));
    assertTrue(new ApiVersion("2.0.1-rc1").isAtLeast(ApiVersion.V2_0_0));
    assertFalse(new ApiVersion("1.99.99").isAtLeast(ApiVersion.V2_0_0));
    assertFalse(new ApiVersion("abc").isAtLeast(ApiVersion.V1_2_0));
    assertFalse(new ApiVersion("").isAtLeast(ApiVersion.V1_2_0));
    assertFalse(new ApiVersion("99999999999999999999.0.0").isAtLeast(ApiVersion.V1_2_0));
  }

  @Test
  public void inBandIsPreferredWhateverItHolds() throws ProtocolException { // case 40
    assertTrue(
        selected("{'jsonrpc-http':{'httpMethod':'POST','port':'1'},'jsonrpc':{}}").isInBand());
    assertTrue(selected("{'jsonrpc':null}").isInBand());
  }

  @Test
  public void portsMayBeNumbersOrServiceNames() throws ProtocolException { // case 40
    assertEquals(7438, selected("{'jsonrpc-http':{'httpMethod':'POST','port':7438}}").portNumber());
    CommandInterface emb =
        selected(
            "{'jsonrpc-http':{'apiVersion':1,'httpMethod':'POST','httpVersion':'1.1',"
                + "'httpPath':'/streaming_jsonrpc','port':'http'}}");
    assertEquals(80, emb.portNumber());
    assertEquals("/streaming_jsonrpc", emb.httpPath());
  }

  @Test
  public void unknownInterfacesAreLeftAlone() throws ProtocolException { // case 40
    CommandInterface selected =
        selected(
            "{'carrier-pigeon':{'httpMethod':'POST','port':'9'},'x':5,"
                + "'jsonrpc-http':{'httpMethod':'post','port':'7438'}}");
    assertEquals(CommandInterface.HTTP, selected.name());
    assertEquals("/", selected.httpPath());
    assertEquals(9, selected("{'other':{'httpMethod':'POST','port':'9'}}").portNumber());
  }

  @Test
  public void noUsableInterfaceIsAnError() { // case 41
    for (String offer :
        new String[] {
          "{}",
          "null",
          "[]",
          "5",
          "{'jsonrpc-http':{'httpMethod':'GET','port':'80'}}",
          "{'jsonrpc-http':{'httpMethod':'POST'}}",
          "{'jsonrpc-http':{'httpMethod':'POST','port':'0'}}",
          "{'jsonrpc-http':{'httpMethod':'POST','port':'65536'}}",
          "{'jsonrpc-http':{'httpMethod':'POST','port':'gopher'}}",
          "{'jsonrpc-http':{'httpMethod':'POST','port':-1}}"
        }) {
      ProtocolException e = assertThrows(offer, ProtocolException.class, () -> selected(offer));
      assertEquals(Kind.NO_COMMAND_INTERFACE, e.kind());
    }
  }

  @Test
  public void streamWithoutCommandInterfaceIsStillAStream() throws ProtocolException { // case 41
    Init init = Init.parse(Bytes.message(Captured.LT_INIT).params());
    assertEquals("127_0_0_1_52842", init.streamId());
    assertEquals(List.of(), init.commandInterfaces().interfaces());
    assertEquals("", Init.parse(MissingNode.getInstance()).streamId());
  }

  @Test
  public void availableIsReadInAllShapes() throws ProtocolException {
    assertEquals(
        List.of("configured_signal", "explicit_signal"),
        Available.parse(Bytes.message(Captured.LT_AVAILABLE).params()).signalIds());
    assertEquals(List.of("/V"), Available.parse(json("['/V']")).signalIds());
    assertEquals(List.of("/V"), Available.parse(json("{'signalIds':['/V',5,null]}")).signalIds());
    assertEquals(List.of("/V"), Unavailable.parse(json("{'signalIds':'/V'}")).signalIds());
    assertEquals(List.of(), Available.parse(MissingNode.getInstance()).signalIds());
    assertEquals(json("{'signalIds':[]}"), new Available(List.of()).toMetadata().params());
    assertEquals(
        json("{'signalIds':['/a','/b']}"),
        new Unavailable(List.of("/a", "/b")).toMetadata().params());
  }

  @Test
  public void acknowledgementsNameTheirSignal() throws ProtocolException {
    assertEquals(
        new Subscribe("A_configured_signal_time"),
        Subscribe.parse(Bytes.message(Captured.LT_DOMAIN_SUBSCRIBE).params()));
    assertEquals(new Subscribe("/V"), Subscribe.parse(json("['/V']")));
    assertEquals(json("{'signalId':'/V'}"), new Subscribe("/V").toMetadata().params());
    assertEquals(json("{'signalId':'/V'}"), new Unsubscribe("/V").toMetadata().params());
    assertEquals(new Unsubscribe(""), Unsubscribe.parse(MissingNode.getInstance()));
    for (String params : new String[] {"{}", "{'signalId':5}", "[]", "null", "''"}) {
      ProtocolException e =
          assertThrows(params, ProtocolException.class, () -> Subscribe.parse(json(params)));
      assertEquals(Kind.BAD_MESSAGE, e.kind());
    }
  }

  @Test
  public void fillLevelsStayInTheirRange() {
    assertEquals(json("{'fillLevel':42}"), new Alive(42).toMetadata().params());
    assertEquals(new Alive(42), Alive.parse(json("{'fillLevel':42.0}")));
    assertEquals(new Alive(100), Alive.parse(json("{'fillLevel':1000}")));
    assertEquals(new Alive(0), Alive.parse(json("{'fillLevel':null}")));
  }
}
