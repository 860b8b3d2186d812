/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.daqstream.base.support.ForeignText;
import org.daqstream.base.support.IdPatterns;
import org.daqstream.base.support.LimitedLog;
import org.daqstream.signal.api.SignalRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The signals that publishers announce and an import wants: each is published here while its
 * publisher is heard. Under the lock of the import.
 */
final class NatsSignals implements ImportWire.Watcher {
  private static final Logger LOG = LoggerFactory.getLogger(NatsSignals.class);
  private static final int LINES_PER_MINUTE = 10;
  private static final int ID_CHARS = 80;
  private static final long ASK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long FORGET_NANOS = TimeUnit.MINUTES.toNanos(15);

  private final String name;
  private final ImportSettings settings;
  private final ImportWork work;
  private final ImportedPaths paths;
  private final PassedTypes types;
  private final Publishers publishers;
  private final NatsTables tables;
  private final IdPatterns filter;
  private final HoldBudget budget;
  private final TakenTraffic total = new TakenTraffic();
  private final HoleLedger ledger = new HoleLedger();
  private final LimitedLog problems = new LimitedLog(LOG::warn, LINES_PER_MINUTE);
  private final LimitedLog holes = new LimitedLog(LOG::warn, LINES_PER_MINUTE);
  private final Map<String, NatsSignal> signals = new LinkedHashMap<>(); // by key
  private final Set<String> present = new HashSet<>(); // keys, as told since the watch began
  private final Set<NatsSignal> claimed = new HashSet<>(); // whose ids are this import's
  private String askedLast = "";
  private long askedNanos;
  private boolean isComplete;
  private boolean isLimitTold;

  /** With none. */
  NatsSignals(
      String name,
      ImportSettings settings,
      SignalRegistry registry,
      ImportedPaths paths,
      PassedTypes types,
      ImportWork work) {
    this.name = name;
    this.settings = settings;
    this.work = work;
    this.paths = paths;
    this.types = types;
    filter = new IdPatterns(settings.signals());
    budget = new HoldBudget(settings.holdBytes());
    publishers = new Publishers(work::nanoTime, settings.publisherTimeoutNanos(), FORGET_NANOS);
    tables = new NatsTables(registry, settings.prefix(), publishers::isAlive, this::unpublish);
  }

  static String shown(String signalId) {
    return ForeignText.plain(signalId, ID_CHARS);
  }

  SignalRows newRows(NatsSignal signal) {
    return new SignalRows(signal, budget, work::nanoTime, settings.fillNanos(), work::canRead);
  }

  TakenTraffic newTraffic() {
    return new TakenTraffic(total);
  }

  /** What has come of all signals that there have been. */
  ImportStatus.Total total() {
    return total.sum();
  }

  Rival newRival() {
    return new Rival(publishers);
  }

  long nanoTime() {
    return work.nanoTime();
  }

  boolean hasHistory() {
    return settings.historyMs() > 0;
  }

  Runnable subscribe(NatsSignal signal) {
    return work.subscribe(signal);
  }

  void demandChanged(NatsSignal signal) {
    work.demandChanged(signal);
  }

  void bad(NatsSignal signal, String why) {
    work.bad(signal, why);
  }

  void holds(NatsSignal signal) {
    work.holds(signal);
  }

  void wantsAgain() {
    work.wantsAgain();
  }

  /** A signal has another publisher, whose one is left out. */
  void refused(NatsSignal signal, SignalAnnouncement other) {
    problems.say(
        () ->
            "%s: signal %s: publisher %s has one with its id, too, left out while %s is there"
                .formatted(
                    name,
                    shown(signal.signalId),
                    ForeignText.plain(other.publisher(), ID_CHARS),
                    ForeignText.plain(signal.announced().publisher(), ID_CHARS)));
  }

  /**
   * Asks which of two publishers of an id are there. What is wanted is said, too: the other one may
   * follow on the first, and what it sends waits until that is known.
   */
  void ask(String holding, String other) {
    if (!other.equals(askedLast) || nanoTime() - askedNanos > ASK_AGAIN_NANOS) {
      askedLast = other;
      askedNanos = nanoTime();
      work.ask(List.of(holding, other));
    }
    work.wantsAgain();
  }

  void read(NatsSignal signal) {
    work.read(signal);
  }

  Collection<NatsSignal> all() {
    return signals.values();
  }

  boolean contains(NatsSignal signal) {
    return signal.equals(signals.get(signal.key));
  }

  /** The bucket is read from its beginning. */
  void beginWatch() {
    present.clear();
    isComplete = false;
  }

  @Override
  public void put(String key, byte[] text) {
    SignalAnnouncement announced;
    try {
      String signalId = Subjects.signalId(key);
      if (!filter.wants(signalId)) {
        return;
      }
      announced = SignalAnnouncement.read(text);
      if (!announced.value().signalId().equals(signalId)) {
        throw new IOException("a description of " + announced.value().signalId());
      }
    } catch (IOException | IllegalArgumentException e) {
      problems.say(() -> name + ": key " + shown(key) + " is left out: " + e.getMessage());
      return;
    }
    NatsSignal signal = signals.get(key);
    if (paths.comesBack(announced.path())) { // it is of this runtime, or has passed it
      if (signal != null && !signal.announced().publisher().equals(announced.publisher())) {
        present.add(key); // which takes nothing from who has it
      } else {
        removed(key);
      }
      return;
    }
    present.add(key);
    if (isComplete) {
      heard(announced.publisher());
    }
    if (signal == null) {
      signal = added(key, announced);
    }
    if (signal != null) {
      signal.announce(announced);
      publishIfAlive(signal);
    }
  }

