/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.daqstream.protocol.Metadata;
import org.daqstream.testing.Await;
import org.junit.Test;

/** The upgrade and the greeting, as each family of servers plays them, and as a liar does. */
public class GreetingFamiliesTest {
  private static final int LIMIT_MS = 10_000;

  private static StreamingClient client(ScriptedServer server) {
    return StreamingClient.at(server.address()).timeouts(LIMIT_MS, LIMIT_MS).noReconnect().open();
  }

  private static void assertFails(String why, StreamingClient client) {
    IOException failure = assertThrows(IOException.class, () -> client.awaitConnected(LIMIT_MS));
    assertTrue(failure.getMessage(), failure.getMessage().contains(why));
  }

  @Test
  public void theRequestIsSpeltAsOldServersNeedIt() throws Exception { // case 31
    CompletableFuture<String> head = new CompletableFuture<>();
    try (ScriptedServer server = new ScriptedServer(line -> head.complete(line.head()));
        StreamingClient client =
            StreamingClient.at(server.address() + "/a?b=c").name("test").noReconnect().open()) {
      String request = head.get(LIMIT_MS, TimeUnit.MILLISECONDS);
      assertTrue(request, request.startsWith("GET /a?b=c HTTP/1.1\r\n"));
      assertTrue(request, request.contains("\r\nUpgrade: websocket\r\n"));
      assertTrue(request, request.contains("\r\nSec-WebSocket-Key: "));
      assertTrue(request, request.contains("\r\nUser-Agent: daqstream/test\r\n"));
      assertEquals("not connected yet", client.failure());
    }
  }

  @Test
  public void aContentLengthInTheUpgradeIsTaken() throws Exception { // case 32
    try (Stage stage =
        new Stage(
            line -> {
              line.head();
              line.send(line.acceptance("Content-Length: 0", "Server: ws-streaming/3.0.2"));
              line.metadata(0, "apiVersion", "{version: '2.0.0'}");
              line.metadata(0, "init", "{streamId: 'S', commandInterfaces: {jsonrpc: {}}}");
            },
            client -> client.timeouts(LIMIT_MS, LIMIT_MS))) {
      stage.client.awaitConnected(LIMIT_MS);
      assertEquals("", stage.client.failure());
    }
  }

  @Test
  public void aServerThatJoinsPacketsIsAskedToOnce() throws Exception {
    AtomicReference<Metadata> asked = new AtomicReference<>();
    try (ScriptedServer server =
            new ScriptedServer(
                line -> {
                  line.upgrade();
                  line.metadata(0, "apiVersion", "{version: '1.2.0'}");
                  line.metadata(
                      0,
                      "init",
                      "{streamId: 'S', commandInterfaces: {jsonrpc: {}},"
                          + " supported: {delivery: {messageBytes: 40000}}}");
                  line.available("time", "v");
                  asked.set(line.message());
                  line.serveSubscribe("time", "v", "int16", 0); // the next one is a request
                  line.pair(1, 0, 0);
                  line.send(
                      Packets.binary(
                          Packets.joined(
                              Packets.data(2, new byte[] {1, 0}),
                              Packets.data(2, new byte[] {2, 0}))));
                  line.untilLeft();
                });
        StreamingClient client = client(server)) {
      BlockingQueue<Long> rows = new LinkedBlockingQueue<>();
      client.subscribe("v", block -> rows.add(block.row()));
      assertEquals(0, (long) rows.poll(LIMIT_MS, TimeUnit.MILLISECONDS));
      assertEquals(1, (long) rows.poll(LIMIT_MS, TimeUnit.MILLISECONDS));
      assertEquals("delivery", asked.get().method());
      assertEquals(
          Packets.json("{aheadBytes: 0, lagMs: 0, messageBytes: 40000}"), asked.get().params());
    }
  }

  @Test
  public void theGreetingMayComeWithTheUpgrade() throws Exception { // case 33
    try (Stage stage =
        new Stage(
            line -> {
              line.head();
              line.send(
                  Packets.joined(
                      line.acceptance().getBytes(StandardCharsets.ISO_8859_1),
                      Packets.binary(Packets.metadata(0, "apiVersion", "{version: '1.2.0'}")),
                      Packets.binary(
                          Packets.metadata(
                              0, "init", "{streamId: 'S', commandInterfaces: {jsonrpc: {}}}")),
                      Packets.binary(Packets.metadata(0, "available", "{signalIds: ['a']}"))));
            },
            client -> client.timeouts(LIMIT_MS, LIMIT_MS))) {
      assertEquals(List.of("a"), stage.client.signalIds(LIMIT_MS));
    }
  }

