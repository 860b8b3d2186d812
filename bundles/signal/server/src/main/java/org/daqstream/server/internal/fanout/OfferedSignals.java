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
import org.daqstream.server.internal.log.LogSignal;

/**
 * The signals that one client knows of, with the messages that tell it of them (protocol section
 * 2.2); belongs to the fan-out thread.
 */
final class OfferedSignals {
  private final ClientOutput output;
  private final PeerProfile profile;
  private LogSignal[] bySigno = {};

  OfferedSignals(ClientOutput output, PeerProfile profile) {
    this.output = output;
    this.profile = profile;
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
      if (!contains(signal) && signal.version().suits(profile)) {
        if (signal.signo >= bySigno.length) {
          bySigno = Arrays.copyOf(bySigno, Subscriptions.roomFor(signal.signo));
        }
        bySigno[signal.signo] = signal;
        fresh.add(signal.signalId());
      }
    }
    if (!fresh.isEmpty() || evenIfNone) {
      output.putPacket(MetadataCodec.packet(0, new Available(fresh).toMetadata()));
    }
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
