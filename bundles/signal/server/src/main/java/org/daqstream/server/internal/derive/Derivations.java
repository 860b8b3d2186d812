/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.derive;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.daqstream.server.internal.log.Chunk;
import org.daqstream.server.internal.log.LogBlock;
import org.daqstream.server.internal.log.LogEvent;
import org.daqstream.server.internal.log.LogPosition;
import org.daqstream.server.internal.log.LogPublisher;
import org.daqstream.server.internal.log.LogSignal;
import org.daqstream.server.internal.log.SharedLog;
import org.daqstream.server.internal.log.SignalVersion;
import org.daqstream.signal.api.SignalDescriptor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The signals that are made of others because clients want them, each once for all who want the
 * same. Reads the log behind the catalogue, on the fan-out thread; costs nothing while there are
 * none.
 */
public final class Derivations {
  private static final Logger LOG = LoggerFactory.getLogger(Derivations.class);

  static final int OF_ALL_MAX = 4_096;
  static final int OF_ONE_MAX = 16;

  private final LogPublisher publisher;
  private final SharedLog.ReaderPin pin;
  private final LogPosition place = new LogPosition();
  private final LogBlock block = new LogBlock();
  private final Map<String, DerivedSignal> byId = new HashMap<>();
  private List<List<DerivedSignal>> bySource = new ArrayList<>(); // by signal number
  private long dueNanos = DerivedSignal.NEVER;

  public Derivations(LogPublisher publisher) {
    this.publisher = publisher;
    this.pin = publisher.log().newPin();
  }

  /** A derived signal that somebody wants already, {@code null} if there is none. */
  public LogSignal find(String id) {
    DerivedSignal derived = byId.get(id);
    return derived == null ? null : derived.signal();
  }

  /**
   * Makes a derived signal, from the next block of its source on, of source and domain as they are
   * at the catalogue's place; {@code null} when the source has no such, or there are too many. It
   * ends when nobody wants it.
   */
  public LogSignal open(
      String id,
      Contract contract,
      LogSignal source,
      SignalVersion version,
      SignalDescriptor domain,
      LogPosition place) {
    String refusal = refusal(id, contract, source, version, domain);
    if (!refusal.isEmpty()) {
      LOG.debug("{} is not made: {}", id, refusal);
      return null;
    }
    long now = System.nanoTime();
    DerivedSignal derived =
        contract.kind() == Contract.Kind.ENVELOPE
            ? new Envelope(publisher, source, id, version, domain, contract.perSecond())
            : new LatestSamples(
                publisher, source, id, version, domain, contract.perSecond(), place, now);
    byId.put(id, derived);
    index(derived);
    dueNanos = Math.min(dueNanos, derived.dueNanos());
    return derived.signal();
  }

  private String refusal(
      String id,
      Contract contract,
      LogSignal source,
      SignalVersion version,
      SignalDescriptor domain) {
    if (source.isDomain()) {
      return "it is a domain signal";
    }
    if (id.length() + "&domain".length() > SignalDescriptor.SIGNAL_ID_LIMIT_CHARS) {
      return "its id is too long";
    }
    if (contract.kind() == Contract.Kind.ENVELOPE && !Envelope.suits(source, version, domain)) {
      return "only single numbers on a domain with a resolution have envelopes";
    }
    if (isFull(source)) {
      keepHouse(); // some may be wanted no more
    }
    return isFull(source) ? "there are too many" : "";
  }

  private boolean isFull(LogSignal source) {
    return byId.size() >= OF_ALL_MAX || of(source).size() >= OF_ONE_MAX;
  }

  private void index() {
    bySource = new ArrayList<>();
    byId.values().forEach(this::index);
  }

  private void index(DerivedSignal derived) {
    int signo = derived.source().signo;
    while (bySource.size() <= signo) {
      bySource.add(List.of());
    }
    List<DerivedSignal> more = new ArrayList<>(bySource.get(signo));
    more.add(derived);
    bySource.set(signo, more);
  }

  private List<DerivedSignal> of(LogSignal source) {
    return source.signo < bySource.size() ? bySource.get(source.signo) : List.of();
  }

  /** Takes what lies before a place, and writes what is due. */
  public void readUpTo(LogPosition head) {
    if (byId.isEmpty()) {
      place.set(head);
      return;
    }
    long now = System.nanoTime();
    while (place.isBefore(head)) {
      Chunk chunk = place.chunk;
      try {
        if (!pin.acquire(chunk, place.sequence)) {
          overtaken();
          place.set(head);
          break;
        }
        boolean last = place.sequence == head.sequence;
        read(chunk, last ? head.index : chunk.entryCount(), now);
        if (!last) {
          place.chunk = chunk.next;
          place.sequence++;
          place.index = 0;
        }
      } finally {
        pin.release();
      }
    }
    if (isDue(dueNanos, now)) {
      runDue(now);
    }
  }

  /** Blocks were missed, and events: what those changed ends, for nobody knows from which block. */
  private void overtaken() {
    byId.values().forEach(DerivedSignal::interrupted);
    closeIf(derived -> !derived.isSourceAsKnown(publisher));
  }

  private void read(Chunk chunk, int to, long now) {
    while (place.index < to) {
      int index = place.index++;
      int flagged = chunk.signo(index);
      int signo = flagged & Chunk.SIGNO_MASK;
      if (flagged == Chunk.EVENT) {
        apply(chunk.events.get(index));
      } else if (flagged != Chunk.VOID && signo < bySource.size()) {
        for (DerivedSignal derived : bySource.get(signo)) {
          block.set(chunk, index, derived.source(), derived.deltaTicks());
          derived.take(block, now);
          dueNanos = Math.min(dueNanos, derived.dueNanos());
        }
      }
    }
  }

  private void apply(LogEvent event) {
    LogSignal signal = event.signal();
    if (event instanceof LogEvent.Unavailable) {
      closeIf(derived -> derived.source() == signal);
    } else if (event instanceof LogEvent.Changed && !signal.isDomain()) {
      closeIf(derived -> derived.source() == signal);
    } else if (event instanceof LogEvent.Changed changed) {
      SignalDescriptor domain = changed.version().descriptor;
      closeIf(derived -> derived.source().table.domain == signal && !derived.follow(domain));
    }
  }

  private static boolean isDue(long dueNanos, long now) {
    return dueNanos != DerivedSignal.NEVER && dueNanos - now <= 0;
  }

  private void runDue(long now) {
    dueNanos = DerivedSignal.NEVER;
    for (DerivedSignal derived : byId.values()) {
      if (isDue(derived.dueNanos(), now)) {
        derived.run(now);
      }
      dueNanos = Math.min(dueNanos, derived.dueNanos());
    }
  }

  /** How long until something is due, at least 1; the given time if nothing is before. */
  public long waitMs(long mostMs) {
    if (dueNanos == DerivedSignal.NEVER) {
      return mostMs;
    }
    long ms = (dueNanos - System.nanoTime()) / 1_000_000 + 1;
    return Math.max(1, Math.min(mostMs, ms));
  }

  /** Ends what nobody wants any more; to be called now and then. */
  public void keepHouse() {
    closeIf(derived -> !derived.signal().isSubscribed());
  }

  private void closeIf(Predicate<DerivedSignal> ended) {
    if (byId.isEmpty()) {
      return;
    }
    DerivedSignal[] all = byId.values().toArray(DerivedSignal[]::new);
    List<DerivedSignal> closed = Arrays.stream(all).filter(ended).toList();
    if (!closed.isEmpty()) {
      byId.values().removeAll(closed);
      index();
      closed.forEach(DerivedSignal::close);
    }
  }
}
