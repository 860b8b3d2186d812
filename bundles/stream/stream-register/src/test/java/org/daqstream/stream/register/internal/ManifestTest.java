/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.register.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.daqstream.stream.api.ManifestException;
import org.daqstream.stream.api.ManifestProblem;
import org.daqstream.stream.api.StreamDefinition;
import org.daqstream.stream.api.StreamListener;
import org.daqstream.stream.api.StreamResult;
import org.junit.Test;

public class ManifestTest {

  private final Bench bench = new Bench();
  private final Register register = bench.register;

  private static String streams(String streams) {
    return "{\"instanceSpecs\": {\"i\": {\"streams\": " + streams + "}}}";
  }

  private static String stream(String definition) {
    return streams("{\"s\": " + definition + "}");
  }

  private List<ManifestProblem> refused(String manifest) {
    return assertThrows(ManifestException.class, () -> register.deploy("m", manifest)).problems();
  }

  private void assertRefused(String key, String value, String manifest) {
    List<ManifestProblem> problems = refused(manifest);
    assertEquals(problems.toString(), 1, problems.size());
    assertEquals("i", problems.get(0).instance());
    assertEquals("s", problems.get(0).stream());
    assertEquals(key, problems.get(0).key());
    assertEquals(value, problems.get(0).value());
    String message =
        assertThrows(ManifestException.class, () -> register.deploy("m", manifest)).getMessage();
    assertTrue(message, message.contains("manifest of m refused: instance 'i', stream 's'"));
    assertTrue(message, message.contains(key) && message.contains(value));
  }

  @Test
  public void streamsThatAreNoObjectCountAsAbsent() throws ManifestException { // case 25
    register.deploy("m", "{\"instanceSpecs\": {\"i\": {}}}");
    for (String streams : List.of("null", "7", "[]", "\"x\"")) {
      register.deploy("m", streams(streams));
      assertEquals(List.of(), register.instances().get("i"));
    }
  }

  @Test
  public void emptyStreamsAreAccepted() throws ManifestException { // case 26
    register.deploy("m", streams("{}"));
    InstanceClient client = bench.client("i");
    Bench.assertFails(StreamResult.INVAL, () -> client.openOutput("s"));
  }

  @Test
  public void aTypeIsAString() { // case 27
    assertRefused("type", "", stream("{\"direction\": \"in\"}"));
    assertRefused("type", "7", stream("{\"type\": 7, \"direction\": \"in\"}"));
  }

  @Test
  public void aDirectionIsInOrOut() { // cases 28, 29
    assertRefused("direction", "", stream("{\"type\": \"fake\"}"));
    assertRefused("direction", "7", stream("{\"type\": \"fake\", \"direction\": 7}"));
    assertRefused("direction", "\"both\"", stream("{\"type\": \"fake\", \"direction\": \"both\"}"));
    assertRefused("direction", "\"IN\"", stream("{\"type\": \"fake\", \"direction\": \"IN\"}"));
  }

  @Test
  public void anUnknownTypeIsAcceptedUnlessStrict() throws ManifestException { // case 30
    String manifest = stream("{\"type\": \"zmq\", \"direction\": \"out\"}");
    register.deploy("m", manifest);
    InstanceClient client = bench.client("i");
    Bench.assertFails(StreamResult.NOTSUP, () -> client.openOutput("s"));
    register.undeploy("m");
    register.configure(new Settings(true, 1, 1, 1, 1));
    assertRefused("type", "\"zmq\"", manifest);
  }

  @Test
  public void aDefinitionIsAnObject() { // case 31
    List<ManifestProblem> problems =
        refused(streams("{\"good\": {\"type\": \"fake\", \"direction\": \"in\"}, \"bad\": true}"));
    assertEquals("bad", problems.get(0).stream());
    assertEquals("true", problems.get(0).value());
  }

  @Test
  public void parametersAreAnObject() { // §2.2
    assertRefused(
        "parameters",
        "[]",
        stream("{\"type\": \"fake\", \"direction\": \"in\", \"parameters\": []}"));
    assertRefused(
        "parameters",
        "null",
        stream("{\"type\": \"fake\", \"direction\": \"in\", \"parameters\": null}"));
  }

  @Test
  public void whatTheTransportRefusesIsNamed() { // cases 32 to 37 with the transport's part
    for (String port : List.of("65536", "-1", "5555a", "80 ", "0x15B3", "", "+5555", " 5555")) {
      assertRefused("parameters.port", "\"" + port + "\"", withPort("\"" + port + "\""));
    }
  }

