/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The last holes of an import, and how many there were. Under the lock of the import. */
final class HoleLedger {
  private static final int LIMIT = 1_000;

  private final Deque<Hole> last = new ArrayDeque<>();
  private long count;
  private long rows;

  void add(Hole hole) {
    if (last.size() == LIMIT) {
      last.removeFirst();
    }
    last.addLast(hole);
    count++;
    rows += hole.rows();
  }

  List<Hole> last() {
    return List.copyOf(last);
  }

  long count() {
    return count;
  }

  long rows() {
    return rows;
  }
}
