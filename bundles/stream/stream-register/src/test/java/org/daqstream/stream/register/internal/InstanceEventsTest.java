/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.register.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.daqstream.stream.api.CloseResult;
import org.daqstream.stream.api.StreamException;
import org.daqstream.stream.api.StreamInfo;
import org.daqstream.stream.api.StreamListener;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.testing.Await;
import org.junit.Test;

/** Events of an instance, processed by calls or by an executor. */
public class InstanceEventsTest extends InstanceBench {
  @Test
  public void aCallbackRunsOnceOnTheCallersThread() throws StreamException { // case 18
    List<Thread> threads = new ArrayList<>();
    client.openInput("in", (peer, data) -> threads.add(Thread.currentThread()));
    transport.lastInput().receive("x");
    assertEquals(List.of(), threads);
    assertEquals(StreamResult.OK, event());
    assertEquals(1, threads.size());
    assertSame(Thread.currentThread(), threads.get(0));
    assertNoEvent();
    assertEquals(StreamResult.TIMEDOUT, client.processEvent(20));
  }

  @Test
  public void oneEventPerCall() throws StreamException { // case 19
    client.openInput("in", callback);
    for (int i = 0; i < 3; i++) {
      transport.lastInput().receive("c" + i);
    }
    event();
    client.processEvent(-1);
    assertEquals(List.of("1:c0", "1:c1"), received);
  }

  @Test
  public void noCallbackAfterClose() throws Exception { // case 20
    int handle = client.openInput("in", callback);
    FakeTransport.Input input = transport.lastInput();
    for (int i = 0; i < 3; i++) {
      input.receive("x");
    }
    event(); // two are carried off by then, or not: both must be forgotten
    input.receive("y");
    client.close(handle);
    input.receive("z");
    assertNoEvent();
    assertEquals(1, received.size());
    Await.until("every buffer was given back", () -> input.released.get() == 5);
  }

  @Test
  public void aCallbackMayCloseItsStream() throws StreamException { // case 21
    int[] handle = new int[1];
    List<StreamResult> results = new ArrayList<>();
    handle[0] =
        client.openInput("in", (peer, data) -> results.add(client.close(handle[0]).result()));
    transport.lastInput().receive("x");
    transport.lastInput().receive("y");
    assertEquals(StreamResult.OK, event());
    assertNoEvent();
    assertEquals(List.of(StreamResult.OK), results);
  }

  @Test
  public void closeUnderLoadReturnsAThousandTimes() throws Exception { // case 22
    AtomicBoolean stop = new AtomicBoolean();
    Thread reader = new Thread(() -> flood(stop), "test-flood");
    Thread module = new Thread(() -> process(stop), "test-module");
    reader.start();
    module.start();
    for (int i = 0; i < 1000; i++) {
      int handle = client.openInput("in", (peer, data) -> {});
      long startNanos = System.nanoTime();
      assertEquals(StreamResult.OK, client.close(handle).result());
      assertTrue(System.nanoTime() - startNanos < TimeUnit.SECONDS.toNanos(1));
    }
    stop.set(true);
    client.requestStop();
    reader.join(10_000);
    module.join(10_000);
    assertFalse(reader.isAlive() || module.isAlive());
  }

  private void flood(AtomicBoolean stop) {
    while (!stop.get()) {
      if (!transport.inputs.isEmpty()) {
        transport.lastInput().receive("flood");
      }
    }
  }

  private void process(AtomicBoolean stop) {
    while (!stop.get()) {
      client.processEvent(-1);
    }
  }

  @Test
  public void queuedEventsComeBeforeTheStop() throws Exception { // case 23
    client.openInput("in", callback);
    transport.lastInput().receive("a");
    transport.lastInput().receive("b");
    Await.until("both", () -> client.streams().get(0).statistics().queuedMessages() == 2);
    client.requestStop();
    assertEquals(StreamResult.OK, client.processEvent(-1));
    assertEquals(StreamResult.OK, client.processEvent(-1));
    assertEquals(StreamResult.SHOULDEXIT, client.processEvent(-1));
    assertEquals(2, received.size());
  }

  @Test
  public void aWaitingProcessEventIsWoken() throws Exception {
    client.openInput("in", callback);
    CountDownLatch done = new CountDownLatch(2);
    Thread module =
        new Thread(
            () -> {
              while (client.processEvent(-1) == StreamResult.OK) {
                done.countDown();
              }
              done.countDown();
            },
            "test-module");
    module.start();
    Await.until("waiting", () -> module.getState() == Thread.State.WAITING);
    transport.lastInput().receive("x");
    Await.until("one event", () -> done.getCount() == 1);
    client.requestStop();
    assertTrue(done.await(10, TimeUnit.SECONDS));
  }

