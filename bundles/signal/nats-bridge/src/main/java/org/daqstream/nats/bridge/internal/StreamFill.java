/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.daqstream.base.support.ProblemLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the stream for signals that miss something, some at a time: each on a thread {@code
 * daqstream-nats-fill <name> <n>}, from where it may be missing until it is found or given up. The
 * messages go to the signal under the lock of the import.
 */
final class StreamFill {
  private static final Logger LOG = LoggerFactory.getLogger(StreamFill.class);
  private static final int READERS = 4;
  private static final long IDLE_MS = 1_000;
  private static final long WAIT_MS = 1_000;
  private static final long RETRY_MS = 500;

  /** What the readers need of the import. */
  interface Side {
    /** The lock under which signals are. */
    Object lock();

    /** The connection; {@code null} while there is none. Under the lock. */
    ImportWire wire();

    /** Whether a signal is still there. Under the lock. */
    boolean isThere(NatsSignal signal);

    /** Has something done after a while. */
    void after(long delayMs, Runnable task);
  }

  private final String name;
  private final Subjects subjects;
  private final long historyMs;
  private final Side side;
  private final ThreadPoolExecutor readers;
  private final ProblemLog problems = new ProblemLog(LOG::warn);

  StreamFill(String name, Subjects subjects, long historyMs, Side side) {
    this.name = name;
    this.subjects = subjects;
    this.historyMs = historyMs;
    this.side = side;
    AtomicInteger count = new AtomicInteger();
    ThreadFactory threads =
        task -> {
          Thread thread =
              new Thread(task, "daqstream-nats-fill " + name + ' ' + count.incrementAndGet());
          thread.setDaemon(true);
          return thread;
        };
    readers =
        new ThreadPoolExecutor(
            READERS, READERS, IDLE_MS, TimeUnit.MILLISECONDS, new LinkedBlockingQueue<>(), threads);
    readers.allowCoreThreadTimeOut(true);
  }

  /** Has the stream read for a signal, when a reader is free. */
  void read(NatsSignal signal) {
    try {
      readers.execute(() -> fill(signal));
    } catch (RejectedExecutionException e) {
      LOG.debug("{}: nothing is read any more", name, e);
    }
  }

  private void fill(NatsSignal signal) {
    ImportWire used;
    synchronized (side.lock()) {
      used = side.wire();
    }
    String problem = "";
    try {
      readUntilComplete(signal);
    } catch (IOException e) {
      problem = "the stream cannot be read, is tried again: " + e.getMessage();
    } catch (RuntimeException e) {
      LOG.error("{}: a reader failed", name, e);
      problem = "a reader failed";
    }
    String why = problem;
    side.after(why.isEmpty() ? 0 : RETRY_MS, () -> ended(signal, used, why));
  }

  private void ended(NatsSignal signal, ImportWire used, String why) {
    synchronized (side.lock()) {
      signal.readEnds();
      if (!side.isThere(signal) || side.wire() == null) {
        return; // it is asked for again when there is a connection
      }
      if (!why.isEmpty() && side.wire().equals(used)) {
        problems.say(name + ": " + why);
      }
      signal.look();
    }
  }

  private void readUntilComplete(NatsSignal signal) throws IOException {
    ImportWire wire;
    long from;
    boolean isHistory;
    synchronized (side.lock()) {
      wire = side.wire();
      if (wire == null || !isWanted(signal, wire)) {
        return;
      }
      from = signal.rows().anchor();
      isHistory = signal.rows().wantsHistory();
      signal.rows().readBegins();
    }
    String subject = subjects.dataOf(signal.key);
    try (ImportWire.Reader reader =
        wire.read(subjects.stream(), subject, from, isHistory ? historyMs : 0)) {
      while (take(signal, wire, reader.next(WAIT_MS))) {
        problems.clear();
      }
    }
  }

  private boolean isWanted(NatsSignal signal, ImportWire wire) {
    return wire.equals(side.wire())
        && side.isThere(signal)
        && signal.isSubscribed()
        && signal.rows().wantsReading();
  }

  private boolean take(NatsSignal signal, ImportWire wire, List<ImportWire.Kept> messages) {
    for (ImportWire.Kept each : messages) {
      BlockMessage message = read(signal, each);
      synchronized (side.lock()) { // for each, as live messages wait for it
        if (!isWanted(signal, wire)) {
          return false;
        }
        if (message != null) {
          signal.read(message, each.message().length, each.isLast());
        } else if (each.isLast()) {
          signal.rows().readToTheEnd();
        }
      }
    }
    synchronized (side.lock()) {
      if (messages.isEmpty()) {
        signal.rows().readToTheEnd();
      }
      return isWanted(signal, wire);
    }
  }

  private BlockMessage read(NatsSignal signal, ImportWire.Kept kept) {
    try {
      return BlockMessage.read(kept.message());
    } catch (IllegalArgumentException e) {
      problems.say(name + ": signal " + NatsSignals.shown(signal.signalId) + ": " + e.getMessage());
      return null;
    }
  }

  /** Ends, as soon as the readers see it. */
  void close() {
    readers.shutdownNow();
  }
}
