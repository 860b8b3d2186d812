/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.daqstream.server.internal.start.TestServer;
import org.daqstream.signal.api.Bit;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.RelatedSignal;
import org.daqstream.signal.api.Resolution;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.Unit;
import org.daqstream.signal.api.sink.TableTap;
import org.junit.Test;

/** The {@code signal} documents as clients get them (protocol sections 3.1 and 4). */
public class SignalMetadataTest {
  @org.junit.Rule public final TestServer server = new TestServer();

  /** The document of a signal, and before it that of its domain. */
  private List<JsonNode> documents(String domainId, String signalId, String... headers)
      throws Exception {
    try (Peer peer = Peer.connect(server.port(), headers)) {
      Dialogue.subscribe(server, peer, signalId);
      return List.of(
          Dialogue.expectAcknowledged(peer, domainId).params(),
          Dialogue.expectAcknowledged(peer, signalId).params());
    }
  }

  @Test
  public void linearDomainTellsEveryPeerWhatItReads() throws Exception {
    // case 62, rows 18 to 23
    TestServer.signal(server.table("time"), "v");
    for (String agent : List.of("User-Agent: x", Dialogue.WS_STREAMING)) {
      JsonNode domain = documents("time", "v", agent).get(0);
      assertEquals("linear", domain.at("/definition/rule").textValue());
      assertEquals(TestServer.DELTA, domain.at("/definition/linear/delta").longValue());
      assertEquals(
          TestServer.DELTA, domain.at("/interpretation/rule/parameters/delta").longValue());
      assertTrue(domain.at("/interpretation/rule/parameters/start").isNumber());
      assertEquals(0, domain.at("/interpretation/rule/parameters/start").longValue());
      assertEquals(0, domain.at("/definition/linear/start").asLong());
      assertEquals(1, domain.at("/interpretation/rule/type").intValue());
      assertEquals("1970-01-01", domain.at("/definition/absoluteReference").textValue());
      assertEquals("1970-01-01", domain.at("/definition/origin").textValue());
      assertEquals("1970-01-01", domain.at("/interpretation/origin").textValue());
      assertEquals(1, domain.at("/definition/resolution/num").longValue());
      assertEquals(1_000_000_000, domain.at("/definition/resolution/denom").longValue());
      assertEquals("int64", domain.at("/definition/dataType").textValue());
      assertEquals("time", domain.path("tableId").textValue());
      assertEquals(5457219, domain.at("/definition/unit/unitId").intValue());
      assertEquals("s", domain.at("/definition/unit/displayName").textValue());
      assertEquals("time", domain.at("/definition/unit/quantity").textValue());
      assertEquals(5457219, domain.at("/interpretation/unit/id").intValue());
      assertEquals("s", domain.at("/interpretation/unit/symbol").textValue());
      assertEquals("time", domain.at("/interpretation/unit/quantity").textValue());
      assertTrue(domain.at("/interpretation/unit/name").isTextual());
    }
  }

  @Test
  public void valueNamesItsDomainAndItsUnitTwice() throws Exception { // rows 18, 21, 31, 34, 35
    server
        .table("time")
        .openSignal(
            SignalDescriptor.value("v", "real64")
                .name("AI0")
                .description("a channel")
                .unit(Unit.VOLT)
                .range(-10, 10)
                .relatedSignals(List.of(new RelatedSignal("status", "other")))
                .metadata(Map.of("colour", "red"))
                .build(),
            new Doubles());
    JsonNode value = documents("time", "v").get(1);
    assertEquals("AI0", value.at("/definition/name").textValue());
    assertEquals("explicit", value.at("/definition/rule").textValue());
    assertEquals("real64", value.at("/definition/dataType").textValue());
    assertEquals("time", value.path("tableId").textValue());
    assertEquals("domain", value.at("/relatedSignals/0/type").textValue());
    assertEquals("time", value.at("/relatedSignals/0/signalId").textValue());
    assertEquals("status", value.at("/relatedSignals/1/type").textValue());
    assertEquals("V", value.at("/definition/unit/displayName").textValue());
    assertEquals(Unit.VOLT.unitId(), value.at("/definition/unit/unitId").intValue());
    assertEquals("voltage", value.at("/definition/unit/quantity").textValue());
    for (String key : List.of("name", "quantity", "symbol")) {
      assertTrue(key, value.at("/interpretation/unit/" + key).isTextual());
    }
    assertTrue(value.at("/interpretation/unit/id").isIntegralNumber());
    assertEquals(-10, value.at("/definition/range/low").doubleValue(), 0);
    assertEquals(10, value.at("/definition/range/high").doubleValue(), 0);
    assertTrue(value.at("/interpretation/range").isMissingNode());
    assertEquals(3, value.at("/interpretation/rule/type").intValue());
    assertEquals("AI0", value.at("/interpretation/sig_name").textValue());
    assertEquals("AI0", value.at("/interpretation/desc_name").textValue());
    assertEquals("a channel", value.at("/interpretation/sig_desc").textValue());
    assertEquals("red", value.at("/interpretation/metadata/colour").textValue());
    assertTrue(value.path("valueIndex").isIntegralNumber());
    assertFalse(value.path("definition").has("linear"));
  }

