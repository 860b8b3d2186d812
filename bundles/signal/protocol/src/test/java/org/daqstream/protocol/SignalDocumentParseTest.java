/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.protocol;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.daqstream.protocol.ProtocolException.Kind;
import org.daqstream.protocol.SignalDocument.Parsed;
import org.daqstream.signal.api.Bit;
import org.daqstream.signal.api.Dimension;
import org.daqstream.signal.api.PostScaling;
import org.daqstream.signal.api.Range;
import org.daqstream.signal.api.RelatedSignal;
import org.daqstream.signal.api.Resolution;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.StructMember;
import org.daqstream.signal.api.Unit;
import org.junit.Test;

/** What a client reads (section 4, column "Java client accepts"). */
public class SignalDocumentParseTest extends SignalDocumentBench {
  private static Parsed captured(String signalId, String packet, String... known)
      throws ProtocolException {
    Metadata message = Bytes.message(packet);
    assertEquals(SignalMessage.METHOD, message.method());
    return parse(signalId, SignalMessage.parse(message.params()).document(), known);
  }

  private static void assertBad(String key, String document) {
    ProtocolException e =
        assertThrows(document, ProtocolException.class, () -> parse("/sig", json(document)));
    assertEquals(Kind.BAD_SIGNAL, e.kind());
    assertTrue(e.getMessage(), e.getMessage().contains("/sig"));
    assertTrue(e.getMessage(), e.getMessage().contains(key));
  }

  @Test
  public void wssDomainIsRead() throws ProtocolException {
    Parsed time = captured("/Time", Captured.WSS_DOMAIN_SIGNAL);
    assertTrue(time.isDomain());
    assertEquals("/Time", time.tableId());
    assertEquals(OptionalLong.of(0), time.valueIndex());
    assertEquals(
        SignalDescriptor.value("/Time", "int64")
            .name("Time")
            .unit(new Unit(-1, "s", "seconds", "time"))
            .resolution(Resolution.NANOSECONDS)
            .rule(new Rule.Linear(1_000_000))
            .origin("1970-01-01T00:00:00.000Z")
            .build(),
        time.descriptor());
  }

  @Test
  public void wssValueIsLinkedByItsTableId() throws ProtocolException {
    Parsed value = captured("/Channel1/Value", Captured.WSS_VALUE_SIGNAL, "/Time");
    assertEquals("/Time", value.domainId());
    assertFalse(value.isDomain());
    assertEquals(Rule.EXPLICIT, value.descriptor().rule());
    assertEquals(new Range(-10, 10), value.descriptor().range());
    assertEquals(new Unit(-1, "V", "volts", "voltage"), value.descriptor().unit());
  }

  @Test
  public void wssStructIsRead() throws ProtocolException {
    assertTrue(captured("/Time", Captured.WSS_EXPLICIT_DOMAIN_SIGNAL).isDomain());
    Parsed can = captured("/CAN", Captured.WSS_STRUCT_SIGNAL, "/Time");
    assertEquals("/Time", can.domainId());
    assertEquals(
        List.of(
            new StructMember("ArbId", "int32"),
            new StructMember("Length", "int8"),
            new StructMember(
                "Data",
                "uint8",
                List.of(new Dimension.Linear("Dimension", 1, 0, 64, Unit.NONE)),
                List.of())),
        can.descriptor().members());
  }

  @Test
  public void domainIsFoundWhereTheTableIsNoSignal() throws ProtocolException { // cases 76, 77
    Parsed domain = captured("A_configured_signal_time", Captured.LT_DOMAIN_SIGNAL);
    assertTrue(domain.isDomain());
    assertEquals("configured_signal_table", domain.tableId());
    assertEquals(OptionalLong.empty(), domain.valueIndex());
    assertTrue(captured("A_explicit_signal_time", Captured.LT_EXPLICIT_DOMAIN_SIGNAL).isDomain());
    Parsed value = captured("configured_signal", Captured.LT_VALUE_SIGNAL);
    assertEquals("A_configured_signal_time", value.domainId());
    assertEquals(List.of(), value.descriptor().relatedSignals());
    Parsed unrelated =
        parse("v", json("{'definition':{'dataType':'int8'},'tableId':'configured_signal_table'}"));
    assertEquals("", unrelated.domainId());
    assertEquals("configured_signal_table", unrelated.tableId());
  }

