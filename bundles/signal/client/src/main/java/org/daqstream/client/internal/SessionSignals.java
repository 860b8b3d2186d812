/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client.internal;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.daqstream.protocol.PacketHeader;

/**
 * The signals that a device has numbered on a connection, and which is whose domain: found by maps,
 * because there may be very many. By the thread that reads the connection.
 */
final class SessionSignals {
  private static final int FIRST_NUMBERS = 64;

  private final Map<String, SessionSignal> byId = new HashMap<>();
  private SessionSignal[] bySigno = new SessionSignal[FIRST_NUMBERS];

  /** Described signals, by the id of their domain and by the label of their table. */
  private final Map<String, Set<SessionSignal>> dependents = new HashMap<>();

  /** Described domains, by the label of their table, in the order of their coming. */
  private final Map<String, Set<SessionSignal>> domains = new HashMap<>();

  int size() {
    return byId.size();
  }

  boolean isKnown(String signalId) {
    return byId.containsKey(signalId);
  }

  SessionSignal byId(String signalId) {
    return byId.get(signalId);
  }

  SessionSignal bySigno(int signo) {
    return signo < bySigno.length ? bySigno[signo] : null;
  }

  void add(SessionSignal signal) {
    int signo = signal.signo;
    if (signo >= bySigno.length) {
      int room = Math.min(PacketHeader.SIGNO_MAX + 1, Math.max(signo + 1, 2 * bySigno.length));
      bySigno = Arrays.copyOf(bySigno, room);
    }
    bySigno[signo] = signal;
    byId.put(signal.signalId, signal);
  }

  void remove(SessionSignal signal) {
    bySigno[signal.signo] = null;
    byId.remove(signal.signalId);
    signal.parsed = null;
    describedAnew(signal);
  }

  /** Looks at a signal's new description, or that it has none any more. */
  void describedAnew(SessionSignal signal) {
    unlink(signal);
    if (signal.indexed != null) {
      change(signal, signal.indexed.isDomain(), false);
    }
    signal.indexed = signal.parsed;
    if (signal.indexed != null) {
      change(signal, signal.indexed.isDomain(), true);
      unlink(signal);
    }
  }

  private void change(SessionSignal signal, boolean isDomain, boolean isThere) {
    String label = signal.indexed.tableId();
    if (isDomain) {
      change(domains, label, signal, isThere);
    } else {
      change(dependents, signal.indexed.domainId(), signal, isThere);
      change(dependents, label, signal, isThere);
    }
  }

  private static void change(
      Map<String, Set<SessionSignal>> map, String key, SessionSignal signal, boolean isThere) {
    if (key.isEmpty()) {
      return;
    }
    if (isThere) {
      map.computeIfAbsent(key, unused -> new LinkedHashSet<>()).add(signal);
    } else {
      map.computeIfPresent(key, (unused, all) -> all.remove(signal) && all.isEmpty() ? null : all);
    }
  }

  /** Has those that may have this one as their domain look for it again. */
  private void unlink(SessionSignal signal) {
    signal.isLinked = false;
    dependents(signal).forEach(each -> each.isLinked = false);
  }

  /** Those that may have this one as their domain. */
  Collection<SessionSignal> dependents(SessionSignal signal) {
    Set<SessionSignal> byItsId = dependents.getOrDefault(signal.signalId, Set.of());
    if (signal.indexed == null || !signal.indexed.isDomain()) {
      return byItsId;
    }
    Set<SessionSignal> byLabel = dependents.getOrDefault(signal.indexed.tableId(), Set.of());
    if (byItsId.isEmpty() || byItsId == byLabel) {
      return byLabel;
    }
    Set<SessionSignal> both = new LinkedHashSet<>(byItsId);
    both.addAll(byLabel);
    return both;
  }

  /**
   * The domain of a described signal: by its id, by the table's label if that is an id, or the one
   * with the same label; {@code null} while there is none.
   */
  SessionSignal domainOf(SessionSignal signal) {
    if (signal.isDomain()) {
      return signal;
    }
    String label = signal.parsed.tableId();
    for (String each : List.of(signal.parsed.domainId(), label)) {
      SessionSignal named = byId.get(each);
      if (named != null && named != signal && named.isDescribed()) {
        return named;
      }
    }
    Set<SessionSignal> sameLabel =
        label.isEmpty() ? Set.of() : domains.getOrDefault(label, Set.of());
    return sameLabel.isEmpty() ? null : sameLabel.iterator().next();
  }
}
