/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.start;

import java.net.InetSocketAddress;
import java.util.List;
import org.daqstream.config.support.RefusedException;
import org.daqstream.server.internal.fanout.FanOut;
import org.daqstream.server.internal.fanout.ServerLimits;
import org.daqstream.server.internal.fanout.ServerStatistics;
import org.daqstream.server.internal.log.DirectMemory;
import org.daqstream.server.internal.log.LogPublisher;
import org.daqstream.server.internal.log.SharedLog;
import org.daqstream.server.internal.web.ConnectionGuard;
import org.daqstream.server.internal.web.Entrance;
import org.daqstream.server.internal.web.HttpHandler;
import org.daqstream.server.internal.web.InputBudget;
import org.daqstream.server.internal.web.Listener;
import org.daqstream.server.internal.web.PeerIntake;
import org.daqstream.server.internal.web.Ports;
import org.daqstream.signal.api.sink.SignalSink;

/**
 * One running server: its log, its fan-out thread and its sockets, started and stopped together.
 */
final class ServerInstance {
  /**
   * A fan-out without a turn for so long will hardly make one again; told before the launcher ends
   * the process, for it cannot tell where the thread is.
   */
  private static final long STUCK_MS = 15_000;

  private final ServerStatistics statistics;
  private ServerSettings settings;
  private final LogPublisher publisher;
  private final FanOut fanOut;
  private final ConnectionGuard guard;
  private final InputBudget budget;
  private final PeerIntake intake;
  private final Entrance entrance;
  private final Listener listener;
  private final HttpHandler handler;
  private long seenTurns;
  private int sweepsWithoutTurn;

  /** Starts a server; refuses the key of a port that cannot be opened. */
  ServerInstance(ServerSettings settings, Ports ports, Shared shared) throws Exception {
    this.settings = settings;
    ServerLimits limits = settings.limits();
    statistics = new ServerStatistics();
    WakeupRelay wakeup = new WakeupRelay();
    publisher =
        new LogPublisher(
            newLog(limits.ringBytes(), wakeup), statistics.ofLog(), settings.frameBytes());
    fanOut = new FanOut(publisher, statistics, limits);
    wakeup.target = fanOut;
    guard = new ConnectionGuard(statistics, limits);
    budget = new InputBudget(limits, publisher::offeredIdBytes);
    intake = new PeerIntake(shared.takers(), settings.published());
    entrance =
        new Entrance(shared.authenticators(), shared.roles(), fanOut, statistics, settings.login());
    listener = new Listener(settings.ports(), ports, guard, statistics);
    handler =
        new HttpHandler(
            fanOut,
            statistics,
            guard,
            budget,
            intake,
            listener.components(),
            shared.pages(),
            settings.path(),
            settings.web(),
            entrance);
    fanOut.start();
    entrance.begin();
    try {
      listener.start(handler, this::sweep);
    } catch (Exception e) {
      stop();
      throw e;
    }
  }

  private static SharedLog newLog(int ringBytes, SharedLog.Wakeup wakeup) {
    SharedLog log = new SharedLog(ringBytes, wakeup);
    long limitBytes = DirectMemory.limitBytes();
    if (log.memoryLimitBytes() <= limitBytes) {
      return log;
    }
    if (ringBytes == ServerSettings.RING_BYTES_DEFAULT) { // in a small JVM nobody has to say so
      return new SharedLog((int) (limitBytes / 2), wakeup);
    }
    throw new RefusedException(
        ServerSettings.RING_BYTES,
        String.valueOf(ringBytes),
        "is more memory than the JVM may take outside the heap: %d bytes with the index, of %d (-XX:MaxDirectMemorySize)"
            .formatted(log.memoryLimitBytes(), limitBytes));
  }

  /** The log needs somebody to wake before there is a fan-out to read it. */
  private static final class WakeupRelay implements SharedLog.Wakeup {
    private FanOut target;

    @Override
    public void onAppend() {
      target.onAppend();
    }
  }

  /** Ends what takes too long, and says when the fan-out does; on the timer's thread. */
  private void sweep() {
    try {
      guard.sweep();
      budget.sweep();
      entrance.sweep();
      long turns = fanOut.turns();
      sweepsWithoutTurn = turns == seenTurns ? sweepsWithoutTurn + 1 : 0;
      seenTurns = turns;
      if (sweepsWithoutTurn * Listener.SWEEP_MS >= STUCK_MS) {
        statistics.stuck(fanOut.whereabouts());
      }
    } catch (RuntimeException | Error e) {
      statistics.fault("connections are not looked after for a moment", e);
    }
  }

  ServerSettings settings() {
    return settings;
  }

  SignalSink sink() {
    return publisher;
  }

  FanOut fanOut() {
    return fanOut;
  }

  ConnectionGuard guard() {
    return guard;
  }

  InputBudget budget() {
    return budget;
  }

  PeerIntake intake() {
    return intake;
  }

  ServerStatistics statistics() {
    return statistics;
  }

  /** What operating tools see of it. */
  Monitor monitor(String name, List<String> endpoints) {
    return new Monitor(name, endpoints, fanOut, publisher, statistics);
  }

  List<InetSocketAddress> addresses() {
    return listener.addresses();
  }

  /** Takes over what can change without dropping clients. */
  void reconfigure(ServerSettings newSettings) {
    settings = newSettings;
    guard.setLimits(settings.limits());
    budget.setLimits(settings.limits());
    fanOut.setLimits(settings.limits());
    intake.setTerms(settings.published());
    entrance.setTerms(settings.login());
    handler.setWebTerms(settings.web());
  }

  boolean canTakeOver(ServerSettings newSettings) {
    return newSettings.keepsConnections(settings);
  }

  /** Says good-bye to clients and ends; waits for that. */
  void stop() throws Exception {
    listener.stopAccepting();
    entrance.end();
    fanOut.stop();
    listener.stop();
  }
}
