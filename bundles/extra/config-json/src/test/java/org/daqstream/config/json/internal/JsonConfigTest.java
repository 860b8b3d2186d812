/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.config.json.internal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.core.JacksonException;
import java.util.List;
import java.util.Map;
import org.junit.Test;

public class JsonConfigTest {

  @Test
  public void valueTellsTheType() throws Exception {
    assertEquals(
        Map.of("a", "µ", "b", true, "c", 7414L, "d", 0.5, "e", "{\"x\":1}"),
        JsonConfig.read("{'a':'µ','b':true,'c':7414,'d':0.5,'e':{'x':1}}".replace('\'', '"')));
  }

  @Test
  public void keyTellsTheType() throws Exception {
    assertEquals(
        Map.of("a", 1, "b", (byte) 2, "c", "3", "d", 4f, "e:f", 'g', "h", List.of(1.0, 2.0)),
        JsonConfig.read(
            """
            {"a:Integer": 1, "b:byte": 2, "c:String": 3, "d:Float": 4, "e:f:char": "g",
             "h:Collection<Double>": [1, 2]}
            """));
  }

  @Test
  public void arraysAreArrays() throws Exception {
    Map<String, Object> read =
        JsonConfig.read("{\"a\": [\"x\", \"y\"], \"b:int[]\": [1, 2], \"c\": [], \"d\": [1]}");
    assertArrayEquals(new String[] {"x", "y"}, (String[]) read.get("a"));
    assertArrayEquals(new int[] {1, 2}, (int[]) read.get("b"));
    assertArrayEquals(new String[0], (String[]) read.get("c"));
    assertArrayEquals(new Long[] {1L}, (Long[]) read.get("d"));
  }

  @Test
  public void commentsNullsAndKeysOfTheConfiguratorAreNoProperties() throws Exception {
    assertEquals(
        Map.of("a", "b"),
        JsonConfig.read("{ // one\n/* two */ \"a\": \"b\", \"c\": null, \":configurator:x\": 1}"));
  }

  @Test
  public void faultIsNamedWithItsLine() {
    JacksonException e =
        assertThrows(JacksonException.class, () -> JsonConfig.read("{\n\"a\": 1,\n\"b\" 2\n}"));
    assertEquals(3, e.getLocation().getLineNr());
    assertThrows(JacksonException.class, () -> JsonConfig.read("{\"a\": 1, \"a\": 2}"));
    assertThrows(JacksonException.class, () -> JsonConfig.read("{} {}"));
  }

  @Test
  public void wrongValueIsNamedWithItsKey() {
    assertRefused("{\"a:Integer\": \"x\"}", "key a:Integer = \"x\" is no Integer");
    assertRefused("{\"a:int\": 1.5}", "key a:int = 1.5 is no int");
    assertRefused("{\"a:Number\": 1}", "key a:Number: type 'Number' is not allowed; allowed are [");
    assertRefused("{\"a\": [1, \"x\"]}", "key a = [1,\"x\"] has values of several types");
    assertRefused("{\"a\": 1, \"a:int\": 2}", "key a is there twice");
    assertRefused("{\"a\": [null]}", "key a = [null] has a null in it");
    assertRefused(
        "{\"a:Collection<Integer>\": [1, null]}", "key a:Collection<Integer> = [1,null] has");
    assertRefused("[]", "there is no object");
    assertRefused("", "there is no object");
  }

  @Test
  public void fileInAnotherEncodingIsRefused() {
    assertEquals("µ", JsonConfig.text("µ".getBytes(UTF_8)));
    Exception e =
        assertThrows(
            IllegalArgumentException.class, () -> JsonConfig.text("µ".getBytes(ISO_8859_1)));
    assertEquals("it is not in UTF-8", e.getMessage());
  }

  private static void assertRefused(String text, String message) {
    Exception e = assertThrows(IllegalArgumentException.class, () -> JsonConfig.read(text));
    assertTrue(e.getMessage(), e.getMessage().startsWith(message));
  }
}
