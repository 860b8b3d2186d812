/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.fanout;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.daqstream.server.internal.derive.Contract;
import org.daqstream.server.internal.derive.Derivations;
import org.daqstream.server.internal.log.Chunk;
import org.daqstream.server.internal.log.LogEvent;
import org.daqstream.server.internal.log.LogPosition;
import org.daqstream.server.internal.log.LogPublisher;
import org.daqstream.server.internal.log.LogSignal;
import org.daqstream.server.internal.log.LogTable;
import org.daqstream.server.internal.log.SharedLog;
import org.daqstream.server.internal.log.SignalVersion;

/**
 * The signals on offer as of a place in the log, kept by the fan-out thread: it reads the log's
 * events up to the newest committed entry. That place is where new clients begin and what all
 * clients are served up to in one pass.
 */
final class Catalogue {
  private final LogPublisher publisher;
  private final SharedLog.ReaderPin pin;
  private final LogPosition head = new LogPosition();
  private final Map<String, Entry> bySignalId = new LinkedHashMap<>();
  private final Derivations derivations;
  private final Audience audience;
  private final HeadTimes heads;
  private long eventCount;

  /** A signal and its description as of the catalogue's place. */
  record Entry(LogSignal signal, SignalVersion version) {}

  Catalogue(LogPublisher publisher, Audience audience) {
    this.audience = audience;
    this.publisher = publisher;
    this.pin = publisher.log().newPin();
    this.derivations = new Derivations(publisher);
    startAtNewest();
    this.heads = new HeadTimes(head, System.nanoTime());
  }

  LogPosition head() {
    return head;
  }

  /** When the head was where. */
  HeadTimes heads() {
    return heads;
  }

  /** Counts what happened to signals, so that clients without subscriptions can skip the rest. */
  long eventCount() {
    return eventCount;
  }

  /** A signal on offer, {@code null} if there is none. */
  Entry find(String signalId) {
    return bySignalId.get(signalId);
  }

  /** A signal on offer or made for clients, {@code null} if it is gone. */
  Entry findAny(LogSignal signal) {
    return !signal.table.isListed() && derivations.find(signal.signalId()) == signal
        ? new Entry(signal, signal.version())
        : find(signal.signalId());
  }

  /** The domain of a signal, {@code null} if it is not on offer. */
  Entry domainOf(Entry entry) {
    LogTable table = entry.signal.table;
    return table.isListed()
        ? find(table.domain.signalId())
        : new Entry(table.domain, table.domain.version());
  }

  /**
   * What is made of a source for those who ask by an id with the contract in it, {@code null} if
   * there is no such; it is made if it is wanted.
   */
  Entry derive(String id, Contract contract, Entry source, boolean isWanted) {
    LogSignal derived = derivations.find(id);
    Entry domain = domainOf(source);
    if (derived == null && isWanted && domain != null) {
      derived =
          derivations.open(
              id, contract, source.signal, source.version, domain.version.descriptor, head);
    }
    return derived == null ? null : new Entry(derived, derived.version());
  }

  Derivations derivations() {
    return derivations;
  }

  Collection<Entry> entries() {
    return bySignalId.values();
  }

  /** Moves to the newest committed entry. */
  boolean advance() {
    long oldSequence = head.sequence;
    int oldIndex = head.index;
    boolean more = true;
    while (more) {
      if (!pin.acquire(head.chunk, head.sequence)) {
        pin.release();
        startAtNewest();
        derivations.readUpTo(head);
        return true;
      }
      try {
        readCommitted(head.chunk);
        more = head.index == head.chunk.entryCount() && head.chunk.next != null;
        if (more) {
          head.chunk = head.chunk.next;
          head.sequence++;
          head.index = 0;
        }
      } finally {
        pin.release();
      }
    }
    derivations.readUpTo(head);
    return head.index != oldIndex || head.sequence != oldSequence;
  }

  private void readCommitted(Chunk chunk) {
    int end = chunk.committedEnd(head.index, head.sequence);
    if (chunk.events.isEmpty() && !audience.isWatched()) {
      head.index = end;
      return;
    }
    for (int index = head.index; index < end; index++) {
      if (chunk.signo(index) == Chunk.EVENT) {
        apply(chunk.events.get(index));
        audience.touchAll();
      } else if (audience.isWatched()) {
        audience.touch(chunk.signo(index) & Chunk.SIGNO_MASK);
      }
    }
    head.index = end;
  }

  private void apply(LogEvent event) {
    eventCount++;
    if (event instanceof LogEvent.Available available) {
      put(available.signal(), available.version());
    } else if (event instanceof LogEvent.Changed changed) {
      put(changed.signal(), changed.version());
    } else if (event instanceof LogEvent.Unavailable) {
      bySignalId.computeIfPresent(
          event.signal().signalId(),
          (signalId, entry) -> entry.signal() == event.signal() ? null : entry);
    }
  }

  private void put(LogSignal signal, SignalVersion version) {
    bySignalId.put(version.descriptor.signalId(), new Entry(signal, version));
  }

  /**
   * Begins at the newest entry, at the start and when this thread itself was overtaken. The signals
   * are taken from the publisher's side; events that are read later say again what it already
   * knows, which changes nothing.
   */
  private void startAtNewest() {
    do {
      head.chunk = publisher.log().current();
      head.sequence = head.chunk.sequence;
    } while (head.sequence == Chunk.RETIRED);
    head.index = 0;
    eventCount++;
    audience.touchAll();
    bySignalId.clear();
    publisher.offered().values().stream()
        .sorted((a, b) -> Integer.compare(a.signo, b.signo))
        .forEach(signal -> put(signal, signal.version()));
  }
}