  @Test
  public void onlyDomainsMeasureTime() throws Exception { // row 22
    server
        .table("time")
        .openSignal(
            SignalDescriptor.value("v", "real64")
                .unit(Unit.ofCode("SEC", "s", "second", "time"))
                .build(),
            new Doubles());
    List<JsonNode> documents = documents("time", "v");
    assertEquals("time", documents.get(0).at("/definition/unit/quantity").textValue());
    JsonNode value = documents.get(1);
    assertEquals("duration", value.at("/definition/unit/quantity").textValue());
    assertEquals("duration", value.at("/interpretation/unit/quantity").textValue());
    assertEquals("s", value.at("/definition/unit/displayName").textValue());
  }

  @Test
  public void timeInOtherUnitsBecomesSeconds() throws Exception { // row 23
    SignalDescriptor milliseconds =
        SignalDescriptor.value("time", "int64")
            .unit(Unit.ofCode("C26", "ms", "millisecond", "time"))
            .resolution(new Resolution(1, 1_000))
            .rule(new Rule.Linear(1))
            .build();
    TestServer.signal(server.sink().openTable(milliseconds), "v");
    JsonNode domain = documents("time", "v").get(0);
    assertEquals("s", domain.at("/definition/unit/displayName").textValue());
    assertEquals(5457219, domain.at("/definition/unit/unitId").intValue());
    assertEquals(1, domain.at("/definition/resolution/num").longValue());
    assertEquals(1_000_000, domain.at("/definition/resolution/denom").longValue());
  }

  @Test
  public void otherDomainsHaveNoResolutionForLtPeers() throws Exception { // row 23
    SignalDescriptor angle =
        SignalDescriptor.value("angle", "int64")
            .unit(Unit.ofCode("DD", "°", "degree", "angle"))
            .resolution(new Resolution(1, 10))
            .rule(new Rule.Linear(1))
            .build();
    TestServer.signal(server.sink().openTable(angle), "v");
    assertTrue(documents("angle", "v").get(0).at("/definition/resolution").isMissingNode());
    assertEquals(
        10,
        documents("angle", "v", Dialogue.WS_STREAMING)
            .get(0)
            .at("/definition/resolution/denom")
            .longValue());
  }

  @Test
  public void scalingIsDoneByTheWriterAndNotAnnounced() throws Exception { // case 74, row 28
    server
        .table("time")
        .openSignal(
            SignalDescriptor.value("v", "int16").postScaling(1, 0.5).build(), new Doubles());
    JsonNode value = documents("time", "v").get(1);
    assertEquals("real64", value.at("/definition/dataType").textValue());
    assertTrue(value.at("/definition/postScaling").isMissingNode());
    assertTrue(value.at("/interpretation/scaling").isMissingNode());
  }

  @Test
  public void bitFieldCanBeAnnouncedAsTheIntegerThatHoldsIt() throws Exception { // row 30
    server
        .table("time")
        .openSignal(
            SignalDescriptor.value("v", DataTypes.BIT_FIELD)
                .bits("uint32", List.of(new Bit(0, "ready", "")))
                .build(),
            new PackedBytes("uint32", 4));
    JsonNode value = documents("time", "v").get(1);
    assertEquals("uint32", value.at("/definition/dataType").textValue());
    assertEquals("uint32", value.at("/definition/bitField/dataType").textValue());
    assertEquals("ready", value.at("/definition/bitField/bits/0/description").textValue());
  }

  @Test
  public void explicitDomainHasNoDelta() throws Exception { // section 3.1
    TableTap events = server.sink().openTable(SignalDescriptor.explicitTime("at"));
    TestServer.signal(events, "v");
    JsonNode domain = documents("at", "v").get(0);
    assertEquals("explicit", domain.at("/definition/rule").textValue());
    assertFalse(domain.path("definition").has("linear"));
    assertEquals(3, domain.at("/interpretation/rule/type").intValue());
    assertTrue(domain.at("/interpretation/rule/parameters").isNull());
    assertEquals("time", domain.at("/definition/unit/quantity").textValue());
  }

  @Test
  public void metadataIsMessagePackInTheLongForm() throws Exception { // row 6, section 3.1
    TestServer.signal(server.table("time"), "v");
    try (Peer peer = Peer.connect(server.port())) {
      Dialogue.subscribe(server, peer, "v");
      peer.next("subscribe");
      Peer.Frame signal = peer.readFrame();
      assertEquals("type 2, size 0", 0x2000_0000, signal.payload().getInt(0) & 0xFFF0_0000);
      assertEquals(signal.payload().remaining() - 8, signal.payload().getInt(4));
      assertEquals("encoding", 2, signal.payload().getInt(8));
      assertEquals((byte) 0x82, signal.payload().get(12));
    }
  }
}
