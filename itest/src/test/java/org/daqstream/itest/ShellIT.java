/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import static org.daqstream.itest.LiveRuntime.await;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.inject.Inject;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;
import org.daqstream.signal.api.SignalRegistry;
import org.daqstream.signal.api.WriteResult;
import org.junit.After;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;

/** Every command in a real Gogo, on a real server and real streams. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class ShellIT extends ShellBench {
  @Inject private SignalRegistry registry;

  private final List<SignalPort> ports = new ArrayList<>();

  @After
  public void closePorts() {
    ports.forEach(SignalPort::close);
  }

  private SignalPort publish(String signalId, String dataType) {
    SignalPort port =
        registry.open(
            SignalDescriptor.linearTime(signalId + "/time", 1_000_000),
            SignalDescriptor.value(signalId, dataType).build());
    ports.add(port);
    return port;
  }

  @Test
  public void everyCommandHasItsHelp() throws Exception {
    for (String command : commands()) {
      String help = run(command + " --help");
      assertTrue(help, help.startsWith("usage: " + command));
    }
  }

  @Test
  public void signalsAreListedAlsoTheUnavailableAndWhy() throws Exception {
    publish("shell/strange", "strange128");
    String list = run("signal:list");
    assertTrue(list, list.contains("host/memory/used"));
    assertTrue(
        list,
        list.lines().anyMatch(l -> l.matches("shell/strange +strange128 .* unavailable: .+")));
    JsonNode unavailable = json("signal:list --unavailable");
    assertEquals(1, unavailable.size());
    assertEquals("shell/strange", unavailable.get(0).path("signalId").textValue());
    assertTrue(
        unavailable.toString(), unavailable.get(0).path("reason").asText().contains("strange128"));
    assertEquals("byte", json("signal:info host/memory/used").path("unit").path("symbol").asText());
    assertEquals(
        "no signal 'host/memory/usde'; did you mean 'host/memory/used'?",
        refused("signal:info host/memory/usde"));
    JsonNode writers = json("signal:writers");
    assertEquals(
        "the writer of real64",
        "org.daqstream.writer.numeric",
        stream(writers)
            .filter(row -> row.path("dataType").asText().equals("real64"))
            .map(row -> row.path("bundle").asText().replaceAll(" .*", ""))
            .findFirst()
            .orElseThrow());
  }

  @Test
  public void clientsAndTheirTrafficAreTold() throws Exception {
    try (SignalClient client =
        new SignalClient(LiveRuntime.endpoints(context)[0], LiveRuntime.endpoints(context)[1])) {
      assertEquals("200 Succeeded", client.command("subscribe", "host/memory/used"));
      client.awaitData(
          client
              .await(
                  "acknowledgement",
                  p ->
                      p.is("subscribe")
                          && p.params().path("signalId").textValue().equals("host/memory/used"))
              .signo());
      JsonNode row = json("signal:clients --seconds 0.5").get(0);
      assertEquals("daqstream/itest", row.path("userAgent").asText());
      assertEquals("127.0.0.1", row.path("address").asText().replaceAll(":.*", ""));
      assertTrue(row.toString(), row.path("signalIds").toString().contains("host/memory/used"));
      assertTrue(row.toString(), row.path("sentBytesPerSecond").longValue() > 0);
      String table = run("signal:clients --seconds 0");
      assertTrue(table, table.contains(row.path("name").asText()));
      JsonNode server = json("signal:stats host/memory/used --seconds 0.5").get(0);
      assertEquals(1, server.path("clients").intValue());
      JsonNode signal = server.path("signals").get(0);
      assertEquals(1, signal.path("subscribers").intValue());
      assertTrue(signal.toString(), signal.path("packetsPerSecond").longValue() > 0);
      String statistics = run("signal:stats --seconds 0");
      assertTrue(statistics, statistics.startsWith("server default on ws://127.0.0.1:"));
    }
  }

  @Test
  public void aKickedClientIsClosedWithCodeAndReason() throws Exception {
    CompletableFuture<String> closed = new CompletableFuture<>();
    WebSocket socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .header("User-Agent", "daqstream/kicked")
            .buildAsync(
                URI.create(LiveRuntime.endpoints(context)[0]),
                new WebSocket.Listener() {
                  @Override
                  public CompletionStage<?> onClose(WebSocket s, int code, String reason) {
                    closed.complete(code + " " + reason);
                    return null;
                  }
                })
            .get(TIMEOUT_S, TimeUnit.SECONDS);
    try {
      await("client", () -> kickable() != null);
      String name = kickable();
      String answer = run("signal:kick " + name + " maintenance at noon");
      assertTrue(answer, answer.startsWith("disconnected " + name + " at 127.0.0.1:"));
      assertEquals("1008 maintenance at noon", closed.get(TIMEOUT_S, TimeUnit.SECONDS));
      await("end of the client", () -> kickable() == null);
      assertEquals("no client '" + name + "'", refused("signal:kick " + name));
    } finally {
      socket.abort();
    }
  }

  private String kickable() throws Exception {
    return stream(json("signal:clients --seconds 0"))
        .filter(row -> row.path("userAgent").asText().equals("daqstream/kicked"))
        .map(row -> row.path("name").asText())
        .findFirst()
        .orElse(null);
  }

  @Test
  public void aTapShowsTheSamplesExactlyAndLeavesNoTrace() throws Exception {
    SignalPort port = publish("shell/counter", DataTypes.INT32);
    Future<String> tap = background.submit(() -> run("signal:tap shell/counter -n 3"));
    await("tap", port::hasSubscriber);
    long tick = 1_795_419_179_900_000_000L;
    assertEquals(WriteResult.ACCEPTED, port.write(tick, new int[] {41, 42, 43, 44}, 0, 4));
    assertEquals(
        """
        2026-11-23T07:32:59.900000000Z  0  41
        2026-11-23T07:32:59.901000000Z  1  42
        2026-11-23T07:32:59.902000000Z  2  43
        """,
        tap.get(TIMEOUT_S, TimeUnit.SECONDS));
    assertFalse(port.hasSubscriber());
    assertEquals(WriteResult.NO_SUBSCRIBER, port.write(tick + 4_000_000, new int[] {45}, 0, 1));
    assertEquals(
        "no sample of 'shell/counter' within 0.1 s",
        refused("signal:tap shell/counter --seconds 0.1"));
  }

  @Test
  public void aTapGoesOnWhenTheWriterReturnsAndEndsWithTheShell() throws Exception {
    SignalPort port = publish("shell/again", DataTypes.INT32);
    Future<String> tap = background.submit(() -> run("signal:tap shell/again -n 2"));
    await("tap", port::hasSubscriber);
    port.write(0, new int[] {1}, 0, 1);
    Bundle writer = bundle("org.daqstream.writer.numeric");
    writer.stop();
    assertFalse(port.hasSubscriber());
    port.write(1_000_000, new int[] {2}, 0, 1); // nobody can write it
    writer.start();
    await("tap", port::hasSubscriber);
    port.write(2_000_000, new int[] {3}, 0, 1);
    assertEquals(
        """
        1970-01-01T00:00:00.000000000Z  0  1
        1970-01-01T00:00:00.002000000Z  2  3
        """,
        tap.get(TIMEOUT_S, TimeUnit.SECONDS));
    Future<String> endless = background.submit(() -> run("signal:tap shell/again"));
    await("tap", port::hasSubscriber);
    Bundle shell = bundle("org.daqstream.shell");
    shell.stop();
    assertFalse(port.hasSubscriber());
    ExecutionException e =
        assertThrows(ExecutionException.class, () -> endless.get(TIMEOUT_S, TimeUnit.SECONDS));
    assertEquals("the shell was stopped", e.getCause().getMessage());
    shell.start();
  }

  @Test
  public void aTapEndsWithAnInterruption() throws Exception {
    SignalPort port = publish("shell/silent", DataTypes.REAL64);
    Future<?> tap = background.submit(() -> run("signal:tap shell/silent"));
    await("tap", port::hasSubscriber);
    tap.cancel(true);
    await("end of the tap", () -> !port.hasSubscriber());
  }

  @Test
  public void whatIsMissingIsToldAndReturns() throws Exception {
    Bundle server = bundle("org.daqstream.server");
    Bundle register = bundle("org.daqstream.stream.register");
    Bundle signals = bundle("org.daqstream.signal.registry");
    server.stop();
    register.stop();
    signals.stop();
    try {
      for (String line : List.of("signal:clients", "signal:stats", "signal:kick x")) {
        assertTrue(
            refused(line).startsWith("no server is listening: the bundle org.daqstream.server "));
      }
      assertEquals(
          "no streams: the bundle org.daqstream.stream.register is not active",
          refused("stream:list"));
      assertEquals(
          "no signals: the bundle org.daqstream.signal.registry is not active",
          refused("signal:list"));
      assertTrue(run("stream:types").contains("posix"));
    } finally {
      signals.start();
      register.start();
      server.start();
    }
    await("server", this::serverListens);
    assertEquals("[]", json("stream:list").toString());
  }

  /** It opens its ports on a thread of its own, once its configuration has come. */
  private boolean serverListens() {
    try {
      return run("signal:stats --seconds 0").startsWith("server default");
    } catch (Exception e) {
      return false;
    }
  }

  @Test
  public void theCommandsGoWithTheirBundle() throws Exception {
    Bundle shell = bundle("org.daqstream.shell");
    shell.stop();
    assertEquals(List.of(), commands());
    assertThrows(Exception.class, () -> run("signal:list"));
    shell.start();
    await("commands", () -> commands().size() >= 15);
  }

  private Bundle bundle(String symbolicName) {
    return Arrays.stream(context.getBundles())
        .filter(bundle -> symbolicName.equals(bundle.getSymbolicName()))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no bundle " + symbolicName));
  }
}
