/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.fanout;

import java.io.IOException;
import java.util.List;
import org.daqstream.server.internal.log.LogSignal;

/** Takes from a client what it may not have any more; belongs to the fan-out thread. */
record RightsChange(Subscriptions subscriptions, OfferedSignals offered) {
  /** Goes through what the client knows, and through what it has subscribed to. */
  void obey(List<Subscription> subscribed) throws IOException {
    for (LogSignal signal : offered.all()) {
      if (!signal.isDomain() && !offered.isFor(signal)) {
        subscriptions.withdraw(signal);
      }
    }
    for (Subscription subscription : subscribed) {
      obey(subscription.signal);
    }
    for (LogSignal signal : offered.all()) {
      if (!offered.isFor(signal)) { // domains of which the client knows no value any more
        subscriptions.withdraw(signal);
      }
    }
  }

  private void obey(LogSignal signal) throws IOException {
    if (signal.isDomain() && !signal.table.isListed()) {
      return; // goes with what needs it
    }
    if (!signal.isDomain() && !offered.isFor(signal)) { // what is made of others is in no list
      subscriptions.withdraw(signal);
    } else if (!offered.maySubscribe(signal)) {
      subscriptions.unsubscribe(signal);
    }
  }
}
