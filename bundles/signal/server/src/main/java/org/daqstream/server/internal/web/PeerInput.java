/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.web;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.daqstream.base.support.LimitedLog;
import org.daqstream.protocol.ApiVersion;
import org.daqstream.protocol.Available;
import org.daqstream.protocol.FrameHeader;
import org.daqstream.protocol.Init;
import org.daqstream.protocol.Metadata;
import org.daqstream.protocol.PacketHeader;
import org.daqstream.protocol.Unavailable;
import org.daqstream.server.api.PeerSignals;
import org.daqstream.server.api.PublishingClient;
import org.daqstream.server.internal.access.Rights;
import org.daqstream.server.internal.fanout.Client;
import org.daqstream.server.internal.fanout.FanOut;
import org.daqstream.server.internal.fanout.Farewell;
import org.daqstream.server.internal.fanout.ServerStatistics;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CoreSession;

/**
 * What one client sends besides commands: passed on when it offers signals and may, else left to
 * the server to count. By the thread of its connection, but for what a taker asks.
 */
final class PeerInput implements PublishingClient {
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  /** Seconds for which a client may send what it has saved up. */
  private static final long BURST_SECONDS = 4;

  private static final int REASON_CHARS_MAX = 100;
  private static final String OTHER_RIGHTS = "its right to publish has changed";

  private final PeerIntake intake;
  private final FanOut fanOut;
  private final ServerStatistics statistics;
  private final Client client;
  private final CoreSession coreSession;
  private final int messageLimitBytes;
  private final List<ByteBuffer> greeting = new ArrayList<>(2);
  private PeerTerms terms;
  private Rights checkedRights;
  private int offered;
  private long sparedBytes;
  private long sparedAtNanos;

  /** What takes its packets; whoever sets it back to null ends it. */
  private final AtomicReference<PeerSignals.Session> session = new AtomicReference<>();

  private volatile boolean isRefused;
  private volatile boolean isGone;

  PeerInput(
      PeerIntake intake,
      FanOut fanOut,
      ServerStatistics statistics,
      Client client,
      CoreSession coreSession,
      int messageLimitBytes) {
    this.intake = intake;
    this.fanOut = fanOut;
    this.statistics = statistics;
    this.client = client;
    this.coreSession = coreSession;
    this.messageLimitBytes = messageLimitBytes;
  }

  /** Takes a packet of a signal; false when nobody wants it. */
  boolean packet(int signo, int type, ByteBuffer payload) {
    PeerSignals.Session taker = session.get();
    if (taker == null) {
      return isRefused;
    }
    pass(taker, signo, type, payload);
    return true;
  }

  /** Takes a message of the session that is no command; false when nobody wants it. */
  boolean message(Metadata metadata, ByteBuffer packet) {
    PeerSignals.Session taker = session.get();
    if (taker != null) {
      count(metadata);
      pass(taker, 0, PacketHeader.METADATA, packet);
      return true;
    }
    switch (metadata.method()) {
      case ApiVersion.METHOD -> greeting.clear();
      case Init.METHOD -> {}
      case Available.METHOD -> {
        return isRefused || offers(metadata, packet);
      }
      default -> {
        return isRefused;
      }
    }
    if (intake.taker() != null && greeting.size() < 2) {
      greeting.add(packet);
    }
    return true;
  }

  private boolean offers(Metadata metadata, ByteBuffer packet) {
    PeerSignals taker = intake.taker();
    boolean isEmpty = Available.parse(metadata.params()).signalIds().isEmpty();
    if (taker == null || greeting.isEmpty() || isEmpty) {
      return isEmpty;
    }
    if (!client.rights().publishesAny()) {
      isRefused = true;
      statistics.notTaken(client, "its role may publish none");
      return true;
    }
    checkedRights = client.rights();
    if (!intake.enter()) {
      isRefused = true;
      statistics.notTaken(client, "enough others publish (key acceptedClients)");
      return true;
    }
    terms = intake.terms();
    sparedBytes = BURST_SECONDS * terms.bytesPerSecond();
    sparedAtNanos = System.nanoTime();
    PeerSignals.Session opened;
    try {
      opened = taker.open(this);
    } catch (RuntimeException | Error e) {
      intake.leave();
      throw e;
    }
    session.set(opened);
    if (isGone) { // closed meanwhile, on another thread, which may have found no session
      end("the connection was lost");
      return true;
    }
    statistics.publishes(client, prefix());
    greeting.forEach(each -> pass(opened, 0, PacketHeader.METADATA, each));
    greeting.clear();
    count(metadata);
    pass(opened, 0, PacketHeader.METADATA, packet);
    return true;
  }

