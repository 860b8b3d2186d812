/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.fanout;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.daqstream.server.internal.log.LogSignal;

/**
 * The subscriptions of one client by the numbers of their signals, and what to do with each entry
 * of the log; belongs to the fan-out thread.
 */
final class NumberedSubscriptions {
  /** Nothing of the signal is for this client. */
  static final byte UNWANTED = 0;

  /** Plain data of the signal can be sent as they stand in the log. */
  static final byte WANTED = 1;

  /** An entry of the log that needs a look before it is sent. */
  static final byte SPECIAL = 2;

  private byte[] states = {};
  private Subscription[] bySigno = {};
  private int count;
  private List<String> signalIds; // null: to be made anew

  /** What to do with an entry of the log. */
  byte state(int signo) {
    if (signo < 0) {
      return SPECIAL;
    }
    return signo < states.length ? states[signo] : UNWANTED;
  }

  void setState(Subscription subscription, byte state) {
    states[subscription.signal.signo] = state;
  }

  Subscription find(int signo) {
    return signo < bySigno.length ? bySigno[signo] : null;
  }

  Subscription find(LogSignal signal) {
    Subscription subscription = find(signal.signo);
    return subscription != null && subscription.signal == signal ? subscription : null;
  }

  int count() {
    return count;
  }

  /** Where signal numbers end. */
  int signoEnd() {
    return bySigno.length;
  }

  /** Those that there are now, in the order of their numbers. */
  List<Subscription> all() {
    return Arrays.stream(bySigno).filter(Objects::nonNull).toList();
  }

  boolean isEach(Predicate<Subscription> test) {
    for (Subscription subscription : bySigno) {
      if (subscription != null && !test.test(subscription)) {
        return false;
      }
    }
    return true;
  }

  void add(Subscription subscription) {
    int signo = subscription.signal.signo;
    if (signo >= bySigno.length) {
      bySigno = Arrays.copyOf(bySigno, roomFor(signo));
      states = Arrays.copyOf(states, bySigno.length);
    }
    bySigno[signo] = subscription;
    states[signo] = SPECIAL;
    count++;
    signalIds = null;
  }

  void remove(Subscription subscription) {
    int signo = subscription.signal.signo;
    bySigno[signo] = null;
    states[signo] = UNWANTED;
    count--;
    signalIds = null;
  }

  void clear() {
    bySigno = new Subscription[0];
    states = new byte[0];
    count = 0;
    signalIds = null;
  }

  /** Ids of the subscribed signals; made once, for tools ask again and again. */
  List<String> signalIds() {
    if (signalIds == null) {
      signalIds =
          all().stream()
              .map(subscription -> subscription.signal.signalId())
              .collect(Collectors.toUnmodifiableList()); // which ClientStatus need not copy
    }
    return signalIds;
  }

  /** Length of an array that has an entry for a signal of this number. */
  static int roomFor(int signo) {
    return Math.max(16, signo + signo / 2 + 1);
  }
}
