/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.registry.internal;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Runs short tasks after a while. */
interface Timer {
  /** Runs a task later; what it returns takes it back. */
  Runnable after(long delayMs, Runnable task);

  /** On one thread, which is there while something waits, or from start to stop. */
  final class OfThread implements Timer {
    private static final long IDLE_MS = 100;

    private final ScheduledThreadPoolExecutor executor =
        new ScheduledThreadPoolExecutor(1, OfThread::newThread);

    OfThread() {
      executor.setRemoveOnCancelPolicy(true);
      executor.setKeepAliveTime(IDLE_MS, TimeUnit.MILLISECONDS);
      executor.allowCoreThreadTimeOut(true);
    }

    private static Thread newThread(Runnable work) {
      Thread thread = new Thread(work, "daqstream-registry-timer");
      thread.setDaemon(true);
      return thread;
    }

    /** As {@link StructureQueue#start}. */
    void start() {
      executor.allowCoreThreadTimeOut(false);
      executor.prestartCoreThread();
    }

    /** Forgets what waits, so that the thread ends soon. */
    void stop() {
      executor.getQueue().clear();
      executor.allowCoreThreadTimeOut(true);
    }

    @Override
    public Runnable after(long delayMs, Runnable task) {
      var future = executor.schedule(task, delayMs, TimeUnit.MILLISECONDS);
      return () -> future.cancel(false);
    }
  }
}
