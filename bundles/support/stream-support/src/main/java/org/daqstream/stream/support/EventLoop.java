/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.support;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.daqstream.stream.api.StreamClient;
import org.daqstream.stream.api.StreamResult;

/**
 * The half of a {@link StreamClient} that runs a module's callbacks: one at a time and in order, by
 * the thread that processes events or by an executor.
 */
public final class EventLoop {
  /** Keeps sums of deadlines in range. */
  public static final long LONGEST_MS = TimeUnit.DAYS.toMillis(365);

  private static final int EVENTS_PER_TASK = 256;

  private final BiConsumer<ClientEvent, Throwable> fault;
  private final Consumer<RejectedExecutionException> rejected;
  private final EventQueue queue = new EventQueue();
  private final AtomicBoolean dispatching = new AtomicBoolean();
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private volatile Executor executor;

  /**
   * Makes an empty one.
   *
   * @param fault told of what a callback throws
   * @param rejected told when the executor does not take the events
   */
  public EventLoop(
      BiConsumer<ClientEvent, Throwable> fault, Consumer<RejectedExecutionException> rejected) {
    this.fault = fault;
    this.rejected = rejected;
  }

  /** Takes an event, without waking the module. */
  public void add(ClientEvent event) {
    queue.add(event);
  }

  /** Wakes the module if there is something for it. */
  public void wake() {
    queue.wake();
    schedule();
  }

  /** Whether something has come that the module has not looked at. */
  public boolean hasArrivals() {
    return queue.hasArrivals();
  }

  /** Drops what has arrived of a stream that was closed, as far as the module is not at it yet. */
  public void dropIf(Predicate<ClientEvent> which) {
    queue.removeIf(which).forEach(ClientEvent::drop);
  }

  /** Asks the module to stop, see {@link StreamClient#requestStop}. */
  public void stop() {
    queue.stop();
  }

  /** See {@link StreamClient#processEvent}. */
  public StreamResult processEvent(long timeoutMs) {
    if (executor != null || !dispatching.compareAndSet(false, true)) {
      return StreamResult.AGAIN;
    }
    try {
      ClientEvent event = nextLive();
      if (event == null) {
        long waitMs = Math.min(Math.max(0, timeoutMs), LONGEST_MS);
        long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMs);
        while (event == null && queue.await(timeoutMs < 0, deadlineNanos)) {
          event = nextLive();
        }
      }
      if (event != null) {
        return deliver(event);
      }
      return queue.isStopping() ? StreamResult.SHOULDEXIT : StreamResult.TIMEDOUT;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return StreamResult.SHOULDEXIT;
    } finally {
      dispatching.set(false);
      if (executor != null) { // since a moment ago
        start();
      }
    }
  }

  /** The next event of a stream that is not closed; those of closed ones are dropped. */
  private ClientEvent nextLive() {
    for (ClientEvent event = queue.poll(); event != null; event = queue.poll()) {
      if (!event.isOutdated()) {
        return event;
      }
      event.drop();
    }
    return null;
  }

  private StreamResult deliver(ClientEvent event) {
    try {
      event.deliver();
      return StreamResult.OK;
    } catch (RuntimeException | LinkageError | AssertionError e) {
      fault.accept(event, e);
      return StreamResult.FAULT;
    }
  }

  /** See {@link StreamClient#dispatchOn}. */
  public void dispatchOn(Executor executor) {
    this.executor = executor;
    if (executor != null) {
      start();
    }
  }

  private void schedule() {
    if (executor != null && queue.hasArrivals()) {
      start();
    }
  }

  /** Has the executor look for events, unless it is about to. */
  private void start() {
    Executor current = executor;
    if (current != null && scheduled.compareAndSet(false, true) && !runOn(current)) {
      scheduled.set(false);
    }
  }

  private void runTask() {
    if (!dispatching.compareAndSet(false, true)) { // a processEvent of before; it will schedule
      scheduled.set(false);
      if (!dispatching.get()) {
        schedule();
      }
      return;
    }
    boolean more = true; // also when a callback throws what is not caught here
    try {
      for (int i = 0; i < EVENTS_PER_TASK && more; i++) {
        ClientEvent event = nextLive();
        more = event != null;
        if (more) {
          deliver(event);
        }
      }
    } finally {
      dispatching.set(false);
      if (!more || !runOn(executor)) { // which gives the executor back to others now and then
        scheduled.set(false);
        schedule();
      }
    }
  }

  private boolean runOn(Executor current) {
    if (current == null) {
      return false;
    }
    try {
      current.execute(this::runTask);
      return true;
    } catch (RejectedExecutionException e) {
      rejected.accept(e);
      return false;
    }
  }
}
