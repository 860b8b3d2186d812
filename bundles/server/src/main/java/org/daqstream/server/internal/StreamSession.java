/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.daqstream.protocol.CommandInterfaces;
import org.daqstream.protocol.CommandRequest;
import org.daqstream.protocol.CommandResponse;
import org.daqstream.protocol.Limits;
import org.daqstream.protocol.Metadata;
import org.daqstream.protocol.MetadataCodec;
import org.daqstream.protocol.PacketHeader;
import org.daqstream.protocol.PacketReader;
import org.daqstream.protocol.PeerProfile;
import org.daqstream.protocol.ProtocolException;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.OpCode;
import org.eclipse.jetty.websocket.core.OutgoingEntry;
import org.eclipse.jetty.websocket.core.exception.CloseException;
import org.eclipse.jetty.websocket.core.exception.MessageTooLargeException;

/**
 * The incoming side of one client (protocol section 2.5): answers pings, carries out commands that
 * come in-band, and ignores the rest, counted. Jetty calls it from one thread at a time; the next
 * frame is asked for when the last one is done with, so a client cannot pile up work.
 */
final class StreamSession implements FrameHandler {
  private static final String LOST = "connection lost";

  private final FanOut fanOut;
  private final ServerStatistics statistics;
  private final ConnectionGuard guard;
  private final String streamId;
  private final String userAgent;
  private final InetSocketAddress address;
  private final EndPoint endPoint;
  private final Executor executor;
  private final CommandInterfaces commandInterfaces;
  private final int messageLimitBytes;
  private final int pendingLimitBytes;
  private ByteArrayOutputStream message = new ByteArrayOutputStream(0);
  private final PacketReader packets = new PacketReader(Limits.DEFAULT, this::packet);
  private final Queue<Metadata> requests = new ArrayDeque<>(0);
  private boolean ignoresMessage;
  private boolean saidUnmasked;
  private volatile Client client;
  private CoreSession coreSession;

  StreamSession(
      FanOut fanOut,
      ServerStatistics statistics,
      ConnectionGuard guard,
      String streamId,
      String userAgent,
      EndPoint endPoint,
      InetSocketAddress address,
      Executor executor,
      CommandInterfaces commandInterfaces,
      ServerLimits limits) {
    this.fanOut = fanOut;
    this.statistics = statistics;
    this.guard = guard;
    this.streamId = streamId;
    this.userAgent = userAgent;
    this.endPoint = endPoint;
    this.executor = executor;
    this.address = address;
    this.commandInterfaces = commandInterfaces;
    this.messageLimitBytes = limits.messageBytes();
    this.pendingLimitBytes = limits.pendingBytes();
  }

  @Override
  public void onOpen(CoreSession session, Callback callback) {
    coreSession = session;
    final String refusal = guard.entered(address);
    final PeerProfile profile = PeerProfile.ofUserAgent(userAgent);
    final Client newClient =
        new Client(
            streamId,
            address,
            userAgent,
            profile,
            session,
            new ClientOutput(endPoint, fanOut.sharedOutput(), pendingLimitBytes),
            fanOut.readerTools());
    client = newClient;
    fanOut.submit(() -> fanOut.add(newClient, commandInterfaces));
    statistics.connected(newClient);
    callback.succeeded();
    session.demand();
    if (refusal != null) { // others came in between the upgrade's check and here
      statistics.refused(address, refusal);
      session.close(CloseStatus.TRY_AGAIN_LATER, refusal, Callback.NOOP);
    }
  }

  void unmasked() {
    if (!saidUnmasked) {
      saidUnmasked = true;
      statistics.unmasked(client);
    }
  }

  void send(int opcode, byte[] payload, Callback callback) {
    if (client == null) {
      callback.failed(new ClosedChannelException());
    } else {
      fanOut.send(client, opcode, payload, callback);
    }
  }

  @Override
  public void onFrame(Frame frame, Callback callback) {
    switch (frame.getOpCode()) {
      case OpCode.PING -> pong(frame, callback);
      case OpCode.CLOSE -> {
        fanOut.submit(() -> fanOut.peerCloses(client));
        callback.succeeded();
      }
      case OpCode.TEXT, OpCode.BINARY, OpCode.CONTINUATION -> data(frame, callback);
      default -> {
        callback.succeeded();
        coreSession.demand();
      }
    }
  }

  private void pong(Frame frame, Callback callback) {
    final ByteBuffer copy = ByteBuffer.wrap(BufferUtil.toArray(frame.getPayload()));
    callback.succeeded();
    coreSession.sendFrame(
        new OutgoingEntry.Builder()
            .frame(new Frame(OpCode.PONG).setPayload(copy))
            .callback(Callback.from(this::demandLater))
            .build());
  }

