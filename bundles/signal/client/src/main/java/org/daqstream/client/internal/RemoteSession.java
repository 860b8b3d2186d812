/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client.internal;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import org.daqstream.client.RemoteSignal;
import org.daqstream.client.TickTime;
import org.daqstream.protocol.ApiVersion;
import org.daqstream.protocol.Available;
import org.daqstream.protocol.CommandRequest;
import org.daqstream.protocol.CommandResponse;
import org.daqstream.protocol.Init;
import org.daqstream.protocol.Limits;
import org.daqstream.protocol.LossMessage;
import org.daqstream.protocol.Metadata;
import org.daqstream.protocol.MetadataCodec;
import org.daqstream.protocol.PacketHeader;
import org.daqstream.protocol.PacketListener;
import org.daqstream.protocol.ProtocolException;
import org.daqstream.protocol.ProtocolException.Kind;
import org.daqstream.protocol.RowTime;
import org.daqstream.protocol.SampleReader;
import org.daqstream.protocol.SignalDocument;
import org.daqstream.protocol.SignalMessage;
import org.daqstream.protocol.Subscribe;
import org.daqstream.protocol.Unavailable;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;

/**
 * One connection as the protocol sees it (protocol sections 2 and 3): greeting, signals and their
 * numbers, descriptions, and data, which {@link BlockMaker} makes blocks of. Whatever the device
 * sends costs at most the packet that it came with. By the thread that reads the connection.
 */
final class RemoteSession implements PacketListener {
  private static final int SIGNALS_LIMIT = 200_000;
  private static final long DOCUMENTS_LIMIT_BYTES = 256L << 20;

  private final Limits limits;
  private final int signalsLimit;
  private final long documentsLimitBytes;
  private final SessionEvents events;
  private final BlockMaker blocks;
  private final SessionSignals signals = new SessionSignals();
  private ApiVersion version = new ApiVersion("");
  private boolean tellsConstantRows;
  private boolean isGreeted;
  private long documentsBytes;

  private long ignoredPackets;
  private long badPackets;

  /** With nothing, for up to 200 000 signals, described in up to 256 MiB. */
  RemoteSession(Limits limits, SessionEvents events) {
    this(limits, SIGNALS_LIMIT, DOCUMENTS_LIMIT_BYTES, events);
  }

  /**
   * With nothing.
   *
   * @param signalsLimit the most signals that the other side may number
   * @param documentsLimitBytes the most bytes that its descriptions may have come in
   */
  RemoteSession(Limits limits, int signalsLimit, long documentsLimitBytes, SessionEvents events) {
    this.limits = limits;
    this.signalsLimit = signalsLimit;
    this.documentsLimitBytes = documentsLimitBytes;
    this.events = events;
    blocks = new BlockMaker(() -> version.isAtLeast(ApiVersion.V2_0_0) && !tellsConstantRows);
  }

  long ignoredPackets() {
    return ignoredPackets;
  }

  long badPackets() {
    return badPackets;
  }

  @Override
  public void packet(int signo, int type, ByteBuffer payload) {
    try {
      if (type == PacketHeader.DATA) {
        data(signo, payload);
        return;
      }
      blocks.flush();
      if (signo == 0) {
        sessionMessage(MetadataCodec.decode(payload, limits));
      } else {
        signalMessage(signo, payload.remaining(), MetadataCodec.decode(payload, limits));
      }
    } catch (ProtocolException e) {
      badPackets++;
      events.problem(e.getMessage());
    } catch (RuntimeException e) {
      badPackets++; // a mistake in here, which a device may have found: it harms its packet only
      events.problem("signal number " + signo + ", packet type " + type + ": " + e);
    }
  }

  /** Delivers what waits for more: nothing more is there for now. */
  void flush() {
    try {
      blocks.flush();
    } catch (RuntimeException e) {
      events.problem("samples that came last: " + e); // as with a packet
    }
  }

  private void sessionMessage(Metadata message) throws ProtocolException {
    JsonNode params = message.params();
    switch (message.method()) {
      case ApiVersion.METHOD -> {
        version = ApiVersion.parse(params);
        if (!version.isWellFormed()) {
          events.problem(
              "the device tells no version of three numbers: '" + version.version() + "'");
        }
      }
      case Init.METHOD -> {
        if (!isGreeted) {
          isGreeted = true;
          Init init = Init.parse(params);
          tellsConstantRows = init.supported().constantRows();
          events.greeted(version, init);
        }
      }
      case Available.METHOD -> events.available(Available.parse(params).signalIds());
      case Unavailable.METHOD -> {
        List<String> gone = Unavailable.parse(params).signalIds();
        gone.forEach(this::forget);
        events.unavailable(gone);
      }
      case CommandResponse.METHOD -> events.answered(CommandResponse.parse(params));
      case CommandRequest.METHOD -> events.asked(CommandRequest.parse(params));
      default -> {
        // alive, fill, stream, and whatever later versions have
      }
    }
  }

