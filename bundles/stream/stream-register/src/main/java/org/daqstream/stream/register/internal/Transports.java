/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.register.internal;

import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.daqstream.stream.api.spi.StreamTransport;

/** The transports that are there now; of each type the best is used. Thread-safe. */
final class Transports {
  /** A transport with the service properties that matter; higher ranking, then lower id wins. */
  record Entry(StreamTransport transport, String type, int ranking, long serviceId) {}

  private static final Comparator<Entry> BEST =
      Comparator.comparingInt(Entry::ranking)
          .thenComparing(Comparator.comparingLong(Entry::serviceId).reversed());

  private final Map<StreamTransport, Entry> entries = new ConcurrentHashMap<>();

  /** Adds a transport, or gives a known one new properties. */
  void add(Entry entry) {
    entries.put(entry.transport(), entry);
  }

  void remove(StreamTransport transport) {
    entries.remove(transport);
  }

  boolean contains(StreamTransport transport) {
    return entries.containsKey(transport);
  }

  Optional<StreamTransport> best(String type) {
    return entries.values().stream()
        .filter(entry -> entry.type().equals(type))
        .max(BEST)
        .map(Entry::transport);
  }

  Set<String> types() {
    return entries.values().stream()
        .map(Entry::type)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
