/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.gateway.internal;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The signals that a device is to describe: it is asked for some at a time, and for those that it
 * does not describe again later. Under the lock of a link.
 */
final class Probes {
  private static final int AT_ONCE = 200;

  private final Set<ImportedSignal> waiting = new LinkedHashSet<>();
  private final Set<ImportedSignal> asked = new LinkedHashSet<>();
  private final Set<ImportedSignal> failed = new LinkedHashSet<>();

  void add(ImportedSignal signal) {
    waiting.add(signal);
  }

  /** Asks for as many as may be asked for now. */
  void askNext(Consumer<ImportedSignal> asker) {
    while (asked.size() < AT_ONCE && !waiting.isEmpty()) {
      ImportedSignal next = waiting.iterator().next();
      waiting.remove(next);
      if (asked.add(next)) {
        asker.accept(next);
      }
    }
  }

  /** Those that have been asked for since before, by {@link System#nanoTime}. */
  List<ImportedSignal> since(long nanos) {
    return asked.stream().filter(each -> each.isProbedBefore(nanos)).toList();
  }

  /** The device has described it, or is not waited for any more. */
  void end(ImportedSignal signal) {
    signal.endProbe();
    asked.remove(signal);
  }

  /** It could not be described or published, but may be later. */
  void failed(ImportedSignal signal) {
    failed.add(signal);
  }

  /** Has those that failed asked for again. */
  void again() {
    waiting.addAll(failed);
    failed.clear();
  }

  /** It is gone. */
  void forget(ImportedSignal signal) {
    end(signal);
    waiting.remove(signal);
    failed.remove(signal);
  }

  void clear() {
    waiting.clear();
    asked.clear();
    failed.clear();
  }
}
