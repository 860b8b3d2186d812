/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.daqstream.testing.Await;
import org.junit.Test;

/** Subscribing by HTTP and in-band, as each family of servers answers it. */
public class SubscribingTest {
  private static final int LIMIT_MS = 10_000;

  private static StreamingClient client(ScriptedServer server) {
    return StreamingClient.at(server.address()).timeouts(LIMIT_MS, LIMIT_MS).noReconnect().open();
  }

  private static String refusal(RemoteSubscription subscription) {
    CompletableFuture<RemoteSignal> description = subscription.description().toCompletableFuture();
    Await.until("the refusal", description::isDone);
    return description
        .handle((signal, failure) -> failure == null ? "none" : failure.getMessage())
        .join();
  }

  /** A data line that tells where commands go, and serves one signal when they have come. */
  private static ScriptedServer.Script byHttp(String port, String path, CountDownLatch commanded) {
    return line -> {
      line.greetHttp("1.5.0", port, path, "v");
      assertTrue("a command", commanded.await(LIMIT_MS, TimeUnit.MILLISECONDS));
      line.linearTime(1, "t", 1000);
      line.value(2, "v", "t", "int32", 5);
      line.pair(1, 0, 100);
      line.data(2, Packets.ints(7));
      line.untilLeft();
    };
  }

  private static void assertSubscribesByHttp(String answer, String portPattern) throws Exception {
    CountDownLatch commanded = new CountDownLatch(1);
    ScriptedServer.Script command =
        line -> {
          JsonNode body = line.post();
          assertEquals("S.subscribe", body.path("method").textValue());
          assertEquals(Packets.json("['v']"), body.path("params"));
          line.send(answer);
          line.close();
          commanded.countDown();
        };
    try (ScriptedServer control = new ScriptedServer(command);
        ScriptedServer server =
            new ScriptedServer(
                byHttp(portPattern.formatted(control.port()), "/control", commanded));
        StreamingClient client = client(server)) {
      Received received = new Received();
      client.subscribe("v", received);
      assertEquals(List.of("5: [7.0] at 5100"), received.awaitSamples(1));
      assertEquals(1, control.clients());
    }
  }

  @Test
  public void anAnswerThatEndsWithTheConnection() throws Exception { // case 58
    assertSubscribesByHttp(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\nSucceeded", "'%d'");
  }

  @Test
  public void answersOfOtherFamilies() throws Exception {
    assertSubscribesByHttp(
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 9\r\n\r\nSucceeded",
        "'%d'");
    assertSubscribesByHttp("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n[true]", "'%d'");
    assertSubscribesByHttp(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n{\"id\r\n12\r\n\":1,\"result\":true}\r\n0\r\n\r\n",
        "'%d'");
    assertSubscribesByHttp("HTTP/1.1 204 No Content\r\n\r\n", "'%d'");
  }

  @Test
  public void aPortThatIsANumberBesidesUnknownInterfaces() throws Exception { // case 40
    assertSubscribesByHttp("HTTP/1.1 200 OK\r\n\r\nSucceeded", "%d, more: 7");
  }

  /** Why a subscription is refused whose command somebody answers so. */
  private static String refusalBy(int commandMs, ScriptedServer.Script answer) throws Exception {
    try (ScriptedServer control =
            new ScriptedServer(
                line -> {
                  line.post();
                  answer.play(line);
                  line.close();
                });
        Stage stage =
            new Stage(
                line -> line.greetHttp("1.2.0", "'" + control.port() + "'", "/", "v"),
                client -> client.timeouts(LIMIT_MS, commandMs))) {
      return refusal(stage.client.subscribe("v", new Received()));
    }
  }

  @Test
  public void anAnswerThatTricklesIsGivenUp() throws Exception {
    String refusal =
        refusalBy(
            200,
            line -> {
              line.send("HTTP/1.1 200 OK\r\n");
              while (true) {
                line.send("a");
                LockSupport.parkNanos(1_000_000);
              }
            });
    assertTrue(refusal, refusal.contains("the command could not be sent"));
  }

  @Test
  public void answersOfLiarsAreRefusals() throws Exception {
    for (String answer :
        List.of(
            "what?\r\n\r\n",
            "HTTP/1.1 200 OK\r\n" + "x".repeat(70_000),
            "HTTP/1.1 500 No\r\nContent-Length: 999999999\r\n\r\nno",
            "HTTP/1.1 301 Moved\r\nLocation: http://192.0.2.1/\r\n\r\n",
            "")) {
      String refusal = refusalBy(LIMIT_MS, line -> line.send(answer));
      assertTrue(refusal, refusal.contains("signal v: "));
    }
  }

  @Test
  public void falseIsARefusal() throws Exception { // case 59
    String answer = "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n[false]";
    String refusal = refusalBy(LIMIT_MS, line -> line.send(answer));
    assertTrue(refusal, refusal.contains("signal v: the device refuses it"));
  }

  @Test
  public void falseForWhatComesAlreadyIsNone() throws Exception { // case 59
    try (Stage stage =
        new Stage(
            line -> {
              line.greet("2.0.0", "t", "v");
              line.serveSubscribe("t", "v", "int32", 0);
              line.answer(line.expect("subscribe", "t"), "[false]");
              line.pair(1, 0, 100);
            },
            client -> client.timeouts(LIMIT_MS, LIMIT_MS))) {
      stage
          .client
          .subscribe("v", new Received())
          .description()
          .toCompletableFuture()
          .get(LIMIT_MS, TimeUnit.MILLISECONDS);
      Received time = new Received();
      RemoteSubscription subscription = stage.client.subscribe("t", time);
      assertEquals("none", refusal(subscription));
      assertEquals(List.of("0: [100.0] at 100"), time.awaitSamples(1));
      assertEquals("described", time.events().get(0));
    }
  }

  @Test
  public void anAnswerThatNeverComes() throws Exception { // case 60
    try (ScriptedServer server =
            new ScriptedServer(
                line -> {
                  line.greet("2.0.0", "v");
                  line.untilLeft();
                });
        StreamingClient client =
            StreamingClient.at(server.address()).timeouts(LIMIT_MS, 100).open()) {
      String refusal = refusal(client.subscribe("v", new Received()));
      assertTrue(refusal, refusal.contains("no answer within 100 ms"));
    }
  }

  @Test
  public void anAcknowledgementThatNeverComes() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(
                line -> {
                  line.greet("2.0.0", "v");
                  line.answer(line.expect("subscribe", "v"), "[true]");
                  line.untilLeft();
                });
        StreamingClient client =
            StreamingClient.at(server.address()).timeouts(LIMIT_MS, 100).open()) {
      String refusal = refusal(client.subscribe("v", new Received()));
      assertTrue(refusal, refusal.contains("does not acknowledge"));
    }
  }

