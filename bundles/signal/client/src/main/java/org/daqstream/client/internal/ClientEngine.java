/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client.internal;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.daqstream.base.support.ForeignText;
import org.daqstream.base.support.LimitedLog;
import org.daqstream.base.support.OrderedTasks;
import org.daqstream.base.support.Worker;
import org.daqstream.client.ClientStatistics;
import org.daqstream.client.ConnectionListener;
import org.daqstream.client.DeviceGreeting;
import org.daqstream.client.RemoteSignal;
import org.daqstream.protocol.ApiVersion;
import org.daqstream.protocol.CommandInterface;
import org.daqstream.protocol.CommandRequest;
import org.daqstream.protocol.CommandResponse;
import org.daqstream.protocol.Delivery;
import org.daqstream.protocol.Init;
import org.daqstream.protocol.ProtocolException;

/**
 * Keeps a connection to a device: connects, reads, and after an end connects again, with pauses
 * that grow. One thread reads and calls; commands and alarms have another.
 */
public final class ClientEngine implements SessionEvents {
  private static final long END_MS = 2_000;
  private static final int TEXT_LIMIT_CHARS = 500;
  private static final String CLOSED = "the client was closed";
  private static final int PROBLEMS_PER_MINUTE = 20;

  private final ClientSettings settings;
  private final ConnectionListener listener;
  private final Traffic traffic = new Traffic();
  private final LimitedLog problems;
  private final OrderedTasks tasks;
  private final Commands commands;
  private final SubscriptionKeeper keeper;
  private final Demands demands;
  private final OwnSignals ownSignals;
  private final ConnectionWatch watch;
  private final Worker reader;
  private final Connecting connecting;

  private final DeviceState state;

  /** What the device has described on the connection, by the id that it uses. */
  private final Map<String, RemoteSignal> described = new ConcurrentHashMap<>();

  private volatile Connection connection;
  private volatile Sender sender;
  private volatile String over; // why nothing comes any more, null while something may
  private volatile DeviceGreeting greeting;

  /** Not connected; {@link #start} connects. */
  public ClientEngine(ClientSettings settings, ConnectionListener listener) {
    this.settings = settings;
    this.listener = listener;
    state = new DeviceState(settings.signalsLimit());
    problems = new LimitedLog(this::tellProblem, PROBLEMS_PER_MINUTE);
    String name = settings.address().host() + ":" + settings.address().port();
    tasks = new OrderedTasks("daqstream-client-tasks " + name, this::fault);
    commands = new Commands(settings, tasks, this::fault);
    keeper =
        new SubscriptionKeeper(
            tasks,
            commands,
            settings.commandTimeoutMs(),
            demand -> tellKnown(demand, demand.signalId),
            this::problem);
    demands = keeper.demands();
    watch =
        new ConnectionWatch(
            settings, tasks, each -> each == connection, state::isGreeted, this::problem);
    ownSignals = new OwnSignals(text -> tasks.execute(() -> problem(text)));
    reader = new Worker("daqstream-client " + name, this::work, this::leave);
    connecting =
        new Connecting(settings.connectTimeoutMs(), tasks, reader::isWanted, this::problem);
  }

  /** Begins to connect. */
  public void start() {
    reader.start();
  }

  /** Says goodbye, waits for the end of the threads, and tells all who listen. */
  public void close() {
    reader.stop(END_MS);
    commands.end();
    tasks.end(0);
  }

  /** Takes a connection that somebody else has made, in place of {@link #start}. */
  void attach(Sender given) {
    sender = given;
  }

  /** That connection is gone. */
  void detach(String why) {
    String text = ForeignText.plain(why, TEXT_LIMIT_CHARS);
    ended(text);
    end(text);
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
    connecting.giveUp();
    // The reading thread may wait for a listener that waits for this one.
    end(CLOSED);
  }

  /** Nothing comes any more. */
  private void end(String why) {
    over = why;
    state.wake();
    demands.all().forEach(each -> each.end(why));
  }

  /** Signals that the device offers, in its order. */
  public List<String> signalIds() {
    return state.signalIds();
  }

  /** What the device said last; {@code null} before it greeted. */
  public DeviceGreeting greeting() {
    return greeting;
  }

  /** Why there is no connection; empty when there is one. */
  public String failure() {
    return state.failure();
  }

  /** Waits until the device has greeted, or so long; whether it has. */
  public boolean awaitGreeting(long timeoutMs) throws InterruptedException {
    return state.await(false, timeoutMs, this::isOver);
  }

  /** Waits until the device has said which signals it offers, or so long; whether it has. */
  public boolean awaitSignals(long timeoutMs) throws InterruptedException {
    return state.await(true, timeoutMs, this::isOver);
  }

  /** Whether no attempt follows any more. */
  private boolean isOver() {
    return over != null;
  }

