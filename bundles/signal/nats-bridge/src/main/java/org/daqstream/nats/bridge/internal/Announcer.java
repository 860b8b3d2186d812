/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import io.nats.client.JetStreamApiException;
import io.nats.client.KeyValue;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.daqstream.base.support.LimitedLog;
import org.daqstream.base.support.OrderedTasks;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the descriptions of published signals in the bucket, where importers find them. What
 * changes waits until there is a connection, and only the last word of each signal goes. Signals
 * come by the registry's thread, the bucket is written by that of the tasks.
 */
final class Announcer {
  private static final Logger LOG = LoggerFactory.getLogger(Announcer.class);
  private static final int LINES_PER_MINUTE = 10;
  private static final long RETRY_MS = 1_000;

  /** Others of the tasks wait no longer, as to be said that the publisher is there. */
  private static final long TURN_NANOS = 200_000_000;

  private static final long END_NANOS = 2_000_000_000;
  private static final int NOT_THE_LAST = 10_071;
  private static final long UNKNOWN = 0;

  private final String publisher;
  private final ImportedPaths paths;
  private final OrderedTasks tasks;
  private final LimitedLog problems = new LimitedLog(LOG::warn, LINES_PER_MINUTE);
  private final Object lock = new Object();
  private final Map<String, OutgoingSignal> signals = new LinkedHashMap<>(); // under the lock
  private final Set<String> changed = new LinkedHashSet<>(); // keys; under the lock
  private final Set<String> failed = new LinkedHashSet<>(); // come last; under the lock
  private boolean isQueued; // under the lock
  private final Map<String, Long> revisions = new HashMap<>(); // what is kept; by the tasks
  private KeyValue bucket; // by the tasks

  Announcer(String publisher, ImportedPaths paths, OrderedTasks tasks) {
    this.publisher = publisher;
    this.paths = paths;
    this.tasks = tasks;
  }

  /** A signal is there, or is described anew. */
  void put(OutgoingSignal signal) {
    change(signal, true);
  }

  /** A signal is gone, unless another one has come under its id. */
  void remove(OutgoingSignal signal) {
    change(signal, false);
  }

  private void change(OutgoingSignal signal, boolean isThere) {
    String key = Subjects.key(signal.signalId());
    synchronized (lock) {
      if (isThere) {
        signals.put(key, signal);
      } else if (!signals.remove(key, signal)) {
        return;
      }
      failed.remove(key);
      changed.add(key);
      if (isQueued) {
        return;
      }
      isQueued = true;
    }
    tasks.execute(this::write);
  }

  /** The signals that are there. */
  List<OutgoingSignal> signals() {
    synchronized (lock) {
      return new ArrayList<>(signals.values());
    }
  }

  /** There is a bucket; all is said again. By the tasks. */
  void connected(KeyValue to) {
    bucket = to;
    repeat();
  }

  /** There is none. By the tasks. */
  void disconnected() {
    bucket = null;
  }

  /** Says all again, before the bucket forgets it. By the tasks. */
  void repeat() {
    synchronized (lock) {
      changed.addAll(signals.keySet());
    }
    write();
  }

  private void write() {
    write(TURN_NANOS);
  }

  private void write(long turnNanos) {
    long beginNanos = System.nanoTime();
    while (true) {
      String key;
      OutgoingSignal signal;
      synchronized (lock) {
        Set<String> from = changed.isEmpty() ? failed : changed;
        isQueued = bucket != null && !from.isEmpty();
        if (!isQueued) {
          return;
        }
        if (System.nanoTime() - beginNanos > turnNanos) {
          break;
        }
        key = from.iterator().next();
        from.remove(key);
        signal = signals.get(key);
      }
      if (!write(key, signal)) {
        synchronized (lock) {
          failed.add(key);
          isQueued = true;
        }
        tasks.after(RETRY_MS, this::write);
        return;
      }
    }
    tasks.execute(this::write);
  }

  private boolean write(String key, OutgoingSignal signal) {
    try {
      SignalAnnouncement announcement =
          signal == null ? null : signal.announcement(publisher, paths);
      if (announcement != null) {
        revisions.put(key, UNKNOWN);
        revisions.put(key, bucket.put(key, announcement.bytes()));
      } else if (signal == null && revisions.containsKey(key)) {
        delete(key, revisions.get(key));
        revisions.remove(key);
      }
      return true;
    } catch (IOException | JetStreamApiException | RuntimeException e) {
      problems.say(
          () -> Subjects.signalId(key) + ": its description is not kept yet: " + e.getMessage());
      return false;
    }
  }

  /** Another publisher may have described a signal of the id meanwhile. */
  private void delete(String key, long revision) throws IOException, JetStreamApiException {
    if (revision == UNKNOWN) {
      bucket.delete(key);
      return;
    }
    try {
      bucket.delete(key, revision);
    } catch (JetStreamApiException e) {
      if (e.getApiErrorCode() != NOT_THE_LAST) {
        throw e;
      }
    }
  }

  /** Takes back what was said, as far as that goes. By the tasks. */
  void withdraw() {
    synchronized (lock) {
      changed.addAll(signals.keySet());
      signals.clear();
    }
    write(END_NANOS);
  }
}
