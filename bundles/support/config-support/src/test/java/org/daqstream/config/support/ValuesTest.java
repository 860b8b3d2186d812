/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.config.support;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import org.junit.Test;

/** The one rule by which configured values are read; its cases are the tables below. */
public class ValuesTest {
  /** Its keys are in the metatype beside the tests. */
  static final class Config {}

  private enum Waveform {
    SINE,
    RAMP
  }

  private static final String WHOLE = "must be a whole number from ";
  private static final String FLAG =
      "must be one of true, yes, on, 1, false, no, off, 0, in any case";

  private record Case(Object given, Object taken) {}

  private static Case of(Object given, Object taken) {
    return new Case(given, taken);
  }

  private static Values values(Map<String, ?> properties) {
    return Values.of(Config.class, properties);
  }

  private static void check(String key, BiFunction<Values, String, Object> read, Case... cases) {
    for (Case each : cases) {
      assertEquals(
          key + " = '" + each.given + "'",
          each.taken,
          read.apply(values(Map.of(key, each.given)), key));
    }
  }

  private static void checkRefused(
      String key, BiFunction<Values, String, Object> read, String allowed, Object... refused) {
    for (Object value : refused) {
      RefusedException e =
          assertThrows(
              key + " = '" + value + "'",
              RefusedException.class,
              () -> read.apply(values(Map.of(key, value)), key));
      assertEquals("key " + key + " = '" + value + "' " + allowed, e.getMessage());
    }
  }

  @Test
  public void aRefusalTellsNoToken() {
    String address = "daq.lt://a b/token/dqs_secret";
    for (String end : List.of("", "/", "/stream", "?a", "#a")) {
      String why = new RefusedException("address", address + end, "is none").getMessage();
      assertEquals("key address = 'daq.lt://a b/token/***" + end + "' is none", why);
    }
  }

  @Test
  public void wholeNumbers() {
    check(
        "port",
        Values::integer,
        of("80", 80),
        of("80 ", 80),
        of("\t80\r", 80),
        of("80\u00a0", 80),
        of("+80", 80),
        of("007", 7),
        of("", 7414),
        of("  ", 7414),
        of(0, 0),
        of(65_535L, 65_535),
        of("65535", 65_535));
    checkRefused(
        "port",
        Values::integer,
        WHOLE + "0 to 65535",
        "seven",
        "-1",
        "65536",
        "80 81",
        "80.0",
        "8e1",
        "0x50",
        "8_0",
        "80;",
        "\"80\"",
        80.5,
        true,
        Long.MIN_VALUE,
        "99999999999999999999");
    check("queueBytes", Values::whole, of("1099511627776 ", 1L << 40), of("", 4_194_304L));
    checkRefused("queueBytes", Values::whole, WHOLE + "1 to 1099511627776", "0");
  }

  @Test
  public void otherNumbers() {
    check(
        "speed",
        Values::decimal,
        of("2.5 ", 2.5),
        of(" .5", 0.5),
        of("2.", 2.0),
        of("1e3", 1000.0),
        of("", 1.0),
        of(0, 0.0),
        of(2.5, 2.5));
    checkRefused(
        "speed",
        Values::decimal,
        "must be a number from 0 to 1.0E30",
        "-1",
        "1e31",
        "1,5",
        "NaN",
        "Infinity",
        "1d",
        "0x1p3",
        "fast",
        Double.NaN);
  }

  @Test
  public void booleans() {
    for (Object yes : List.of("true", "TRUE", "Yes ", " on", "1", true, 1)) {
      check("loop", Values::flag, of(yes, true));
    }
    for (Object no : List.of("false", "False", "no\t", "OFF", "0", false, 0)) {
      check("loop", Values::flag, of(no, false));
    }
    check("loop", Values::flag, of("", true), of(" ", true));
    checkRefused("loop", Values::flag, FLAG, "maybe", "y", "t", "2", "truee", "true false", 0.0);
  }

  @Test
  public void choices() {
    BiFunction<Values, String, Object> waveform =
        (values, key) -> values.choice(key, Waveform.class);
    check(
        "waveform",
        waveform,
        of("ramp ", Waveform.RAMP),
        of("RAMP", Waveform.RAMP),
        of("", Waveform.SINE));
    checkRefused("waveform", waveform, "must be one of sine, ramp", "triangle", "sine,ramp");
  }

  @Test
  public void texts() {
    check(
        "host", Values::text, of(" a b ", "a b"), of("", ""), of("\ufeffx", "x"), of(4711, "4711"));
    assertEquals("here", values(Map.of()).text("host"));
    assertEquals("", values(Map.of()).text("signalId"));
    BiFunction<Values, String, Object> named = (values, key) -> values.text(key, 3);
    check("host", named, of(" abc ", "abc"));
    checkRefused(
        "host", named, "must have 1 to 3 characters and no control characters", "abcd", "");
    for (String unfit : List.of("a\nb", "a\u202eb", "a\u2028b")) {
      Values values = values(Map.of("host", unfit));
      assertThrows(RefusedException.class, () -> values.text("host", 3));
    }
  }

  @Test
  public void lists() {
    check(
        "names",
        Values::list,
        of(" a , b,,", List.of("a", "b")),
        of("", List.of()),
        of(" , ", List.of()),
        of(new String[] {"a, b ", "", "c"}, List.of("a, b", "c")),
        of(List.of(1, " 2"), List.of("1", "2")),
        of(new int[] {1, 2}, List.of("1", "2")));
    check(
        "groups",
        Values::list,
        of("CPU", List.of("cpu")),
        of("memory ,", List.of("memory")),
        of("", List.of()));
    assertEquals(List.of("cpu", "memory"), values(Map.of()).list("groups"));
    RefusedException e =
        assertThrows(
            RefusedException.class, () -> values(Map.of("groups", "cpu, fan")).list("groups"));
    assertEquals("key groups = 'fan' must be one of cpu, memory", e.getMessage());
  }

