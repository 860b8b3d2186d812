/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client.internal;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.daqstream.protocol.ApiVersion;
import org.daqstream.protocol.Available;
import org.daqstream.protocol.CommandInterface;
import org.daqstream.protocol.CommandInterfaces;
import org.daqstream.protocol.CommandRequest;
import org.daqstream.protocol.CommandResponse;
import org.daqstream.protocol.Init;
import org.daqstream.protocol.MetadataCodec;
import org.daqstream.protocol.PacketHeader;
import org.daqstream.protocol.PeerProfile;
import org.daqstream.protocol.Unavailable;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.sink.SignalSink;

/**
 * The signals that this side offers to the device, which subscribes to them as a client does
 * (protocol section 2.8). They outlive connections: each new one is offered them again. For any
 * thread; this lock before a table's.
 */
public final class OwnSignals implements SignalSink {
  private static final int STREAM_ID_BYTES = 12;

  /** What an id costs beside its characters, and an offer beside its ids; at most. */
  private static final int ID_HEADER_BYTES = 5;

  private static final int OFFER_BYTES = 100;

  private final Consumer<String> problem;
  private final SecureRandom random = new SecureRandom();

  /** By the ids of domains and values; under the lock, as all that follows. */
  private final Map<String, OwnTable> tables = new HashMap<>();

  private final Set<String> offered = new LinkedHashSet<>();
  private int lastSigno;
  private final Set<Integer> usedSignos = new HashSet<>();
  private PacketOutput output;
  private String refusal = "";
  private boolean isGreeted;

  private final Queue<Runnable> untold = new ConcurrentLinkedQueue<>();
  private volatile OwnLink link; // null: nobody takes signals now

  /** With no signals; what cannot be offered is told. */
  OwnSignals(Consumer<String> problem) {
    this.problem = problem;
  }

  OwnLink link() {
    return link;
  }

  /** Keeps whom a change of the demand is to be told, until no lock is held. */
  void tellLater(Runnable listener) {
    untold.add(listener);
  }

  /** Tells what has changed; with no lock held, because who is told may wait for who publishes. */
  void tellDemand() {
    for (Runnable next = untold.poll(); next != null; next = untold.poll()) {
      try {
        next.run();
      } catch (RuntimeException | Error e) {
        problem.accept("a source failed on a change of its demand: " + e);
      }
    }
  }

  /** The device has greeted. */
  void opened(PacketOutput newOutput, ApiVersion version, Init init) {
    synchronized (this) {
      forget();
      open(newOutput, version, init);
    }
    tellDemand();
  }

  private void open(PacketOutput newOutput, ApiVersion version, Init init) {
    output = newOutput;
    boolean says = init.supported().takesSignals();
    if (!says && !version.isAtLeast(ApiVersion.V2_0_0)) {
      refusal = "the device takes no signals: its version is " + version.version();
      if (!tables.isEmpty()) {
        problem.accept(refusal);
      }
      return;
    }
    byte[] id = new byte[STREAM_ID_BYTES];
    random.nextBytes(id);
    PeerProfile profile = says ? PeerProfile.FULL : PeerProfile.WS_STREAMING;
    link =
        new OwnLink(
            newOutput,
            HexFormat.of().formatHex(id),
            profile,
            says
                ? Math.min(init.supported().signalMessageBytes(), profile.maxDataFrameBytes())
                : profile.maxDataFrameBytes());
    List<String> ids = new ArrayList<>();
    Set.copyOf(tables.values()).forEach(table -> ids.addAll(table.suiting(link, problem)));
    offer(ids);
  }

  /** The connection is gone, and all that was subscribed on it. */
  void closed() {
    synchronized (this) {
      forget();
    }
    tellDemand();
  }

  private void forget() {
    link = null;
    output = null;
    refusal = "";
    isGreeted = false;
    offered.clear();
    Set.copyOf(tables.values()).forEach(OwnTable::reset);
  }

