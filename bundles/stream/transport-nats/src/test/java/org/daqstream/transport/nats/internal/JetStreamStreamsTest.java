/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.nats.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.daqstream.stream.api.CloseResult;
import org.daqstream.stream.api.StreamDirection;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.api.spi.TransportInput;
import org.daqstream.stream.api.spi.TransportOutput;
import org.daqstream.testing.Await;
import org.daqstream.testing.NatsServer;
import org.daqstream.testing.RecordingSink;
import org.daqstream.transport.support.ParameterReader;
import org.junit.After;
import org.junit.Test;

/** At least once, with real servers that are killed. */
public class JetStreamStreamsTest {
  private final Nat streams = new Nat();
  private final HoldingSink sink = new HoldingSink();

  @After
  public void nothingIsLeft() {
    streams.close();
  }

  private static Map<String, Object> out(String url, Object... more) {
    Map<String, Object> parameters = Nat.at(url, "s.a", more);
    parameters.put("jetstream", "s");
    return parameters;
  }

  private static Map<String, Object> in(String url, Object... more) {
    Map<String, Object> parameters = out(url, more);
    parameters.put("durable", "d");
    return parameters;
  }

  private void assertEachArrives(int sent) {
    HashSet<String> wanted = new HashSet<>();
    for (int i = 0; i < sent; i++) {
      wanted.add("m" + i);
    }
    Await.until(
        "all " + sent,
        90_000,
        () -> sink.count() >= sent && new HashSet<>(sink.messages()).size() >= sent);
    assertEquals(wanted, new HashSet<>(sink.messages()));
  }

  @Test
  public void everyMessageArrivesAcrossKillsAndIsStoredOnce() throws Exception {
    try (NatsServer server = NatsServer.jetStream()) {
      Nat.addStream(server.url(), "s", 1);
      streams.input(sink, in(server.url()));
      TransportOutput output = streams.output(out(server.url()));
      Random random = new Random(7);
      int sent = 0;
      for (int round = 0; round < 6; round++) {
        int killAt = random.nextInt(3_000);
        for (int i = 0; i < 3_000; i++) {
          if (i == killAt) {
            server.kill();
            server.start();
          }
          Nat.send(output, "m" + sent++);
        }
      }
      assertEquals(new CloseResult(StreamResult.OK, 0, 0), output.close(60_000));
      assertEachArrives(sent);
      assertEquals("stored once", sent, Nat.storedMessages(server.url(), "s"));
      assertEquals("nothing twice", sent, sink.count());
      assertEquals(0, output.statistics().lostMessages());
    }
  }

  @Test
  public void nothingIsLostWhenTheLeaderOfThreeIsKilled() throws Exception {
    List<NatsServer> servers = NatsServer.cluster(3);
    try {
      String urls = Nat.urls(servers);
      Await.until("JetStream", () -> isReady(servers.get(0).url()));
      streams.input(sink, in(urls));
      TransportOutput output = streams.output(out(urls));
      int sent = 0;
      for (; sent < 3_000; sent++) {
        Nat.send(output, "m" + sent);
      }
      String leader =
          Nat.administer(
              servers.get(0).url(),
              management -> management.getStreamInfo("s").getClusterInfo().getLeader());
      servers.get(leader.charAt(1) - '0').kill();
      for (; sent < 6_000; sent++) {
        Nat.send(output, "m" + sent);
      }
      assertEquals(new CloseResult(StreamResult.OK, 0, 0), output.close(60_000));
      assertEachArrives(sent);
    } finally {
      for (NatsServer server : servers) {
        server.close();
      }
    }
  }

  private static boolean isReady(String url) {
    try {
      Nat.addStream(url, "s", 3);
      return true;
    } catch (Exception e) {
      return false;
    }
  }

  @Test
  public void messageIsAcknowledgedWhenTheModuleHasIt() throws Exception {
    try (NatsServer server = NatsServer.jetStream()) {
      Nat.addStream(server.url(), "s", 1);
      sink.hold(true);
      TransportInput input = streams.input(sink, in(server.url()));
      TransportOutput output = streams.output(out(server.url()));
      for (int i = 0; i < 3; i++) {
        Nat.send(output, "m" + i);
      }
      Await.until("all", () -> sink.count() == 3);
      assertEquals(3, pending(server));
      sink.release(true);
      Await.until("acknowledged", () -> pending(server) == 0);
      Nat.send(output, "m3");
      Await.until("the next", () -> sink.count() == 4);
      input.close();
      sink.release(false); // as the register does with what is in its queue
      HoldingSink next = new HoldingSink();
      long startNanos = System.nanoTime();
      streams.input(next, in(server.url()));
      Await.until("again", () -> next.messages().equals(List.of("m3")));
      assertTrue("at once, not after the wait for an ack", Await.sinceMs(startNanos) < 8_000);
      Await.until("acknowledged", () -> pending(server) == 0);
    }
  }

  @Test
  public void streamThatIsMadeAnewIsReadFromItsBeginning() throws Exception {
    try (NatsServer server = NatsServer.jetStream()) {
      Nat.addStream(server.url(), "s", 1);
      streams.input(sink, in(server.url()));
      TransportOutput output = streams.output(out(server.url()));
      Nat.send(output, "m0");
      Await.until("the first", () -> sink.count() == 1);
      Nat.administer(server.url(), management -> management.deleteStream("s"));
      Nat.addStream(server.url(), "s", 1);
      Nat.send(output, "m1");
      Await.until("the second", () -> sink.messages().equals(List.of("m0", "m1")));
    }
  }

