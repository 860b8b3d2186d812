/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.fanout;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** How a command went for each of its signals; of one thread at a time. */
public final class Outcome {
  private static final int NAMED_MAX = 20;
  private static final int NAMED_CHARS_MAX = 100;

  private final BitSet known = new BitSet();
  private final List<String> unknown = new ArrayList<>(0);
  private int count;

  void add(String signalId, boolean isKnown) {
    if (isKnown) {
      known.set(count);
    } else if (unknown.size() < NAMED_MAX) {
      unknown.add(
          signalId.length() > NAMED_CHARS_MAX
              ? signalId.substring(0, NAMED_CHARS_MAX) + "..."
              : signalId);
    }
    count++;
  }

  /** Signals that are done with; fewer than were named if the command was abandoned. */
  public int count() {
    return count;
  }

  /** For each signal whether it was known. */
  public List<Boolean> known() {
    List<Boolean> list = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      list.add(known.get(i));
    }
    return list;
  }

  public boolean allKnown() {
    return known.cardinality() == count;
  }

  /** The first ids that were not known, for an error message. */
  public String unknown() {
    return String.join(", ", unknown);
  }
}