  @Test
  public void oneBadIdHarmsNoOther() throws Exception {
    CountDownLatch wanted = new CountDownLatch(1);
    try (Stage stage =
        new Stage(
            line -> {
              assertTrue(wanted.await(LIMIT_MS, TimeUnit.MILLISECONDS));
              line.greet("1.2.0");
              List<JsonNode> both = line.expectAll("subscribe", "bad", "v");
              assertEquals(1, both.size());
              line.linearTime(1, "t", 1000);
              line.value(2, "v", "t", "int32", 0); // done all the same
              line.answerError(both.get(0), -32602, "no such signal");
              line.answerError(line.expect("subscribe", "bad"), -32602, "no such signal");
              line.data(2, Packets.ints(7));
            },
            client -> client.timeouts(LIMIT_MS, LIMIT_MS))) {
      CompletableFuture<Map<String, RemoteSignal>> described =
          stage.client.describe(List.of("bad", "v"), LIMIT_MS);
      wanted.countDown();
      assertEquals("[v]", described.get(LIMIT_MS, TimeUnit.MILLISECONDS).keySet().toString());
    }
  }

  @Test
  public void aDomainThatCameAlongIsNotUnsubscribed() throws Exception {
    CountDownLatch described = new CountDownLatch(1);
    CountDownLatch left = new CountDownLatch(1);
    try (Stage stage =
        new Stage(
            line -> {
              line.greet("2.0.0", "t", "v");
              List<JsonNode> requests = line.expectAll("subscribe", "t", "v");
              line.linearTime(1, "t", 1000);
              line.value(2, "v", "t", "int32", 0);
              line.answerAll(requests);
              requests = line.expectAll("unsubscribe", "t", "v");
              line.metadata(2, "unsubscribe", "{}");
              line.metadata(1, "unsubscribe", "{}");
              line.answerAll(requests);
              described.countDown();
              line.serveSubscribe("t", "v", "int32", 0);
              line.pair(1, 0, 100);
              line.data(2, Packets.ints(7));
              line.expect("unsubscribe", "v"); // and not t
              left.countDown();
            },
            client -> client.timeouts(LIMIT_MS, LIMIT_MS))) {
      stage.client.describe(List.of("t", "v"), LIMIT_MS).get(LIMIT_MS, TimeUnit.MILLISECONDS);
      assertTrue(described.await(LIMIT_MS, TimeUnit.MILLISECONDS));
      Received received = new Received();
      RemoteSubscription subscription = stage.client.subscribe("v", received);
      assertEquals(List.of("0: [7.0] at 100"), received.awaitSamples(1));
      subscription.close();
      assertTrue(left.await(LIMIT_MS, TimeUnit.MILLISECONDS));
      received.awaitEvent("ended: unsubscribed");
    }
  }

  @Test
  public void whoSubscribesWhenItIsOverIsToldSo() throws Exception {
    StreamingClient client = StreamingClient.at("ws://127.0.0.1:1").noReconnect().open();
    client.close();
    Received received = new Received();
    client.subscribe("v", received);
    received.awaitEvent("ended: the client was closed");
    assertEquals(0, client.statistics().listenerFaults());
  }
}