  private static long pending(NatsServer server) {
    try {
      return Nat.administer(
          server.url(), management -> management.getConsumerInfo("s", "d").getNumAckPending());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  public void slowModuleGetsNothingTwiceAndNoMoreThanFits() throws Exception {
    try (NatsServer server = NatsServer.jetStream()) {
      Nat.addStream(server.url(), "s", 1);
      Nat.addConsumer(
          server.url(),
          "s",
          ConsumerConfiguration.builder()
              .durable("d")
              .ackPolicy(AckPolicy.Explicit)
              .ackWait(Duration.ofSeconds(2))
              .build());
      sink.hold(true);
      sink.setFull(true);
      TransportInput input = streams.input(sink, in(server.url(), "queueMessages", 20L));
      TransportOutput output = streams.output(out(server.url()));
      for (int i = 0; i < 500; i++) {
        Nat.send(output, "m" + i);
      }
      Await.until("the first, and those that fit", () -> pending(server) >= 20);
      long startNanos = System.nanoTime();
      Await.until("longer than acks are waited for", () -> Await.sinceMs(startNanos) > 5_000);
      assertTrue("pending " + pending(server), pending(server) <= 41);
      sink.release(true);
      sink.hold(false);
      sink.setFull(false);
      input.resume();
      assertEachArrives(500);
      assertEquals("nothing twice", 500, sink.count());
      assertEquals(0, input.statistics().lostMessages());
    }
  }

  @Test
  public void inputWithLittleMemoryTakesOneAtATime() throws Exception {
    try (NatsServer server = NatsServer.jetStream()) {
      Nat.addStream(server.url(), "s", 1);
      sink.setFull(true);
      TransportInput input = streams.input(sink, in(server.url(), "queueBytes", 10L));
      TransportOutput output = streams.output(out(server.url()));
      for (int i = 0; i < 5; i++) {
        Nat.send(output, "m" + i);
      }
      Await.until("the first", () -> sink.count() == 1);
      assertTrue("pending " + pending(server), pending(server) <= 1);
      sink.setFull(false);
      input.resume();
      Await.until("all", () -> sink.messages().equals(List.of("m0", "m1", "m2", "m3", "m4")));
    }
  }

  @Test
  public void twoInputsWithOneDurableShare() throws Exception {
    try (NatsServer server = NatsServer.jetStream()) {
      Nat.addStream(server.url(), "s", 1);
      HoldingSink other = new HoldingSink();
      streams.input(sink, in(server.url(), "queueMessages", 10L));
      streams.input(other, in(server.url(), "queueMessages", 10L));
      TransportOutput output = streams.output(out(server.url()));
      for (int i = 0; i < 500; i++) {
        Nat.send(output, "m" + i);
      }
      Await.until("all", () -> sink.count() + other.count() == 500);
      HashSet<String> all = new HashSet<>(sink.messages());
      all.addAll(other.messages());
      assertEquals(500, all.size());
      assertTrue("both: " + sink.count(), sink.count() > 0 && other.count() > 0);
    }
  }

  @Test
  public void missingStreamIsToldAndWaitedFor() throws Exception {
    try (NatsServer server = NatsServer.jetStream()) {
      TransportInput input = streams.input(sink, in(server.url()));
      TransportOutput output = streams.output(out(server.url()));
      Nat.send(output, "m0");
      Await.until("told", () -> input.statistics().lastError().contains("stream not found"));
      Await.until("told", () -> output.statistics().lastError().contains("503"));
      Nat.addStream(server.url(), "s", 1);
      assertEachArrives(1);
      assertEquals(new CloseResult(StreamResult.OK, 0, 0), output.close(10_000));
    }
  }

  @Test
  public void messageTooLongForTheServerWithItsHeadersIsRefused() throws Exception {
    try (NatsServer server = NatsServer.jetStream("max_payload: 5000\n")) {
      Nat.addStream(server.url(), "s", 1);
      TransportOutput output = streams.output(out(server.url()));
      Await.until("connected", () -> output.statistics().peers() == 1);
      assertEquals(StreamResult.TOOBIG, Nat.offer(output, "x".repeat(5000)));
      String said = output.statistics().lastError();
      assertTrue(said, said.contains("max_payload of 5000"));
      Nat.send(output, "x".repeat(4850));
      Await.until("sent", () -> output.statistics().messages() == 1);
    }
  }

  private static NatsParameters parameters(StreamDirection direction, Map<String, Object> of) {
    return NatsParameters.read(direction, new ParameterReader(of));
  }

  @Test
  public void aConnectionThatEndsAtOnceIsWaitedOver() throws Exception {
    try (NatsServer server = NatsServer.jetStream()) {
      Nat.addStream(server.url(), "s", 1);
      Connection ended = Nats.connect(server.url());
      ended.close();

      RecordingSink outSink = new RecordingSink();
      NatsParameters outParameters = parameters(StreamDirection.OUT, out(server.url()));
      JetStreamOutput output =
          new JetStreamOutput(
              "stream-nats-out-x", outParameters, outParameters.options("x"), outSink);
      output.connected(ended, "one that is gone");
      output.start();
      try {
        Nat.send(output, "m0");
        assertEquals(new CloseResult(StreamResult.OK, 0, 0), output.close(60_000));
        assertEquals(List.of(), outSink.faults());
      } finally {
        output.close(0);
      }
      assertEquals(1, Nat.storedMessages(server.url(), "s"));

      NatsParameters inParameters = parameters(StreamDirection.IN, in(server.url()));
      JetStreamInput input =
          new JetStreamInput("stream-nats-in-x", inParameters, inParameters.options("x"), sink);
      assertThrows(IllegalStateException.class, () -> input.subscribe(ended));
      assertTrue("waits for the next", input.lookAfter(ended, false) > 0);
      input.leave();
    }
  }
}
