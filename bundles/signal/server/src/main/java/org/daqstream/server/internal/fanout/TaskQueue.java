/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.fanout;

import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** What other threads have the fan-out thread do. Any thread adds, that one runs. */
public final class TaskQueue {
  private static final int TASKS_PER_TURN = 256;
  private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  private final ServerStatistics statistics;
  private final Queue<Task> tasks = new ConcurrentLinkedQueue<>();

  /** Something to be done on the fan-out thread. */
  @FunctionalInterface
  public interface Task {
    /** Does it; a failure is counted and logged. */
    void run() throws IOException;
  }

  TaskQueue(ServerStatistics statistics) {
    this.statistics = statistics;
  }

  void add(Task task) {
    tasks.add(task);
  }

  boolean isEmpty() {
    return tasks.isEmpty();
  }

  /** Runs a turn's share, and tells whether there was any. */
  boolean run() {
    boolean any = false;
    long start = System.nanoTime();
    for (int i = 0; i < TASKS_PER_TURN && System.nanoTime() - start < TURN_NANOS; i++) {
      Task task = tasks.poll();
      if (task == null) {
        return any;
      }
      runSafely(task);
      any = true;
    }
    return any; // the rest comes behind the data: no flood of tasks may hold them up
  }

  void runSafely(Task task) {
    try {
      task.run();
    } catch (IOException | RuntimeException | Error e) {
      statistics.fault("a task of the fan-out is left out", e);
    }
  }
}