  private void signalMessage(int signo, int messageBytes, Metadata message)
      throws ProtocolException {
    if (message.method().equals(Subscribe.METHOD)) {
      acknowledged(signo, Subscribe.parse(message.params()).signalId());
      return;
    }
    SessionSignal signal = signals.bySigno(signo);
    if (signal == null) {
      ignoredPackets++;
      return;
    }
    switch (message.method()) {
      case SignalMessage.METHOD ->
          describe(signal, messageBytes, SignalMessage.parse(message.params()));
      case LossMessage.METHOD -> {
        SampleTarget target = targetOf(signal);
        if (target != null) {
          target.lost(LossMessage.parse(message.params()));
        }
      }
      case "unsubscribe" -> {
        forget(signal.signalId);
        events.unsubscribed(signal.signalId);
      }
      default -> {
        // those of later versions
      }
    }
  }

  private void acknowledged(int signo, String signalId) throws ProtocolException {
    SessionSignal known = signals.byId(signalId);
    if (known == null || known.signo != signo) {
      number(signo, signalId);
    } else {
      known.isNew = true;
    }
    events.subscribed(signalId);
  }

  private void number(int signo, String signalId) throws ProtocolException {
    if (signals.size() >= signalsLimit) {
      throw new ProtocolException(
          Kind.LIMIT, "the device numbers more than " + signalsLimit + " signals");
    }
    forget(signalId);
    SessionSignal before = signals.bySigno(signo);
    if (before != null) {
      forget(before.signalId);
      events.unsubscribed(before.signalId);
    }
    SessionSignal signal = new SessionSignal(signalId, signo);
    grow(signal, (long) Character.BYTES * signalId.length());
    signals.add(signal);
  }

  private void forget(String signalId) {
    SessionSignal signal = signals.byId(signalId);
    if (signal != null) {
      documentsBytes -= signal.documentBytes;
      signals.remove(signal);
    }
  }

  /** Counts what is kept of a signal, or would be. */
  private void grow(SessionSignal signal, long bytes) throws ProtocolException {
    // What is merged is smaller than all its messages, or than the limit for one document.
    long grown = Math.min(signal.documentBytes + bytes, 2L * limits.metadataBytes());
    long together = documentsBytes + grown - signal.documentBytes;
    if (together > documentsLimitBytes) {
      throw new ProtocolException(
          Kind.LIMIT,
          "signal %s: the device's descriptions are larger than %s B together"
              .formatted(signal.signalId, documentsLimitBytes));
    }
    documentsBytes = together;
    signal.documentBytes = grown;
  }

  private void describe(SessionSignal signal, int messageBytes, SignalMessage message)
      throws ProtocolException {
    boolean isFirst = signal.document == null;
    // Without a description that is understood nobody knows what the data are.
    signal.parsed = null;
    try {
      grow(signal, messageBytes);
      signal.document =
          SignalDocument.merge(signal.signalId, signal.document, message.document(), limits);
      SignalDocument.Parsed parsed =
          SignalDocument.parse(signal.signalId, signal.document, signals::isKnown);
      signal.reader = SampleReader.of(parsed.descriptor());
      signal.parsed = parsed;
    } finally {
      setRows(signal, isFirst);
      signals.describedAnew(signal);
    }
    tellDescription(signal);
  }

  private static void setRows(SessionSignal signal, boolean isFirst) {
    SignalDocument.Parsed parsed = signal.parsed;
    if (parsed != null && (parsed.valueIndex().isPresent() || isFirst)) {
      signal.nextRow = parsed.valueIndex().orElse(0);
    }
    if (signal.isDomain() && signal.rule() instanceof Rule.Linear linear) {
      signal.rowTime = signal.rowTime == null ? new RowTime(linear.deltaTicks()) : signal.rowTime;
      signal.rowTime.setDelta(linear.deltaTicks());
    } else {
      signal.rowTime = null;
    }
  }

  /** Tells who wants the signal, or a value of the domain that it is. */
  private void tellDescription(SessionSignal described) {
    tellIfChanged(described);
    for (SessionSignal each : signals.dependents(described)) {
      if (each != described && signals.domainOf(each) == described) {
        tellIfChanged(each);
      }
    }
  }

  private void tellIfChanged(SessionSignal signal) {
    RemoteSignal before = signal.remote;
    link(signal);
    if (!Objects.equals(before, signal.remote)) {
      events.described(signal.remote);
      SampleTarget target = targetOf(signal);
      if (target != null) {
        target.described(signal.remote);
      }
    }
  }

  /** Looks up the domain, and makes the description that listeners get. */
  private void link(SessionSignal signal) {
    signal.isLinked = true;
    signal.domain = signals.domainOf(signal);
    SignalDescriptor domain = signal.domain == null ? null : signal.domain.parsed.descriptor();
    RemoteSignal known = signal.remote;
    if (known == null
        || !known.descriptor().equals(signal.parsed.descriptor())
        || !Objects.equals(known.domain(), domain)) {
      signal.remote =
          new RemoteSignal(
              signal.parsed.descriptor(),
              domain,
              signal.parsed.tableId(),
              domain == null ? null : TickTime.of(domain));
    }
  }

  private SampleTarget targetOf(SessionSignal signal) {
    int now = events.targetVersion();
    if (signal.targetVersion != now) {
      signal.targetVersion = now;
      signal.target = events.target(signal.signalId);
    }
    return signal.target;
  }

  private void data(int signo, ByteBuffer payload) throws ProtocolException {
    SessionSignal signal = signals.bySigno(signo);
    if (signal == null || !signal.isDescribed()) {
      ignoredPackets++;
      return;
    }
    if (!signal.isLinked) {
      link(signal);
    }
    blocks.data(signal, targetOf(signal), payload);
  }
}
