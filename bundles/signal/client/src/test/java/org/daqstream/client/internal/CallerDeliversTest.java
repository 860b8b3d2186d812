/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client.internal;

import static org.junit.Assert.assertEquals;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.daqstream.client.RemoteSignal;
import org.daqstream.client.SampleBlock;
import org.daqstream.client.SampleListener;
import org.daqstream.client.SlowConsumer;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.SignalDescriptor;
import org.junit.Test;

/** Executors that run in their caller: the listener may wait for who uses the same signal. */
public class CallerDeliversTest {
  private static final RemoteSignal SIGNAL =
      new RemoteSignal(SignalDescriptor.value("v", DataTypes.INT8).build(), null, "", null);

  private final Demand demand =
      new Demand("v", "", (of, feed, why) -> {}, new LongAdder(), new LongAdder());
  private final List<String> events = new ArrayList<>();

  private Feed feed(SampleListener listener) {
    return new Feed(
        listener,
        new DeliveryQueue(
            listener,
            Runnable::run,
            1 << 20,
            SlowConsumer.WAIT,
            1024,
            fault -> events.add("fault")),
        fault -> events.add("fault"));
  }

  /** Waits for another thread that needs what the demand guards. */
  private void useInAnotherThread(String event) {
    Semaphore done = new Semaphore(0);
    Thread other =
        new Thread(
            () -> {
              demand.known(SIGNAL);
              done.release();
            });
    other.setDaemon(true);
    other.start();
    try {
      events.add(event + (done.tryAcquire(5, TimeUnit.SECONDS) ? "" : " waits for ever"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private final class Using implements SampleListener {
    @Override
    public void described(RemoteSignal signal) {
      useInAnotherThread("described");
    }

    @Override
    public void block(SampleBlock block) {
      useInAnotherThread("block");
    }

    @Override
    public void ended(String why) {
      useInAnotherThread("ended");
    }
  }

  @Test
  public void whatIsKnownIsToldWithoutALock() {
    demand.described(SIGNAL);
    demand.add(feed(block -> {}));
    demand.block(SampleBlock.untimed(SIGNAL, 0, 1, ByteBuffer.allocate(1)), true);
    demand.add(feed(new Using()));
    assertEquals(List.of("described", "block"), events);
    demand.end("over");
    demand.add(feed(new Using()));
    assertEquals(List.of("described", "block", "ended", "ended"), events);
  }
}
