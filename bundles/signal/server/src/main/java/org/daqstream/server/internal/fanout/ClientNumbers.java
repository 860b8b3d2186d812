/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.fanout;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.daqstream.server.internal.log.LogSignal;
import org.daqstream.server.internal.log.SignalNumbers;

/**
 * Under which numbers one client gets its signals; belongs to the fan-out thread. Who sees every
 * signal has those of the server, with which data stand in the log. Others have their own, in the
 * order in which they subscribe, for those of the server tell how many signals there are.
 */
final class ClientNumbers {
  private final Map<LogSignal, Integer> given = new HashMap<>();
  private SignalNumbers own; // null: those of the server

  /** From now on and for ever numbers are the client's own; what is subscribed keeps its number. */
  void useOwn(List<Subscription> subscribed) {
    if (own == null) {
      subscribed.forEach(each -> given.put(each.signal, each.number));
      own = new SignalNumbers(subscribed.stream().mapToInt(each -> each.number).max().orElse(0));
    }
  }

  /** The number of a signal, which stays until it is given back. */
  int of(LogSignal signal) {
    return own == null ? signal.signo : given.computeIfAbsent(signal, fresh -> own.take());
  }

  /** The client does not know the signal any more. */
  void giveBack(LogSignal signal) {
    Integer number = given.remove(signal);
    if (number != null) {
      own.giveBack(number);
    }
  }
}
