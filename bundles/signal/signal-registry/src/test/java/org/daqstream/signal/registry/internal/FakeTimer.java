/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.registry.internal;

import java.util.ArrayList;
import java.util.List;

/** Its time passes as the test says. */
final class FakeTimer implements Timer {
  private record Task(long dueMs, Runnable run) {}

  private final List<Task> tasks = new ArrayList<>(); // guarded by this, with the one below
  private long nowMs;

  @Override
  public synchronized Runnable after(long delayMs, Runnable run) {
    Task task = new Task(nowMs + delayMs, run);
    tasks.add(task);
    return () -> cancel(task);
  }

  private synchronized void cancel(Task task) {
    tasks.remove(task);
  }

  synchronized int waiting() {
    return tasks.size();
  }

  /** Lets time pass and runs what is due. */
  void pass(long ms) {
    List<Task> due;
    synchronized (this) {
      nowMs += ms;
      due = tasks.stream().filter(task -> task.dueMs <= nowMs).toList();
      tasks.removeAll(due);
    }
    due.forEach(task -> task.run.run());
  }
}