  @Test
  public void anAnswerByteByByteIsPutTogether() throws Exception {
    try (Stage stage =
        new Stage(
            line -> {
              line.head();
              byte[] all =
                  Packets.joined(
                      line.acceptance().getBytes(StandardCharsets.ISO_8859_1),
                      Packets.binary(
                          Packets.metadata(
                              0, "init", "{streamId: 'S', commandInterfaces: {jsonrpc: {}}}")),
                      Packets.binary(Packets.metadata(0, "available", "{signalIds: ['a']}")));
              for (byte each : all) {
                line.send(new byte[] {each});
              }
            },
            client -> client.timeouts(LIMIT_MS, LIMIT_MS))) {
      assertEquals(List.of("a"), stage.client.signalIds(LIMIT_MS));
    }
  }

  @Test
  public void refusalsOfTheUpgradeAreTold() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(
                line -> {
                  line.head();
                  line.send("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
                });
        StreamingClient client = client(server)) {
      assertFails("403 Forbidden", client);
    }
    try (ScriptedServer server =
            new ScriptedServer(
                line -> {
                  line.head();
                  line.send(line.acceptance().replaceAll("Accept: ....", "Accept: AAAA"));
                });
        StreamingClient client = client(server)) {
      assertFails("Sec-WebSocket-Accept", client);
    }
    try (ScriptedServer server =
            new ScriptedServer(
                line -> {
                  line.head();
                  line.send("x".repeat(20_000));
                });
        StreamingClient client = client(server)) {
      assertFails("has no end", client);
    }
  }

  @Test
  public void whoNeverAnswersIsGivenUp() throws Exception {
    try (ScriptedServer silent =
            new ScriptedServer(
                line -> {
                  line.head();
                  line.untilLeft();
                });
        StreamingClient client =
            StreamingClient.at(silent.address()).timeouts(100, 100).noReconnect().open()) {
      assertFails("given up", client);
    }
    try (ScriptedServer upgradesOnly =
            new ScriptedServer(
                line -> {
                  line.upgrade();
                  line.untilLeft();
                });
        StreamingClient client =
            StreamingClient.at(upgradesOnly.address()).timeouts(100, 100).noReconnect().open()) {
      assertFails("given up", client);
    }
  }

  @Test
  public void nobodyListening() throws Exception {
    int port;
    try (ScriptedServer server = new ScriptedServer(line -> {})) {
      port = server.port();
    }
    try (StreamingClient client =
        StreamingClient.at("ws://127.0.0.1:" + port).noReconnect().open()) {
      assertFails("Connection refused", client);
    }
  }

  @Test
  public void aSecondClientThatIsTurnedAwayHearsWhy() throws Exception {
    try (Stage stage =
        new Stage(
            line -> {
              line.upgrade();
              line.send(Packets.frame(0x88, Packets.hex("03f5 627573 79")));
            },
            client -> client.timeouts(LIMIT_MS, LIMIT_MS))) {
      assertFails("1013 busy", stage.client);
    }
  }

  @Test
  public void anyVersionWillDo() throws Exception { // case 39
    for (String version : List.of("'abc'", "'2.0'", "7", "null", "'1.2.0'")) {
      try (Stage stage =
          new Stage(
              line -> {
                line.upgrade();
                line.metadata(0, "apiVersion", "{version: " + version + "}");
                line.metadata(0, "init", "{streamId: 'S', commandInterfaces: {jsonrpc: {}}}");
                line.serveSubscribe("t", "v", "int32", 0);
                line.data(2, Packets.ints(7));
              },
              client -> client.timeouts(LIMIT_MS, LIMIT_MS))) {
        Received received = stage.subscribe("v");
        assertEquals(version, List.of("0: [7.0]"), received.awaitSamples(1));
      }
    }
  }

  @Test
  public void theClientNeverGreetsBackUnasked() throws Exception { // case 38
    try (Stage stage =
        new Stage(
            line -> {
              line.greet("2.0.0", "v");
              line.serveSubscribe("t", "v", "int32", 0); // the first that it says
            },
            client -> client.timeouts(LIMIT_MS, LIMIT_MS))) {
      stage
          .client
          .subscribe("v", new Received())
          .description()
          .toCompletableFuture()
          .get(LIMIT_MS, TimeUnit.MILLISECONDS);
    }
  }

  @Test
  public void withoutAWayForCommandsSubscribingFails() throws Exception { // case 41
    try (ScriptedServer server =
            new ScriptedServer(
                line -> {
                  line.upgrade();
                  line.metadata(0, "apiVersion", "{version: '1.5.0'}");
                  line.metadata(
                      0, "init", "{streamId: 'S', commandInterfaces: {pigeons: {httpMethod: ''}}}");
                  line.available("v");
                  line.untilLeft();
                });
        StreamingClient client = client(server)) {
      CompletableFuture<RemoteSignal> description =
          client.subscribe("v", new Received()).description().toCompletableFuture();
      Await.until("the refusal", description::isCompletedExceptionally);
      assertEquals(
          "signal v: server offers no usable command interface: ",
          description
              .handle((signal, failure) -> failure.getMessage())
              .join()
              .replaceAll("^.*?Exception: |\\[.*", ""));
    }
  }
}
