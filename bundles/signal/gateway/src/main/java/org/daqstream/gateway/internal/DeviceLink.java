/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.gateway.internal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.daqstream.base.support.ForeignText;
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
 * its own subscribes and looks after what did not come. Both work under one lock, which no other
 * thread waits for.
 */
final class DeviceLink implements ConnectionListener, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DeviceLink.class);

  /** How many signals the device is asked to describe at a time. */
  private static final int PROBES = 200;

  private static final int REFUSALS_PER_MINUTE = 10;
  private static final int ID_CHARS = 80;
  private static final long LOOK_MS = 1_000;
  private static final long RETRY_MS = 30_000;
  private static final long END_MS = 2_000;

  private final String name;
  private final DeviceAddress address;
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
  private final Deque<ImportedSignal> unasked = new ArrayDeque<>();
  private final List<ImportedSignal> undescribed = new ArrayList<>();
  private ImportFilter filter;
  private int maxSignals;
  private int probes;
  private boolean isConnected;
  private boolean isLimitTold;
  private boolean isClosed;
  private StreamingClient client;

  /**
   * Begins to connect.
   *
   * @param name of the configuration, for the log and for threads
   * @param runtimeId of this runtime, by which it knows what has passed it
   * @param incoming by which it knows its own signals
   */
  DeviceLink(
      SignalRegistry registry,
      String name,
      Settings settings,
      DeviceAddress address,
      String runtimeId,
      IncomingLinks incoming) {
    this(
        registry,
        name,
        settings,
        address,
        runtimeId,
        incoming,
        (listener, linkId) ->
            StreamingClient.at(address.toString())
                .name(IncomingLinks.nameOf(name, linkId))
                .listener(listener)
                .timeouts(settings.connectTimeoutMs(), settings.commandTimeoutMs())
                .pingIntervalMs(settings.pingIntervalMs())
                .reconnect(settings.reconnectMinMs(), settings.reconnectMaxMs())
                .open());
  }

  /** As above, with a client that is made in another way, of its listener and the link's id. */
  DeviceLink(
      SignalRegistry registry,
      String name,
      Settings settings,
      DeviceAddress address,
      String runtimeId,
      IncomingLinks incoming,
      BiFunction<ConnectionListener, String, StreamingClient> opener) {
    this.name = name;
    this.address = address;
    String linkId = Long.toHexString(ThreadLocalRandom.current().nextLong());
    names = new LocalNames(settings.prefix(), runtimeId, linkId, incoming);
    tables = new ImportedTables(registry, names);
    SubscriptionOptions direct = SubscriptionOptions.DEFAULT.direct();
    options = settings.isGapAllowed() ? direct.withGaps() : direct;
    probeNanos = TimeUnit.MILLISECONDS.toNanos(settings.commandTimeoutMs());
    tasks =
        new OrderedTasks("daqstream-gateway " + name, e -> LOG.error("{}: a step failed", name, e));
    tasks.keepThread();
    synchronized (lock) {
      filter = new ImportFilter(settings.signals());
      maxSignals = settings.maxSignals();
      client = opener.apply(this, linkId);
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

  /** Where a registry puts what the device is to be offered of it, by the ids' patterns. */
  SignalSink sink(List<String> publish) {
    synchronized (lock) {
      return new OfferedSignals(client.sink(), new ImportFilter(publish), names);
    }
  }

  /** Takes another choice of signals; those that are in both stay as they are. */
  void choose(Settings settings) {
    synchronized (lock) {
      filter = new ImportFilter(settings.signals());
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
      int count = withdrawAll();
      if (isConnected) {
        isConnected = false;
        LOG.warn("{}: {} is gone, its {} signals are withdrawn: {}", name, address, count, why);
      } else {
        problems.say(name + ": no connection to " + address + ", is tried again: " + why);
      }
    }
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

  private static String shown(String signalId) {
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
      unasked.add(signal);
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
    while (probes < PROBES && !unasked.isEmpty()) {
      ImportedSignal next = unasked.removeFirst();
      if (isThere(next) && !next.isProbing()) {
        probes++;
        next.probe(client, options);
      }
    }
  }

  private void endProbe(ImportedSignal signal) {
    if (signal.isProbing()) {
      signal.endProbe();
      probes--;
    }
  }

  private void remove(String signalId) {
    ImportedSignal signal = signals.remove(signalId);
    if (signal != null) {
      endProbe(signal);
      signal.unsubscribe();
      tables.withdraw(signal);
    }
  }

  private int withdrawAll() {
    int count = (int) signals.values().stream().filter(each -> each.port() != null).count();
    signals.values().forEach(ImportedSignal::unsubscribe);
    tables.close();
    signals.clear();
    unasked.clear();
    undescribed.clear();
    probes = 0;
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
      problem(signal, "not published: " + e.getMessage());
      undescribed.add(signal); // who has its id may go
    }
    if (signal.isProbing()) {
      endProbe(signal);
      adjust(signal);
      askNext();
    } else if (signal.port() == null) {
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
    synchronized (lock) {
      if (isClosed) {
        return;
      }
      tasks.after(LOOK_MS, this::look);
      long before = System.nanoTime() - probeNanos;
      for (ImportedSignal each : List.copyOf(signals.values())) {
        if (each.isProbedBefore(before)) {
          problem(each, "the device does not describe it");
          endProbe(each);
          undescribed.add(each);
        }
        adjust(each);
      }
      askNext();
    }
  }

  private void retry() {
    synchronized (lock) {
      if (isClosed) {
        return;
      }
      tasks.after(RETRY_MS, this::retry);
      askAgain();
    }
  }

  private void askAgain() {
    unasked.addAll(undescribed);
    undescribed.clear();
    askNext();
  }

  /** Tries again what could not be published: an id may be free. */
  void retrySoon() {
    tasks.execute(
        () -> {
          synchronized (lock) {
            if (!isClosed) {
              askAgain();
            }
          }
        });
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
