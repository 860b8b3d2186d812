/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.web;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.daqstream.protocol.Available;
import org.daqstream.protocol.CommandRequest;
import org.daqstream.protocol.CommandResponse;
import org.daqstream.protocol.Delivery;
import org.daqstream.protocol.Limits;
import org.daqstream.protocol.Metadata;
import org.daqstream.protocol.MetadataCodec;
import org.daqstream.protocol.PacketHeader;
import org.daqstream.protocol.PacketReader;
import org.daqstream.protocol.PeerProfile;
import org.daqstream.protocol.ProtocolException;
import org.daqstream.protocol.Reached;
import org.daqstream.server.internal.fanout.Client;
import org.daqstream.server.internal.fanout.Command;
import org.daqstream.server.internal.fanout.FanOut;
import org.daqstream.server.internal.fanout.Outcome;
import org.daqstream.server.internal.fanout.Pace;
import org.daqstream.server.internal.fanout.ServerStatistics;
import org.eclipse.jetty.util.Callback;

/**
 * Commands in the messages of one client (protocol section 2.5), one at a time: the next one is
 * looked at when the answer of the one before has left, so that answers cannot pile up.
 */
final class InBandCommands {
  /** Stock clients send one packet in a message; to keep more than so many costs too much. */
  private static final int BYTES_PER_PACKET = 32;

  private final WebSocketSession session;
  private final FanOut fanOut;
  private final ServerStatistics statistics;
  private final Client client;
  private final Limits limits;
  private final Executor executor;
  private final PeerInput published;
  private final PacketReader reader;
  private boolean saidDelivery;

  /**
   * Packets of the message, as they came: what they say may take far more memory. Guarded by this:
   * once a connection ends Jetty tells of frames that came before without being asked.
   */
  private final Queue<ByteBuffer> packets = new ArrayDeque<>(0);

  InBandCommands(
      WebSocketSession session,
      FanOut fanOut,
      ServerStatistics statistics,
      Client client,
      Limits limits,
      Executor executor,
      PeerInput published) {
    this.session = session;
    this.fanOut = fanOut;
    this.statistics = statistics;
    this.client = client;
    this.limits = limits;
    this.executor = executor;
    this.published = published;
    this.reader = new PacketReader(limits, this::packet);
  }

  /**
   * Takes a message; true when commands are under way, the last of which has the session ask for
   * the next frame.
   */
  boolean handle(byte[] message) {
    long ignoredBefore = ignoredPackets();
    reader.readMessage(ByteBuffer.wrap(message));
    if (ignoredPackets() > ignoredBefore) {
      statistics.malformed(client, "malformed packets");
    }
    return next();
  }

  private long ignoredPackets() {
    return reader.unknownPackets() + reader.oversizePackets() + reader.truncatedPackets();
  }

  private void packet(int signo, int type, ByteBuffer payload) {
    if (signo != 0 && published.packet(signo, type, payload)) {
      return;
    }
    if (type != PacketHeader.METADATA) {
      statistics.malformed(client, "data of signal number " + signo);
    } else if (!keep(payload.slice(payload.position(), signo == 0 ? payload.remaining() : 0))) {
      statistics.malformed(client, "too many packets in a message");
    }
  }

  private synchronized boolean keep(ByteBuffer packet) {
    return packets.size() < limits.metadataBytes() / BYTES_PER_PACKET
        && packets.add(packet.order(ByteOrder.LITTLE_ENDIAN));
  }

  private synchronized ByteBuffer poll() {
    return packets.poll();
  }

  private synchronized boolean isEmpty() {
    return packets.isEmpty();
  }

  private synchronized void clear() {
    packets.clear();
  }

  /** Goes on to the next command; tells whether there is one. */
  private boolean next() {
    for (ByteBuffer packet = poll(); packet != null; packet = poll()) {
      try {
        Metadata metadata = MetadataCodec.decode(packet, limits);
        if (metadata.method().equals(CommandRequest.METHOD)) {
          request(metadata.params());
          return true;
        }
        if (!delivery(metadata)
            && !published.message(metadata, packet)
            && metadata.method().equals(Available.METHOD)) {
          statistics.offers(client, Available.parse(metadata.params()).signalIds());
        }
      } catch (ProtocolException e) {
        statistics.malformed(client, e.getMessage());
      }
    }
    return false;
  }

  /** Takes what a client says of how it wants to be served (protocol section 2.9). */
  private boolean delivery(Metadata metadata) {
    if (client.profile() != PeerProfile.FULL) {
      return false;
    }
    if (metadata.method().equals(Reached.METHOD)) {
      Pace.reached(fanOut, client, Reached.parse(metadata.params()).number());
      return true;
    }
    if (!metadata.method().equals(Delivery.METHOD)) {
      return false;
    }
    if (saidDelivery) {
      statistics.malformed(client, "delivery told twice");
    } else {
      saidDelivery = true;
      Pace.wanted(fanOut, client, Delivery.parse(metadata.params()));
    }
    return true;
  }

  private void request(JsonNode envelope) {
    CommandRequest request;
    try {
      request = CommandRequest.parse(envelope);
    } catch (ProtocolException e) {
      refuse(CommandRequest.idOf(envelope), CommandResponse.INVALID_REQUEST, e.getMessage());
      return;
    }
    CommandDispatch dispatch = CommandDispatch.of(request, client.identity().sessionId()::equals);
    if (dispatch.isRefused()) {
      refuse(request.id(), dispatch.errorCode(), dispatch.errorMessage());
      return;
    }
    JsonNode id = request.id();
    boolean isSingle = request.isSingle();
    int count = dispatch.signalIds().size();
    Command command = dispatch.command(outcome -> put(response(id, isSingle, count, outcome)));
    fanOut.submit(() -> fanOut.clients().execute(client, command));
  }

  private void refuse(JsonNode id, int code, String why) {
    statistics.badRequest(client, why);
    put(CommandResponse.error(id, code, why));
  }

  private static CommandResponse response(
      JsonNode id, boolean isSingle, int count, Outcome outcome) {
    if (outcome.count() < count) {
      return CommandResponse.error(id, CommandResponse.SERVER_ERROR, CommandDispatch.ABANDONED);
    }
    if (!isSingle) {
      return CommandResponse.results(id, outcome.known());
    }
    return outcome.allKnown()
        ? CommandResponse.succeeded(id)
        : CommandResponse.error(
            id, CommandResponse.SERVER_ERROR, "unknown signal: " + outcome.unknown());
  }

  private void put(CommandResponse response) {
    fanOut.answer(
        client,
        MetadataCodec.packet(0, response.toMetadata()),
        Callback.from(
            this::done,
            failure -> {
              clear();
              session.demandLater();
            }));
  }

  /** An answer has left; what follows is not for the fan-out thread. */
  private void done() {
    if (isEmpty()) {
      session.demandLater();
      return;
    }
    executor.execute(
        () ->
            session.guarded(
                () -> {
                  if (!next()) {
                    session.demandLater();
                  }
                }));
  }
}