  /** Has a feed get a signal. */
  public Demand subscribe(String signalId, String contract, Feed feed) {
    Demand demand;
    Demand.Added added;
    do {
      Thread.onSpinWait(); // a demand that retires now is gone in a moment
      demand =
          demands.demandFor(
              new Demand(signalId, contract, this::unsubscribe, traffic.samples, traffic.gaps));
      tellKnown(demand, demand.wireId());
      added = demand.add(feed);
    } while (added == Demand.Added.NOT);
    if (added == Demand.Added.FIRST) {
      keeper.changed(demand);
    }
    String why = over;
    if (why != null) {
      demand.end(why);
    }
    return demand;
  }

  /** How many signals are wanted, or not given up yet. */
  int demands() {
    return demands.all().size();
  }

  private void tellKnown(Demand demand, String wireId) {
    RemoteSignal known = described.get(wireId);
    if (known != null) {
      demand.known(known);
    }
  }

  /** Has a feed get no more, and says so to its listener. */
  public void unsubscribe(Demand demand, Feed feed, String why) {
    boolean isLast = demand.remove(feed);
    feed.ended(why);
    if (isLast) {
      keeper.changed(demand);
    }
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
    BackOff backOff = new BackOff(settings.reconnectMinMs(), settings.reconnectMaxMs());
    while (self.isWanted()) {
      long startNanos = System.nanoTime();
      boolean wasGreeted = attempt();
      if (settings.reconnectMinMs() == 0) {
        end(failure());
        return;
      }
      self.rest(backOff.nextNanos(wasGreeted, System.nanoTime() - startNanos));
    }
  }

  /** One connection from its beginning to its end; whether the device greeted. */
  private boolean attempt() {
    String why;
    try {
      Connection now = Connection.open(settings, this, traffic, connecting::begin);
      connection = now;
      sender = now;
      connecting.end();
      if (!reader.isWanted()) {
        now.close();
      }
      watch.begin(now);
      why = now.run();
    } catch (IOException e) {
      why = Connection.words(e, settings.address());
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

  private boolean ended(String why) {
    connecting.end();
    connection = null;
    sender = null;
    boolean wasGreeted = state.ended(why);
    described.clear();
    traffic.next();
    commands.closed();
    keeper.closed();
    ownSignals.closed();
    if (wasGreeted) {
      demands.all().forEach(each -> each.interrupted(why));
    }
    call(() -> listener.disconnected(why));
    return wasGreeted;
  }

  private void call(Runnable notice) {
    try {
      notice.run();
    } catch (RuntimeException | Error e) {
      fault(e);
    }
  }

  private static String inWords(CommandInterface each) {
    String words =
        each.isInBand()
            ? each.name()
            : each.name() + " " + each.httpMethod() + " :" + each.port() + each.httpPath();
    return ForeignText.plain(words, TEXT_LIMIT_CHARS);
  }

  @Override
  public void greeted(ApiVersion version, Init init) {
    traffic.connections.increment();
    greeting =
        new DeviceGreeting(
            ForeignText.plain(version.version(), TEXT_LIMIT_CHARS),
            ForeignText.plain(init.streamId(), TEXT_LIMIT_CHARS),
            init.commandInterfaces().interfaces().stream().map(ClientEngine::inWords).toList());
    askForDelivery(sender, init.supported().deliveryMessageBytes());
    commands.opened(sender, init);
    keeper.opened();
    Connection now = connection;
    if (now != null) {
      ownSignals.opened(now.output(), version, init);
    }
    state.greeted();
    call(listener::connected);
  }

  /** A server that can is asked for messages of several packets. */
  private static void askForDelivery(Sender to, int messageBytes) {
    if (messageBytes > 0 && to != null) {
      to.send(new Delivery(messageBytes, 0, 0).toMetadata());
    }
  }

  @Override
  public void available(List<String> ids) {
    List<String> added = state.available(ids);
    if (!added.isEmpty()) {
      keeper.available(added);
      call(() -> listener.available(added));
    }
  }

  @Override
  public void unavailable(List<String> ids) {
    state.unavailable(ids);
    for (String each : ids) {
      described.remove(each);
      for (Demand demand : demands.of(each)) {
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
    demands.of(signalId).forEach(Demand::unmute);
    keeper.subscribed(signalId);
  }

  @Override
  public void unsubscribed(String signalId) {
    described.remove(signalId);
    demands.of(signalId).forEach(Demand::endedByDevice);
    keeper.unsubscribed(signalId);
  }

  @Override
  public void described(RemoteSignal signal) {
    described.put(signal.signalId(), signal);
  }

  @Override
  public SampleTarget target(String signalId) {
    List<Demand> all = demands.of(signalId);
    return switch (all.size()) {
      case 0 -> null;
      case 1 -> all.get(0);
      default -> new DemandGroup(all);
    };
  }

  @Override
  public int targetVersion() {
    return demands.version();
  }
}