  private static String withPort(String port) {
    return stream(
        "{\"type\": \"fake\", \"direction\": \"in\", \"parameters\": {\"port\": " + port + "}}");
  }

  @Test
  public void aPortNumberIsAcceptedUnlessStrict() throws ManifestException { // case 35
    register.deploy("m", withPort("5555"));
    assertEquals(Map.of("port", 5555L), register.instances().get("i").get(0).parameters());
    register.undeploy("m");
    register.configure(new Settings(true, 1, 1, 1, 1));
    assertRefused("parameters.port", "5555", withPort("5555"));
  }

  @Test
  public void extraKeysAreIgnored() throws ManifestException { // case 38
    register.deploy(
        "m",
        "{\"version\": 1, \"instanceSpecs\": {\"i\": {\"moduleId\": \"x\", \"streams\": {\"s\":"
            + " {\"type\": \"fake\", \"direction\": \"in\", \"colour\": \"blue\"}}}},"
            + " \"modules\": {}}");
    assertEquals(1, register.instances().get("i").size());
  }

  @Test
  public void aDuplicateNameIsRefused() { // case 41
    List<ManifestProblem> problems =
        refused(
            streams(
                "{\"s\": {\"type\": \"fake\", \"direction\": \"in\"}, \"s\": {\"type\": \"fake\","
                    + " \"direction\": \"in\"}}"));
    assertEquals("i", problems.get(0).instance());
    assertEquals("s", problems.get(0).stream());
    assertTrue(problems.toString(), problems.get(0).message().contains("Duplicate"));
  }

  @Test
  public void aRefusedManifestChangesNothing() throws Exception { // case 42
    InstanceClient client = bench.client("camera");
    int handle = client.openOutput("out");
    Map<String, List<StreamDefinition>> before = register.instances();
    assertThrows(
        ManifestException.class,
        () ->
            register.deploy(
                "test",
                "{\"instanceSpecs\": {\"new\": {\"streams\": {\"a\": {\"type\": \"fake\","
                    + " \"direction\": \"in\"}}}, \"bad\": {\"streams\": {\"a\": 1}}}}"));
    assertEquals(before, register.instances());
    assertEquals(StreamResult.OK, client.write(handle, new byte[1]));
  }

  @Test
  public void allProblemsAreToldAtOnce() {
    assertEquals(
        4,
        refused(streams("{\"a\": {}, \"b\": 1, \"c\": {\"type\": \"fake\", \"direction\": \"x\"}}"))
            .size());
  }

  @Test
  public void whatIsNoManifestIsRefused() {
    for (String text :
        List.of(
            "",
            "{",
            "[]",
            "null",
            "7",
            "{}",
            "{\"instanceSpecs\": []}",
            "{} {}",
            "{\"instanceSpecs\": {}} x",
            "{\"instanceSpecs\": {\"i\": 7}}")) {
      assertEquals(text, 1, refused(text).size());
    }
    assertTrue(refused("{\n  x").get(0).message().contains("line 2"));
  }

  @Test
  public void aTransportThatThrowsAtValidationRefusesOnlyItsManifest() {
    assertRefused(
        "parameters.",
        "",
        stream("{\"type\": \"fake\", \"direction\": \"in\", \"parameters\": {\"throw\": 1}}"));
  }

  @Test
  public void anInstanceBelongsToOneSource() throws ManifestException {
    List<ManifestProblem> problems = refused("{\"instanceSpecs\": {\"camera\": {}}}");
    assertEquals("camera", problems.get(0).instance());
    assertTrue(problems.get(0).message().contains("test"));
    register.undeploy("test");
    register.deploy("m", "{\"instanceSpecs\": {\"camera\": {}}}");
    assertEquals(List.of(), register.instances().get("camera"));
  }

  @Test
  public void parametersKeepTheirJsonTypes() throws ManifestException {
    register.deploy(
        "m",
        stream(
            "{\"type\": \"later\", \"direction\": \"in\", \"parameters\": {\"t\": \"x\", \"n\": 1,"
                + " \"f\": 1.5, \"b\": true, \"z\": null, \"l\": [1, [2]], \"o\": {\"k\": \"v\"},"
                + " \"big\": 18446744073709551616}}"));
    Map<String, Object> parameters = register.instances().get("i").get(0).parameters();
    assertEquals("x", parameters.get("t"));
    assertEquals(1L, parameters.get("n"));
    assertEquals(1.5, parameters.get("f"));
    assertEquals(true, parameters.get("b"));
    assertTrue(parameters.containsKey("z") && parameters.get("z") == null);
    assertEquals(List.of(1L, List.of(2L)), parameters.get("l"));
    assertEquals(Map.of("k", "v"), parameters.get("o"));
    assertEquals(BigInteger.ONE.shiftLeft(64), parameters.get("big"));
  }

