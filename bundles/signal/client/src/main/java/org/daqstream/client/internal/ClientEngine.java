/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.daqstream.base.support.ForeignText;
import org.daqstream.base.support.LimitedLog;
import org.daqstream.base.support.OrderedTasks;
import org.daqstream.base.support.Worker;
import org.daqstream.client.ClientStatistics;
import org.daqstream.client.ConnectionListener;
import org.daqstream.protocol.ApiVersion;
import org.daqstream.protocol.CommandRequest;
import org.daqstream.protocol.CommandResponse;
import org.daqstream.protocol.Init;
import org.daqstream.protocol.ProtocolException;

/**
 * Keeps a connection to a device: connects, reads, and after an end connects again, with pauses
 * that grow. One thread reads and calls; commands and alarms have another.
 */
public final class ClientEngine implements SessionEvents {
  private static final long END_MS = 2_000;
  private static final int TEXT_LIMIT_CHARS = 500;
  private static final int PROBLEMS_PER_MINUTE = 20;

  private final ClientSettings settings;
  private final ConnectionListener listener;
  private final Traffic traffic = new Traffic();
  private final LimitedLog problems;
  private final OrderedTasks tasks;
  private final Commands commands;
  private final SubscriptionKeeper keeper;
  private final OwnSignals ownSignals;
  private final Worker reader;
  private final SplittableRandom random = new SplittableRandom();
  private final CountDownLatch firstAttempt = new CountDownLatch(1);

  private final Object lock = new Object();
  private final Set<String> signalIds = new LinkedHashSet<>(); // under the lock
  private boolean isGreeted; // under the lock
  private boolean isListed; // under the lock
  private String failure = "not connected yet"; // under the lock

  private volatile Connection connection;
  private volatile Sender sender;

  /** Not connected; {@link #start} connects. */
  public ClientEngine(ClientSettings settings, ConnectionListener listener) {
    this.settings = settings;
    this.listener = listener;
    problems = new LimitedLog(this::tellProblem, PROBLEMS_PER_MINUTE);
    String name = settings.address().host() + ":" + settings.address().port();
    tasks = new OrderedTasks("daqstream-client-tasks " + name, this::fault);
    commands = new Commands(settings, tasks, this::fault);
    keeper = new SubscriptionKeeper(tasks, commands, settings.commandTimeoutMs(), this::problem);
    ownSignals = new OwnSignals(text -> tasks.execute(() -> problem(text)));
    reader = new Worker("daqstream-client " + name, this::work, this::leave);
  }

  /** Begins to connect. */
  public void start() {
    reader.start();
  }

  /** Says goodbye, waits for the end of the threads, and tells all who listen. */
  public void close() {
    reader.stop(END_MS);
    for (Demand demand : keeper.demands()) {
      demand.end("the client was closed");
    }
    commands.end();
    tasks.end(0);
  }

  /** Takes a connection that somebody else has made, in place of {@link #start}. */
  void attach(Sender given) {
    sender = given;
  }

  /** That connection is gone. */
  void detach(String why) {
    ended(ForeignText.plain(why, TEXT_LIMIT_CHARS));
    firstAttempt.countDown();
    synchronized (lock) {
      lock.notifyAll();
    }
  }

  /** What is offered to the device. */
  public OwnSignals ownSignals() {
    return ownSignals;
  }

  private void leave() {
    Connection now = connection;
    if (now != null) {
      now.close();
    }
  }

  /** Signals that the device offers, in its order. */
  public List<String> signalIds() {
    synchronized (lock) {
      return new ArrayList<>(signalIds);
    }
  }

  /** Why there is no connection; empty when there is one. */
  public String failure() {
    synchronized (lock) {
      return isGreeted ? "" : failure;
    }
  }

  /** Waits until the device has greeted, or so long; whether it has. */
  public boolean awaitGreeting(long timeoutMs) throws InterruptedException {
    return await(timeoutMs, false);
  }

  /** Waits until the device has said which signals it offers, or so long; whether it has. */
  public boolean awaitSignals(long timeoutMs) throws InterruptedException {
    return await(timeoutMs, true);
  }

