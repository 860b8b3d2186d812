/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.sample.support;

import static org.junit.Assert.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.Test;

public class FormatTest {
  private record Point(int x, Double y) {}

  @Test
  public void quantitiesHaveThreeDigitsAndAPrefix() {
    assertEquals("0 B", Format.bytes(0));
    assertEquals("999 B", Format.bytes(999));
    assertEquals("1 kB", Format.bytes(1000));
    assertEquals("1.23 kB", Format.bytes(1234));
    assertEquals("16.8 MB", Format.bytes(16_777_216));
    assertEquals("1.00 MB", Format.bytes(999_999));
    assertEquals("100 kB", Format.bytes(99_999));
    assertEquals("9.22 EB/s", Format.byteRate(Long.MAX_VALUE));
    assertEquals("500 mHz", Format.quantity(0.5, "Hz"));
    assertEquals("278 µHz", Format.quantity(1 / 3600.0, "Hz"));
    assertEquals("1.00 Hz", Format.quantity(0.9996, "Hz"));
    assertEquals("0 nHz", Format.quantity(1e-300, "Hz").replaceAll("\\.\\d+", ""));
    assertEquals("262 ns", Format.nanos(262));
    assertEquals("5.73 µs", Format.nanos(5728));
    assertEquals("2 ms", Format.nanos(2_000_000));
  }

  @Test
  public void timesAreInUtcWithNanoseconds() {
    assertEquals("1970-01-01T00:00:01.000000002Z", Format.time(Instant.ofEpochSecond(1, 2)));
    assertEquals("1969-12-31T23:59:59.999999999Z", Format.time(Instant.ofEpochSecond(0, -1)));
  }

  @Test
  public void jsonTakesRecordsMapsTimesAndWhatIsNoNumber() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("point", new Point(1, null));
    map.put("list", Arrays.asList(1L, 0.5, 1.5f, true, "a\"b\n"));
    map.put("big", BigInteger.TWO.pow(100));
    map.put("none", Double.NaN);
    map.put("at", Instant.EPOCH);
    assertEquals(
        "{\"point\":{\"x\":1,\"y\":null},\"list\":[1,0.5,1.5,true,\"a\\\"b\\n\"],"
            + "\"big\":1267650600228229401496703205376,\"none\":\"NaN\","
            + "\"at\":\"1970-01-01T00:00:00.000000000Z\"}",
        Json.of(map));
  }

  @Test
  public void columnsFitTheirContentAndNothingIsCut() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Table table = new Table("NAME", ">COUNT", "LAST");
    table.add("a", 1, "°C");
    table.add("x".repeat(300), 12345678, null);
    table.add("evil\u001b[2J", "", "");
    table.print(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    assertEquals(
        List.of(
            "NAME" + " ".repeat(296) + "     COUNT  LAST",
            "a" + " ".repeat(299) + "         1  °C",
            "x".repeat(300) + "  12345678  -",
            "evil\ufffd[2J" + " ".repeat(292) + "         -  -"),
        bytes.toString(StandardCharsets.UTF_8).lines().toList());
  }

  @Test
  public void wideAndCombiningCharactersAreCountedInColumns() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Table table = new Table("SIGNAL", "UNIT");
    table.add("温度", "V");
    table.add("a\u0308", "A"); // ä of two characters
    table.add("ab\ud83d\ude00", "K");
    table.print(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    assertEquals(
        List.of("SIGNAL  UNIT", "温度    V", "a\u0308       A", "ab\ud83d\ude00    K"),
        bytes.toString(StandardCharsets.UTF_8).lines().toList());
  }

  @Test
  public void similarWordsAreFound() {
    List<String> known = List.of("host/cpu/load", "host/memory/used", "host/time");
    assertEquals(List.of("host/cpu/load"), Near.near("cpu", known));
    assertEquals(List.of("host/memory/used"), Near.near("host/memroy/used", known));
    assertEquals(List.of(), Near.near("zzz", known));
    assertEquals("; did you mean 'host/time'?", Near.suggestion("Host/Time", known));
  }
}
