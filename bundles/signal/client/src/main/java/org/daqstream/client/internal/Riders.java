/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who asked a device for a contract that it does not know, and is served with every sample of the
 * signal. Changed by the tasks' thread, for any to look at.
 */
final class Riders {
  private final Map<String, List<Demand>> bySignalId = new ConcurrentHashMap<>();

  /** Those that the plain signal serves. */
  List<Demand> of(String signalId) {
    return bySignalId.getOrDefault(signalId, List.of());
  }

  boolean contains(Demand demand) {
    return of(demand.signalId).contains(demand);
  }

  void add(Demand demand) {
    List<Demand> all = new ArrayList<>(of(demand.signalId));
    all.add(demand);
    bySignalId.put(demand.signalId, List.copyOf(all));
  }

  void remove(Demand demand) {
    List<Demand> all = new ArrayList<>(of(demand.signalId));
    all.remove(demand);
    if (all.isEmpty()) {
      bySignalId.remove(demand.signalId);
    } else {
      bySignalId.put(demand.signalId, List.copyOf(all));
    }
  }

  void clear() {
    bySignalId.clear();
  }
}
