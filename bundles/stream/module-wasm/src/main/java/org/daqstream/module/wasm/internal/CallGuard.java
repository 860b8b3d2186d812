/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.module.wasm.internal;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Bounds the time of one instance's calls. Its thread tells when it enters and leaves the module
 * and when the module calls the host; the watch interrupts it only while the code of the module
 * runs, so that an interrupt never reaches a socket or lock of the runtime.
 */
final class CallGuard {
  private static final int OUTSIDE = 0;
  private static final int IN_MODULE = 1;
  private static final int IN_HOST = 2;
  private static final int INTERRUPTING = 3;
  private static final int INTERRUPTED = 4;

  /** What the host may wait for the module in one call, besides the time of the module. */
  private static final long WAIT_MOST_NANOS = TimeUnit.SECONDS.toNanos(60);

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final boolean HAS_CPU_TIME =
      THREADS.isThreadCpuTimeSupported() && THREADS.isThreadCpuTimeEnabled();

  private final AtomicInteger place = new AtomicInteger(OUTSIDE);
  private volatile long call; // the number of the one that runs, or ran last
  private volatile long endedCall; // is to end at the next chance
  private volatile long limitNanos;
  private volatile Thread thread;
  private volatile String cause = "";
  private long calls; // by the thread that enters, as what follows
  private long enteredNanos;
  private long seenCall; // by the watch, as what follows
  private long seenNanos;
  private long seenCpuNanos;

  /** The module's code runs from now on, on this thread, with so much time of a processor. */
  void enter(long mostNanos) {
    thread = Thread.currentThread();
    enteredNanos = System.nanoTime();
    limitNanos = mostNanos;
    calls++;
    call = calls;
    place.set(IN_MODULE);
  }

  /** The module's code has come to its end, well or not; tells how long that took. */
  long leave() {
    while (!place.compareAndSet(IN_MODULE, OUTSIDE) && !place.compareAndSet(IN_HOST, OUTSIDE)) {
      if (takeInterrupt(OUTSIDE)) {
        break;
      }
    }
    return System.nanoTime() - enteredNanos;
  }

  /** The module has called the host, which does not want to be interrupted. */
  void enterHost() {
    while (!place.compareAndSet(IN_MODULE, IN_HOST)) {
      if (takeInterrupt(IN_HOST)) {
        throw new HostTrap(cause);
      }
    }
  }

  /** The host goes back to the module. */
  void leaveHost() {
    if (isOver()) {
      throw new HostTrap(cause);
    }
    place.set(IN_MODULE);
  }

  /** The interrupt was meant for the module's code alone. */
  private boolean takeInterrupt(int next) {
    if (place.get() != INTERRUPTED) {
      Thread.onSpinWait();
      return false;
    }
    Thread.interrupted();
    place.set(next);
    return true;
  }

  /**
   * By the watch, again and again: ends the call that runs when its time is over. That is time of
   * the processor, so that nothing is ended because the machine has much else to do.
   */
  void check(long nowNanos, String overtime) {
    long current = call;
    if (place.get() == OUTSIDE) {
      return;
    }
    if (seenCall != current) {
      seenCall = current;
      seenNanos = nowNanos;
      seenCpuNanos = cpuNanos(nowNanos);
    }
    boolean isOvertime =
        cpuNanos(nowNanos) - seenCpuNanos > limitNanos
            || nowNanos - seenNanos > limitNanos + WAIT_MOST_NANOS;
    if (isOvertime || endedCall == current) {
      end(current, overtime);
    }
  }

  /** Of the thread that is in there; time goes by where that is not known. */
  private long cpuNanos(long nowNanos) {
    Thread inside = thread;
    long nanos = HAS_CPU_TIME ? THREADS.getThreadCpuTime(inside.getId()) : nowNanos;
    return nanos < 0 ? seenCpuNanos : nanos;
  }

  /** Ends the call that runs now, if there is one, as soon as it is in the module's code. */
  void end(String why) {
    long current = call;
    if (place.get() != OUTSIDE) {
      end(current, why);
    }
  }

  private void end(long ended, String why) {
    if (endedCall != ended) {
      cause = why;
      endedCall = ended;
    }
    if (place.compareAndSet(IN_MODULE, INTERRUPTING)) {
      if (call == ended) {
        thread.interrupt();
        place.set(INTERRUPTED);
      } else { // the next one has begun in the meantime
        place.set(IN_MODULE);
      }
    }
  }

  /** Has a wait of the host come to its end, while the host does something for the module. */
  void interruptHost() {
    Thread current = thread;
    if (place.get() == IN_HOST && current != null) {
      current.interrupt();
    }
  }

  /** Whether the call that runs is to end: for code that does not look at interrupts. */
  boolean isOver() {
    return endedCall == call;
  }

  /** Whether a call runs. */
  boolean isInside() {
    return place.get() != OUTSIDE;
  }

  /** Why it was ended. */
  String cause() {
    return cause;
  }
}