  private NatsSignal added(String key, SignalAnnouncement announced) {
    if (signals.size() >= settings.maxSignals()) {
      if (!isLimitTold) {
        isLimitTold = true;
        LOG.warn("{}: more than maxSignals = {} signals", name, settings.maxSignals());
      }
      return null;
    }
    NatsSignal signal = new NatsSignal(this, key, tables.idOf(announced.value().signalId()));
    signals.put(key, signal);
    return signal;
  }

  /** Whether signals were left out for which there is room now; it is not said twice. */
  boolean hasRoomAgain() {
    boolean hasRoom = isLimitTold && signals.size() < settings.maxSignals();
    isLimitTold &= !hasRoom;
    return hasRoom;
  }

  @Override
  public void removed(String key) {
    present.remove(key);
    NatsSignal signal = signals.get(key);
    if (signal != null && !signal.isLeft()) {
      signals.remove(key);
      withdraw(signal);
    }
  }

  @Override
  public void complete() {
    isComplete = true;
    for (String key : List.copyOf(signals.keySet())) {
      if (!present.contains(key)) {
        removed(key);
      }
    }
  }

  /** A publisher says that it is there. */
  void heard(String publisher) {
    if (publisher.endsWith(Publishers.GONE)) {
      publishers.gone(publisher.substring(0, publisher.length() - Publishers.GONE.length()));
      return;
    }
    if (publishers.isBack(publisher)) {
      work.wantsAgain(); // it may have forgotten that
    }
    if (publishers.heard(publisher)) {
      signals.values().stream()
          .filter(each -> each.announced().publisher().equals(publisher))
          .toList()
          .forEach(this::publishIfAlive);
    }
  }

  /** Nobody could be heard for a while. */
  void resume(long silentNanos) {
    publishers.resume(silentNanos);
    signals.values().forEach(NatsSignal::resume);
  }

  /** Whether a publisher of signals that are here has not been heard for too long. */
  boolean hasSilent() {
    return signals.values().stream()
        .anyMatch(each -> each.isPublished() && !publishers.isAlive(each.announced().publisher()));
  }

  /** Waits anew for all that are here: nobody could be heard, as the server has not answered. */
  void spare() {
    signals.values().stream()
        .filter(NatsSignal::isPublished)
        .forEach(each -> publishers.heard(each.announced().publisher()));
  }

  /** Tries again what could not be published. */
  void retry() {
    List.copyOf(signals.values()).forEach(this::publishIfAlive);
  }

  private void publishIfAlive(NatsSignal signal) {
    SignalAnnouncement announced = signal.announced();
    if (!signal.isPublished() && publishers.isAlive(announced.publisher())) {
      publish(signal, announced);
    }
  }

  /** Publishes a signal by a description, or says why not. */
  void publish(NatsSignal signal, SignalAnnouncement announced) {
    try {
      claim(signal, announced); // first, as who sends signals on asks for the path
      types.add(signal.signalId, announced);
      tables.publish(signal, announced);
      signal.published(announced);
    } catch (IllegalArgumentException | IllegalStateException e) {
      unpublish(signal, e.getMessage());
    }
  }

  private void claim(NatsSignal signal, SignalAnnouncement announced) {
    if (claimed.contains(signal)) {
      paths.add(signal.signalId, announced.path());
    } else if (paths.claim(signal.signalId, announced.path())) {
      claimed.add(signal);
    } else {
      throw new IllegalArgumentException("another import has a signal with its id");
    }
  }

  private void unpublish(NatsSignal signal, String why) {
    withdraw(signal);
    if (!why.equals(signal.problem())) {
      signal.setProblem(why);
      problems.say(() -> name + ": signal " + shown(signal.signalId) + ": not published: " + why);
    }
  }

  private void withdraw(NatsSignal signal) {
    signal.withdrawn();
    tables.withdraw(signal);
    if (claimed.remove(signal)) {
      types.remove(signal.signalId);
      paths.remove(signal.signalId);
    }
  }

  /** Withdraws the signals of publishers that are not heard any more. */
  void sweep() {
    Map<String, Integer> silent = new HashMap<>();
    for (NatsSignal each : List.copyOf(signals.values())) {
      each.lookAtRival();
      String publisher = each.announced().publisher();
      if (publishers.isAlive(publisher)) {
        each.applyLate();
        continue;
      }
      if (each.isPublished()) {
        boolean wasWanted = each.isSubscribed();
        withdraw(each);
        each.setGoingOn(wasWanted);
        each.setProblem("");
        silent.merge(publisher, 1, Integer::sum);
      }
      if (nanoTime() - each.announcedNanos() > FORGET_NANOS) {
        removed(each.key);
      }
    }
    silent.forEach(
        (publisher, count) ->
            LOG.warn(
                "{}: publisher {} is silent, its {} signals are withdrawn",
                name,
                ForeignText.plain(publisher, ID_CHARS),
                count));
    publishers.sweep();
  }

  /** Rows are lost. */
  void tell(Hole hole) {
    String trouble = work.trouble();
    Hole told = trouble.isEmpty() ? hole : hole.because(trouble);
    ledger.add(told);
    holes.say(() -> name + ": " + told);
  }

  HoleLedger ledger() {
    return ledger;
  }

  HoldBudget budget() {
    return budget;
  }

  /** Takes all back. */
  void close() {
    signals.values().forEach(this::withdraw);
    signals.clear();
    tables.close();
  }
}