  @Test
  public void domainWithoutAnyTableIsToldByItsQuantity() throws ProtocolException { // case 76
    String time = "{'definition':{'dataType':'uint64','unit':{'quantity':'time'}}}";
    assertTrue(parse("t", json(time)).isDomain());
    // A value in seconds of a known table is none.
    String seconds =
        "{'definition':{'dataType':'real64','unit':{'quantity':'time'}},'tableId':'t'}";
    assertEquals("t", parse("v", json(seconds), "t").domainId());
  }

  @Test
  public void relationsOtherThanTheDomainStay() throws ProtocolException {
    Parsed parsed =
        parse(
            "v",
            json(
                "{'definition':{'dataType':'int8'},'tableId':7,'relatedSignals':["
                    + "{'type':'status','signalId':'s'},{'type':'time','signalId':'t'},{},5]}"));
    assertEquals("t", parsed.domainId());
    assertEquals("7", parsed.tableId());
    assertEquals(List.of(new RelatedSignal("status", "s")), parsed.descriptor().relatedSignals());
  }

  @Test
  public void widthsOfNumbersAndNilDoNotMatter() throws ProtocolException { // case 44
    // {"definition":{"dataType":"int64","rule":nil,"linear":{"delta":u64 10},
    //  "range":{"low":float32 -10,"high":u8 200},"absoluteReference":nil},
    //  "interpretation":{"rule":{"type":i8 1}},"tableId":nil,"valueIndex":u64 5}
    String document =
        "84 aa"
            + hex("definition")
            + "85 a8"
            + hex("dataType")
            + "a5"
            + hex("int64")
            + "a4"
            + hex("rule")
            + "c0 a6"
            + hex("linear")
            + "81 a5"
            + hex("delta")
            + "cf 00 00 00 00 00 00 00 0a a5"
            + hex("range")
            + "82 a3"
            + hex("low")
            + "ca c1 20 00 00 a4"
            + hex("high")
            + "cc c8 b1"
            + hex("absoluteReference")
            + "c0"
            + "ae"
            + hex("interpretation")
            + "81 a4"
            + hex("rule")
            + "de 00 01 a4"
            + hex("type")
            + "d0 01 a7"
            + hex("tableId")
            + "c0 aa"
            + hex("valueIndex")
            + "cf 00 00 00 00 00 00 00 05";
    String payload = "02000000 82 a6 6d6574686f64 a1 78 a6" + hex("params") + document;
    Metadata message = MetadataCodec.decode(Bytes.buffer(payload), Limits.DEFAULT);
    Parsed parsed = parse("t", message.params());
    assertEquals(new Rule.Linear(10), parsed.descriptor().rule());
    assertEquals(new Range(-10, 200), parsed.descriptor().range());
    assertEquals("", parsed.descriptor().origin());
    assertEquals(OptionalLong.of(5), parsed.valueIndex());
    assertTrue(parsed.isDomain());
  }

