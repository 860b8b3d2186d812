/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.sample.support;

import static org.junit.Assert.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.daqstream.signal.api.Bit;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.Dimension;
import org.daqstream.signal.api.Resolution;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.StructMember;
import org.daqstream.signal.api.Unit;
import org.junit.Test;

public class SampleDecoderTest {

  private static ByteBuffer bytes(int count) {
    return ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static void assertDecoded(
      String text, String json, SignalDescriptor.Builder signal, ByteBuffer sample) {
    SignalDescriptor descriptor = signal.build();
    Object value =
        new SampleDecoder(descriptor, descriptor.dataType()).decode(sample.rewind().slice());
    assertEquals(text, ValueText.of(value));
    assertEquals(json, Json.of(value));
  }

  private static void assertNumber(String text, String dataType, ByteBuffer sample) {
    assertDecoded(text, text, SignalDescriptor.value("s", dataType), sample);
  }

  @Test
  public void numbersOfEveryType() {
    assertNumber("-1", DataTypes.INT8, bytes(1).put((byte) -1));
    assertNumber("255", DataTypes.UINT8, bytes(1).put((byte) -1));
    assertNumber("-2", DataTypes.INT16, bytes(2).putShort((short) -2));
    assertNumber("65534", DataTypes.UINT16, bytes(2).putShort((short) -2));
    assertNumber("-3", DataTypes.INT32, bytes(4).putInt(-3));
    assertNumber("4294967293", DataTypes.UINT32, bytes(4).putInt(-3));
    assertNumber("-4", DataTypes.INT64, bytes(8).putLong(-4));
    assertNumber("18446744073709551612", DataTypes.UINT64, bytes(8).putLong(-4));
    assertNumber("-5", DataTypes.INT128, bytes(16).putLong(-5).putLong(-1));
    assertNumber(
        "340282366920938463463374607431768211451",
        DataTypes.UINT128,
        bytes(16).putLong(-5).putLong(-1));
    assertNumber("0.1", DataTypes.REAL32, bytes(4).putFloat(0.1f));
    assertNumber("0.1", DataTypes.REAL64, bytes(8).putDouble(0.1));
  }

  @Test
  public void peopleReadRealsWithoutExponentAsLongAsItFits() {
    assertEquals("4470648832", ValueText.of(4.470648832E9));
    assertEquals("-0.000012", ValueText.of(-1.2e-5f));
    assertEquals("1.0E20", ValueText.of(1e20));
    assertEquals("0.0", ValueText.of(0.0));
    assertEquals("NaN", ValueText.of(Double.NaN));
    assertEquals("-Infinity", ValueText.of(Double.NEGATIVE_INFINITY));
  }

  @Test
  public void complexNumbers() {
    assertDecoded(
        "1.5-2.5i",
        "{\"re\":1.5,\"im\":-2.5}",
        SignalDescriptor.value("s", DataTypes.COMPLEX32),
        bytes(8).putFloat(1.5f).putFloat(-2.5f));
    assertDecoded(
        "0.1+0.2i",
        "{\"re\":0.1,\"im\":0.2}",
        SignalDescriptor.value("s", DataTypes.COMPLEX64),
        bytes(16).putDouble(0.1).putDouble(0.2));
  }

  @Test
  public void scaledNumbers() {
    assertDecoded(
        "21.5",
        "21.5",
        SignalDescriptor.value("s", DataTypes.INT16).postScaling(1, 0.5),
        bytes(2).putShort((short) 41));
  }

  @Test
  public void matricesAreRowMajorAndLongVectorsShortenedForPeopleOnly() {
    Dimension two = new Dimension.Linear("row", 0, 1, 2, Unit.NONE);
    Dimension three = new Dimension.Linear("column", 0, 1, 3, Unit.NONE);
    assertDecoded(
        "[[1, 2, 3], [4, 5, 6]]",
        "[[1,2,3],[4,5,6]]",
        SignalDescriptor.value("s", DataTypes.UINT8).dimensions(List.of(two, three)),
        bytes(6).put(new byte[] {1, 2, 3, 4, 5, 6}));
    Dimension twenty = new Dimension.Linear("bin", 0, 1, 20, Unit.NONE);
    assertDecoded(
        "[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, … 4 more]",
        "[" + String.join(",", IntStream.range(0, 20).mapToObj(i -> "0").toList()) + "]",
        SignalDescriptor.value("s", DataTypes.INT32).dimensions(List.of(twenty)),
        bytes(80));
  }

  @Test
  public void structs() {
    StructMember inner =
        new StructMember(
            "inner", DataTypes.STRUCT, List.of(), List.of(new StructMember("x", DataTypes.REAL64)));
    assertDecoded(
        "{id=291, data=[1, 2], inner.x=0.5}",
        "{\"id\":291,\"data\":[1,2],\"inner.x\":0.5}",
        SignalDescriptor.value("s", DataTypes.STRUCT)
            .members(
                List.of(
                    new StructMember("id", DataTypes.INT32),
                    StructMember.array("data", DataTypes.UINT8, 2),
                    inner)),
        bytes(14).putInt(291).put((byte) 1).put((byte) 2).putDouble(0.5));
  }

  @Test
  public void bitFieldsWithTheMeaningsOfTheBitsThatAreSet() {
    assertDecoded(
        "0x8000000000000001 (ready, door open)",
        "{\"value\":9223372036854775809,\"set\":[\"ready\",\"door open\"]}",
        SignalDescriptor.value("s", DataTypes.BIT_FIELD)
            .bits(
                DataTypes.UINT64,
                List.of(
                    new Bit(0, "ready", ""), new Bit(1, "warm", ""), new Bit(63, "door open", ""))),
        bytes(8).putLong(Long.MIN_VALUE + 1));
  }

  @Test
  public void textsAndBytes() {
    assertDecoded(
        "grün\ufffd",
        "\"grün\\n\"",
        SignalDescriptor.text("s"),
        ByteBuffer.wrap("grün\n".getBytes(StandardCharsets.UTF_8)));
    assertDecoded(
        "3 B: 01ff7f",
        "{\"length\":3,\"hex\":\"01ff7f\"}",
        SignalDescriptor.value("s", DataTypes.BINARY),
        ByteBuffer.wrap(new byte[] {1, -1, 127}));
    assertDecoded(
        "40 B: " + "00".repeat(32) + "…",
        "{\"length\":40,\"hex\":\"" + "00".repeat(40) + "\"}",
        SignalDescriptor.value("s", DataTypes.BINARY),
        ByteBuffer.allocate(40));
  }

  @Test
  public void aTypeOfSomebodyElseIsReadAsClientsReadIt() {
    SignalDescriptor own = SignalDescriptor.value("s", "percent8").build();
    ByteBuffer sample = ByteBuffer.wrap(new byte[] {(byte) 200});
    assertEquals(200L, new SampleDecoder(own, DataTypes.UINT8).decode(sample.duplicate()));
    assertEquals(
        "1 B: c8", ValueText.of(new SampleDecoder(own, "percent8").decode(sample.duplicate())));
  }

  @Test
  public void timesAreExactToTheNanosecond() {
    DomainValue nanos = new DomainValue(SignalDescriptor.linearTime("t", 1));
    assertEquals("2026-11-23T07:32:59.900000001Z", nanos.text(1_795_419_179_900_000_001L));
    assertEquals("1969-12-31T23:59:59.999999999Z", nanos.text(-1));
    assertEquals("2262-04-11T23:47:16.854775807Z", nanos.text(Long.MAX_VALUE));
  }

  @Test
  public void timesOfOtherTicksAndOrigins() {
    SignalDescriptor.Builder thirds =
        SignalDescriptor.linearTime("t", 1).toBuilder().resolution(new Resolution(1, 3));
    assertEquals(
        "2000-01-01T12:00:00.333333333Z",
        new DomainValue(thirds.origin("2000-01-01T13:00:00+01:00").build()).text(1));
    assertEquals(
        "1999-12-31T23:59:59.666666666Z",
        new DomainValue(thirds.origin("2000-01-01T00:00:00").build()).text(-1));
    assertEquals("4 s", new DomainValue(thirds.origin("").build()).text(12));
    assertEquals("4 s", new DomainValue(thirds.origin("the big bang").build()).text(12));
    assertEquals(
        "9223372036854775807000 s",
        new DomainValue(thirds.origin("1970-01-01").resolution(new Resolution(1000, 1)).build())
            .text(Long.MAX_VALUE));
    SignalDescriptor angle =
        SignalDescriptor.value("phi", DataTypes.INT64)
            .unit(new Unit(0, "°", "degree", "angle"))
            .resolution(new Resolution(1, 10))
            .build();
    assertEquals("12.3 °", new DomainValue(angle).text(123));
  }
}
