/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.fanout;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.daqstream.protocol.Available;
import org.daqstream.protocol.MetadataCodec;
import org.daqstream.protocol.PeerProfile;
import org.daqstream.protocol.Unavailable;
import org.daqstream.server.internal.access.Rights;
import org.daqstream.server.internal.derive.Contract;
import org.daqstream.server.internal.log.LogSignal;

/**
 * The signals that one client knows of, with the messages that tell it of them (protocol section
 * 2.2); belongs to the fan-out thread.
 */
final class OfferedSignals {
  private final ClientOutput output;
  private final PeerProfile profile;
  private LogSignal[] bySigno = {};
  private Rights rights = Rights.ALL;

  OfferedSignals(ClientOutput output, PeerProfile profile) {
    this.output = output;
    this.profile = profile;
  }

  void setRights(Rights newRights) {
    rights = newRights;
  }

  /**
   * Whether the client may know of a signal: of a domain also if it knows a signal of its table.
   */
  boolean isFor(LogSignal signal) {
    return rights.sees(sourceId(signal)) || knowsValueOf(signal);
  }

  private boolean knowsValueOf(LogSignal domain) {
    for (LogSignal value : domain.isDomain() ? bySigno : new LogSignal[0]) {
      if (value != null && value != domain && value.table == domain.table) {
        return true;
      }
    }
    return false;
  }

  /** Whether the client may have the samples of a signal that it knows. */
  boolean maySubscribe(LogSignal signal) {
    return rights.subscribes(sourceId(signal)) || knowsValueOf(signal);
  }

  /** The id of a signal, or of what it is made of. */
  private static String sourceId(LogSignal signal) {
    Contract contract = signal.table.isListed() ? null : Contract.parse(signal.signalId());
    return contract == null ? signal.signalId() : contract.signalId();
  }

  /** The {@code signal} packet, without the ids of signals that are not there for the client. */
  byte[] signalPacket(Subscription subscription, long valueIndex) {
    return subscription.version.signalPacket(
        profile, subscription.number, valueIndex, rights::sees);
  }

  boolean contains(LogSignal signal) {
    return signal.signo < bySigno.length && bySigno[signal.signo] == signal;
  }

  List<LogSignal> all() {
    return Arrays.stream(bySigno).filter(Objects::nonNull).toList();
  }

  /** Tells the client of signals that it does not know of, in one message; none is repeated. */
  void offer(Collection<LogSignal> signals, boolean evenIfNone) throws IOException {
    List<String> fresh = new ArrayList<>();
    for (LogSignal signal : signals) {
      if (isNews(signal) && rights.sees(signal.signalId())) {
        LogSignal domain = signal.table.domain;
        if (isNews(domain)) { // without it nobody can read the signal
          add(domain, fresh);
        }
        if (signal != domain) {
          add(signal, fresh);
        }
      }
    }
    if (!fresh.isEmpty() || evenIfNone) {
      output.putPacket(MetadataCodec.packet(0, new Available(fresh).toMetadata()));
    }
  }

  private boolean isNews(LogSignal signal) {
    return !contains(signal) && signal.version().suits(profile);
  }

  private void add(LogSignal signal, List<String> fresh) {
    if (signal.signo >= bySigno.length) {
      bySigno = Arrays.copyOf(bySigno, NumberedSubscriptions.roomFor(signal.signo));
    }
    bySigno[signal.signo] = signal;
    fresh.add(signal.signalId());
  }

  /** Tells the client that a signal is gone, if it knew of it or {@code evenIfUnknown}. */
  void withdraw(LogSignal signal, boolean evenIfUnknown) throws IOException {
    boolean known = contains(signal);
    if (known) {
      bySigno[signal.signo] = null;
    }
    if (known || evenIfUnknown) {
      output.putPacket(
          MetadataCodec.packet(0, new Unavailable(List.of(signal.signalId())).toMetadata()));
    }
  }
}
