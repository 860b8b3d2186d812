/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import java.util.ArrayList;
import java.util.List;

/** What was done when, and what a client saw of it. For any thread. */
final class Timeline {
  private final long startNanos = System.nanoTime();
  private final List<String> lines = new ArrayList<>();

  /** Something that the operator does. */
  void operator(String what) {
    add("operator  " + what);
  }

  /** Something that a client sees. */
  void client(String what) {
    add("client    " + what);
  }

  private synchronized void add(String what) {
    lines.add("%8.3f s  %s".formatted((System.nanoTime() - startNanos) / 1e9, what));
  }

  /** Forgets all lines. */
  synchronized void clear() {
    lines.clear();
  }

  @Override
  public synchronized String toString() {
    return String.join("\n", lines);
  }
}
