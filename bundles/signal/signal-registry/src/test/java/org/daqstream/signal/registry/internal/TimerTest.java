/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.registry.internal;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.Test;

/** The thread of what is said later, at its end. */
public class TimerTest {
  private final Timer.OfThread timer = new Timer.OfThread();
  private final BlockingQueue<Thread> threads = new LinkedBlockingQueue<>();

  @Test(timeout = 20_000)
  public void stoppedTimerForgetsWhatWaitsAndItsThreadEnds() throws InterruptedException {
    timer.start();
    timer.after(0, () -> threads.add(Thread.currentThread()));
    timer.after(3_600_000, () -> {});
    Thread thread = threads.take();
    timer.stop();
    thread.join();
  }

  @Test(timeout = 20_000)
  public void whatComesLaterIsDoneAllTheSame() throws InterruptedException {
    timer.start();
    timer.stop();
    timer.after(1, () -> threads.add(Thread.currentThread()));
    threads.take().join();
  }
}
