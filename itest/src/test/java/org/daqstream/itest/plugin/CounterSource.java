/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest.plugin;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalRegistry;
import org.daqstream.signal.api.SignalTable;

/**
 * Counts the rows of a table at 1 kHz into every signal of it, on one unbroken line of time.
 * Publishes {@code counted/value} and {@code counted/stamped}, of the test's own type, when it is a
 * component.
 */
public final class CounterSource implements AutoCloseable {
  public static final long DELTA_NANOS = 1_000_000;

  private static final int BLOCK = 10;

  private final SignalTable table;
  private final Thread thread;
  private volatile boolean running = true;

  /** As a component. */
  public CounterSource(SignalRegistry registry) {
    this(registry, "counted", "value", DataTypes.INT64, "stamped", StampedWriterFactory.DATA_TYPE);
  }

  /**
   * Publishes signals.
   *
   * @param registry where
   * @param prefix of the ids
   * @param namesAndTypes of the signals
   */
  public CounterSource(SignalRegistry registry, String prefix, String... namesAndTypes) {
    table = registry.openTable(SignalDescriptor.linearTime(prefix + "/time", DELTA_NANOS));
    for (int i = 0; i < namesAndTypes.length; i += 2) {
      table.open(
          SignalDescriptor.value(prefix + "/" + namesAndTypes[i], namesAndTypes[i + 1]).build());
    }
    thread = new Thread(this::run, "counter-" + prefix);
    thread.start();
  }

  private void run() {
    long[] block = new long[BLOCK];
    Object[] blocks = new Object[table.ports().size()];
    java.util.Arrays.fill(blocks, block);
    long startTick = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
    long startNanos = System.nanoTime();
    for (long row = 0; running; row += BLOCK) {
      for (int i = 0; i < BLOCK; i++) {
        block[i] = row + i;
      }
      long dueNanos = startNanos + (row + BLOCK) * DELTA_NANOS;
      while (running && System.nanoTime() < dueNanos) {
        LockSupport.parkNanos(dueNanos - System.nanoTime());
      }
      table.write(startTick + row * DELTA_NANOS, blocks, 0, BLOCK);
    }
  }

  /** Also called by the component runtime. */
  @Override
  public void close() {
    running = false;
    LockSupport.unpark(thread);
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    table.close();
  }
}
