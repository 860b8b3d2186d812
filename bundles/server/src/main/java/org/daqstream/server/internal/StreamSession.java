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
    guarded(
        () -> {
          session.demand();
          if (refusal != null) { // others came in between the upgrade's check and here
            statistics.refused(address, refusal);
            session.close(CloseStatus.TRY_AGAIN_LATER, refusal, Callback.NOOP);
          }
        });
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

  /**
   * Takes what there is of a frame. Its buffer is Jetty's again when the callback is done, and a
   * failure behind that would have Jetty release it twice: none may leave this method.
   */
  @Override
  public void onFrame(Frame frame, Callback callback) {
    final byte[] payload;
    try {
      if (exceedsLimit(frame)) {
        callback.failed(
            new MessageTooLargeException("message exceeds " + messageLimitBytes + " bytes"));
        return;
      }
      payload = BufferUtil.toArray(frame.getPayload());
    } catch (RuntimeException | Error e) {
      callback.failed(e);
      return;
    }
    callback.succeeded();
    guarded(() -> take(frame.getOpCode(), frame.isFin(), payload));
  }

  /** Does what follows from a frame; a fault in it ends this client only. */
  private void guarded(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException | Error e) {
      statistics.fault("client " + client, e);
      requests.clear();
      coreSession.close(CloseStatus.SERVER_ERROR, "internal error", Callback.NOOP);
    }
  }

  private boolean exceedsLimit(Frame frame) {
    if (OpCode.isControlFrame(frame.getOpCode())) {
      return false;
    }
    if (frame.getOpCode() != OpCode.CONTINUATION) {
      ignoresMessage = frame.getOpCode() == OpCode.TEXT;
    }
    return !ignoresMessage && message.size() + frame.getPayloadLength() > messageLimitBytes;
  }

  private void take(byte opcode, boolean isFin, byte[] payload) {
    switch (opcode) {
      case OpCode.PING -> pong(payload);
      case OpCode.CLOSE -> fanOut.submit(() -> fanOut.peerCloses(client));
      case OpCode.TEXT, OpCode.BINARY, OpCode.CONTINUATION -> data(isFin, payload);
      default -> coreSession.demand();
    }
  }

  private void pong(byte[] payload) {
    coreSession.sendFrame(
        new OutgoingEntry.Builder()
            .frame(new Frame(OpCode.PONG).setPayload(ByteBuffer.wrap(payload)))
            .callback(Callback.from(this::demandLater))
            .build());
  }

  private void data(boolean isFin, byte[] payload) {
    if (!ignoresMessage) {
      message.writeBytes(payload);
    }
    if (!isFin) {
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
        client,
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
      executor.execute(() -> guarded(() -> request(requests.remove())));
    }
  }

  /** Asks for the next frame on another thread: the fan-out thread must not parse what came. */
  private void demandLater() {
    executor.execute(() -> guarded(coreSession::demand));
  }

  @Override
  public void onError(Throwable cause, Callback callback) {
    if (cause instanceof CloseException) {
      guarded(() -> statistics.violation(client, cause.getMessage()));
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
      guarded(
          () -> {
            guard.left(address);
            fanOut.submit(() -> fanOut.remove(gone, new IOException(LOST)));
            statistics.disconnected(gone, why(closeStatus));
          });
    }
    callback.succeeded();
  }
}
