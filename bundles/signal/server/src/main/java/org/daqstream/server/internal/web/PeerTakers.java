/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.web;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.daqstream.server.api.PeerSignals;

/** Who takes what clients publish; any thread. */
public final class PeerTakers {
  private record Taker(PeerSignals signals, int ranking) {}

  private final List<Taker> takers = new CopyOnWriteArrayList<>();

  public void add(PeerSignals signals, Map<String, ?> properties) {
    int ranking = properties.get("service.ranking") instanceof Integer i ? i : 0;
    takers.add(new Taker(signals, ranking));
  }

  public void remove(PeerSignals signals) {
    takers.removeIf(taker -> taker.signals == signals);
  }

  /** The first one, {@code null} if there is none. */
  PeerSignals first() {
    return takers.stream()
        .max(Comparator.comparingInt(Taker::ranking))
        .map(Taker::signals)
        .orElse(null);
  }
}
