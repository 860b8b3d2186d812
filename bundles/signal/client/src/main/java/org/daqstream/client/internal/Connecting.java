/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client.internal;

import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.daqstream.base.support.OrderedTasks;

/**
 * The socket that is being connected, its handshake included: given up when nobody wants it any
 * more, or when it takes too long, though the device says something now and then.
 */
final class Connecting {
  /** So that waiting in vain for one answer is told as such. */
  private static final long GRACE_MS = 1_000;

  private final int timeoutMs;
  private final OrderedTasks tasks;
  private final BooleanSupplier isWanted;
  private final Consumer<String> problem;
  private final AtomicReference<Closeable> socket = new AtomicReference<>();

  /** With none. */
  Connecting(
      int timeoutMs, OrderedTasks tasks, BooleanSupplier isWanted, Consumer<String> problem) {
    this.timeoutMs = timeoutMs;
    this.tasks = tasks;
    this.isWanted = isWanted;
    this.problem = problem;
  }

  /** Begins to connect a socket; by the thread that reads. */
  void begin(Closeable opened) {
    socket.set(opened);
    if (!isWanted.getAsBoolean()) {
      close(opened);
      return;
    }
    tasks.after(
        timeoutMs + GRACE_MS,
        () -> {
          if (socket.compareAndSet(opened, null)) { // else it is connected, or another one is
            close(opened);
            problem.accept("no connection within " + (timeoutMs + GRACE_MS) + " ms");
          }
        });
  }

  /** It is connected, or never will be. */
  void end() {
    socket.set(null);
  }

  /** Closes the socket, if there is one. */
  void giveUp() {
    Closeable opened = socket.getAndSet(null);
    if (opened != null) {
      close(opened);
    }
  }

  private static void close(Closeable opened) {
    try {
      opened.close();
    } catch (IOException e) {
      // It is gone either way.
    }
  }
}
