/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client.internal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What is wanted of a device: one demand for each signal and contract, with those that are served
 * by another one's. Any thread looks and adds, the tasks' thread changes the rest.
 */
final class Demands {
  private static final Queue<Demand> NOBODY = new ArrayDeque<>();

  private final Map<String, Demand> byWireId = new ConcurrentHashMap<>();
  private final Map<String, Queue<Demand>> bySignalId = new ConcurrentHashMap<>();
  private final Riders riders = new Riders();
  private final AtomicInteger version = new AtomicInteger();

  /** All who want what a device calls so. */
  List<Demand> of(String wireId) {
    Demand own = byWireId.get(wireId);
    List<Demand> others = riders.of(wireId);
    if (others.isEmpty()) {
      return own == null ? List.of() : List.of(own);
    }
    List<Demand> all = new ArrayList<>(others);
    if (own != null) {
      all.add(own);
    }
    return all;
  }

  /** The one with an id of its own at the device; {@code null} for none. */
  Demand get(String wireId) {
    return byWireId.get(wireId);
  }

  /** Those for a signal, whatever the contract. */
  Collection<Demand> ofSignal(String signalId) {
    return bySignalId.getOrDefault(signalId, NOBODY);
  }

  /** All signals that anybody wants, or that are not given up yet. */
  Collection<Demand> all() {
    return byWireId.values();
  }

  /** Grows when {@link #of} may give something else. */
  int version() {
    return version.get();
  }

  /** The one demand for a signal and contract. */
  Demand demandFor(Demand candidate) {
    Demand known = byWireId.putIfAbsent(candidate.wireId(), candidate);
    if (known != null) {
      return known;
    }
    bySignalId.compute(
        candidate.signalId,
        (id, others) -> {
          Queue<Demand> all = others == null ? new ConcurrentLinkedQueue<>() : others;
          all.add(candidate);
          return all;
        });
    version.incrementAndGet();
    return candidate;
  }

  /** Forgets a demand without feeds that serves nobody else; whether it has. */
  boolean drop(Demand demand) {
    boolean isPlain = demand.wireId().equals(demand.signalId);
    boolean isNeeded = isPlain && !riders.of(demand.signalId).isEmpty();
    if (isNeeded || !demand.retire()) {
      return false;
    }
    byWireId.remove(demand.wireId(), demand);
    bySignalId.computeIfPresent(
        demand.signalId,
        (id, all) -> {
          all.remove(demand);
          return all.isEmpty() ? null : all;
        });
    removeRider(demand);
    return true;
  }

  boolean isRider(Demand demand) {
    return riders.contains(demand);
  }

  /** Has a demand served with what the plain signal gives. */
  void addRider(Demand demand) {
    riders.add(demand);
    version.incrementAndGet();
  }

  void removeRider(Demand demand) {
    riders.remove(demand);
    version.incrementAndGet();
  }

  void clearRiders() {
    riders.clear();
    version.incrementAndGet();
  }
}