  private boolean await(long timeoutMs, boolean listed) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
    synchronized (lock) {
      while (listed ? !isListed : !isGreeted) {
        long leftMs = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (leftMs <= 0 || !reader.isWanted() || isOver()) {
          return false;
        }
        lock.wait(leftMs);
      }
      return true;
    }
  }

  /** Whether no attempt follows the one that failed. */
  private boolean isOver() {
    return settings.reconnectMinMs() == 0 && firstAttempt.getCount() == 0;
  }

  /** Has a feed get a signal. */
  public Demand subscribe(String signalId, String contract, Feed feed) {
    Demand demand =
        keeper.demandFor(
            new Demand(signalId, contract, this::overrun, traffic.samples, traffic.gaps));
    if (demand.add(feed)) {
      keeper.changed(demand);
    }
    return demand;
  }

  /** Has a feed get no more, and says so to its listener. */
  public void unsubscribe(Demand demand, Feed feed, String why) {
    boolean isLast = demand.remove(feed);
    feed.ended(why);
    if (isLast) {
      keeper.changed(demand);
    }
  }

  private void overrun(Demand demand, Feed feed, String why) {
    unsubscribe(demand, feed, why);
  }

  public ClientStatistics statistics() {
    return traffic.statistics();
  }

  /** A listener threw. */
  public void fault(Throwable thrown) {
    traffic.listenerFaults.increment();
    problem("a listener failed: " + thrown);
  }

  @Override
  public void problem(String what) {
    problems.say(() -> what);
  }

  private void tellProblem(String what) {
    try {
      listener.problem(ForeignText.plain(what, TEXT_LIMIT_CHARS));
    } catch (RuntimeException | Error e) {
      traffic.listenerFaults.increment();
    }
  }

  private void work(Worker self) {
    long pauseMs = settings.reconnectMinMs();
    while (self.isWanted()) {
      boolean wasGreeted = attempt();
      firstAttempt.countDown();
      synchronized (lock) {
        lock.notifyAll();
      }
      if (settings.reconnectMinMs() == 0) {
        return;
      }
      pauseMs = wasGreeted ? settings.reconnectMinMs() : pauseMs;
      self.rest(TimeUnit.MILLISECONDS.toNanos(pauseMs / 2 + random.nextLong(pauseMs / 2 + 1)));
      pauseMs = Math.min(2 * pauseMs, settings.reconnectMaxMs());
    }
  }

  /** One connection from its beginning to its end; whether the device greeted. */
  private boolean attempt() {
    String why;
    try {
      Connection now = Connection.open(settings, this, traffic);
      connection = now;
      sender = now;
      if (!reader.isWanted()) {
        now.close();
      }
      watch(now);
      why = now.run();
    } catch (IOException e) {
      why = words(e);
    } catch (ProtocolException e) {
      why = e.getMessage();
    } catch (RuntimeException | Error e) {
      why = "unexpected: " + e;
    }
    if (!reader.isWanted()) {
      why = "closed by this side";
    }
    return ended(ForeignText.plain(why, TEXT_LIMIT_CHARS));
  }

  /** What is wrong, in words; some exceptions have none, or a name only. */
  private String words(IOException e) {
    String name = e.getClass().getSimpleName();
    String text = e.getMessage() == null ? name : e.getMessage();
    return switch (name) {
      case "UnknownHostException" -> "no host is known by the name " + settings.address().host();
      case "AsynchronousCloseException", "ClosedChannelException" -> "the connection was given up";
      default -> text;
    };
  }

  private boolean ended(String why) {
    connection = null;
    sender = null;
    boolean wasGreeted;
    synchronized (lock) {
      wasGreeted = isGreeted;
      isGreeted = false;
      isListed = false;
      failure = why;
      signalIds.clear();
    }
    traffic.next();
    commands.closed();
    keeper.closed();
    ownSignals.closed();
    if (wasGreeted) {
      keeper.demands().forEach(each -> each.interrupted(why));
    }
    call(() -> listener.disconnected(why));
    return wasGreeted;
  }

  /** Gives up a connection that does not greet, or is silent and does not answer as it did. */
  private void watch(Connection watched) {
    tasks.after(
        settings.connectTimeoutMs(),
        () -> {
          boolean greeted;
          synchronized (lock) {
            greeted = isGreeted;
          }
          if (watched == connection && !greeted) {
            problem("no greeting within " + settings.connectTimeoutMs() + " ms");
            watched.abort();
          }
        });
    tasks.after(settings.pingIntervalMs(), () -> keepAlive(watched));
  }

  private void keepAlive(Connection watched) {
    if (watched != connection) {
      return;
    }
    long silentMs = TimeUnit.NANOSECONDS.toMillis(watched.silenceNanos());
    if (silentMs >= 2L * settings.pingIntervalMs() && watched.hasPonged()) {
      problem("silent for " + silentMs + " ms, and no answer to a ping");
      watched.abort();
      return;
    }
    if (silentMs >= settings.pingIntervalMs() / 2 || !watched.hasPonged()) {
      watched.ping();
    }
    tasks.after(settings.pingIntervalMs(), () -> keepAlive(watched));
  }

  private void call(Runnable notice) {
    try {
      notice.run();
    } catch (RuntimeException | Error e) {
      fault(e);
    }
  }

  @Override
  public void greeted(ApiVersion version, Init init) {
    traffic.connections.increment();
    commands.opened(sender, init);
    keeper.opened();
    Connection now = connection;
    if (now != null) {
      ownSignals.opened(now.output(), version, init);
    }
    synchronized (lock) {
      isGreeted = true;
      lock.notifyAll();
    }
    call(listener::connected);
  }

  @Override
  public void available(List<String> ids) {
    List<String> added = new ArrayList<>();
    synchronized (lock) {
      for (String each : ids) {
        if (signalIds.size() < settings.signalsLimit() && signalIds.add(each)) {
          added.add(each);
        }
      }
      isListed = true;
      lock.notifyAll();
    }
    if (!added.isEmpty()) {
      keeper.available(added);
      call(() -> listener.available(added));
    }
  }

  @Override
  public void unavailable(List<String> ids) {
    synchronized (lock) {
      ids.forEach(signalIds::remove);
    }
    for (String each : ids) {
      Demand demand = keeper.demand(each);
      if (demand != null) {
        demand.interrupted("the device has withdrawn it");
      }
    }
    keeper.unavailable(ids);
    call(() -> listener.unavailable(ids));
  }

  @Override
  public void answered(CommandResponse response) {
    commands.answered(response);
  }

  @Override
  public void asked(CommandRequest request) {
    ownSignals.asked(request);
  }

  @Override
  public void subscribed(String signalId) {
    Demand demand = keeper.demand(signalId);
    if (demand != null) {
      demand.unmute();
    }
    keeper.subscribed(signalId);
  }

  @Override
  public void unsubscribed(String signalId) {
    keeper.unsubscribed(signalId);
  }

  @Override
  public SampleTarget target(String signalId) {
    return keeper.demand(signalId);
  }

  @Override
  public int targetVersion() {
    return keeper.version();
  }
}