  @Test
  public void aChangeChangesWhatItChangesAndNothingElse() throws Exception {
    InstanceClient camera = bench.client("camera");
    InstanceClient collector = bench.client("collector");
    List<String> ended = new ArrayList<>();
    int in = camera.openInput("in", (peer, data) -> {}, named("in", ended));
    int out = camera.openOutput("out", named("out", ended));
    int in2 = camera.openInput("in2", (peer, data) -> {}, named("in2", ended));
    int other = collector.openInput("in", (peer, data) -> {}, named("other", ended));
    camera.write(out, new byte[5]);
    register.deploy( // out has another port, in2 is gone, collector is unchanged
        "test",
        Bench.MANIFEST
            .replace("\"port\": \"1\"", "\"port\": \"2\"")
            .replace("\"in2\":", "\"in3\":"));
    while (camera.processEvent(0) == StreamResult.OK) {
      assertTrue(ended.size() <= 2);
    }
    assertEquals(List.of("in2", "out"), ended.stream().sorted().toList());
    assertEquals(StreamResult.TIMEDOUT, collector.processEvent(0));
    assertEquals(StreamResult.ERROR, camera.write(out, new byte[1]));
    assertEquals("", camera.info(in).orElseThrow().ended());
    assertEquals("", collector.info(other).orElseThrow().ended());
    assertEquals(2, bench.transport.closed.get());
    assertEquals(1, camera.close(out).lostMessages());
    assertEquals(StreamResult.OK, camera.close(in2).result());
    int again = camera.openOutput("out");
    assertEquals("2", camera.info(again).orElseThrow().definition().parameters().get("port"));
  }

  private static StreamListener named(String name, List<String> ended) {
    return new StreamListener() {
      @Override
      public void ended(String cause) {
        ended.add(name);
      }
    };
  }

  @Test
  public void aMovedInstanceKeepsItsStreams() throws Exception {
    InstanceClient camera = bench.client("camera");
    int out = camera.openOutput("out");
    register.deploy("test", Bench.MANIFEST); // the same again
    assertEquals(StreamResult.OK, camera.write(out, new byte[1]));
    assertEquals(0, bench.transport.closed.get());
  }

  /** A second, or {@code -Ddaqstream.fuzz.seconds}. */
  @Test
  public void mutilatedManifestsAreRefusedOrTakenAndNothingElse() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    long budgetNanos = TimeUnit.SECONDS.toNanos(Long.getLong("daqstream.fuzz.seconds", 1));
    long refusals = 0;
    while (System.nanoTime() - seed < budgetNanos) {
      StringBuilder text = new StringBuilder(Bench.MANIFEST);
      for (int k = random.nextInt(4); k >= 0; k--) {
        int at = random.nextInt(text.length());
        switch (random.nextInt(3)) {
          case 0 -> text.setCharAt(at, "{}[]:,\"\\0a\u00e4".charAt(random.nextInt(11)));
          case 1 -> text.deleteCharAt(at);
          default -> text.insert(at, text.substring(at, Math.min(text.length(), at + 20)));
        }
      }
      try {
        register.deploy("test", text.toString());
      } catch (ManifestException e) {
        refusals++;
        assertTrue(e.getMessage(), e.getMessage().startsWith("manifest of test refused: "));
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + ": " + text, e);
      }
    }
    assertTrue("refusals " + refusals, refusals > 20);
  }

  @Test
  public void itIsToldWhoDeployedWhat() throws ManifestException {
    register.undeploy("test");
    register.deploy("m", "{\"instanceSpecs\": {\"b\": {}, \"a\": {}}}");
    register.deploy("empty", "{\"instanceSpecs\": {}}");
    refused("{\"instanceSpecs\": 7}");
    assertEquals(Map.of("m", Set.of("a", "b"), "empty", Set.of()), register.sources());
  }

  @Test
  public void instancesArePublishedAndWithdrawn() throws ManifestException {
    assertTrue(bench.published.contains("camera"));
    register.deploy("m", "{\"instanceSpecs\": {\"i\": {}}}");
    assertTrue(bench.published.contains("i"));
    register.undeploy("m");
    assertTrue(bench.published.contains("camera") && !bench.published.contains("i"));
  }
}
