/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client.internal;

import static org.junit.Assert.assertEquals;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.daqstream.client.RemoteSignal;
import org.daqstream.client.SampleBlock;
import org.daqstream.client.SampleListener;
import org.daqstream.protocol.SampleReader;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.SignalDescriptor;
import org.junit.Test;

/** Direct delivery: one call at a time, and nobody waits for another one's. */
public class FeedTest {
  private static final RemoteSignal SIGNAL =
      new RemoteSignal(
          SignalDescriptor.value("v", DataTypes.INT8).build(),
          null,
          "",
          SampleReader.of(DataTypes.INT8, null),
          null);

  private final List<String> events = Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch isIn = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);
  private final Feed feed = new Feed(new Slow(), null, fault -> events.add("fault " + fault));

  /** Waits in its first block. */
  private final class Slow implements SampleListener {
    @Override
    public void block(SampleBlock block) {
      events.add("block " + block.row());
      isIn.countDown();
      try {
        if (!goOn.await(20, TimeUnit.SECONDS)) {
          events.add("nobody let it go on");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      events.add("done " + block.row());
    }

    @Override
    public void interrupted(String why) {
      events.add("interrupted " + why);
    }

    @Override
    public void ended(String why) {
      events.add("ended " + why);
    }
  }

  private static SampleBlock block(long row) {
    return SampleBlock.untimed(SIGNAL, row, 1, ByteBuffer.allocate(1));
  }

  /** One who holds a lock that the listener waits for would never give it back. */
  @Test(timeout = 20_000)
  public void whoEndsItDoesNotWaitForTheListener() throws InterruptedException {
    Thread reader = new Thread(() -> feed.block(block(0)));
    reader.start();
    isIn.await();
    feed.interrupted("for now");
    feed.ended("unsubscribed");
    feed.interrupted("too late");
    assertEquals(List.of("block 0"), List.copyOf(events));
    goOn.countDown();
    reader.join();
    feed.block(block(1));
    assertEquals(
        List.of("block 0", "done 0", "interrupted for now", "ended unsubscribed"),
        List.copyOf(events));
  }

  @Test(timeout = 20_000)
  public void whatComesMeanwhileIsDeliveredInOrderByWhoCalls() throws InterruptedException {
    Thread reader = new Thread(() -> feed.block(block(0)));
    reader.start();
    isIn.await();
    feed.block(block(1));
    feed.block(block(2));
    goOn.countDown();
    reader.join();
    assertEquals(
        List.of("block 0", "done 0", "block 1", "done 1", "block 2", "done 2"),
        List.copyOf(events));
  }
}