  /** Says that there are signals, behind the greeting, in messages that the device takes. */
  private void offer(List<String> ids) {
    List<String> news = ids.stream().filter(offered::add).toList();
    OwnLink now = link;
    if (news.isEmpty() || now == null) {
      return;
    }
    if (!isGreeted) {
      isGreeted = true;
      CommandInterfaces inBand = new CommandInterfaces(List.of(CommandInterface.inBand()));
      now.tell(0, ApiVersion.V2_0_0.toMetadata());
      now.tell(0, new Init(now.streamId(), inBand, now.supported()).toMetadata());
    }
    int bytes = 0;
    List<String> part = new ArrayList<>();
    for (String each : news) {
      int idBytes = each.getBytes(StandardCharsets.UTF_8).length + ID_HEADER_BYTES;
      if (!part.isEmpty() && bytes + idBytes > now.messageLimitBytes() - OFFER_BYTES) {
        now.tell(0, new Available(part).toMetadata());
        part.clear();
        bytes = 0;
      }
      part.add(each);
      bytes += idBytes;
    }
    now.tell(0, new Available(part).toMetadata());
  }

  @Override
  public synchronized OwnTable openTable(SignalDescriptor domain) {
    int signo = takeSigno();
    OwnTable table = new OwnTable(this, signo, domain);
    take(domain.signalId(), table, signo);
    return table;
  }

  private void take(String signalId, OwnTable table, int signo) {
    if (tables.putIfAbsent(signalId, table) != null) {
      usedSignos.remove(signo);
      throw new IllegalArgumentException("signal " + signalId + " is published already");
    }
  }

  private int takeSigno() {
    do {
      lastSigno = lastSigno % PacketHeader.SIGNO_MAX + 1;
    } while (!usedSignos.add(lastSigno));
    return lastSigno;
  }

  /** A table has a value. */
  synchronized OwnSignal opened(OwnTable table, IntFunction<OwnSignal> value) {
    int signo = takeSigno();
    OwnSignal signal = value.apply(signo);
    take(signal.signalId(), table, signo);
    table.add(signal);
    if (link != null) {
      offer(table.suiting(signal, link, problem));
    } else if (!refusal.isEmpty()) {
      problem.accept(refusal);
    }
    return signal;
  }

  /** A value or a domain is not published any more. */
  synchronized void withdraw(OwnTable table, String signalId, int signo) {
    if (!tables.remove(signalId, table)) {
      return;
    }
    usedSignos.remove(signo);
    unoffer(signalId);
  }

  /** A signal is not offered now; it may be again. */
  synchronized void unoffer(String signalId) {
    OwnLink now = link;
    if (offered.remove(signalId) && now != null) {
      now.tell(0, new Unavailable(List.of(signalId)).toMetadata());
    }
  }

  /** The device has a command; by the thread that reads it. */
  void asked(CommandRequest request) {
    synchronized (this) {
      if (output != null) {
        CommandResponse response = answer(request);
        if (!output.message(MetadataCodec.packet(0, response.toMetadata()))) {
          output.abort();
        }
      }
    }
    tellDemand();
  }

  private CommandResponse answer(CommandRequest request) {
    OwnLink now = link;
    CommandRequest.Target target = request.target(id -> now != null && now.streamId().equals(id));
    if (now == null || !now.streamId().equals(target.streamId())) {
      return CommandResponse.error(
          request.id(), CommandResponse.METHOD_NOT_FOUND, "unknown stream in method");
    }
    boolean subscribes = target.command().equals(CommandRequest.SUBSCRIBE);
    if (!subscribes && !target.command().equals(CommandRequest.UNSUBSCRIBE)) {
      return CommandResponse.error(
          request.id(), CommandResponse.METHOD_NOT_FOUND, "unknown command: " + target.command());
    }
    if (!request.namesSignals()) {
      return CommandResponse.error(
          request.id(), CommandResponse.INVALID_PARAMS, "params must be an array of signal ids");
    }
    List<Boolean> known = new ArrayList<>();
    for (String each : request.signalIds()) {
      known.add(offered.contains(each));
      if (offered.contains(each)) {
        tables.get(each).change(each, subscribes);
      }
    }
    if (!request.isSingle()) {
      return CommandResponse.results(request.id(), known);
    }
    return known.get(0)
        ? CommandResponse.succeeded(request.id())
        : CommandResponse.error(request.id(), CommandResponse.SERVER_ERROR, "unknown signal");
  }
}
