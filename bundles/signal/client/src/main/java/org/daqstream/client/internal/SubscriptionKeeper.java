/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client.internal;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

  /**
   * What was last asked for a signal.
   *
   * @param number of the asking, by which an answer knows whether it is to this one
   */
  private record Step(State state, long number) {}

  private static final Step NOTHING = new Step(State.OFF, 0);

  private final OrderedTasks tasks;
  private final Commands commands;
  private final int ackTimeoutMs;
  private final Consumer<Demand> known;
  private final Consumer<String> problem;

  private final Demands demands = new Demands();

  // By the tasks' thread:
  private final Map<String, Step> steps = new HashMap<>();
  private final Set<String> acknowledged = new HashSet<>();
  private final Set<String> late = new HashSet<>(); // asked for, given up, may come all the same
  private final Set<String> askedPlain = new HashSet<>();
  private final Renewals renewals = new Renewals();
  private long lastNumber;
  private boolean isOpen;

  /**
   * With nothing wanted.
   *
   * @param known tells a demand what the device has said of its plain signal
   */
  SubscriptionKeeper(
      OrderedTasks tasks,
      Commands commands,
      int ackTimeoutMs,
      Consumer<Demand> known,
      Consumer<String> problem) {
    this.known = known;
    this.tasks = tasks;
    this.ackTimeoutMs = ackTimeoutMs;
    this.commands = commands;
    this.problem = problem;
  }

  /** What is wanted; for any thread. */
  Demands demands() {
    return demands;
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
          demands.all().forEach(this::adjust);
        });
  }

  /** The connection is gone. */
  void closed() {
    tasks.execute(this::forget);
  }

  private void forget() {
    isOpen = false;
    steps.clear();
    acknowledged.clear();
    late.clear();
    askedPlain.clear();
    demands.clearRiders();
    renewals.clear();
    demands.all().forEach(this::drop);
  }

  /** The device offers signals: what was refused before may be given now. */
  void available(List<String> signalIds) {
    List<String> ids = List.copyOf(signalIds);
    tasks.execute(
        () -> {
          for (String each : ids) {
            for (Demand demand : demands.ofSignal(each)) {
              askWithContract(demand);
              adjust(demand);
            }
          }
        });
  }

  /** A device that refused a contract may have refused the signal, which it did not have then. */
  private void askWithContract(Demand demand) {
    Demand plain = demands.get(demand.signalId);
    if ((plain == null || stateOf(plain) == State.OFF) && askedPlain.remove(demand.wireId())) {
      demands.removeRider(demand);
    }
  }

  /** The device has withdrawn signals, their subscriptions with them. */
  void unavailable(List<String> signalIds) {
    List<String> ids = List.copyOf(signalIds);
    tasks.execute(
        () -> {
          for (String each : ids) {
            acknowledged.remove(each);
            renewals.forget(each);
            late.remove(each);
            Demand demand = demands.get(each);
            if (demand != null) {
              steps.remove(demand.wireId());
              if (each.equals(demand.signalId)) {
                drop(demand); // no answer to what was asked for does it any more
              } else {
                adjust(demand); // a contract's: made anew with its source, and offered to nobody
              }
            }
          }
        });
  }

  void subscribed(String wireId) {
    tasks.execute(
        () -> {
          acknowledged.add(wireId);
          Demand demand = demands.get(wireId);
          if (demand != null) {
            // A domain that comes along unasked is not ours to unsubscribe.
            if (stateOf(demand) == State.SUBSCRIBING || late.remove(demand.wireId())) {
              set(demand, State.ON);
            }
            adjust(demand);
          }
        });
  }

  void unsubscribed(String wireId) {
    tasks.execute(
        () -> {
          acknowledged.remove(wireId);
          Demand demand = demands.get(wireId);
          State before = demand == null ? State.OFF : stateOf(demand);
          // While subscribing it is the end of the subscription before.
          if (before == State.UNSUBSCRIBING) {
            steps.remove(wireId);
            adjust(demand);
          } else if (before == State.ON) {
            steps.remove(wireId);
            askLater(demand);
          }
        });
  }

  /** The device ended it, but somebody wants it; unless it has withdrawn the signal, too. */
  private void askLater(Demand demand) {
    String wireId = demand.wireId();
    Renewals.End end = renewals.ended(wireId);
    tasks.after(
        end.pauseMs(),
        () -> {
          if (renewals.isDue(wireId, end)) {
            adjust(demand);
          }
        });
  }

  private State stateOf(Demand demand) {
    return steps.getOrDefault(demand.wireId(), NOTHING).state();
  }

  private Step set(Demand demand, State state) {
    Step step = new Step(state, ++lastNumber);
    steps.put(demand.wireId(), step);
    return step;
  }

  /** Brings the connection a step nearer to what is wanted. */
  private void adjust(Demand demand) {
    if (!isOpen) {
      drop(demand);
      return;
    }
    if (demands.isRider(demand)) {
      drop(demand);
      adjust(demands.get(demand.signalId));
      return;
    }
    State state = stateOf(demand);
    List<Demand> all = demands.of(demand.wireId());
    boolean isWanted = all.stream().anyMatch(Demand::isWanted);
    if (isWanted && state == State.OFF) {
      if (acknowledged.contains(demand.wireId())) {
        all.forEach(Demand::unmute); // it has come along, or has never ended
      }
      if (!renewals.isWaiting(demand.wireId())) {
        ask(demand, set(demand, State.SUBSCRIBING), CommandRequest.SUBSCRIBE);
      }
    } else if (!isWanted && state == State.ON) {
      all.forEach(Demand::mute);
      ask(demand, set(demand, State.UNSUBSCRIBING), CommandRequest.UNSUBSCRIBE);
    } else if (!isWanted && state == State.OFF) {
      drop(demand);
    }
  }

  /** Forgets a demand without feeds, so that a device that invents ids makes nothing grow. */
  private void drop(Demand demand) {
    if (demands.drop(demand)) {
      renewals.forget(demand.wireId());
      late.remove(demand.wireId());
      askedPlain.remove(demand.wireId());
    }
  }

  private void ask(Demand demand, Step step, String command) {
    commands.put(
        command,
        idToAskFor(demand),
        new Commands.Outcome() {
          @Override
          public boolean isOpen() {
            return step.equals(steps.get(demand.wireId()));
          }

          @Override
          public void done(boolean isBehindAcknowledgements) {
            if (isOpen()) {
              SubscriptionKeeper.this.done(this, demand, step, isBehindAcknowledgements);
            }
          }

          @Override
          public void refused(String why) {
            if (isOpen()) {
              SubscriptionKeeper.this.refused(demand, step, why);
            }
          }
        });
  }

  private void done(
      Commands.Outcome outcome, Demand demand, Step step, boolean isBehindAcknowledgements) {
    if (step.state() == State.UNSUBSCRIBING) {
      // A domain that values still need is not acknowledged as ended.
      steps.remove(demand.wireId());
      adjust(demand);
    } else if (isBehindAcknowledgements && acknowledged.contains(demand.wireId())) {
      comesAlready(demand);
    } else {
      tasks.after(ackTimeoutMs, () -> unacknowledged(outcome, demand));
    }
  }

  private void unacknowledged(Commands.Outcome outcome, Demand demand) {
    if (outcome.isOpen() && demands.of(demand.wireId()).stream().noneMatch(Demand::isWanted)) {
      // The device said that it does it: it would come late, for nobody.
      ask(demand, set(demand, State.UNSUBSCRIBING), CommandRequest.UNSUBSCRIBE);
    } else {
      outcome.refused("the device does not acknowledge it");
    }
  }

  /** A domain that had come along. */
  private void comesAlready(Demand demand) {
    set(demand, State.ON);
    demands.of(demand.wireId()).forEach(Demand::unmute);
    adjust(demand);
  }

  private String idToAskFor(Demand demand) {
    return askedPlain.contains(demand.wireId()) ? demand.signalId : demand.commandId();
  }

  private void refused(Demand demand, Step step, String why) {
    boolean isSubscribing = step.state() == State.SUBSCRIBING;
    if (isSubscribing && acknowledged.contains(demand.wireId())) {
      comesAlready(demand);
      return;
    }
    steps.remove(demand.wireId());
    if (isSubscribing && !demand.contract.isEmpty() && askedPlain.add(demand.wireId())) {
      // A device that may not know the contract is now asked for every sample.
      if (!demand.wireId().equals(demand.signalId)) {
        ride(demand);
      }
      adjust(demand);
      return;
    }
    if (isSubscribing) {
      String text = "signal " + demand.signalId + ": " + why;
      problem.accept(text);
      late.add(demand.wireId());
      demands.of(demand.wireId()).forEach(each -> each.refused(text));
      drop(demand);
    } else {
      adjust(demand); // a domain that values still need stays, and some devices call that a refusal
    }
  }

  /** Has a demand served with what the plain signal gives. */
  private void ride(Demand demand) {
    demands.demandFor(demand.plain());
    demands.addRider(demand);
    demand.unmute();
    known.accept(demand);
  }
}
