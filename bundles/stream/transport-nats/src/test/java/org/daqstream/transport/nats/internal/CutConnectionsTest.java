/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.nats.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.daqstream.stream.api.CloseResult;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.api.StreamStatistics;
import org.daqstream.stream.api.spi.TransportInput;
import org.daqstream.stream.api.spi.TransportOutput;
import org.daqstream.testing.Await;
import org.daqstream.testing.CuttingProxy;
import org.daqstream.testing.NatsServer;
import org.daqstream.testing.RecordingSink;
import org.junit.After;
import org.junit.Test;

/** Connections that end at any byte, from the first of the greeting on. */
public class CutConnectionsTest {
  private static final int CONNECTIONS = 60;
  private static final long SEED = System.nanoTime();

  private final Nat streams = new Nat();
  private final HoldingSink sink = new HoldingSink();
  private final RecordingSink outSink = new RecordingSink();

  @After
  public void nothingIsLeft() {
    streams.close();
  }

  /** Through the proxy, with short waits. */
  private static Map<String, Object> by(CuttingProxy proxy, Object... more) {
    Map<String, Object> parameters = Nat.at("nats://127.0.0.1:" + proxy.port(), "s.a", more);
    parameters.put("backoffMaxMs", 50L);
    return parameters;
  }

  /** Writes while connections end, and some more; gives how many. */
  private static int write(TransportOutput output, CuttingProxy proxy) {
    int sent = 0;
    long startNanos = System.nanoTime();
    while (proxy.connections() < CONNECTIONS) {
      assertTrue("connects again", Await.sinceMs(startNanos) < 120_000);
      sent = writeSome(output, sent, 20);
    }
    proxy.calm();
    return writeSome(output, sent, 200);
  }

  private static int writeSome(TransportOutput output, int from, int count) {
    int sent = from;
    for (int i = 0; i < count; i++) {
      Nat.send(output, "m" + sent++);
    }
    if (from > 0) {
      long startNanos = System.nanoTime();
      Await.until("some time", () -> Await.sinceMs(startNanos) >= 4);
    }
    return sent;
  }

  private void assertInOrderAndNoneTwice() {
    List<Integer> numbers =
        sink.messages().stream().map(text -> Integer.valueOf(text.substring(1))).toList();
    assertEquals("nothing twice", numbers.size(), new HashSet<>(numbers).size());
    assertEquals("in order", numbers.stream().sorted().toList(), numbers);
  }

  private void assertHealthy() {
    assertEquals("seed " + SEED, List.of(), outSink.faults());
    assertFalse("seed " + SEED, sink.peers().stream().anyMatch(told -> told.startsWith("failed")));
  }

  @Test
  public void coreOutput() throws Exception {
    try (NatsServer server = NatsServer.core();
        CuttingProxy proxy = new CuttingProxy(server.port(), SEED)) {
      streams.input(sink, Nat.at(server.url(), "s.a", "queueMessages", 100_000L));
      TransportOutput output = streams.output(outSink, by(proxy));
      int sent = write(output, proxy);
      Await.until("all sent", () -> output.statistics().queuedMessages() == 0);
      StreamStatistics out = output.statistics();
      assertEquals("sent or lost", sent, out.messages() + out.lostMessages());
      String last = "m" + (sent - 1);
      Await.until("the last", () -> sink.messages().contains(last) || isLost(output));
      Await.until("what counts as sent", () -> sink.count() >= output.statistics().messages());
      assertInOrderAndNoneTwice();
      assertHealthy();
    }
  }

  private static boolean isLost(TransportOutput output) {
    return output.statistics().lostMessages() > 0;
  }

  @Test
  public void coreInput() throws Exception {
    try (NatsServer server = NatsServer.core();
        CuttingProxy proxy = new CuttingProxy(server.port(), SEED)) {
      TransportInput input = streams.input(sink, by(proxy, "queueMessages", 100_000L));
      TransportOutput output = streams.output(outSink, Nat.at(server.url(), "s.a"));
      int sent = write(output, proxy);
      Await.until("up", () -> input.statistics().peers() == 1);
      int before = sink.count();
      writeSome(output, sent, 1);
      Await.until("the last", () -> sink.count() > before);
      assertInOrderAndNoneTwice();
      assertEquals(0, input.statistics().lostMessages());
      assertHealthy();
    }
  }

  @Test
  public void jetStreamOutput() throws Exception {
    try (NatsServer server = NatsServer.jetStream();
        CuttingProxy proxy = new CuttingProxy(server.port(), SEED)) {
      Nat.addStream(server.url(), "s", 1);
      TransportOutput output = streams.output(outSink, by(proxy, "jetstream", "s"));
      int sent = write(output, proxy);
      assertEquals(new CloseResult(StreamResult.OK, 0, 0), output.close(30_000));
      assertEquals("each once", sent, Nat.storedMessages(server.url(), "s"));
      StreamStatistics out = output.statistics();
      assertEquals("accounted for", sent, out.messages());
      assertHealthy();
    }
  }

  @Test
  public void jetStreamInput() throws Exception {
    try (NatsServer server = NatsServer.jetStream();
        CuttingProxy proxy = new CuttingProxy(server.port(), SEED)) {
      Nat.addStream(server.url(), "s", 1);
      TransportInput input = streams.input(sink, by(proxy, "jetstream", "s", "durable", "d"));
      TransportOutput output =
          streams.output(outSink, Nat.at(server.url(), "s.a", "jetstream", "s"));
      int sent = write(output, proxy);
      Await.until("all", () -> new HashSet<>(sink.messages()).size() >= sent);
      assertEquals("each once", sent, sink.count());
      assertEquals(0, input.statistics().lostMessages());
      assertHealthy();
    }
  }

  /** As when its bundle is stopped, at any moment of what goes on. */
  @Test
  public void transportThatLeaves() throws Exception {
    Random random = new Random(SEED);
    try (NatsServer server = NatsServer.jetStream();
        CuttingProxy proxy = new CuttingProxy(server.port(), SEED)) {
      Nat.addStream(server.url(), "s", 1);
      for (int round = 0; round < 10; round++) {
        Nat ends = new Nat();
        TransportOutput core = ends.output(outSink, by(proxy));
        TransportOutput jetStream = ends.output(outSink, by(proxy, "jetstream", "s"));
        ends.input(sink, by(proxy, "jetstream", "s", "durable", "d"));
        ends.input(sink, by(proxy));
        long untilMs = random.nextInt(200);
        long startNanos = System.nanoTime();
        while (Await.sinceMs(startNanos) < untilMs) {
          Nat.offer(core, "m0");
          Nat.offer(jetStream, "m0");
        }
        long leavesNanos = System.nanoTime();
        ends.leave();
        assertTrue("seed " + SEED, Await.sinceMs(leavesNanos) < 10_000);
        Await.noThread("stream-nats-");
        Await.noThread("daqstream test/");
        for (TransportOutput output : List.of(core, jetStream)) {
          assertEquals("nothing waits", 0, output.statistics().queuedMessages());
          assertEquals(StreamResult.ERROR, Nat.offer(output, "m1"));
        }
      }
      assertHealthy();
    }
  }
}
