/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal;

import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.daqstream.protocol.Available;
import org.daqstream.protocol.ConstantPacket;
import org.daqstream.protocol.MetadataCodec;
import org.daqstream.protocol.PeerProfile;
import org.daqstream.protocol.Subscribe;
import org.daqstream.protocol.Unavailable;
import org.daqstream.protocol.Unsubscribe;

/**
 * What one client has been offered and what it subscribed to, with the messages that tell it so
 * (protocol sections 2.2 and 2.6); belongs to the fan-out thread. A value signal brings its domain
 * signal along: the domain is told first, counted, and leaves after the last value that needs it.
 */
final class Subscriptions {
  /** Nothing of the signal is for this client. */
  static final byte UNWANTED = 0;

  /** Plain data of the signal can be sent as they stand in the log. */
  static final byte WANTED = 1;

  /** An entry of the log that needs a look before it is sent. */
  static final byte SPECIAL = 2;

  private final ClientOutput output;
  private final PeerProfile profile;
  private final BitSet offered = new BitSet();
  private byte[] states = {};
  private Subscription[] bySigno = {};
  private int count;

  Subscriptions(ClientOutput output, PeerProfile profile) {
    this.output = output;
    this.profile = profile;
  }

  /** Number of subscribed signals, implicit domains included. */
  int count() {
    return count;
  }

  /** What to do with an entry of the log. */
  byte state(int signo) {
    if (signo < 0) {
      return SPECIAL;
    }
    return signo < states.length ? states[signo] : UNWANTED;
  }

  Subscription find(int signo) {
    return signo < bySigno.length ? bySigno[signo] : null;
  }

  private Subscription find(LogSignal signal) {
    final Subscription subscription = find(signal.signo);
    return subscription != null && subscription.signal == signal ? subscription : null;
  }

  boolean isOffered(LogSignal signal) {
    return offered.get(signal.signo);
  }

  /** Tells the client of signals that it does not know of, in one message; none is repeated. */
  void offer(Collection<LogSignal> signals, boolean evenIfNone) throws IOException {
    final List<String> fresh =
        signals.stream().filter(s -> !offered.get(s.signo)).map(LogSignal::signalId).toList();
    signals.forEach(signal -> offered.set(signal.signo));
    if (!fresh.isEmpty() || evenIfNone) {
      output.putPacket(MetadataCodec.packet(0, new Available(fresh).toMetadata()));
    }
  }

  /** Tells the client that a signal is gone. */
  void withdraw(LogSignal signal) throws IOException {
    final Subscription subscription = find(signal);
    if (subscription != null) {
      remove(subscription);
      if (!signal.isDomain()) {
        releaseDomain(signal);
      }
    }
    if (offered.get(signal.signo)) {
      offered.clear(signal.signo);
      output.putPacket(
          MetadataCodec.packet(0, new Unavailable(List.of(signal.signalId())).toMetadata()));
    }
  }

  /** Subscribes; a signal that is subscribed already stays as it is. */
  void subscribe(Catalog.Entry target, Catalog.Entry domain, long valueIndex) throws IOException {
    final LogSignal signal = target.signal();
    Subscription subscription = find(signal);
    if (subscription != null && subscription.explicit) {
      return;
    }
    if (!signal.isDomain()) {
      Subscription domainSubscription = find(domain.signal());
      if (domainSubscription == null) {
        domainSubscription = add(domain, valueIndex);
      }
      domainSubscription.dependants++;
    }
    if (subscription == null) {
      subscription = add(target, valueIndex);
    }
    subscription.explicit = true;
    signal.subscribed();
    if (signal.isDomain()) {
      signal.table.announceLineAgain();
    }
  }

  /** Unsubscribes; a signal that is not subscribed stays so. */
  void unsubscribe(LogSignal signal) throws IOException {
    final Subscription subscription = find(signal);
    if (subscription == null || !subscription.explicit) {
      return;
    }
    subscription.explicit = false;
    signal.unsubscribed();
    if (!subscription.isNeeded()) {
      remove(subscription);
    }
    if (!signal.isDomain()) {
      releaseDomain(signal);
    }
  }

  private void releaseDomain(LogSignal value) throws IOException {
    final Subscription domain = find(value.table.domain);
    if (domain != null && --domain.dependants == 0 && !domain.isNeeded()) {
      remove(domain);
    }
  }

  private Subscription add(Catalog.Entry target, long valueIndex) throws IOException {
    final LogSignal signal = target.signal();
    final Subscription subscription = new Subscription(signal);
    subscription.expectedRow = valueIndex;
    if (signal.signo >= bySigno.length) {
      final int length = Math.max(16, signal.signo + signal.signo / 2 + 1);
      bySigno = Arrays.copyOf(bySigno, length);
      states = Arrays.copyOf(states, length);
    }
    bySigno[signal.signo] = subscription;
    states[signal.signo] = SPECIAL;
    count++;
    output.putPacket(
        MetadataCodec.packet(
            signal.signo, new Subscribe(target.version().descriptor.signalId()).toMetadata()));
    output.putPacket(target.version().signalPacket(profile, valueIndex));
    return subscription;
  }

  private void remove(Subscription subscription) throws IOException {
    final LogSignal signal = subscription.signal;
    if (subscription.explicit) {
      signal.unsubscribed();
    }
    bySigno[signal.signo] = null;
    states[signal.signo] = UNWANTED;
    count--;
    output.putPacket(
        MetadataCodec.packet(signal.signo, new Unsubscribe(signal.signalId()).toMetadata()));
  }

  /** From now on the signal's plain data can be sent as they are. */
  void synced(Subscription subscription) {
    subscription.synced = true;
    if (!subscription.signal.isConstant()
        || profile.constantForm() == ConstantPacket.Form.INDEXED) {
      states[subscription.signal.signo] = WANTED;
    }
  }

  /** Gives up all subscriptions of a client that is gone, without telling it. */
  void clear() {
    for (Subscription subscription : bySigno) {
      if (subscription != null && subscription.explicit) {
        subscription.signal.unsubscribed();
      }
    }
    bySigno = new Subscription[0];
    states = new byte[0];
    count = 0;
  }

  /** The subscribed signals. */
  List<LogSignal> signals() {
    return Arrays.stream(bySigno).filter(Objects::nonNull).map(s -> s.signal).toList();
  }
}
