/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.register.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.daqstream.stream.api.StreamDirection;
import org.daqstream.stream.api.StreamException;
import org.daqstream.stream.api.StreamInfo;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.testing.Await;
import org.junit.Test;

public class TransportDynamicsTest {

  private final Bench bench = new Bench();
  private final FakeTransport transport = bench.transport;
  private final InstanceClient client = bench.client("camera");

  @Test
  public void aTypeCanBeOpenedOnceItsTransportIsThere() throws StreamException { // case 14
    Bench.assertFails(StreamResult.NOTSUP, () -> client.openOutput("later"));
    FakeTransport later = new FakeTransport();
    bench.add(later, "later", 0, 2);
    assertTrue(client.openOutput("later") > 0);
    assertEquals(Set.of("fake", "later"), bench.register.types());
  }

  @Test
  public void aTransportThatLeavesEndsItsStreams() throws StreamException { // case 15
    int out = client.openOutput("out");
    int in = client.openInput("in", (peer, data) -> {});
    client.write(out, new byte[4]);
    bench.register.remove(transport);
    assertEquals(StreamResult.ERROR, client.write(out, new byte[1]));
    assertEquals(2, transport.closed.get());
    assertTrue(transport.lastOutput().closeTimeoutMs <= Settings.DEFAULTS.leaveTimeoutMs());
    assertEquals(StreamResult.OK, client.close(out).result());
    assertEquals(StreamResult.OK, client.close(in).result());
    Bench.assertFails(StreamResult.NOTSUP, () -> client.openOutput("out"));
    bench.add(transport, "fake", 0, 3);
    assertTrue(client.openOutput("out") > out);
  }

  @Test
  public void outputsFlushBeforeTheInputsThatMayTakeItEnd() throws StreamException {
    client.openInput("in", (peer, data) -> {});
    client.openOutput("out");
    bench.client("collector").openInput("in", (peer, data) -> {});
    bench.register.remove(transport);
    assertEquals(
        List.of(StreamDirection.OUT, StreamDirection.IN, StreamDirection.IN), transport.closings);
  }

  @Test
  public void outputsThatEndTogetherFlushTogether() throws Exception {
    int streams = 3;
    bench.register.deploy("more", outputs(streams));
    InstanceClient many = bench.client("many");
    for (int i = 0; i < streams; i++) {
      many.openOutput("out" + i);
    }
    CyclicBarrier together = new CyclicBarrier(streams);
    AtomicInteger passed = new AtomicInteger();
    transport.duringClose = // one after the other they would wait for each other for ever
        () -> {
          try {
            together.await(Settings.DEFAULTS.leaveTimeoutMs(), TimeUnit.MILLISECONDS);
            passed.incrementAndGet();
          } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
            throw new IllegalStateException(e);
          }
        };
    bench.register.remove(transport);
    assertEquals(streams, passed.get());
    bench.add(transport, "fake", 0, 2);
    for (StreamInfo ended : many.streams()) {
      assertEquals(StreamResult.OK, many.close(ended.handle()).result());
      many.openOutput(ended.definition().name());
    }
    many.close();
    assertEquals("at the close of the client, too", streams + streams, passed.get());
  }

  private static String outputs(int count) {
    StringBuilder streams = new StringBuilder();
    for (int i = 0; i < count; i++) {
      streams.append(i == 0 ? "" : ",");
      streams.append("\"out" + i + "\": {\"type\": \"fake\", \"direction\": \"out\"}");
    }
    return "{\"instanceSpecs\": {\"many\": {\"streams\": {" + streams + "}}}}";
  }

  @Test
  public void whatWasReceivedBeforeIsStillDelivered() throws StreamException {
    int[] received = new int[1];
    client.openInput("in", (peer, data) -> received[0] += data.remaining());
    transport.lastInput().receive("four");
    bench.register.remove(transport);
    transport.lastInput().receive("late");
    assertEquals(StreamResult.OK, client.processEvent(0));
    assertEquals(StreamResult.TIMEDOUT, client.processEvent(0));
    assertEquals(4, received[0]);
    assertEquals(2, transport.lastInput().released.get());
  }

  @Test
  public void theHigherRankingIsUsed() throws StreamException { // case 92
    FakeTransport better = new FakeTransport();
    bench.add(better, "fake", 10, 2);
    int out = client.openOutput("out");
    assertEquals(1, better.opened.get());
    bench.register.remove(better);
    assertEquals(StreamResult.ERROR, client.write(out, new byte[1]));
    assertEquals(StreamResult.OK, client.close(out).result());
    client.openOutput("out");
    assertEquals(1, transport.opened.get());
  }

  @Test
  public void ofEqualRankingTheElderIsUsed() throws StreamException {
    FakeTransport younger = new FakeTransport();
    bench.add(younger, "fake", 0, 99);
    client.openOutput("out");
    assertEquals(1, transport.opened.get());
  }

  @Test
  public void aTransportThatThrowsHarmsNothing() throws StreamException { // case 93
    transport.thrown = new IllegalStateException("test");
    Bench.assertFails(StreamResult.ERROR, () -> client.openInput("in", (peer, data) -> {}));
    Bench.assertFails(StreamResult.ERROR, () -> client.openOutput("out"));
    assertEquals(List.of(), client.streams());
    transport.thrown = null;
    int out = client.openOutput("out");
    transport.thrown = new IllegalStateException("test");
    assertEquals(StreamResult.ERROR, client.write(out, new byte[1]));
    assertEquals(StreamResult.ERROR, client.close(out).result());
    transport.thrown = null;
    assertTrue(client.openOutput("out") > out);
  }

  @Test
  public void aTransportThatLeavesDuringAnOpenEndsIt() throws StreamException { // case 94
    transport.duringOpen = () -> bench.register.remove(transport);
    int out = client.openOutput("out");
    assertEquals(StreamResult.ERROR, client.write(out, new byte[1]));
    assertEquals(1, transport.closed.get());
    assertEquals(StreamResult.OK, client.close(out).result());
  }

  @Test
  public void aStreamThatFailsDuringItsOpenIsEnded() throws StreamException {
    transport.duringOpen = () -> transport.lastOutput().sink.failed("at once");
    int out = client.openOutput("out");
    assertEquals("at once", client.info(out).orElseThrow().ended());
    assertEquals(1, transport.closed.get());
  }

  @Test
  public void comingAndGoingDuringOpensLeavesNothing() throws Exception { // case 94
    AtomicBoolean stop = new AtomicBoolean();
    Queue<String> unexpected = new ConcurrentLinkedQueue<>();
    Thread module = new Thread(() -> openAndClose(stop, unexpected), "test-module");
    module.start();
    for (int i = 0; i < 200; i++) {
      int openedBefore = transport.opened.get();
      bench.register.remove(transport);
      bench.add(transport, "fake", 0, i);
      Await.until("an open", () -> transport.opened.get() > openedBefore);
    }
    stop.set(true);
    module.join(10_000);
    assertEquals(List.of(), List.copyOf(unexpected));
    client.close();
    assertEquals(transport.opened.get(), transport.closed.get());
    assertEquals(List.of(), bench.register.streams());
  }

  private void openAndClose(AtomicBoolean stop, Queue<String> unexpected) {
    while (!stop.get()) {
      try {
        StreamResult result = client.close(client.openOutput("out")).result();
        if (result != StreamResult.OK) {
          unexpected.add("close gave " + result);
        }
      } catch (StreamException e) {
        if (e.result() != StreamResult.NOTSUP) {
          unexpected.add(e.toString());
        }
      }
    }
  }
}
