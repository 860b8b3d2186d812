/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.gateway.internal;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import org.daqstream.base.support.ForeignText;
import org.daqstream.base.support.IdPatterns;
import org.daqstream.base.support.LimitedLog;
import org.daqstream.base.support.OrderedTasks;
import org.daqstream.base.support.ProblemLog;
import org.daqstream.client.ConnectionListener;
import org.daqstream.client.DeviceAddress;
import org.daqstream.client.RemoteSignal;
import org.daqstream.client.StreamingClient;
import org.daqstream.client.SubscriptionOptions;
import org.daqstream.signal.api.SignalRegistry;
import org.daqstream.signal.api.sink.SignalSink;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection to a device, and its signals in the registry: each is described when the device
 * offers it, subscribed while somebody here wants it, and withdrawn with it or with the connection.
 *
 * <p>Samples go from the thread that reads the connection straight into the registry. A thread of
 * its own subscribes and looks after what did not come. Both work under one lock, for which who
 * changes the configuration waits, too.
 */
final class DeviceLink implements ConnectionListener, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DeviceLink.class);

  private static final int REFUSALS_PER_MINUTE = 10;
  private static final int ID_CHARS = 80;
  private static final int LOOKED_AT_ONCE = 500;
  private static final long LOOK_MS = 1_000;
  private static final long RETRY_MS = 30_000;
  private static final long END_MS = 2_000;

  private final String name;
  private final DeviceAddress address;
  private final Runnable failed;
  private final LocalNames names;
  private final OrderedTasks tasks;
  private final ProblemLog problems = new ProblemLog(LOG::warn);
  private final LimitedLog refusals = new LimitedLog(LOG::warn, REFUSALS_PER_MINUTE);
  private final SubscriptionOptions options;
  private final long probeNanos;

  private final Object lock = new Object();

  // Under the lock:
  private final Map<String, ImportedSignal> signals = new LinkedHashMap<>();
  private final ImportedTables tables;
  private final Probes probes = new Probes();
  private IdPatterns filter;
  private int maxSignals;
  private boolean isConnected;
  private boolean isFailing;
  private boolean isLimitTold;
  private boolean isClosed;
  private StreamingClient client;

  /**
   * Begins to connect.
   *
   * @param name of the configuration, for the log and for threads
   * @param runtimeId of this runtime, by which it knows what has passed it
   * @param incoming by which it knows its own signals
   * @param mayPublish whether an id may be published here
   * @param failed told, by a thread that must not wait, that there is no connection
   * @param opener makes the client, of its listener and the link's id
   */
  DeviceLink(
      SignalRegistry registry,
      String name,
      Settings settings,
      DeviceAddress address,
      String runtimeId,
      IncomingLinks incoming,
      Predicate<String> mayPublish,
      Runnable failed,
      BiFunction<ConnectionListener, String, StreamingClient> opener) {
    this.name = name;
    this.address = address;
    this.failed = failed;
    String linkId = Long.toHexString(ThreadLocalRandom.current().nextLong());
    names = new LocalNames(settings.prefix(), runtimeId, linkId, incoming);
    tables = new ImportedTables(registry, names, mayPublish, this::unpublished);
    SubscriptionOptions direct = SubscriptionOptions.DEFAULT.direct();
    options = settings.isGapAllowed() ? direct.withGaps() : direct;
    probeNanos = TimeUnit.MILLISECONDS.toNanos(settings.commandTimeoutMs());
    tasks =
        new OrderedTasks("daqstream-gateway " + name, e -> LOG.error("{}: a step failed", name, e));
    synchronized (lock) {
      filter = new IdPatterns(settings.signals());
      maxSignals = settings.maxSignals();
      client = opener.apply(this, linkId); // may throw; no thread has been made for the tasks yet
      tasks.keepThread();
    }
    tasks.after(LOOK_MS, this::look);
    tasks.after(RETRY_MS, this::retry);
  }

  Object lock() {
    return lock;
  }

  DeviceAddress address() {
    return address;
  }

  /** Whether the connection was lost, or could not be made, and is not there again. */
  boolean isFailing() {
    synchronized (lock) {
      return isFailing;
    }
  }

  /** Where a registry puts what the device is to be offered of it, by the ids' patterns. */
  SignalSink sink(List<String> publish) {
    synchronized (lock) {
      return new OutgoingSignals(client.sink(), new IdPatterns(publish), names);
    }
  }

  /** Takes another choice of signals; those that are in both stay as they are. */
  void choose(Settings settings) {
    synchronized (lock) {
      filter = new IdPatterns(settings.signals());
      maxSignals = settings.maxSignals();
      isLimitTold = false;
      signals.keySet().stream().filter(id -> !filter.wants(id)).toList().forEach(this::remove);
      add(client.signalIds());
    }
  }

  @Override
  public void connected() {
    synchronized (lock) {
      isConnected = true;
      isFailing = false;
      isLimitTold = false;
    }
    problems.clear();
    LOG.info("{}: connected to {}", name, address);
  }

  @Override
  public void disconnected(String why) {
    synchronized (lock) {
      if (isClosed) {
        return;
      }
      isFailing = true;
      int count = withdrawAll();
      if (isConnected) {
        isConnected = false;
        LOG.warn("{}: {} is gone, its {} signals are withdrawn: {}", name, address, count, why);
      } else {
        problems.say(name + ": no connection to " + address + ", is tried again: " + why);
      }
    }
    failed.run();
  }

  @Override
  public void available(List<String> signalIds) {
    synchronized (lock) {
      add(signalIds);
    }
  }

  @Override
  public void unavailable(List<String> signalIds) {
    synchronized (lock) {
      signalIds.forEach(this::remove);
      askNext();
    }
  }

  @Override
  public void problem(String what) {
    refusals.say(() -> name + ": " + what);
  }

  /** Something is wrong with a signal, which may go on. */
  void problem(ImportedSignal signal, String what) {
    refusals.say(() -> name + ": signal " + shown(signal.signalId) + ": " + what);
  }

  static String shown(String signalId) {
    return ForeignText.plain(signalId, ID_CHARS);
  }

  private void add(List<String> signalIds) {
    if (isClosed) {
      return;
    }
    for (String each : signalIds) {
      if (signals.containsKey(each) || !filter.wants(each)) {
        continue;
      }
      if (signals.size() >= maxSignals) {
        tellLimit();
        break;
      }
      ImportedSignal signal = new ImportedSignal(this, each);
      signals.put(each, signal);
      probes.add(signal);
    }
    askNext();
  }

  private void tellLimit() {
    if (!isLimitTold) {
      isLimitTold = true;
      LOG.warn("{}: {} offers more than maxSignals = {} signals", name, address, maxSignals);
    }
  }

  private boolean isThere(ImportedSignal signal) {
    return signal.equals(signals.get(signal.signalId));
  }

  private void askNext() {
    probes.askNext(each -> each.probe(client, options));
  }

  private void remove(String signalId) {
    ImportedSignal signal = signals.remove(signalId);
    if (signal != null) {
      probes.forget(signal);
      signal.unsubscribe();
      tables.withdraw(signal);
    }
  }

  private int withdrawAll() {
    int count = (int) signals.values().stream().filter(each -> each.port() != null).count();
    signals.values().forEach(ImportedSignal::unsubscribe);
    tables.close();
    signals.clear();
    probes.clear();
    return count;
  }

  /** The device describes a signal, which is subscribed. */
  void described(ImportedSignal signal, RemoteSignal remote) {
    if (isClosed || !isThere(signal) || (remote.domain() == null && signal.isProbing())) {
      return; // a domain may still come
    }
    try {
      tables.publish(signal, remote);
    } catch (IllegalArgumentException | IllegalStateException e) {
      tables.withdraw(signal);
      unpublished(signal, e.getMessage());
    }
    if (signal.isProbing()) {
      probes.end(signal);
      adjust(signal);
      askNext();
    } else if (signal.port() == null) {
      signal.unsubscribe();
    }
  }

  private void unpublished(ImportedSignal signal, String why) {
    problem(signal, "not published: " + why);
    probes.failed(signal); // who has its id may go
    if (!signal.isProbing()) {
      signal.unsubscribe();
    }
  }

  /** On a thread that must not wait. */
  void demandChanged(ImportedSignal signal) {
    tasks.execute(
        () -> {
          synchronized (lock) {
            signal.demandTaken();
            adjust(signal);
          }
        });
  }

  /** Subscribes to what is wanted, unsubscribes from what is not. */
  private void adjust(ImportedSignal signal) {
    if (isClosed || !isThere(signal) || signal.isProbing()) {
      return;
    }
    boolean isWanted = signal.port() != null && signal.port().hasSubscriber();
    if (isWanted == signal.isSubscribed()) {
      return;
    }
    if (isWanted) {
      signal.subscribe(client, options);
    } else {
      signal.unsubscribe();
      if (signal.port() != null) {
        signal.forgetLast();
      }
    }
  }

  /** Finds what nobody told: the end of patience, and sinks that do not tell what they want. */
  private void look() {
    List<ImportedSignal> all;
    synchronized (lock) {
      endOldProbes();
      all = List.copyOf(signals.values());
    }
    for (int from = 0; from < all.size(); from += LOOKED_AT_ONCE) {
      synchronized (lock) { // which samples wait for
        all.subList(from, Math.min(all.size(), from + LOOKED_AT_ONCE)).forEach(this::adjust);
      }
    }
    synchronized (lock) {
      if (!isClosed) {
        tasks.after(LOOK_MS, this::look);
      }
    }
  }

  private void endOldProbes() {
    long before = System.nanoTime() - probeNanos;
    for (ImportedSignal each : probes.since(before)) {
      problem(each, "the device does not describe it");
      probes.end(each);
      probes.failed(each);
      adjust(each);
    }
    askNext();
  }

  private void retry() {
    synchronized (lock) {
      if (!isClosed) {
        tasks.after(RETRY_MS, this::retry);
        askAgain();
      }
    }
  }

  private void askAgain() {
    synchronized (lock) {
      probes.again();
      add(isLimitTold ? client.signalIds() : List.of()); // there may be room now
    }
  }

  /** Tries again what could not be published: an id may be free. */
  void retrySoon() {
    tasks.execute(this::askAgain);
  }

  /** Ends the connection and withdraws all signals; waits up to some seconds. */
  @Override
  public void close() {
    StreamingClient last;
    synchronized (lock) {
      isClosed = true;
      withdrawAll();
      last = client;
    }
    last.close(); // waits for a thread that may wait for the lock
    tasks.forget();
    tasks.end(END_MS);
  }
}