  @Test
  public void onlyOneThreadProcessesEvents() throws StreamException {
    List<StreamResult> inner = new ArrayList<>();
    client.openInput("in", (peer, data) -> inner.add(client.processEvent(0)));
    transport.lastInput().receive("x");
    assertEquals(StreamResult.OK, event());
    assertEquals(List.of(StreamResult.AGAIN), inner);
  }

  @Test
  public void aCallbackThatThrowsIsAFault() throws Exception {
    client.openInput(
        "in",
        (peer, data) -> {
          throw new IllegalStateException("test");
        });
    transport.lastInput().receive("x");
    assertEquals(StreamResult.FAULT, event());
    assertNoEvent();
    Await.until("given back", () -> transport.lastInput().released.get() == 1);
  }

  @Test
  public void anExecutorRunsTheCallbacksInOrder() throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(3);
    List<Integer> numbers = new ArrayList<>(); // one callback at a time: no lock needed
    AtomicInteger count = new AtomicInteger();
    client.openInput(
        "in",
        (peer, data) -> {
          numbers.add(data.getInt());
          count.incrementAndGet();
        });
    client.dispatchOn(executor);
    assertEquals(StreamResult.AGAIN, client.processEvent(0));
    List<Integer> expected = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      transport.lastInput().receive(1, ByteBuffer.allocate(4).putInt(i).array());
      expected.add(i);
    }
    Await.until("all events", () -> count.get() == 20_000);
    assertEquals(expected, numbers);
    executor.shutdown();
    assertTrue(executor.awaitTermination(10, TimeUnit.SECONDS));
    transport.lastInput().receive(1, new byte[4]); // rejected, and no harm
    client.dispatchOn(null);
    assertEquals(StreamResult.OK, event());
  }

  @Test
  public void anExecutorGetsWhatWasQueuedBefore() throws Exception {
    ExecutorService executor = Executors.newSingleThreadExecutor();
    AtomicInteger count = new AtomicInteger();
    client.openInput("in", (peer, data) -> count.incrementAndGet());
    for (int i = 0; i < 3; i++) {
      transport.lastInput().receive("x");
    }
    assertEquals(StreamResult.OK, event());
    client.dispatchOn(executor);
    Await.until("the other two", () -> count.get() == 3);
    executor.shutdown();
  }

  @Test
  public void anExecutorGoesOnAfterWhateverACallbackThrew() throws Exception {
    ExecutorService executor =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread thread = new Thread(task, "test-executor");
              thread.setUncaughtExceptionHandler((same, thrown) -> {});
              return thread;
            });
    AtomicInteger count = new AtomicInteger();
    client.openInput(
        "in",
        (peer, data) -> {
          if (count.getAndIncrement() == 0) {
            throw new StackOverflowError("test");
          }
        });
    client.dispatchOn(executor);
    for (int i = 0; i < 3; i++) {
      transport.lastInput().receive("x");
    }
    Await.until("all", () -> count.get() == 3);
    executor.shutdown();
  }

  @Test
  public void peersAreAnnouncedInOrderToWhomAsks() throws StreamException {
    StreamListener listener =
        new StreamListener() {
          @Override
          public void peerUp(long peerId, String address) {
            received.add("up " + address);
          }

          @Override
          public void peerDown(long peerId, String cause) {
            received.add("down " + cause);
          }
        };
    client.openInput("in", (peer, data) -> received.add(text(data)), listener);
    client.openInput("in2", callback);
    FakeTransport.Input silent = transport.lastInput();
    FakeTransport.Input input = transport.inputs.get(0);
    long id = input.sink.peerUp("here");
    long other = silent.sink.peerUp("there");
    assertTrue(other > id);
    input.receive(id, new byte[] {'x'});
    silent.sink.peerDown(other, "bye");
    input.sink.peerDown(id, "bye");
    for (int i = 0; i < 3; i++) {
      assertEquals(StreamResult.OK, event());
    }
    assertNoEvent();
    assertEquals(List.of("up here", "x", "down bye"), received);
  }

  @Test
  public void aFailedStreamEndsButKeepsItsHandle() throws StreamException {
    List<String> causes = new ArrayList<>();
    StreamListener listener =
        new StreamListener() {
          @Override
          public void ended(String cause) {
            causes.add(cause);
          }
        };
    int handle = client.openOutput("out", listener);
    client.write(handle, new byte[3]);
    transport.lastOutput().sink.failed("cable cut");
    assertEquals(StreamResult.OK, event());
    assertEquals(StreamResult.ERROR, client.write(handle, new byte[1]));
    assertEquals(List.of("cable cut"), causes);
    StreamInfo info = client.info(handle).orElseThrow();
    assertEquals("cable cut", info.ended());
    assertEquals(new CloseResult(StreamResult.OK, 1, 3), client.close(handle));
  }
}
