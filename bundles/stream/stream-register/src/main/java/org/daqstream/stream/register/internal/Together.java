/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.register.internal;

import java.util.List;
import java.util.function.Consumer;
import org.daqstream.base.support.Worker;

/**
 * Closes several things at once, each of which may wait: one that waits to its deadline must not
 * take the time of the others.
 */
final class Together {
  private Together() {}

  /**
   * Runs a task for each item, all at the same time, and returns when all are done. An interrupt of
   * the caller is passed on to the tasks.
   */
  static <T> void each(List<T> items, Consumer<T> task) {
    if (items.size() == 1) {
      task.accept(items.get(0));
      return;
    }
    List<Thread> threads =
        items.stream()
            .map(item -> Worker.start("stream-closing", self -> task.accept(item)).thread())
            .toList();
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
          threads.forEach(Thread::interrupt);
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
