/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.nats.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.daqstream.stream.api.CloseResult;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.api.StreamStatistics;
import org.daqstream.stream.api.spi.TransportInput;
import org.daqstream.stream.api.spi.TransportOutput;
import org.daqstream.testing.Await;
import org.daqstream.testing.Certificates;
import org.daqstream.testing.NatsServer;
import org.daqstream.testing.RecordingSink;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** At most once, with a real server. */
public class CoreStreamsTest {
  @Rule public TemporaryFolder folder = new TemporaryFolder();

  private final Nat streams = new Nat();
  private final HoldingSink sink = new HoldingSink();

  @After
  public void nothingIsLeft() {
    streams.close();
  }

  @Test
  public void killedServerCostsWhatIsCountedAndNothingTwice() throws Exception {
    try (NatsServer server = NatsServer.core()) {
      RecordingSink outSink = new RecordingSink();
      TransportInput input = streams.input(sink, Nat.at(server.url(), "a"));
      TransportOutput output =
          streams.output(outSink, Nat.at(server.url(), "a", "queueMessages", 5_000L));
      Await.until("both", () -> output.statistics().peers() == 1);
      int sent = 0;
      for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 2_000; i++) {
          Nat.send(output, "m" + sent++);
          if (i == 1_000) {
            server.kill();
          }
        }
        server.start();
        int ups = round + 2;
        Await.until(
            "both again",
            () -> input.statistics().connects() == ups && output.statistics().connects() == ups);
        Await.until("all sent", () -> output.statistics().queuedMessages() == 0);
      }
      StreamStatistics out = output.statistics();
      assertEquals("sent or lost", sent, out.messages() + out.lostMessages());
      Nat.send(output, "last");
      Await.until("the last", () -> sink.messages().contains("last"));
      List<String> arrived = sink.messages();
      assertEquals("nothing twice", arrived.size(), arrived.stream().distinct().count());
      List<Integer> numbers =
          arrived.stream()
              .filter(text -> !text.equals("last"))
              .map(text -> Integer.valueOf(text.substring(1)))
              .toList();
      assertEquals("in order", numbers.stream().sorted().toList(), numbers);
      assertEquals("ups", 4, outSink.up().size());
      assertEquals(outSink.down().toString(), 3, outSink.down().size());
      assertTrue(sink.peers().toString(), sink.peers().get(0).startsWith("up one at nats://"));
      assertTrue(sink.peers().toString(), sink.peers().get(1).startsWith("down "));
    }
  }

  @Test
  public void whatIsWrittenWithoutAServerIsSentWhenItComes() throws Exception {
    try (NatsServer server = NatsServer.core()) {
      server.stop();
      streams.input(sink, Nat.at(server.url(), "a"));
      TransportOutput output = streams.output(Nat.at(server.url(), "a"));
      IntStream.range(0, 5).forEach(i -> Nat.send(output, "m" + i));
      Await.until("a problem", () -> output.statistics().lastError().contains("refused"));
      assertEquals(5, output.statistics().queuedMessages());
      server.start();
      Await.until("all sent", () -> output.statistics().messages() == 5);
    }
  }

  @Test
  public void messageBeyondTheServersLimitIsRefusedWithTheNumber() throws Exception {
    try (NatsServer server = NatsServer.with("max_payload: 5000\n")) {
      TransportOutput output = streams.output(Nat.at(server.url(), "a"));
      Await.until("connected", () -> output.statistics().peers() == 1);
      assertEquals(StreamResult.OK, Nat.offer(output, "x".repeat(5000)));
      assertEquals(StreamResult.TOOBIG, Nat.offer(output, "x".repeat(5001)));
      String said = output.statistics().lastError();
      assertTrue(said, said.contains("5001") && said.contains("max_payload of 5000"));
      Await.until("the other", () -> output.statistics().messages() == 1);
      assertEquals("still connected", 0, output.statistics().disconnects());
    }
  }

  @Test
  public void messageThatProvesTooLongLaterIsLostAndCounted() throws Exception {
    try (NatsServer server = NatsServer.with("max_payload: 5000\n")) {
      server.stop();
      TransportOutput output = streams.output(Nat.at(server.url(), "a"));
      Nat.send(output, "first");
      Nat.send(output, "x".repeat(5001));
      Nat.send(output, "last");
      server.start();
      Await.until("two sent", () -> output.statistics().messages() == 2);
      assertEquals(1, output.statistics().lostMessages());
      assertEquals(5001, output.statistics().lostBytes());
      assertEquals(new CloseResult(StreamResult.OK, 0, 0), output.close(1_000));
    }
  }

  @Test
  public void groupSharesTheMessages() throws Exception {
    try (NatsServer server = NatsServer.core()) {
      HoldingSink other = new HoldingSink();
      HoldingSink all = new HoldingSink();
      streams.input(sink, Nat.at(server.url(), "a.*", "queue", "g"));
      streams.input(other, Nat.at(server.url(), "a.>", "queue", "g"));
      streams.input(all, Nat.at(server.url(), "a.b"));
      TransportOutput output = streams.output(Nat.at(server.url(), "a.b"));
      for (int i = 0; i < 200; i++) {
        Nat.send(output, "m" + i);
      }
      Await.until("all", () -> all.count() == 200 && sink.count() + other.count() >= 200);
      List<String> shared = new ArrayList<>(sink.messages());
      shared.addAll(other.messages());
      assertEquals("each once", 200, shared.stream().distinct().count());
      assertEquals("each once", 200, shared.size());
    }
  }

  @Test
  public void slowModuleLosesWhatIsCountedAndTold() throws Exception {
    try (NatsServer server = NatsServer.core()) {
      TransportInput input = streams.input(sink, Nat.at(server.url(), "a", "queueMessages", 10L));
      sink.setFull(true);
      TransportOutput output = streams.output(Nat.at(server.url(), "a"));
      for (int i = 0; i < 1_000; i++) {
        Nat.send(output, "message " + i % 10);
      }
      Await.until("all sent", () -> output.statistics().messages() == 1_000);
      Await.until("told", () -> input.statistics().lastError().contains("messages lost so far"));
      Await.until("all have come", () -> input.statistics().lostMessages() >= 989);
      assertEquals(1, input.statistics().pauses());
      assertEquals("handed over", 1, sink.count());
      sink.setFull(false);
      input.resume();
      Await.until(
          "all accounted for", () -> sink.count() + input.statistics().lostMessages() == 1_000);
      long lost = input.statistics().lostMessages();
      assertTrue("lost " + lost, lost >= 989 && lost <= 990);
      assertEquals(9 * lost, input.statistics().lostBytes());
      assertEquals("still connected", 1, input.statistics().peers());
    }
  }

  @Test
  public void userWithAPasswordInAFileInsideTls() throws Exception {
    Certificates files = Certificates.instance();
    String conf =
        "tls { cert_file: \"%s\", key_file: \"%s\" }\nauthorization { user: u, password: geheim }\n"
            .formatted(files.file("server.crt"), files.file("server.key"));
    String password = folder.newFile().getPath();
    Files.writeString(Path.of(password), "geheim\n");
    try (NatsServer server = NatsServer.with(conf)) {
      Map<String, Object> parameters =
          Nat.at(
              "tls://localhost:" + server.port(),
              "a",
              "user",
              "u",
              "passwordFile",
              password,
              "trustFile",
              files.file("ca.crt"));
      TransportInput input = streams.input(sink, parameters);
      Await.until("subscribed", () -> input.statistics().peers() == 1);
      TransportOutput output = streams.output(parameters);
      Nat.send(output, "hello");
      Await.until("hello", () -> sink.messages().equals(List.of("hello")));
      assertFalse(output.statistics().toString().contains("geheim"));
    }
  }
}
