/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import io.nats.client.JetStreamApiException;
import io.nats.client.KeyValue;
import java.io.IOException;
import java.util.ArrayList;
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

  private final String publisher;
  private final ImportedPaths paths;
  private final OrderedTasks tasks;
  private final LimitedLog problems = new LimitedLog(LOG::warn, LINES_PER_MINUTE);
  private final Object lock = new Object();
  private final Map<String, OutgoingSignal> signals = new LinkedHashMap<>(); // under the lock
  private final Set<String> changed = new LinkedHashSet<>(); // keys; under the lock
  private boolean isQueued; // under the lock
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
    while (bucket != null) {
      String key;
      OutgoingSignal signal;
      synchronized (lock) {
        isQueued = false;
        if (changed.isEmpty()) {
          return;
        }
        key = changed.iterator().next();
        changed.remove(key);
        signal = signals.get(key);
      }
      if (!write(key, signal)) {
        synchronized (lock) {
          changed.add(key);
          isQueued = true;
        }
        tasks.after(RETRY_MS, this::write);
        return;
      }
    }
    synchronized (lock) {
      isQueued = false;
    }
  }

  private boolean write(String key, OutgoingSignal signal) {
    SignalAnnouncement announcement = signal == null ? null : signal.announcement(publisher, paths);
    try {
      if (announcement != null) {
        bucket.put(key, announcement.bytes());
      } else if (signal == null) {
        bucket.delete(key);
      }
      return true;
    } catch (IOException | JetStreamApiException | RuntimeException e) {
      problems.say(
          () -> Subjects.signalId(key) + ": its description is not kept yet: " + e.getMessage());
      return false;
    }
  }

  /** Takes back what was said, as far as that goes. By the tasks. */
  void withdraw() {
    synchronized (lock) {
      changed.clear();
      changed.addAll(signals.keySet());
      signals.clear();
    }
    KeyValue to = bucket;
    if (to != null) {
      write();
    }
  }
}