  private void data(Frame frame, Callback callback) {
    if (frame.getOpCode() != OpCode.CONTINUATION) {
      ignoresMessage = frame.getOpCode() == OpCode.TEXT;
    }
    if (!ignoresMessage) {
      if (message.size() + frame.getPayloadLength() > messageLimitBytes) {
        callback.failed(
            new MessageTooLargeException("message exceeds " + messageLimitBytes + " bytes"));
        return;
      }
      message.writeBytes(BufferUtil.toArray(frame.getPayload()));
    }
    callback.succeeded();
    if (!frame.isFin()) {
      coreSession.demand();
      return;
    }
    final byte[] complete = message.toByteArray();
    message = new ByteArrayOutputStream(0); // not reset: that would keep the largest size
    if (ignoresMessage) {
      statistics.malformed(client, "a text message");
    }
    if (ignoresMessage || !handle(complete)) {
      coreSession.demand();
    }
  }

  /** Whether requests are under way; the last of them asks for the next frame when it is done. */
  private boolean handle(byte[] complete) {
    final long ignoredBefore = ignoredPackets();
    packets.readMessage(ByteBuffer.wrap(complete));
    if (ignoredPackets() > ignoredBefore) {
      statistics.malformed(client, "malformed packets");
    }
    if (requests.isEmpty()) {
      return false;
    }
    request(requests.remove());
    return true;
  }

  private long ignoredPackets() {
    return packets.unknownPackets() + packets.oversizePackets() + packets.truncatedPackets();
  }

  private void packet(int signo, int type, ByteBuffer payload) {
    if (type != PacketHeader.METADATA) {
      statistics.malformed(client, "data of signal number " + signo);
      return;
    }
    try {
      final Metadata metadata = MetadataCodec.decode(payload, Limits.DEFAULT);
      if (signo == 0 && metadata.method().equals(CommandRequest.METHOD)) {
        requests.add(metadata);
      }
    } catch (ProtocolException e) {
      statistics.malformed(client, e.getMessage());
    }
  }

  private void request(Metadata metadata) {
    final CommandRequest request;
    try {
      request = CommandRequest.parse(metadata.params());
    } catch (ProtocolException e) {
      refuse(
          CommandRequest.idOf(metadata.params()), CommandResponse.INVALID_REQUEST, e.getMessage());
      return;
    }
    final CommandDispatch dispatch = CommandDispatch.of(request, streamId::equals);
    if (dispatch.isRefused()) {
      refuse(request.id(), dispatch.errorCode(), dispatch.errorMessage());
      return;
    }
    fanOut.submit(
        () ->
            fanOut.execute(
                client, dispatch.command(results -> putResponse(response(request, results)))));
  }

  private void refuse(JsonNode id, int code, String why) {
    statistics.badRequest(client, why);
    putResponse(CommandResponse.error(id, code, why));
  }

  private static CommandResponse response(CommandRequest request, List<Command.Result> results) {
    if (results.size() < request.signalIds().size()) {
      return CommandResponse.error(
          request.id(), CommandResponse.SERVER_ERROR, CommandDispatch.ABANDONED);
    }
    if (!request.isSingle()) {
      return CommandResponse.results(
          request.id(), results.stream().map(Command.Result::known).toList());
    }
    return results.stream().allMatch(Command.Result::known)
        ? CommandResponse.succeeded(request.id())
        : CommandResponse.error(
            request.id(),
            CommandResponse.SERVER_ERROR,
            "unknown signal: " + CommandDispatch.unknown(results));
  }

  private void putResponse(CommandResponse response) {
    fanOut.answer(
        client,
        MetadataCodec.packet(0, response.toMetadata()),
        Callback.from(
            this::commandDone,
            failure -> {
              requests.clear();
              demandLater();
            }));
  }

  /** An answer has left: only now comes the next request, so that answers cannot pile up. */
  private void commandDone() {
    if (requests.isEmpty()) {
      demandLater();
    } else {
      executor.execute(() -> request(requests.remove()));
    }
  }

  /** Asks for the next frame on another thread: the fan-out thread must not parse what came. */
  private void demandLater() {
    executor.execute(coreSession::demand);
  }

  @Override
  public void onError(Throwable cause, Callback callback) {
    if (cause instanceof CloseException) {
      statistics.violation(client, cause.getMessage());
    }
    callback.succeeded();
  }

  private static String why(CloseStatus status) {
    if (status.getReason() != null) {
      return status.getCode() + " " + status.getReason();
    }
    return status.getCode() == CloseStatus.NO_CLOSE ? LOST : String.valueOf(status.getCode());
  }

  @Override
  public void onClosed(CloseStatus closeStatus, Callback callback) {
    final Client gone = client;
    if (gone != null) {
      guard.left(address);
      statistics.disconnected(gone, why(closeStatus));
      fanOut.submit(() -> fanOut.remove(gone, new IOException(LOST)));
    }
    callback.succeeded();
  }
}
