/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.fanout;

/** Enters what becomes of a client's subscriptions where the whole server looks it up. */
record SubscriptionObserver(Client client, Audience audience, LossLedger losses)
    implements Subscriptions.Observer {

  @Override
  public void wants(int signo, boolean wanted) {
    if (wanted) {
      audience.add(signo, client);
    } else {
      audience.remove(signo, client);
    }
  }

  @Override
  public void holeEnds(Subscription lost, long row, long tick) {
    losses.add(client, lost, row, tick);
  }
}
