/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.registry.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;
import org.daqstream.signal.api.SignalTable;
import org.daqstream.signal.api.WriteResult;
import org.daqstream.signal.api.sink.SignalSink;
import org.daqstream.signal.api.sink.SignalTap;
import org.daqstream.signal.api.sink.TableTap;
import org.daqstream.signal.api.writer.SignalWriter;
import org.junit.Test;

/** Writes and updates while sinks, writers and sibling signals come and go on other threads. */
public final class ComingAndGoingTest {
  private static final long TEST_MS = 1200;

  private final SignalCatalogue registry = new SignalCatalogue();
  private final Queue<String> faults = new ConcurrentLinkedQueue<>();
  private final AtomicInteger insideStructure = new AtomicInteger();
  private final AtomicLong acceptedBlocks = new AtomicLong();
  private final AtomicLong updates = new AtomicLong();
  private final AtomicBoolean stop = new AtomicBoolean();

  @Test(timeout = 60_000)
  public void blocksAlwaysMeetTheDescriptionThatTheyWereWrittenUnder() throws InterruptedException {
    registry.addWriterFactory(new FakeFactory("a"), FakeFactory.properties(1, 0, "real64"));
    registry.addSink(new CheckingSink());
    SignalTable table = registry.openTable(SignalDescriptor.linearTime("t", 1));
    SignalPort port = table.open(SignalDescriptor.value("v", "real64").description("0").build());
    Thread[] threads = {
      start(this::comeAndGo), start(this::comeAndGo), start(() -> openAndClose(table))
    };
    long endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(TEST_MS);
    try {
      publish(table, port, endNanos);
    } finally {
      stop.set(true);
      for (Thread thread : threads) {
        thread.join();
      }
    }
    assertEquals(faults.toString(), 0, faults.size());
    assertTrue("blocks", acceptedBlocks.get() > 1000);
    assertTrue("updates", updates.get() > 100);
    table.close();
    assertEquals("all is told", 0, insideStructure.get());
  }

  private void publish(SignalTable table, SignalPort port, long endNanos) {
    Random random = new Random(7);
    double[] samples = new double[3]; // the delta, the version
    samples[0] = 1;
    long tick = 0;
    while (System.nanoTime() < endNanos) {
      if (random.nextInt(200) == 0) {
        samples[0] = 1 + random.nextInt(9);
        table.updateDomain(
            table.domain().toBuilder().rule(new Rule.Linear((long) samples[0])).build());
      }
      if (random.nextInt(200) == 0) {
        samples[1]++;
        port.update(port.descriptor().toBuilder().description("" + (long) samples[1]).build());
      }
      port.write(tick, samples, 0, 3);
      tick += 3 * (long) samples[0];
    }
  }

  private Thread start(Runnable work) {
    Thread thread =
        new Thread(
            () -> {
              while (!stop.get()) {
                work.run();
              }
            });
    thread.setUncaughtExceptionHandler((t, e) -> faults.add(e.toString()));
    thread.start();
    return thread;
  }

  private void comeAndGo() {
    CheckingSink sink = new CheckingSink();
    long serviceId = Thread.currentThread().getId();
    FakeFactory factory = new FakeFactory("b");
    registry.addSink(sink);
    registry.addWriterFactory(factory, FakeFactory.properties(serviceId, 5, "real64"));
    registry.removeSink(sink);
    registry.removeWriterFactory(factory, FakeFactory.properties(serviceId, 5, "real64"));
    try {
      assertTrue(sink.left.await(20, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void openAndClose(SignalTable table) {
    SignalPort sibling = table.open(SignalDescriptor.value("sibling", "real64").build());
    sibling.update(sibling.descriptor().toBuilder().description("new").build());
    sibling.close();
  }

  private void structural(Runnable check) {
    if (insideStructure.incrementAndGet() != 1) {
      faults.add("two structural calls at once");
    }
    check.run();
    insideStructure.decrementAndGet();
  }

  private final class CheckingSink implements SignalSink {
    final CountDownLatch left = new CountDownLatch(1);

    @Override
    public TableTap openTable(SignalDescriptor domain) {
      return new CheckingTable(domain, left);
    }
  }

  private final class CheckingTable implements TableTap {
    private final CountDownLatch left;
    private SignalDescriptor domain;

    CheckingTable(SignalDescriptor domain, CountDownLatch left) {
      this.left = left;
      this.domain = domain;
    }

    @Override
    public SignalTap openSignal(SignalDescriptor value, SignalWriter writer) {
      CheckingTap[] tap = new CheckingTap[1];
      structural(() -> tap[0] = new CheckingTap(this, value));
      return tap[0];
    }

    @Override
    public void updateDomain(SignalDescriptor newDomain) {
      structural(() -> domain = newDomain);
    }

    @Override
    public void close() {
      structural(left::countDown);
    }
  }

  private final class CheckingTap implements SignalTap {
    private final CheckingTable table;
    private SignalDescriptor descriptor;
    private long endRow;

    CheckingTap(CheckingTable table, SignalDescriptor descriptor) {
      this.table = table;
      this.descriptor = descriptor;
    }

    @Override
    public boolean hasSubscriber() {
      return true;
    }

    @Override
    public WriteResult accept(
        long row, long tick, long[] ticks, Object samples, int offset, int count) {
      double[] block = (double[]) samples;
      if (row < endRow) {
        faults.add("row " + row + " after " + endRow);
      }
      if (!table.domain.rule().equals(new Rule.Linear((long) block[0]))) {
        faults.add("delta " + block[0] + " under " + table.domain);
      }
      if (!descriptor.description().equals(Long.toString((long) block[1]))) {
        faults.add("version " + block[1] + " under " + descriptor.description());
      }
      endRow = row + count;
      acceptedBlocks.incrementAndGet();
      return WriteResult.ACCEPTED;
    }

    @Override
    public void update(SignalDescriptor value, SignalWriter writer) {
      updates.incrementAndGet();
      structural(() -> descriptor = value);
    }

    @Override
    public void close() {
      structural(() -> {});
    }
  }
}
