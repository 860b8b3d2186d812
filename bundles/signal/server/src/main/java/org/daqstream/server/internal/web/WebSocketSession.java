/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.web;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.Executor;
import org.daqstream.protocol.CommandInterfaces;
import org.daqstream.protocol.Init;
import org.daqstream.protocol.PeerProfile;
import org.daqstream.protocol.Supported;
import org.daqstream.server.internal.fanout.Client;
import org.daqstream.server.internal.fanout.ClientIdentity;
import org.daqstream.server.internal.fanout.FanOut;
import org.daqstream.server.internal.fanout.Farewell;
import org.daqstream.server.internal.fanout.Greeting;
import org.daqstream.server.internal.fanout.ServerStatistics;
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
final class WebSocketSession implements FrameHandler {
  private static final String LOST = "connection lost";

  private final FanOut fanOut;
  private final ServerStatistics statistics;
  private final ConnectionGuard guard;
  private final InputBudget budget;
  private final PeerIntake intake;
  private final ClientIdentity identity;
  private final EndPoint endPoint;
  private final Executor executor;
  private final CommandInterfaces commandInterfaces;
  private final Entrance entrance;
  private final Visitor visitor;
  private final int messageLimitBytes;
  private final int pendingLimitBytes;
  private InputBudget.Input message; // null: none has begun that is not complete
  private InBandCommands commands;
  private PeerInput published;
  private boolean ignoresMessage;
  private boolean saidUnmasked;
  private volatile Client client;
  private CoreSession coreSession;

  WebSocketSession(
      FanOut fanOut,
      ServerStatistics statistics,
      ConnectionGuard guard,
      InputBudget budget,
      PeerIntake intake,
      ClientIdentity identity,
      EndPoint endPoint,
      Executor executor,
      CommandInterfaces commandInterfaces,
      Entrance entrance,
      Visitor visitor) {
    this.fanOut = fanOut;
    this.statistics = statistics;
    this.guard = guard;
    this.budget = budget;
    this.intake = intake;
    this.identity = identity;
    this.endPoint = endPoint;
    this.executor = executor;
    this.commandInterfaces = commandInterfaces;
    this.entrance = entrance;
    this.visitor = visitor;
    this.messageLimitBytes = budget.messageLimitBytes();
    this.pendingLimitBytes = guard.limits().pendingBytes();
  }

  @Override
  public void onOpen(CoreSession session, Callback callback) {
    coreSession = session;
    String refusal = guard.entered(identity.address());
    Client newClient = new Client(identity, session, endPoint, pendingLimitBytes, fanOut);
    client = newClient;
    published = new PeerInput(intake, fanOut, statistics, newClient, session, messageLimitBytes);
    entrance.entered(newClient, visitor, published, TlsConnection.objections(endPoint));
    commands =
        new InBandCommands(
            this,
            fanOut,
            statistics,
            newClient,
            InputBudget.limits(messageLimitBytes),
            executor,
            published);
    Greeting greeting = greeting(newClient.profile(), newClient.rights().publishesAny());
    fanOut.submit(() -> fanOut.clients().add(newClient, greeting));
    statistics.connected(newClient);
    callback.succeeded();
    guarded(
        () -> {
          session.demand();
          if (refusal != null) { // others came in between the upgrade's check and here
            statistics.refused(identity.address(), refusal);
            Farewell.noRoom(refusal).say(session);
          }
        });
  }

  private Greeting greeting(PeerProfile profile, boolean mayPublish) {
    return new Greeting(
        mayPublish ? intake.version(profile) : profile.apiVersion(),
        new Init(
            identity.sessionId(),
            commandInterfaces,
            mayPublish ? intake.supported(profile, messageLimitBytes) : Supported.NOTHING));
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
    byte[] payload;
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
  void guarded(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException | Error e) {
      statistics.fault(client, e);
      Farewell.INTERNAL_ERROR.say(coreSession);
    }
  }

  private boolean exceedsLimit(Frame frame) {
    if (OpCode.isControlFrame(frame.getOpCode())) {
      return false;
    }
    if (frame.getOpCode() != OpCode.CONTINUATION) {
      ignoresMessage = frame.getOpCode() == OpCode.TEXT;
    }
    int before = message == null ? 0 : message.size();
    return !ignoresMessage && before + frame.getPayloadLength() > messageLimitBytes;
  }

  private void take(byte opcode, boolean isFin, byte[] payload) {
    client.heard(opcode == OpCode.PONG);
    switch (opcode) {
      case OpCode.PING -> pong(payload);
      case OpCode.CLOSE -> fanOut.submit(() -> fanOut.clients().peerCloses(client));
      case OpCode.TEXT, OpCode.BINARY, OpCode.CONTINUATION -> {
        if (!data(isFin, payload)) {
          coreSession.demand();
        }
      }
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

  /** Whether commands are under way; the last of them asks for the next frame when it is done. */
  private boolean data(boolean isFin, byte[] payload) {
    if (ignoresMessage) {
      if (isFin) {
        statistics.malformed(client, "a text message");
      }
      return false;
    }
    if (isFin && message == null) {
      return commands.handle(payload);
    }
    if (message == null) {
      message = budget.begin(this::dropped);
    }
    message.add(payload);
    if (!isFin) {
      return false;
    }
    byte[] complete = message.end();
    message = null;
    return complete != null && commands.handle(complete);
  }

  private void dropped(String why) {
    statistics.refused(identity.address(), why);
    Farewell.forbidden(why).say(coreSession);
  }

  /** Asks for the next frame on another thread: the fan-out thread must not parse what came. */
  void demandLater() {
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
    Client gone = client;
    if (gone != null) {
      guarded(
          () -> {
            guard.left(identity.address());
            entrance.left(gone);
            if (message != null) {
              message.end();
            }
            fanOut.submit(() -> fanOut.clients().remove(gone, new IOException(LOST)));
            published.closed(why(closeStatus));
            statistics.disconnected(gone, why(closeStatus));
          });
    }
    callback.succeeded();
  }
}
