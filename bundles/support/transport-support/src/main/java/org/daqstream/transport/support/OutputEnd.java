/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.support;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.daqstream.base.support.Worker;
import org.daqstream.stream.api.CloseResult;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.api.StreamStatistics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of an output whose thread goes on sending until a deadline: keeps the deadline, waits for
 * the thread, and tells what was lost. Thread-safe.
 */
public final class OutputEnd {
  private static final Logger LOG = LoggerFactory.getLogger(OutputEnd.class);

  private static final int GRACE_MS = 100;

  private final Worker worker;
  private final Supplier<StreamStatistics> statistics;
  private final CountDownLatch reached = new CountDownLatch(1);
  private volatile boolean closing;
  private volatile long deadlineNanos;
  private volatile CloseResult result;

  /** Of the output that this thread sends for, and that has these figures. */
  public OutputEnd(Worker worker, Supplier<StreamStatistics> statistics) {
    this.worker = worker;
    this.statistics = statistics;
  }

  /** Whether somebody closes the output. */
  public boolean isClosing() {
    return closing;
  }

  /** How long the thread may go on, in nanoseconds; for ever while nobody closes the output. */
  public long leftNanos() {
    return closing ? deadlineNanos - System.nanoTime() : Long.MAX_VALUE;
  }

  /** All is sent or given up; by the thread. */
  public void reached() {
    reached.countDown();
  }

  /**
   * Closes the output, once: whoever comes later does not wait.
   *
   * @param requestedTimeoutMs how long the thread may go on
   * @param begin has the output take nothing more and the thread look at {@link #isClosing}
   * @param overdue has the thread come back from where it waits, when its time is over
   */
  public CloseResult close(long requestedTimeoutMs, Runnable begin, Runnable overdue) {
    long timeoutMs = Math.min(requestedTimeoutMs, Integer.MAX_VALUE); // no overflow in ns
    StreamStatistics before;
    synchronized (this) {
      if (closing) {
        CloseResult first = result;
        return first != null ? first : new CloseResult(StreamResult.OK, 0, 0);
      }
      before = statistics.get();
      deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
      closing = true;
    }
    begin.run();
    if (!worker.isCurrent()) {
      await(timeoutMs, overdue);
    }
    StreamStatistics after = statistics.get();
    long lostMessages = after.lostMessages() - before.lostMessages() + after.queuedMessages();
    long lostBytes = after.lostBytes() - before.lostBytes() + after.queuedBytes();
    result =
        new CloseResult(
            lostMessages > 0 ? StreamResult.TIMEDOUT : StreamResult.OK, lostMessages, lostBytes);
    return result;
  }

  private void await(long timeoutMs, Runnable overdue) {
    try {
      if (reached.await(timeoutMs, TimeUnit.MILLISECONDS)) {
        return;
      }
      overdue.run();
      if (!reached.await(GRACE_MS, TimeUnit.MILLISECONDS)) {
        LOG.warn("{} is still closing", worker.name());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
