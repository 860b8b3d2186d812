/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.daqstream.base.support.LimitedLog;
import org.daqstream.base.support.OrderedTasks;
import org.daqstream.base.support.ProblemLog;
import org.daqstream.signal.api.SignalRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One life of an import: what publishers announce at a server of NATS is published here, and
 * subscribed there while somebody here wants it.
 *
 * <p>The thread of the connection that hears data writes it straight into the registry; the one
 * that hears descriptions publishes; readers of the stream fill in what was lost; a thread {@code
 * daqstream-nats-import <name>} does the rest. All work under one lock, which none of them holds
 * while it waits for the server.
 */
final class NatsImport implements ImportWork, StreamFill.Side, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NatsImport.class);
  private static final int LINES_PER_MINUTE = 10;
  private static final int LOOKED_AT_ONCE = 500;
  private static final long LOOK_AT_HELD_MS = 100;
  private static final long END_MS = 2_000;

  private final String name;
  private final ImportSettings settings;
  private final LongSupplier nanoTime;
  private final LookPace pace;
  private final OrderedTasks tasks;
  private final WantTeller wants;
  private final StreamFill fill;
  private final ProblemLog problems = new ProblemLog(LOG::warn);
  private final LimitedLog badMessages = new LimitedLog(LOG::warn, LINES_PER_MINUTE);
  private final AtomicLong bad = new AtomicLong();
  private final ImportStore store;
  private final Object lock = new Object();

  // Under the lock:
  private final NatsSignals signals;
  private final Set<NatsSignal> holding = new HashSet<>();
  private ImportWire wire; // null while there is no connection
  private Runnable endWatch = () -> {};
  private boolean isClosed;
  private final WireTrouble troubles;

  /** Waits for a connection. */
  NatsImport(
      String name,
      ImportSettings settings,
      SignalRegistry registry,
      ImportedPaths paths,
      PassedTypes types,
      LongSupplier nanoTime,
      LookPace pace) {
    this.name = name;
    this.pace = pace;
    this.settings = settings;
    this.nanoTime = nanoTime;
    tasks =
        new OrderedTasks(
            "daqstream-nats-import " + name, e -> LOG.error("{}: a step failed", name, e));
    store = new ImportStore(name, settings.subjects(), this::problem);
    wants = new WantTeller(name, settings.subjects(), tasks, this::wireNow, this::wantedKeys);
    fill = new StreamFill(name, settings.subjects(), settings.historyMs(), this);
    signals = new NatsSignals(name, settings, registry, paths, types, this);
    troubles = new WireTrouble(nanoTime);
    tasks.keepThread();
    tasks.every(pace.lookMs(), this::look);
    tasks.every(WantMessage.REPEAT_MS, wants::say);
    tasks.every(pace.retryMs(), this::lookAtStore);
  }

  /** There is a connection; by a thread that does not wait. */
  void connected(ImportWire made) {
    synchronized (lock) {
      wire = made;
    }
    tasks.execute(() -> begin(made));
  }

  /** It is gone. */
  void disconnected(String why) {
    synchronized (lock) {
      if (wire == null) {
        return;
      }
      troubles.lost(wire);
      wire = null;
    }
    LOG.warn("{}: the connection is gone: {}", name, why);
  }

  /** Something is wrong with the connection. */
  void problem(String text) {
    problems.say(name + ": " + text);
  }

  private void begin(ImportWire made) {
    if (!store.hasStream()) {
      findStream(made);
    }
    synchronized (lock) {
      if (!made.equals(wire) || isClosed) {
        return;
      }
      made.subscribe(settings.subjects().alive(), this::heard);
      signals.all().stream().filter(NatsSignal::isSubscribed).forEach(NatsSignal::subscribe);
      signals.resume(troubles.silentNanos());
    }
    problems.clear();
    LOG.info("{}: hears of signals at {}", name, made.server());
    wants.say();
    findStream(made); // that was there: only now, as a cluster without a leader does not answer
    watch(made);
  }

  private ImportWire wireNow() {
    synchronized (lock) {
      return wire;
    }
  }

  private void findStream(ImportWire made) {
    if (store.lookForStream(made)) {
      synchronized (lock) {
        signals.all().forEach(NatsSignal::beginWithHistory);
      }
    }
  }

  private void lookAtStore() {
    ImportWire made = wireNow();
    if (made == null || !store.isTimeToLook()) {
      return;
    }
    findStream(made);
    if (store.hasOtherBucket(made)) {
      LOG.info("{}: the descriptions at {} have begun anew", name, made.server());
      watch(made);
    }
  }

  private void watch(ImportWire made) {
    synchronized (lock) {
      if (!made.equals(wire) || isClosed) {
        return;
      }
      endWatch.run();
      signals.beginWatch();
    }
    Runnable end;
    try {
      end = store.watch(made, guarded(made));
    } catch (IOException e) {
      problem("waits for descriptions: " + e.getMessage());
      tasks.after(pace.retryMs(), () -> watch(made));
      return;
    }
    synchronized (lock) {
      endWatch = end;
    }
  }

  private ImportWire.Watcher guarded(ImportWire made) {
    return new GuardedWatcher(signals, lock, () -> made.equals(wire) && !isClosed);
  }

  private void heard(byte[] text) {
    String publisher = new String(text, StandardCharsets.UTF_8);
    synchronized (lock) {
      if (!isClosed) {
        signals.heard(publisher);
      }
    }
  }

  @Override
  public Runnable subscribe(NatsSignal signal) {
    return wire == null
        ? () -> {}
        : wire.subscribe(settings.subjects().dataOf(signal.key), message -> live(signal, message));
  }

  private void live(NatsSignal signal, byte[] bytes) {
    BlockMessage message;
    try {
      message = BlockMessage.read(bytes);
    } catch (IllegalArgumentException e) {
      bad(signal, e.getMessage());
      return;
    }
    synchronized (lock) {
      signal.live(message, bytes.length);
    }
  }

  @Override
  public void bad(NatsSignal signal, String why) {
    bad.incrementAndGet();
    badMessages.say(() -> name + ": signal " + NatsSignals.shown(signal.signalId) + ": " + why);
  }

  @Override
  public long nanoTime() {
    return nanoTime.getAsLong();
  }

  @Override
  public boolean canRead() {
    return store.hasStream() && settings.fillNanos() > 0;
  }

  @Override
  public void read(NatsSignal signal) {
    fill.read(signal);
  }

  @Override
  public void holds(NatsSignal signal) {
    if (holding.isEmpty()) {
      tasks.after(LOOK_AT_HELD_MS, this::lookAtHeld);
    }
    holding.add(signal);
  }

  private void lookAtHeld() {
    synchronized (lock) {
      if (wire != null) { // else nothing can come, and patience stands still
        holding.forEach(NatsSignal::look);
      }
      holding.removeIf(each -> !each.rows().isHolding());
      if (!holding.isEmpty()) {
        tasks.after(LOOK_AT_HELD_MS, this::lookAtHeld);
      }
    }
  }

  @Override
  public void demandChanged(NatsSignal signal) {
    tasks.execute(
        () -> {
          synchronized (lock) {
            signal.demandTaken();
            adjust(signal);
          }
        });
  }

  private void adjust(NatsSignal signal) {
    if (!isClosed && signals.contains(signal) && signal.adjust()) {
      wantsAgain();
    }
  }

  @Override
  public void wantsAgain() {
    wants.sayAgain();
  }

  @Override
  public void ask(List<String> publishers) {
    wants.ask(publishers);
  }

  private List<String> wantedKeys() {
    synchronized (lock) {
      return signals.all().stream().filter(NatsSignal::isSubscribed).map(each -> each.key).toList();
    }
  }

  /** Waits anew for publishers that are silent when the server is as well. */
  private void spareWhileSilent() {
    ImportWire asked;
    synchronized (lock) {
      asked = signals.hasSilent() ? wire : null;
    }
    if (asked != null && !asked.isAnswering()) {
      synchronized (lock) {
        signals.spare();
      }
    }
  }

  /** Finds what nobody told: silence, and sinks that do not tell what they want. */
  private void look() {
    List<NatsSignal> all;
    boolean hasRoom;
    ImportWire made;
    spareWhileSilent();
    synchronized (lock) {
      made = wire;
      if (made != null && !isClosed) {
        signals.sweep();
        signals.retry();
        tellDropped();
        if (troubles.takeNewDrops()) {
          signals.all().forEach(NatsSignal::catchUp);
        }
      }
      hasRoom = signals.hasRoomAgain();
      all = new ArrayList<>(signals.all());
    }
    for (int from = 0; from < all.size(); from += LOOKED_AT_ONCE) {
      synchronized (lock) { // which samples wait for
        all.subList(from, Math.min(all.size(), from + LOOKED_AT_ONCE)).forEach(this::adjust);
      }
    }
    if (made != null && hasRoom) {
      watch(made);
    }
  }

  private void tellDropped() {
    long more = troubles.droppedSince(wire);
    if (more > 0) {
      badMessages.say(() -> name + ": " + more + " messages came faster than they could be taken");
    }
  }

  @Override
  public String trouble() {
    tellDropped();
    return troubles.lately();
  }

  @Override
  public Object lock() {
    return lock;
  }

  @Override
  public ImportWire wire() {
    return wire;
  }

  @Override
  public boolean isThere(NatsSignal signal) {
    return !isClosed && signals.contains(signal);
  }

  @Override
  public void after(long delayMs, Runnable task) {
    tasks.after(delayMs, task);
  }

  ImportStatus status() {
    synchronized (lock) {
      return new ImportStatus(
          name,
          wire == null ? "" : wire.server(),
          store.hasStream(),
          signals.budget().bytes(),
          troubles.dropped(wire),
          bad.get(),
          signals.total(),
          signals.ledger().count(),
          signals.ledger().rows(),
          signals.ledger().last(),
          signals.all().stream().map(NatsSignal::status).toList());
    }
  }

  /** Withdraws all signals; waits up to some seconds. The connection ends afterwards. */
  @Override
  public void close() {
    ImportWire last;
    synchronized (lock) {
      isClosed = true;
      last = wire;
      signals.close();
      endWatch.run();
    }
    fill.close();
    if (last != null) {
      wants.sayNothing(last);
    }
    tasks.forget();
    tasks.end(END_MS);
  }
}
