/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.register.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.daqstream.stream.api.StreamListener;
import org.daqstream.stream.api.StreamResult;
import org.junit.Test;

/** The bounded way from a transport to a module, case 69 without a network. */
public class BackPressureTest {

  private final Bench bench = new Bench(new Settings(false, 10, 1000, 100, 100));
  private final InstanceClient client = bench.client("camera");
  private final AtomicInteger received = new AtomicInteger();

  private FakeTransport.Input open() throws Exception {
    client.openInput("in", (peer, data) -> received.incrementAndGet());
    return bench.transport.lastInput();
  }

  @Test
  public void pausesAtTheMessageLimitAndGoesOnAtHalf() throws Exception {
    FakeTransport.Input input = open();
    for (int i = 0; i < 9; i++) {
      assertTrue(input.receive("x"));
    }
    assertFalse(input.receive("x"));
    for (int i = 0; i < 5; i++) {
      client.processEvent(0);
    }
    assertEquals(0, input.resumes.get());
    client.processEvent(0);
    assertEquals(1, input.resumes.get());
    assertTrue(input.receive("x"));
    assertEquals(1, client.streams().get(0).statistics().pauses());
  }

  @Test
  public void pausesAtTheByteLimit() throws Exception {
    FakeTransport.Input input = open();
    assertTrue(input.receive(1, new byte[999]));
    assertFalse(input.receive(1, new byte[1]));
    client.processEvent(0);
    assertEquals(1, input.resumes.get());
  }

  @Test
  public void aQueueEmptiedDuringTheOpenLetsTheTransportGoOn() throws Exception {
    bench.transport.duringOpen =
        () -> {
          FakeTransport.Input input = bench.transport.lastInput();
          boolean more = true;
          while (more) {
            more = input.receive("x");
          }
          while (client.processEvent(0) == StreamResult.OK) {
            assertTrue(received.get() <= 10);
          }
        };
    FakeTransport.Input input = open();
    assertEquals(10, received.get());
    assertEquals(1, input.resumes.get());
  }

  @Test
  public void aFullStreamDoesNotHoldUpAnother() throws Exception {
    FakeTransport.Input full = open();
    assertFalse(full.receive(1, new byte[2000]));
    client.openInput("in2", (peer, data) -> received.incrementAndGet());
    assertTrue(bench.transport.lastInput().receive("x"));
  }

  @Test
  public void newsAreBoundedToo() throws Exception {
    AtomicInteger ups = new AtomicInteger();
    AtomicInteger downs = new AtomicInteger();
    client.openInput(
        "in",
        (peer, data) -> {},
        new StreamListener() {
          @Override
          public void peerUp(long peerId, String address) {
            ups.incrementAndGet();
          }

          @Override
          public void peerDown(long peerId, String cause) {
            downs.incrementAndGet();
          }
        });
    FakeTransport.Input input = bench.transport.lastInput();
    for (int i = 0; i < 1000; i++) {
      input.sink.peerDown(input.sink.peerUp("somebody"), "gone");
    }
    assertTrue(client.streams().get(0).statistics().queuedMessages() <= 20);
    while (client.processEvent(0) == StreamResult.OK) {
      assertTrue(ups.get() <= 10);
    }
    assertTrue(ups.get() > 0);
    assertEquals(ups.get(), downs.get());
  }

  @Test
  public void aPauseNeverLastsForEver() throws Exception {
    pauseAndGoOn(10_000, 1);
  }

  @Test
  public void aPauseOfManyThreadsNeverLastsForEver() throws Exception {
    pauseAndGoOn(30_000, 3);
  }

  private void pauseAndGoOn(int messages, int threads) throws Exception {
    FakeTransport.Input input = open();
    AtomicLong resumesSeen = new AtomicLong();
    for (int t = 0; t < threads; t++) {
      Runnable task =
          () -> {
            for (int i = 0; i < messages / threads; i++) {
              long before = input.resumes.get();
              if (!input.receive("x")) {
                awaitResume(input, before);
                resumesSeen.incrementAndGet();
              }
            }
          };
      new Thread(task, "test-network").start();
    }
    int all = messages / threads * threads;
    while (received.get() < all) {
      assertEquals(StreamResult.OK, client.processEvent(10_000));
      assertTrue(client.streams().get(0).statistics().queuedMessages() <= 10 + threads);
    }
    assertEquals(all, input.released.get());
    assertTrue(resumesSeen.get() > 0);
  }

  private static void awaitResume(FakeTransport.Input input, long before) {
    long untilNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (input.resumes.get() == before && System.nanoTime() - untilNanos < 0) {
      Thread.onSpinWait();
    }
    assertTrue("resumed", input.resumes.get() > before);
  }
}
