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
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.daqstream.signal.api.Bit;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.Dimension;
import org.daqstream.signal.api.RelatedSignal;
import org.daqstream.signal.api.Resolution;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.StructMember;
import org.daqstream.signal.api.Unit;
import org.junit.Test;

/** What a server writes (sections 3.1 and 4). */
public class SignalDocumentTest {
  private static final SignalDescriptor TIME = SignalDescriptor.linearTime("/t", 1_000_000);

  private static JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text.replace('\'', '"'));
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  /** As the client sees it. */
  private static JsonNode sent(ObjectNode document) {
    byte[] packet = MetadataCodec.packet(1, new SignalMessage(document).toMetadata());
    try {
      return Bytes.message(Bytes.hex(packet)).params();
    } catch (ProtocolException e) {
      throw new AssertionError(e);
    }
  }

  private static JsonNode domain(SignalDescriptor descriptor, PeerProfile profile) {
    return sent(
        SignalDocument.of(
            descriptor,
            Map.of("dataType", descriptor.dataType()),
            descriptor.signalId(),
            0,
            profile));
  }

  private static JsonNode value(SignalDescriptor descriptor, Map<String, Object> definition) {
    return sent(SignalDocument.of(descriptor, definition, "/t", 5000, PeerProfile.FULL));
  }

  /** Plain numbers are described alike to all families, but for a unit that is none. */
  private static JsonNode valueForAll(SignalDescriptor descriptor, Map<String, Object> definition) {
    JsonNode document = value(descriptor, definition);
    for (PeerProfile profile : PeerProfile.values()) {
      ObjectNode expected = document.deepCopy();
      if (profile == PeerProfile.WS_STREAMING && descriptor.unit().equals(Unit.NONE)) {
        ((ObjectNode) expected.path("definition")).remove("unit");
        ((ObjectNode) expected.path("interpretation")).remove("unit");
      }
      assertEquals(expected, sent(SignalDocument.of(descriptor, definition, "/t", 5000, profile)));
      assertEquals("", SignalDocument.refusal(descriptor, definition, profile));
    }
    return document;
  }

  private static SignalDescriptor.Builder real() {
    return SignalDescriptor.value("/v", DataTypes.REAL64);
  }

  @Test
  public void linearDomainHasEveryFactWhereSomePeerLooksForIt() { // case 62
    String expected =
        "{'definition':{'name':'Time','dataType':'int64','rule':'linear',"
            + "'linear':{'delta':1000000},"
            + "'unit':{'displayName':'s','unitId':5457219,'quantity':'time'},"
            + "'resolution':{'num':1,'denom':1000000000},"
            + "'absoluteReference':'1970-01-01','origin':'1970-01-01'},"
            + "'interpretation':{'desc_name':'Time','sig_name':'Time','sig_desc':'',"
            + "'origin':'1970-01-01',"
            + "'rule':{'type':1,'parameters':{'delta':1000000,'start':0}},"
            + "'unit':{'id':5457219,'name':'second','quantity':'time','symbol':'s'}},"
            + "'tableId':'/t','valueIndex':0}";
    for (PeerProfile profile : PeerProfile.values()) {
      assertEquals(json(expected), domain(TIME, profile));
    }
  }

  @Test
  public void valueNamesItsDomainAndItsRow() {
    SignalDescriptor volt = real().name("AI0").unit(Unit.VOLT).range(-10, 10).build();
    assertEquals(
        json(
            "{'definition':{'name':'AI0','rule':'explicit','dataType':'real64',"
                + "'unit':{'displayName':'V','unitId':5655636,'quantity':'voltage'},"
                + "'range':{'low':-10.0,'high':10.0}},"
                + "'interpretation':{'desc_name':'AI0','sig_name':'AI0','sig_desc':'',"
                + "'rule':{'type':3,'parameters':null},"
                + "'unit':{'id':5655636,'name':'volt','quantity':'voltage','symbol':'V'}},"
                + "'tableId':'/t','valueIndex':5000,"
                + "'relatedSignals':[{'type':'domain','signalId':'/t'}]}"),
        valueForAll(volt, Map.of("dataType", "real64")));
  }

  @Test
  public void linearValueIsExplicitToAllAndSaysWhatItIs() {
    SignalDescriptor line =
        real().rule(new Rule.LinearValue(-0.5)).metadata(Map.of("k", "v")).build();
    JsonNode document = valueForAll(line, Map.of());
    assertEquals("explicit", document.at("/definition/rule").textValue());
    assertTrue(document.at("/definition/linear").isMissingNode());
    assertEquals(json("{'type':3,'parameters':null}"), document.at("/interpretation/rule"));
    assertEquals("v", document.at("/interpretation/metadata/k").textValue());
    assertEquals(
        "{\"rule\":\"linear\",\"linear\":{\"delta\":-0.5}}",
        document.at("/interpretation/metadata/definition").textValue());
    SignalDescriptor scaled =
        SignalDescriptor.value("/v", DataTypes.INT16)
            .rule(new Rule.LinearValue(3))
            .postScaling(1, 10)
            .build();
    assertEquals(
        "{\"rule\":\"linear\",\"linear\":{\"delta\":30}}",
        value(scaled, Map.of("dataType", "real64"))
            .at("/interpretation/metadata/definition")
            .textValue());
  }

  @Test
  public void valueThatMeasuresTimeIsNoTimeAxis() {
    JsonNode document = valueForAll(real().unit(Unit.SECOND).build(), Map.of());
    assertEquals("duration", document.at("/definition/unit/quantity").textValue());
    assertEquals("duration", document.at("/interpretation/unit/quantity").textValue());
    assertEquals("s", document.at("/definition/unit/displayName").textValue());
  }

  @Test
  public void unitIsAlwaysCompleteBecausePeersMerge() {
    JsonNode document = valueForAll(real().build(), Map.of());
    assertEquals(
        json("{'displayName':'','unitId':-1,'quantity':''}"), document.at("/definition/unit"));
    assertEquals(
        json("{'id':-1,'name':'','quantity':'','symbol':''}"), document.at("/interpretation/unit"));
  }

  @Test
  public void resolutionIsKeptFromLtPeersExceptOfTimesInSeconds() {
    SignalDescriptor angle =
        SignalDescriptor.value("/a", DataTypes.INT64)
            .unit(Unit.ofCode("DD", "°", "degree", "angle"))
            .resolution(new Resolution(1, 100))
            .rule(new Rule.Linear(1))
            .build();
    assertTrue(domain(angle, PeerProfile.LT).at("/definition/resolution").isMissingNode());
    assertEquals(
        json("{'num':1,'denom':100}"),
        domain(angle, PeerProfile.WS_STREAMING).at("/definition/resolution"));
    JsonNode valueDocument =
        sent(
            SignalDocument.of(
                real().resolution(new Resolution(1, 2)).build(),
                Map.of(),
                "/t",
                0,
                PeerProfile.LT));
    assertTrue(valueDocument.at("/definition/resolution").isMissingNode());
  }

  @Test
  public void timesInOtherUnitsAreExpressedInSeconds() {
    SignalDescriptor millis =
        TIME.toBuilder()
            .unit(Unit.ofCode("C26", "ms", "millisecond", "time"))
            .resolution(new Resolution(5, 1000))
            .build();
    JsonNode document = domain(millis, PeerProfile.LT);
    assertEquals(json("{'num':1,'denom':200000}"), document.at("/definition/resolution"));
    assertEquals(5457219, document.at("/definition/unit/unitId").intValue());
    assertEquals("s", document.at("/interpretation/unit/symbol").textValue());
    SignalDescriptor hours =
        SignalDescriptor.value("/h", DataTypes.INT64)
            .unit(Unit.ofCode("HUR", "h", "hour", "time"))
            .build();
    assertEquals(
        json("{'num':3600,'denom':1}"), domain(hours, PeerProfile.LT).at("/definition/resolution"));
    SignalDescriptor odd = hours.toBuilder().unit(new Unit(0, "d", "day", "time")).build();
    assertTrue(domain(odd, PeerProfile.LT).at("/definition/resolution").isMissingNode());
    assertEquals("d", domain(odd, PeerProfile.LT).at("/definition/unit/displayName").textValue());
  }

  @Test
  public void writersPartLiesOverTheCommonDefinition() {
    SignalDescriptor scaled = real().dataType(DataTypes.INT16).postScaling(1, 2).build();
    JsonNode plain = valueForAll(scaled, Map.of("dataType", "real64"));
    assertEquals("real64", plain.at("/definition/dataType").textValue());
    assertFalse(plain.path("definition").has("postScaling"));
    JsonNode raw =
        valueForAll(
            scaled, Map.of("postScaling", Map.of("offset", 1.0, "scale", 2), "endian", "little"));
    assertEquals(json("{'offset':1.0,'scale':2}"), raw.at("/definition/postScaling"));
    assertEquals("little", raw.at("/definition/endian").textValue());
    JsonNode removed = valueForAll(scaled, Collections.singletonMap("unit", null));
    assertFalse(removed.path("definition").has("unit"));
  }

  @Test
  public void foreignObjectInADefinitionIsNamed() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> value(real().build(), Map.of("x", List.of(new Object()))));
    assertTrue(e.getMessage(), e.getMessage().contains("/v: definition.x"));
  }

  @Test
  public void rulesHaveTheirNames() {
    JsonNode constant = valueForAll(real().rule(Rule.CONSTANT).build(), Map.of());
    assertEquals("constant", constant.at("/definition/rule").textValue());
    assertEquals(2, constant.at("/interpretation/rule/type").intValue());
  }

  @Test
  public void shapesOfSamplesAreDescribed() {
    SignalDescriptor spectrum =
        real()
            .dimensions(
                List.of(
                    new Dimension.Linear("f", 0, 0.5, 3, Unit.HERTZ),
                    new Dimension.Log("g", 1, 1, 10, 4, Unit.NONE),
                    new Dimension.Values("h", List.of("a", 2L, 0.25), Unit.NONE)))
            .build();
    assertEquals(
        json(
            "[{'name':'f','rule':'linear','linear':{'start':0,'delta':0.5,'size':3},"
                + "'unit':{'displayName':'Hz','unitId':4740186,'quantity':'frequency',"
                + "'name':'hertz'}},"
                + "{'name':'g','rule':'log','log':{'start':1,'delta':1,'base':10,'size':4}},"
                + "{'name':'h','rule':'list','list':{'values':['a',2,0.25]}}]"),
        value(spectrum, Map.of()).at("/definition/dimensions"));

    SignalDescriptor can =
        SignalDescriptor.value("/can", DataTypes.STRUCT)
            .members(
                List.of(
                    new StructMember("ArbId", "int32"),
                    new StructMember(
                        "Data",
                        "uint8",
                        List.of(new Dimension.Linear("Dimension", 1, 0, 64, Unit.NONE)),
                        List.of()),
                    new StructMember(
                        "Inner", "struct", List.of(), List.of(new StructMember("x", "real32")))))
            .build();
    assertEquals(
        json(
            "[{'name':'ArbId','dataType':'int32','rule':'explicit'},"
                + "{'name':'Data','dataType':'uint8','rule':'explicit','dimensions':"
                + "[{'name':'Dimension','rule':'linear','linear':{'delta':0,'size':64,'start':1}}]},"
                + "{'name':'Inner','dataType':'struct','rule':'explicit','struct':"
                + "[{'name':'x','dataType':'real32','rule':'explicit'}]}]"),
        value(can, Map.of()).at("/definition/struct"));

    SignalDescriptor flags =
        SignalDescriptor.value("/f", DataTypes.BIT_FIELD)
            .bits("uint32", List.of(new Bit(3, "overload", "u-1")))
            .build();
    assertEquals(
        json("{'dataType':'uint32','bits':[{'index':3,'uuid':'u-1','description':'overload'}]}"),
        value(flags, Map.of()).at("/definition/bitField"));
  }

  @Test
  public void furtherFactsAreInTheDocument() {
    JsonNode document =
        valueForAll(
            real()
                .description("inlet")
                .metadata(Map.of("sensor", "S7"))
                .relatedSignals(List.of(new RelatedSignal("status", "/s")))
                .build(),
            Map.of());
    assertEquals("inlet", document.at("/interpretation/sig_desc").textValue());
    assertEquals(json("{'sensor':'S7'}"), document.at("/interpretation/metadata"));
    assertEquals(
        json("[{'type':'domain','signalId':'/t'},{'type':'status','signalId':'/s'}]"),
        document.path("relatedSignals"));
  }
}
