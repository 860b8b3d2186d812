/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.protocol;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.daqstream.signal.api.Bit;
import org.daqstream.signal.api.CanFrame;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.Dimension;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.StructMember;
import org.daqstream.signal.api.Unit;
import org.junit.Test;

/** What stock clients are told of types that they do not know (section 4, points 29 and 30). */
public class PeerFormTest {
  private static final PeerProfile[] STOCK = {PeerProfile.LT, PeerProfile.WS_STREAMING};
  private static final Dimension FREQUENCY = new Dimension.Linear("f", 0, 10, 4, Unit.HERTZ);
  private static final Dimension AXIS =
      new Dimension.Values("axis", List.of("x", "y", "z"), Unit.NONE);

  private static JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text.replace('\'', '"'));
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private static SignalDescriptor.Builder signal(String dataType) {
    return SignalDescriptor.value("/v", dataType);
  }

  private static ObjectNode document(SignalDescriptor.Builder signal, PeerProfile profile) {
    return SignalDocument.of(signal.build(), Map.of(), "/t", 0, profile);
  }

  private static String refusal(SignalDescriptor.Builder signal, PeerProfile profile) {
    return SignalDocument.refusal(signal.build(), Map.of(), profile);
  }

  private static void assertStruct(
      String members, SignalDescriptor.Builder signal, PeerProfile... profiles) {
    for (PeerProfile profile : profiles) {
      JsonNode definition = document(signal, profile).path("definition");
      String named = profile + " " + definition;
      assertEquals("", refusal(signal, profile));
      assertEquals(named, "struct", definition.path("dataType").textValue());
      assertEquals(named, json(members), json(definition.path("struct").toString()));
      assertFalse(named, definition.has("dimensions"));
      assertFalse(named, definition.has("bitField"));
    }
    assertUnchanged(signal, PeerProfile.FULL);
  }

  private static void assertUnchanged(SignalDescriptor.Builder signal, PeerProfile... profiles) {
    for (PeerProfile profile : profiles) {
      ObjectNode document = document(signal, profile);
      assertEquals("", refusal(signal, profile));
      ObjectNode definition =
          (ObjectNode) document(signal, PeerProfile.FULL).path("definition").deepCopy();
      if (profile == PeerProfile.WS_STREAMING && signal.build().unit().equals(Unit.NONE)) {
        definition.remove("unit");
      }
      if (profile == PeerProfile.LT && signal.build().dataType().equals(DataTypes.UINT8)) {
        definition.putObject("range").put("low", 0).put("high", 255);
      } else if (profile == PeerProfile.LT && !signal.build().members().isEmpty()) {
        definition.remove("unit");
      }
      assertEquals(definition, document.path("definition"));
      assertTrue(document.at("/interpretation/metadata").isMissingNode());
    }
  }

  private static String member(String name, String dataType) {
    return "{'name':'" + name + "','dataType':'" + dataType + "','rule':'explicit'}";
  }

  private static String array(String name, String dataType, int size) {
    return "{'name':'"
        + name
        + "','dataType':'"
        + dataType
        + "','rule':'explicit','dimensions':[{'name':'Dimension','rule':'linear','linear':"
        + "{'start':1,'delta':0,'size':"
        + size
        + "}}]}";
  }

  @Test
  public void plainNumbersAndCanFramesAreTheSameForAll() { // case 69
    for (String dataType :
        List.of(
            "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "real32",
            "real64")) {
      assertUnchanged(signal(dataType), PeerProfile.values());
    }
    assertUnchanged(signal(DataTypes.STRUCT).members(CanFrame.MEMBERS), PeerProfile.values());
  }

  @Test
  public void complexNumbersAreStructsToThoseWhoDoNotKnowThem() {
    assertUnchanged(signal(DataTypes.COMPLEX64), PeerProfile.LT, PeerProfile.FULL);
    assertStruct(
        "[" + member("real", "real64") + "," + member("imag", "real64") + "]",
        signal(DataTypes.COMPLEX64),
        PeerProfile.WS_STREAMING);
    assertStruct(
        "[" + member("real", "real32") + "," + member("imag", "real32") + "]",
        signal(DataTypes.COMPLEX32),
        PeerProfile.WS_STREAMING);
  }

  @Test
  public void integersOf128BitsAreTwoHalves() {
    assertStruct(
        "[" + member("low", "uint64") + "," + member("high", "int64") + "]",
        signal(DataTypes.INT128),
        STOCK);
    assertStruct(
        "[" + member("low", "uint64") + "," + member("high", "uint64") + "]",
        signal(DataTypes.UINT128),
        STOCK);
  }

  @Test
  public void bitFieldsAreTheirIntegers() {
    for (String integer : List.of("uint8", "uint16", "uint32", "uint64")) {
      SignalDescriptor.Builder flags =
          signal(DataTypes.BIT_FIELD).bits(integer, List.of(new Bit(3, "overload", "u-1")));
      for (PeerProfile profile : STOCK) {
        ObjectNode document = document(flags, profile);
        assertEquals(integer, document.at("/definition/dataType").textValue());
        assertFalse(document.path("definition").has("bitField"));
        assertEquals(
            json(
                "{'dataType':'bitField','bitField':{'dataType':'"
                    + integer
                    + "','bits':[{'index':3,'uuid':'u-1','description':'overload'}]}}"),
            json(document.at("/interpretation/metadata/definition").textValue()));
      }
      assertUnchanged(flags, PeerProfile.FULL);
    }
  }

  @Test
  public void vectorsAndMatricesAreStructsWithOneArray() {
    assertStruct(
        "[" + array("values", "real32", 4) + "]",
        signal(DataTypes.REAL32).dimensions(List.of(FREQUENCY)),
        PeerProfile.LT);
    assertStruct(
        "[" + array("values", "int16", 12) + "]",
        signal(DataTypes.INT16).dimensions(List.of(AXIS, FREQUENCY)),
        STOCK);
    assertStruct(
        "[" + array("values", "real64", 24) + "]",
        signal(DataTypes.COMPLEX64).dimensions(List.of(AXIS, FREQUENCY)),
        STOCK);
    assertStruct(
        "[" + array("values", "uint64", 6) + "]",
        signal(DataTypes.INT128).dimensions(List.of(AXIS)),
        STOCK);
    assertStruct(
        "[" + array("values", "uint8", 3) + "]",
        signal(DataTypes.BIT_FIELD).bits("uint8", List.of()).dimensions(List.of(AXIS)),
        STOCK);
  }

  @Test
  public void oneLinearDimensionIsKeptForThoseWhoReadItInAMember() {
    assertStruct(
        "[{'name':'values','dataType':'real32','rule':'explicit','dimensions':["
            + "{'name':'f','rule':'linear','linear':{'start':0,'delta':10,'size':4},"
            + "'unit':{'displayName':'Hz','unitId':4740186,'quantity':'frequency','name':'hertz'}}"
            + "]}]",
        signal(DataTypes.REAL32).dimensions(List.of(FREQUENCY)),
        PeerProfile.WS_STREAMING);
    assertStruct(
        "[" + array("values", "real32", 16) + "]",
        signal(DataTypes.REAL32).dimensions(List.of(FREQUENCY, FREQUENCY)),
        STOCK);
    assertStruct(
        "[" + array("values", "real32", 8) + "]",
        signal(DataTypes.COMPLEX32).dimensions(List.of(FREQUENCY)),
        STOCK);
  }

  @Test
  public void structsHaveNothingBesidesForTheSdksThatRefuseIt() {
    SignalDescriptor.Builder spectrum =
        signal(DataTypes.REAL32).dimensions(List.of(FREQUENCY)).unit(Unit.HERTZ).range(-1, 1);
    List<String> refused =
        List.of("unit", "range", "postScaling", "resolution", "absoluteReference", "origin");
    for (String key : refused) {
      for (PeerProfile profile : List.of(PeerProfile.LT, PeerProfile.WS_STREAMING)) {
        ObjectNode told = document(spectrum, profile);
        assertFalse(key, told.path("definition").has(key));
        assertFalse(key, told.path("interpretation").has(key));
      }
    }
    assertTrue(document(spectrum, PeerProfile.FULL).path("definition").has("unit"));
    assertTrue(document(spectrum, PeerProfile.FULL).path("definition").has("range"));
    SignalDescriptor.Builder plain = signal(DataTypes.REAL32).unit(Unit.HERTZ).range(-1, 1);
    assertTrue(document(plain, PeerProfile.WS_STREAMING).path("definition").has("unit"));
    assertTrue(document(plain, PeerProfile.WS_STREAMING).path("definition").has("range"));
  }

  @Test
  public void noUnitIsToldToThoseAloneWhoKeepWhatTheyKnow() {
    for (PeerProfile profile : PeerProfile.values()) {
      ObjectNode document = document(signal(DataTypes.REAL64), profile);
      boolean replaces = profile == PeerProfile.WS_STREAMING;
      assertEquals(profile.name(), !replaces, document.path("definition").has("unit"));
      assertEquals(profile.name(), !replaces, document.path("interpretation").has("unit"));
    }
  }

  @Test
  public void whatTheAxesWereIsTold() {
    ObjectNode document =
        document(
            signal(DataTypes.REAL32)
                .dimensions(List.of(new Dimension.Linear("f", 0, 10, 4, Unit.NONE)))
                .metadata(Map.of("sensor", "S7")),
            PeerProfile.LT);
    assertEquals("S7", document.at("/interpretation/metadata/sensor").textValue());
    assertEquals(
        json(
            "{'dataType':'real32','dimensions':[{'name':'f','rule':'linear',"
                + "'linear':{'start':0,'delta':10,'size':4}}]}"),
        json(document.at("/interpretation/metadata/definition").textValue()));
  }

  @Test
  public void postScaledVectorsAreScaledReals() {
    SignalDescriptor scaled =
        signal(DataTypes.INT16).dimensions(List.of(AXIS)).postScaling(1, 2).build();
    for (PeerProfile profile : STOCK) {
      assertEquals(
          json("[" + array("values", "real64", 3) + "]"),
          json(
              SignalDocument.of(scaled, Map.of("dataType", "real64"), "/t", 0, profile)
                  .at("/definition/struct")
                  .toString()));
    }
  }

  @Test
  public void nestedStructsAreFlatAndHaveOnlyPlainMembers() { // case 69
    SignalDescriptor.Builder nested =
        signal(DataTypes.STRUCT)
            .members(
                List.of(
                    new StructMember("z", DataTypes.COMPLEX32),
                    new StructMember(
                        "in",
                        DataTypes.STRUCT,
                        List.of(AXIS),
                        List.of(
                            new StructMember("a", DataTypes.INT8),
                            new StructMember(
                                "m", DataTypes.UINT16, List.of(AXIS, FREQUENCY), List.of()))),
                    new StructMember("n", DataTypes.INT128)));
    StringBuilder expected =
        new StringBuilder("[" + member("z.real", "real32") + "," + member("z.imag", "real32"));
    for (int i = 0; i < 3; i++) {
      expected.append(",").append(member("in[" + i + "].a", "int8"));
      expected.append(",").append(array("in[" + i + "].m", "uint16", 12));
    }
    expected.append(",").append(member("n.low", "uint64"));
    expected.append(",").append(member("n.high", "int64")).append("]");
    assertStruct(expected.toString(), nested, STOCK);
  }

  @Test
  public void arraysOfStructsAreFlat() {
    assertStruct(
        "["
            + member("records[0].x", "int8")
            + ","
            + member("records[1].x", "int8")
            + ","
            + member("records[2].x", "int8")
            + "]",
        signal(DataTypes.STRUCT)
            .members(List.of(new StructMember("x", DataTypes.INT8)))
            .dimensions(List.of(AXIS)),
        STOCK);
  }

  @Test
  public void binaryIsNotOfferedToThoseWhoCannotReadIt() {
    assertTrue(refusal(signal(DataTypes.BINARY), PeerProfile.LT).contains("binary"));
    assertTrue(refusal(signal(DataTypes.BINARY), PeerProfile.WS_STREAMING).contains("binary"));
    assertUnchanged(signal(DataTypes.BINARY), PeerProfile.FULL);
  }

  @Test
  public void samplesLargerThanAPacketAreNotOfferedToThoseTheyWouldCrash() {
    Dimension fits = new Dimension.Linear("i", 0, 1, 498, Unit.NONE);
    Dimension tooLong = new Dimension.Linear("i", 0, 1, 499, Unit.NONE);
    SignalDescriptor.Builder small = signal(DataTypes.REAL32).dimensions(List.of(fits));
    SignalDescriptor.Builder large = signal(DataTypes.REAL32).dimensions(List.of(tooLong));
    assertEquals("", refusal(small, PeerProfile.WS_STREAMING));
    assertTrue(refusal(large, PeerProfile.WS_STREAMING).contains("1996 B"));
    assertEquals("", refusal(large, PeerProfile.LT));
    assertEquals("", refusal(large, PeerProfile.FULL));
  }

  @Test
  public void unknownTypesAreOfferedToNobody() {
    SignalDescriptor.Builder unknown = signal("quaternion");
    for (PeerProfile profile : PeerProfile.values()) {
      assertTrue(refusal(unknown, profile).contains("samples of type quaternion"));
    }
    // A writer that puts a type of its own on the wire as a known one is as good as that.
    assertEquals(
        "",
        SignalDocument.refusal(
            unknown.build(), Map.of("dataType", "real64"), PeerProfile.WS_STREAMING));
  }

  @Test
  public void structWithTooManyFieldsIsNotOfferedFlat() {
    Dimension many = new Dimension.Linear("n", 0, 1, 5000, Unit.NONE);
    SignalDescriptor.Builder records =
        signal(DataTypes.STRUCT)
            .members(List.of(new StructMember("x", DataTypes.INT8)))
            .dimensions(List.of(many));
    assertTrue(refusal(records, PeerProfile.LT).contains("4096"));
    assertEquals("", refusal(records, PeerProfile.FULL));
  }
}