  private static String hex(String ascii) {
    return Bytes.hex(ascii.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
  }

  @Test
  public void deltaComesFromEitherPlaceAlsoAsAFloat() throws ProtocolException {
    assertEquals(
        new Rule.Linear(7),
        descriptor("{'dataType':'int64','rule':'linear','linear':{'delta':7}}").rule());
    String both =
        "{'definition':{'dataType':'int64','rule':'linear','linear':{'delta':%s}},"
            + "'interpretation':{'rule':{'parameters':{'delta':8.0,'start':0.0}}}}";
    assertEquals(new Rule.Linear(7), parse("t", json(both.formatted("7"))).descriptor().rule());
    assertEquals(new Rule.Linear(8), parse("t", json(both.formatted("null"))).descriptor().rule());
    assertEquals(new Rule.Linear(8), parse("t", json(both.formatted("0"))).descriptor().rule());
  }

  @Test
  public void linearRuleOfAValueMayHaveAnyDelta() throws ProtocolException {
    String value =
        "{'definition':{'dataType':'real64','rule':'linear','linear':{'delta':%s}},'tableId':'t'%s}";
    String related = ",'relatedSignals':[{'type':'domain','signalId':'x'}]";
    for (String domain : List.of("", related)) {
      for (double delta : new double[] {-0.25, 0, 3}) {
        Parsed parsed = parse("v", json(value.formatted(delta, domain)), "t");
        assertFalse(parsed.isDomain());
        assertEquals(new Rule.LinearValue(delta), parsed.descriptor().rule());
      }
    }
    assertBad("definition.linear.delta", value.formatted("null", related));
  }

  @Test
  public void originComesFromAnyPlace() throws ProtocolException {
    assertEquals(
        "a", descriptor("{'dataType':'int64','absoluteReference':'a','origin':'b'}").origin());
    assertEquals("b", descriptor("{'dataType':'int64','origin':'b'}").origin());
    assertEquals(
        "c",
        parse("t", json("{'definition':{'dataType':'x'},'interpretation':{'origin':'c'}}"))
            .descriptor()
            .origin());
  }

  @Test
  public void unitComesFromEitherPlace() throws ProtocolException {
    Unit fromInterpretation =
        parse(
                "v",
                json(
                    "{'definition':{'dataType':'int8'},'interpretation':{'unit':"
                        + "{'id':5655636,'name':'volt','quantity':'voltage','symbol':'V'}}}"))
            .descriptor()
            .unit();
    assertEquals(Unit.VOLT, fromInterpretation);
    assertEquals(
        new Unit(5655636, "V", "", "voltage"),
        descriptor(
                "{'dataType':'int8','unit':{'displayName':'V','unitId':5655636,"
                    + "'quantity':'voltage'}}")
            .unit());
    assertEquals("V", descriptor("{'dataType':'int8','unit':'V'}").unit().symbol());
    assertEquals(Unit.NONE, descriptor("{'dataType':'int8','unit':null}").unit());
  }

  @Test
  public void rangeMayBeStringsAndAUselessOneIsLeftOut() throws ProtocolException {
    assertEquals(
        new Range(-10, 10),
        parse(
                "v",
                json(
                    "{'definition':{'dataType':'int8'},'interpretation':{'range':"
                        + "{'low':'-10.000000','high':'10'}}}"))
            .descriptor()
            .range());
    assertNull(descriptor("{'dataType':'int8','range':{'low':2,'high':1}}").range());
    assertNull(descriptor("{'dataType':'int8','range':{'low':'x','high':1}}").range());
    assertNull(descriptor("{'dataType':'int8','range':5}").range());
  }

  @Test
  public void namesAndMetadataAreRead() throws ProtocolException {
    SignalDescriptor descriptor =
        parse(
                "v",
                json(
                    "{'definition':{'dataType':'int8','name':'n'},'interpretation':{"
                        + "'sig_name':'s','sig_desc':'d','metadata':{'a':1,'b':null,'c':{'x':[]}}}}"))
            .descriptor();
    assertEquals("s", descriptor.name());
    assertEquals("d", descriptor.description());
    assertEquals(Map.of("a", "1", "b", "null", "c", "{\"x\":[]}"), descriptor.metadata());
    assertEquals("n", descriptor("{'dataType':'int8','name':'n'}").name());
    assertEquals("v", descriptor("{'dataType':'int8'}").name());
  }

  @Test
  public void postScalingAndConstantStartAreRead() throws ProtocolException {
    assertEquals(
        new PostScaling(1, 2),
        descriptor("{'dataType':'int8','postScaling':{'offset':1,'scale':2.0}}").postScaling());
    assertEquals(
        new PostScaling(0, 2),
        descriptor("{'dataType':'int8','postScaling':{'scale':2.0}}").postScaling());
    assertEquals(
        Rule.CONSTANT,
        descriptor("{'dataType':'int8','rule':'constant','constant':{'start':7}}").rule());
  }

  @Test
  public void shapesOfOtherServersAreRead() throws ProtocolException {
    assertEquals(
        List.of(new Dimension.Linear("array", 0, 1, 5, Unit.NONE)),
        descriptor("{'dataType':'array','array':{'count':5,'dataType':'real32'}}").dimensions());
    assertEquals(
        "real32",
        descriptor("{'dataType':'array','array':{'count':5,'dataType':'real32'}}").dataType());
    assertEquals(
        List.of(new Dimension.Log("g", 0, 1, 2, 4, Unit.NONE)),
        descriptor(
                "{'dataType':'int8','dimensions':[{'name':'g','rule':'logarithmic',"
                    + "'logarithmic':{'base':2,'size':4}}]}")
            .dimensions());
    assertEquals(
        List.of(new Bit(3, "overload", "")),
        descriptor(
                "{'dataType':'bitField','bitField':{'dataType':'uint32','bit':"
                    + "[{'index':3,'bitDescription':'overload'}]}}")
            .bits());
    assertEquals("some-new-type", descriptor("{'dataType':'some-new-type'}").dataType());
  }

  @Test
  public void badDocumentsNameSignalAndKey() {
    assertBad("definition.dataType", "{}");
    assertBad("definition.dataType", "{'definition':{'dataType':null}}");
    assertBad("definition.dataType", "{'definition':[]}");
    assertBad("definition.dataType", "{'definition':{'dataType':'array'}}");
    assertBad("definition.rule", "{'definition':{'dataType':'x','rule':'cubic'}}");
    assertBad("definition.linear.delta", "{'definition':{'dataType':'x','rule':'linear'}}");
    assertBad(
        "definition.linear.delta",
        "{'definition':{'dataType':'x','rule':'linear','linear':{'delta':0.5}}}");
    assertBad(
        "deltaTicks", "{'definition':{'dataType':'x','rule':'linear','linear':{'delta':-1}}}");
    assertBad("num", "{'definition':{'dataType':'x','resolution':{'num':0,'denom':1}}}");
    assertBad(
        "definition.resolution.denom",
        "{'definition':{'dataType':'x','resolution':{'num':1,'denom':'y'}}}");
    assertBad("scale", "{'definition':{'dataType':'x','postScaling':{'offset':1,'scale':0}}}");
    assertBad("definition.postScaling", "{'definition':{'dataType':'x','postScaling':{}}}");
    assertBad("valueIndex", "{'definition':{'dataType':'x'},'valueIndex':-1}");
    assertBad("valueIndex", "{'definition':{'dataType':'x'},'valueIndex':1e300}");
    assertBad("valueIndex", "{'definition':{'dataType':'x'},'valueIndex':18446744073709551615}");
    assertBad("definition.struct", "{'definition':{'dataType':'struct'}}");
    assertBad(
        "definition.struct.a.dataType",
        "{'definition':{'dataType':'struct','struct':[{'name':'a'}]}}");
    assertBad(
        "definition.dimensions size",
        "{'definition':{'dataType':'x','dimensions':[{'rule':'linear'}]}}");
    assertBad(
        "definition.dimensions.rule",
        "{'definition':{'dataType':'x','dimensions':[{'rule':'cubic'}]}}");
    assertBad(
        "definition.bitField.bits.index",
        "{'definition':{'dataType':'bitField','bitField':{'dataType':'uint8','bits':[{}]}}}");
  }

  @Test
  public void badSignalIdsAreRefused() {
    for (String signalId : new String[] {"", "a\u0000b", "x".repeat(256)}) {
      ProtocolException e =
          assertThrows(
              ProtocolException.class,
              () -> parse(signalId, json("{'definition':{'dataType':'int8'}}")));
      assertEquals(Kind.BAD_SIGNAL, e.kind());
    }
  }

  @Test
  public void paramsOfASignalMustBeAMap() {
    assertEquals(
        Kind.BAD_SIGNAL,
        assertThrows(ProtocolException.class, () -> SignalMessage.parse(json("[]"))).kind());
  }
}
