/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.locks.LockSupport;
import org.daqstream.signal.api.SignalPort;
import org.daqstream.signal.api.WriteResult;

/**
 * A thread that publishes blocks of one signal as fast as the slowest of the sinks takes them: the
 * blocks under way stay within half of the server's ring, so nobody is overtaken.
 */
final class Publisher implements AutoCloseable {
  private static final int TIMED_EACH = 32;
  private static final int ENTRY_BYTES_MIN = 64; // an entry of the log counts as much at least

  /** How far the slowest client may be behind. */
  private static final int WINDOW_BYTES = 8 << 20;

  private static final long FULL_PAUSE_NANOS = 100_000;

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final SignalPort port;
  private final Counters counters;
  private final int clients;
  private final Block block;
  private final boolean filled;
  private final long windowBlocks;
  private final Thread thread = new Thread(this::run, "publisher");
  private volatile Histogram times = new Histogram();
  private volatile boolean stopped;
  private volatile long published;
  private volatile long waitingCpuNanos;
  private long allowed;

  /**
   * Makes a publisher.
   *
   * @param filled whether every number of every block is set anew, not only that of the block
   */
  Publisher(SignalPort port, Block block, boolean filled, Counters counters, int clients) {
    this.port = port;
    this.counters = counters;
    this.clients = clients;
    this.block = block;
    this.filled = filled;
    windowBlocks = WINDOW_BYTES / Math.max(ENTRY_BYTES_MIN, RawServer.frameBytes(block.bytes));
  }

  void start() {
    thread.start();
  }

  Thread thread() {
    return thread;
  }

  long published() {
    return published;
  }

  /** Processor time of the thread that was not for publishing: it looked what the sinks have. */
  long waitingCpuNanos() {
    return waitingCpuNanos;
  }

  /** The time that single writes took since the last call. */
  Histogram takeTimes() {
    Histogram taken = times;
    times = new Histogram();
    return taken;
  }

  private void run() {
    long number = 0;
    while (!stopped) {
      if (number == allowed) {
        waitForRoom(number);
        continue;
      }
      if (filled) {
        block.fill(number);
      }
      block.number(number);
      if (number % TIMED_EACH == 0) {
        long start = System.nanoTime();
        write(number);
        times.record(System.nanoTime() - start);
        published = number;
      } else {
        write(number);
      }
      number++;
    }
  }

  private void waitForRoom(long number) {
    published = number;
    long before = THREADS.getCurrentThreadCpuTime();
    long room = counters.fewestPackets(clients) + windowBlocks;
    while (room - number < windowBlocks / 4 && !stopped) {
      LockSupport.parkNanos(FULL_PAUSE_NANOS);
      room = counters.fewestPackets(clients) + windowBlocks;
    }
    allowed = room;
    long waited = waitingCpuNanos + THREADS.getCurrentThreadCpuTime() - before;
    waitingCpuNanos = waited;
  }

  private void write(long number) {
    WriteResult result = port.write(number * block.count, block.samples, 0, block.count);
    if (result != WriteResult.ACCEPTED) {
      throw new IllegalStateException("block " + number + ": " + result);
    }
  }

  @Override
  public void close() {
    stopped = true;
    Pause.untilEnd(thread);
  }
}
