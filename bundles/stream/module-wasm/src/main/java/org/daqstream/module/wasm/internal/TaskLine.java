/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.module.wasm.internal;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Carries out the tasks of one instance in their order, on a thread of a pool that it has only
 * while there are some. A task that throws is the pool's matter and stops no other.
 */
final class TaskLine implements Executor {
  private static final int TASKS_AT_ONCE = 64;

  private final Executor pool;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();

  TaskLine(Executor pool) {
    this.pool = pool;
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
    if (waiting.getAndIncrement() == 0) {
      begin();
    }
  }

  /** At the end of the pool the tasks are not wanted any more. */
  private void begin() {
    try {
      pool.execute(this::work);
    } catch (RejectedExecutionException e) {
      tasks.clear();
    }
  }

  private void work() {
    int done = 0;
    try {
      while (done < TASKS_AT_ONCE) {
        Runnable task = tasks.poll();
        if (task == null) {
          break;
        }
        done++;
        task.run();
      }
    } finally {
      if (waiting.addAndGet(-done) > 0) {
        begin();
      }
    }
  }
}
