/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.module.wasm.internal;

import java.util.Collection;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.daqstream.base.support.OrderedTasks;
import org.daqstream.signal.api.writer.SignalWriterFactory;
import org.daqstream.stream.api.StreamRegister;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all instances share. Threads are there only for those that have something to do, one for
 * each: so one that is in an endless loop holds up no other, and one that waits costs none.
 */
final class ModuleRuntime implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ModuleRuntime.class);
  private static final int STACK_BYTES = 1 << 20;
  private static final int IDLE_S = 2;
  private static final long STOP_MS = 1000;

  private final StreamRegister streams;
  private final BiFunction<String, SignalWriterFactory, Runnable> publisher;
  private final AtomicInteger threads = new AtomicInteger();
  private final ThreadPoolExecutor pool;
  private final OrderedTasks timing =
      new OrderedTasks("daqstream-modules", e -> LOG.error("a task is left out", e));
  private final CallWatch watch;

  /**
   * Without threads.
   *
   * @param publisher offers writers of a data type to the registry, until what it gives is run
   */
  ModuleRuntime(
      StreamRegister streams,
      BiFunction<String, SignalWriterFactory, Runnable> publisher,
      Supplier<? extends Collection<ModuleInstance>> instances) {
    this.streams = streams;
    this.publisher = publisher;
    this.pool =
        new ThreadPoolExecutor(
            0, Integer.MAX_VALUE, IDLE_S, TimeUnit.SECONDS, new SynchronousQueue<>(), this::thread);
    this.watch = new CallWatch(timing, instances);
  }

  private Thread thread(Runnable work) {
    int number = threads.incrementAndGet();
    Thread thread = new Thread(null, work, "daqstream-module-" + number, STACK_BYTES);
    thread.setDaemon(true);
    return thread;
  }

  StreamRegister streams() {
    return streams;
  }

  /** Offers writers, until what this gives is run. */
  Runnable publish(String dataType, SignalWriterFactory writers) {
    return publisher.apply(dataType, writers);
  }

  /** For what takes a while. */
  Executor pool() {
    return pool;
  }

  /** For what is to be done later, and takes no time. */
  OrderedTasks timing() {
    return timing;
  }

  CallWatch watch() {
    return watch;
  }

  @Override
  public void close() {
    watch.close();
    timing.end(STOP_MS);
    pool.shutdown();
  }
}