  @Test
  public void aListIsNoSingleValue() {
    Map<String, BiFunction<Values, String, Object>> singles =
        Map.of(
            "port", Values::integer,
            "queueBytes", Values::whole,
            "speed", Values::decimal,
            "loop", Values::flag,
            "host", Values::text,
            "waveform", (values, key) -> values.choice(key, Waveform.class));
    singles.forEach(
        (key, read) -> {
          for (Object list :
              List.of(new Long[] {7L}, new int[] {7}, List.of(7), new Object[] {7})) {
            Values values = values(Map.of(key, list));
            RefusedException e =
                assertThrows(RefusedException.class, () -> read.apply(values, key));
            assertEquals("key " + key + " = '[7]' must be one value, not a list", e.getMessage());
          }
        });
    assertFalse(values(Map.of("names", new String[] {" "})).isSet("names"));
    assertTrue(values(Map.of("names", List.of("a"))).isSet("names"));
  }

  @Test
  public void boundsThatOtherKeysMakeNarrower() {
    BiFunction<Values, String, Object> narrow = (values, key) -> values.integer(key, 10, 20);
    check("port", narrow, of("20 ", 20));
    checkRefused("port", narrow, WHOLE + "10 to 20", "9", "21");
    BiFunction<Values, String, Object> above =
        (values, key) -> values.integer(key, 10, Integer.MAX_VALUE);
    checkRefused("port", above, WHOLE + "10 to 65535", "9", "65536");
  }

  @Test
  public void theFirstKeyOfAFileMayBeginWithAByteOrderMark() {
    Values values = values(Map.of("\ufeffport", "80", "\ufeff# a comment", "", "\ufeff", ""));
    assertEquals(80, values.integer("port"));
    assertEquals(Set.of(), values.unknown());
    assertEquals(80, values(Map.of("\u00ef\u00bb\u00bfport", "80")).integer("port"));
  }

  @Test
  public void whatIsThereIsTold() {
    assertTrue(values(Map.of("service.pid", "p", "prot", 1)).isEmpty());
    assertFalse(values(Map.of("port", "")).isEmpty());
    assertFalse(values(Map.of("port", " ")).isSet("port"));
    assertTrue(values(Map.of("port", 0)).isSet("port"));
    assertEquals(
        "/f", values(Map.of("felix.fileinstall.filename", "file:/f")).file().orElseThrow());
    assertTrue(values(Map.of("port", 0)).file().isEmpty());
  }

  @Test
  public void aConfigurationOfAFactoryHasAName() {
    String file = "felix.fileinstall.filename";
    Map<String, Map<String, String>> names =
        Map.of(
            "the east", Map.of(file, "file:/conf/org.p-the east.cfg", "service.pid", "org.p~1"),
            "rig", Map.of(file, "file:/conf/org.p~rig.cfg.json"),
            "a.b", Map.of("service.pid", "org.p.a.b"),
            "c", Map.of(file, "file:/conf/other.cfg", "service.pid", "org.p~c"));
    names.forEach(
        (name, properties) -> assertEquals(name, Values.nameOf("org.p", properties).orElseThrow()));
    for (Map<String, String> none :
        List.of(
            Map.<String, String>of(), Map.of("service.pid", "org.p"), Map.of(file, "orgxp-a"))) {
      assertTrue(none.toString(), Values.nameOf("org.p", none).isEmpty());
    }
  }

  @Test
  public void keysOfTheFrameworkAreNotUnknown() {
    Map<String, Object> others = new HashMap<>();
    for (String key :
        Arrays.asList(
            "service.pid",
            "service.factoryPid",
            "component.name",
            "component.id",
            "felix.fileinstall.filename",
            "org.apache.karaf.features.configKey",
            "osgi.ds.satisfying.condition.target",
            "servers.target",
            "servers.cardinality.minimum",
            ".private",
            ":configurator:feature")) {
      others.put(key, "x");
    }
    assertEquals(Set.of(), values(others).unknown());
    assertEquals(Set.of("prot"), values(Map.of("prot", 1)).unknown());
  }

  @Test
  public void aKeyThatIsNotKnownIsHeldAgainstTheNearest() {
    ConfigKeys keys = ConfigKeys.of(Config.class);
    Map<String, String> meant =
        Map.of(
            "prot", "port",
            "Port", "port",
            "prt", "port",
            "controlport", "controlPort",
            "control.port", "controlPort",
            "ports", "port",
            "signalID", "signalId",
            "wave_form", "waveform");
    meant.forEach((typed, key) -> assertEquals("did you mean '" + key + "'?", keys.hint(typed)));
    assertEquals(
        "known are host, port, controlPort, queueBytes, speed, loop, waveform, groups, names,"
            + " signalId",
        keys.hint("temperatureLimit"));
    assertEquals("it is called 'waveform' now", keys.hint("shape"));
  }

  @Test
  public void aRefusalIsOneLineOfBearableLength() {
    String message =
        new RefusedException("k", "a\nb" + "x".repeat(10_000), "is wrong").getMessage();
    assertTrue(message, message.startsWith("key k = 'a\ufffdbxx"));
    assertTrue(message, message.endsWith("x…' is wrong"));
    assertTrue(message, message.length() < 400);
  }
}
