/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.web;

import java.util.concurrent.atomic.AtomicInteger;
import org.daqstream.protocol.ApiVersion;
import org.daqstream.protocol.PeerProfile;
import org.daqstream.protocol.Supported;
import org.daqstream.server.api.PeerSignals;
import org.daqstream.server.internal.fanout.ClientOutput;

/** Whether and under which terms clients may publish to a server, and how many do. Any thread. */
public final class PeerIntake {
  private final PeerTakers takers;
  private final AtomicInteger publishing = new AtomicInteger();
  private volatile PeerTerms terms;

  public PeerIntake(PeerTakers takers, PeerTerms terms) {
    this.takers = takers;
    this.terms = terms;
  }

  public void setTerms(PeerTerms newTerms) {
    terms = newTerms;
  }

  PeerTerms terms() {
    return terms;
  }

  /** Who takes signals now; {@code null} if nobody may publish any. */
  PeerSignals taker() {
    return terms.accept() ? takers.first() : null;
  }

  /** The version for a client: from 2.0.0 on it may publish. */
  ApiVersion version(PeerProfile profile) {
    return taker() == null ? profile.apiVersion() : ApiVersion.V2_0_0;
  }

  /** What a client is told of that and of delivery; those of others need not understand it. */
  Supported supported(PeerProfile profile, int messageBytes) {
    if (profile != PeerProfile.FULL) {
      return Supported.NOTHING;
    }
    Supported supported = taker() == null ? Supported.NOTHING : Supported.signals(messageBytes);
    return supported.delivery(ClientOutput.LARGEST_MESSAGE_BYTES);
  }

  /** Counts one that publishes; false when there are enough. */
  boolean enter() {
    if (publishing.incrementAndGet() <= terms.clients()) {
      return true;
    }
    leave();
    return false;
  }

  void leave() {
    publishing.decrementAndGet();
  }
}
