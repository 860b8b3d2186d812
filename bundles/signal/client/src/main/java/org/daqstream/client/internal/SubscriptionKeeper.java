/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client.internal;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.daqstream.base.support.OrderedTasks;
import org.daqstream.protocol.CommandRequest;

/**
 * Keeps the subscriptions on the connection what is wanted: subscribes when the device greets, when
 * it offers a signal again, when somebody wants one; unsubscribes when nobody does. Never
 * subscribes what is subscribed, never unsubscribes what is not (protocol section 4, rows 16 and
 * 17).
 *
 * <p>What is wanted is known to every thread, the state on the connection to the tasks' only.
 */
final class SubscriptionKeeper {
  /** A signal on the present connection. */
  private enum State {
    OFF,
    SUBSCRIBING,
    ON,
    UNSUBSCRIBING
  }

  private final OrderedTasks tasks;
  private final Commands commands;
  private final int ackTimeoutMs;
  private final Consumer<String> problem;

  private final Map<String, Demand> demands = new ConcurrentHashMap<>();
  private final AtomicInteger version = new AtomicInteger();

  /** By its plain id: who asked a device for a contract that it does not know. */
  private final Map<String, Demand> plain = new ConcurrentHashMap<>();

  // By the tasks' thread:
  private final Map<String, State> states = new HashMap<>();
  private final Set<String> acknowledged = new HashSet<>();
  private final Set<String> askedPlain = new HashSet<>();
  private int connections;
  private boolean isOpen;

  SubscriptionKeeper(
      OrderedTasks tasks, Commands commands, int ackTimeoutMs, Consumer<String> problem) {
    this.tasks = tasks;
    this.ackTimeoutMs = ackTimeoutMs;
    this.commands = commands;
    this.problem = problem;
  }

  /** Who wants what a device calls so. */
  Demand demand(String wireId) {
    Demand demand = demands.get(wireId);
    return demand == null ? plain.get(wireId) : demand;
  }

  /** Grows when {@link #demand} may give something else. */
  int version() {
    return version.get();
  }

  /** All signals that anybody has ever wanted. */
  Collection<Demand> demands() {
    return demands.values();
  }

  /** The one demand for a signal and contract. */
  Demand demandFor(Demand candidate) {
    Demand known = demands.putIfAbsent(candidate.wireId(), candidate);
    if (known == null) {
      version.incrementAndGet();
    }
    return known == null ? candidate : known;
  }

  /** Somebody wants a signal, or nobody does any more. */
  void changed(Demand demand) {
    tasks.execute(() -> adjust(demand));
  }

  /** The device takes commands. */
  void opened() {
    tasks.execute(
        () -> {
          forget();
          isOpen = true;
          demands.values().forEach(this::adjust);
        });
  }

  /** The connection is gone. */
  void closed() {
    tasks.execute(this::forget);
  }

  private void forget() {
    connections++;
    isOpen = false;
    states.clear();
    acknowledged.clear();
    askedPlain.clear();
    plain.clear();
  }

  /** The device offers signals: what was refused before may be given now. */
  void available(List<String> signalIds) {
    Set<String> ids = new HashSet<>(signalIds);
    tasks.execute(
        () ->
            demands.values().stream()
                .filter(each -> ids.contains(each.signalId))
                .forEach(this::adjust));
  }

  /** The device has withdrawn signals, their subscriptions with them. */
  void unavailable(List<String> signalIds) {
    tasks.execute(
        () -> {
          for (String each : signalIds) {
            Demand demand = demand(each);
            states.remove(demand == null ? each : demand.wireId());
          }
          acknowledged.removeAll(signalIds);
        });
  }

  void subscribed(String wireId) {
    tasks.execute(
        () -> {
          acknowledged.add(wireId);
          Demand demand = demand(wireId);
          // Domains come along unasked: those that nobody wants are the device's affair.
          if (demand != null) {
            states.put(demand.wireId(), State.ON);
            adjust(demand);
          }
        });
  }

  void unsubscribed(String wireId) {
    tasks.execute(
        () -> {
          acknowledged.remove(wireId);
          Demand demand = demand(wireId);
          // While subscribing it is the end of the subscription before.
          if (demand != null && states.get(demand.wireId()) != State.SUBSCRIBING) {
            boolean wasAsked = states.remove(demand.wireId()) == State.UNSUBSCRIBING;
            if (wasAsked) {
              adjust(demand);
            }
          }
        });
  }

  /** Brings the connection a step nearer to what is wanted. */
  private void adjust(Demand demand) {
    if (!isOpen) {
      return;
    }
    State state = states.getOrDefault(demand.wireId(), State.OFF);
    if (demand.isWanted() && state == State.OFF) {
      ask(demand, State.SUBSCRIBING, CommandRequest.SUBSCRIBE);
    } else if (!demand.isWanted() && state == State.ON) {
      demand.mute();
      ask(demand, State.UNSUBSCRIBING, CommandRequest.UNSUBSCRIBE);
    }
  }

  private void ask(Demand demand, State state, String command) {
    states.put(demand.wireId(), state);
    int asked = connections;
    commands.put(
        command,
        idToAskFor(demand),
        new Commands.Outcome() {
          @Override
          public void done() {
            if (state == State.SUBSCRIBING) {
              tasks.after(ackTimeoutMs, () -> refused("the device does not acknowledge it"));
            } else {
              ended(demand);
            }
          }

          @Override
          public void refused(String why) {
            if (asked == connections) {
              SubscriptionKeeper.this.refused(demand, state, why);
            }
          }
        });
  }

  /** A domain that values still need is not acknowledged as ended. */
  private void ended(Demand demand) {
    if (states.remove(demand.wireId(), State.UNSUBSCRIBING)) {
      adjust(demand);
    }
  }

  private String idToAskFor(Demand demand) {
    return askedPlain.contains(demand.wireId()) ? demand.signalId : demand.commandId();
  }

  private void refused(Demand demand, State asked, String why) {
    String wireId = demand.wireId();
    if (states.get(wireId) != asked) {
      return; // it came true all the same
    }
    if (asked == State.SUBSCRIBING && acknowledged.contains(wireId)) {
      states.put(wireId, State.ON); // a domain that had come along
      demand.unmute();
      adjust(demand);
      return;
    }
    states.remove(wireId);
    if (asked == State.SUBSCRIBING && !demand.contract.isEmpty() && takesPlain(demand)) {
      adjust(demand);
      return;
    }
    String text = "signal " + demand.signalId + ": " + why;
    problem.accept(text);
    if (asked == State.SUBSCRIBING) {
      demand.refused(text);
    }
  }

  /** Whether a device that may not know the contract is now asked for every sample. */
  private boolean takesPlain(Demand demand) {
    Demand other = demand(demand.signalId);
    if ((other != null && other != demand) || !askedPlain.add(demand.wireId())) {
      return false;
    }
    plain.put(demand.signalId, demand);
    version.incrementAndGet();
    return true;
  }
}