  /** Bounds what is offered; what takes it has the same bound, for who lies in numbers. */
  private void count(Metadata metadata) {
    if (metadata.method().equals(Available.METHOD)) {
      List<String> signalIds = Available.parse(metadata.params()).signalIds();
      offered += signalIds.size();
      checkRights(signalIds);
    } else if (metadata.method().equals(Unavailable.METHOD)) {
      int gone = Unavailable.parse(metadata.params()).signalIds().size();
      offered = Math.max(0, offered - gone);
    }
    if (offered > terms.signals()) {
      disconnect("it offers more than " + terms.signals() + " signals (key acceptedSignals)");
    }
  }

  private void checkRights(List<String> signalIds) {
    String prefix = prefix();
    for (String id : signalIds) {
      boolean hasTwo = prefix.endsWith("/") && id.startsWith("/");
      if (!checkedRights.publishes(prefix + (hasTwo ? id.substring(1) : id))) {
        disconnect("its role may not publish all that it offers");
        return;
      }
    }
  }

  private void pass(PeerSignals.Session taker, int signo, int type, ByteBuffer payload) {
    if (isRefused) {
      return;
    }
    int bytes = payload.remaining() + PacketHeader.LONG_BYTES;
    if (hasOtherRights()) {
      disconnect(OTHER_RIGHTS);
    } else if (!intake.terms().accept()) {
      disconnect("none are any more (key acceptSignals)");
    } else if (isWithinRate(bytes)) {
      taker.packet(signo, type, payload);
    } else {
      disconnect(
          "it publishes more than "
              + terms.bytesPerSecond()
              + " bytes in a second (key acceptedBytesPerSecond)");
    }
  }

  private boolean hasOtherRights() {
    return !client.rights().publish().equals(checkedRights.publish());
  }

  /** What the client may do has changed; on the fan-out thread. */
  void rightsChanged() {
    if (session.get() != null && hasOtherRights()) {
      disconnect(OTHER_RIGHTS);
    }
  }

  private boolean isWithinRate(int bytes) {
    long now = System.nanoTime();
    long perSecond = terms.bytesPerSecond();
    long most = BURST_SECONDS * perSecond;
    long elapsed = Math.min(now - sparedAtNanos, BURST_SECONDS * NANOS_PER_SECOND);
    long gained = (long) ((double) elapsed * perSecond / NANOS_PER_SECOND);
    if (gained > 0) { // else the rest of the time counts later
      sparedBytes = Math.min(most, sparedBytes + gained);
      sparedAtNanos = now;
    }
    sparedBytes -= bytes;
    return sparedBytes >= 0;
  }

  /** The connection is gone. */
  void closed(String why) {
    isRefused = true;
    isGone = true;
    end(why);
  }

  private void end(String why) {
    PeerSignals.Session taker = session.getAndSet(null);
    if (taker != null) {
      intake.leave();
      taker.closed(why);
    }
  }

  @Override
  public String name() {
    return client.identity().name();
  }

  @Override
  public InetSocketAddress address() {
    return client.identity().address();
  }

  @Override
  public String prefix() {
    return terms.prefixFor(client.identity().address(), client.identity().userAgent());
  }

  @Override
  public boolean mayPublish(String signalId) {
    return client.rights().publishes(signalId);
  }

  @Override
  public int signalsLimit() {
    return terms.signals();
  }

  @Override
  public int messageLimitBytes() {
    return messageLimitBytes;
  }

  @Override
  public boolean send(byte[] packet) {
    fanOut.send(client, FrameHeader.BINARY, packet, Callback.NOOP);
    return !isGone;
  }

  @Override
  public void disconnect(String reason) {
    if (!isRefused) {
      isRefused = true;
      String text = LimitedLog.oneLine(reason);
      statistics.notTaken(client, text);
      Farewell.forbidden(text.substring(0, Math.min(text.length(), REASON_CHARS_MAX)))
          .say(coreSession);
    }
  }
}
