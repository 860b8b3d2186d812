/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.web;

import java.net.InetSocketAddress;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.daqstream.protocol.CommandInterfaces;
import org.daqstream.server.internal.fanout.ClientIdentity;
import org.daqstream.server.internal.fanout.FanOut;
import org.daqstream.server.internal.fanout.ServerStatistics;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.StringUtil;
import org.eclipse.jetty.websocket.core.Behavior;
import org.eclipse.jetty.websocket.core.ExtensionStack;
import org.eclipse.jetty.websocket.core.Negotiated;
import org.eclipse.jetty.websocket.core.WebSocketComponents;
import org.eclipse.jetty.websocket.core.WebSocketConstants;
import org.eclipse.jetty.websocket.core.WebSocketCoreSession;
import org.eclipse.jetty.websocket.core.util.WebSocketUtils;

/**
 * Makes clients of requests for a WebSocket (protocol section 1.2); on threads of Jetty, never
 * blocks.
 */
final class WebSocketUpgrade {
  private static final int STREAM_ID_BYTES = 12;

  /** Nothing looks at the URI of a session, and what a peer sends need not be one. */
  private static final URI NO_URI = URI.create("/");

  private final FanOut fanOut;
  private final ServerStatistics statistics;
  private final ConnectionGuard guard;
  private final InputBudget budget;
  private final PeerIntake intake;
  private final WebSocketComponents components;
  private final HttpAnswers answers;
  private final String path;
  private final Entrance entrance;
  private final SecureRandom random = new SecureRandom();
  private final AtomicLong clientNumbers = new AtomicLong();
  private volatile int commandPort;

  WebSocketUpgrade(
      FanOut fanOut,
      ServerStatistics statistics,
      ConnectionGuard guard,
      InputBudget budget,
      PeerIntake intake,
      WebSocketComponents components,
      HttpAnswers answers,
      String path,
      Entrance entrance) {
    this.fanOut = fanOut;
    this.statistics = statistics;
    this.guard = guard;
    this.budget = budget;
    this.intake = intake;
    this.components = components;
    this.answers = answers;
    this.path = path;
    this.entrance = entrance;
  }

  /** Sets the port that clients are told to send HTTP commands to. */
  void setCommandPort(int port) {
    commandPort = port;
  }

  /** Answers a request for a WebSocket, and has the connection become one if it may. */
  void take(Request request, Response response, Callback callback, Visitor visitor) {
    if (!isProper(request, response, callback)) {
      return;
    }
    EndPoint endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
    InetSocketAddress address = (InetSocketAddress) endPoint.getRemoteSocketAddress();
    if (address == null) {
      HttpAnswers.gone(callback); // reset meanwhile
      return;
    }
    String refusal = guard.refusal(address);
    if (refusal != null) {
      statistics.refused(address, refusal);
      HttpAnswers.answer(response, HttpStatus.SERVICE_UNAVAILABLE_503, refusal, callback);
      return;
    }
    request.setAttribute(
        HttpStream.UPGRADE_CONNECTION_ATTRIBUTE,
        newConnection(request, endPoint, address, visitor));
    String key = request.getHeaders().get(HttpHeader.SEC_WEBSOCKET_KEY);
    response.setStatus(HttpStatus.SWITCHING_PROTOCOLS_101);
    response.getHeaders().put(HttpHeader.UPGRADE, "websocket");
    response.getHeaders().put(HttpHeader.CONNECTION, HttpHeader.UPGRADE.asString());
    response.getHeaders().put(HttpHeader.SEC_WEBSOCKET_ACCEPT, WebSocketUtils.hashKey(key));
    response.write(true, null, callback);
  }

  /** Whether the request is one of the handshake; else it is refused. */
  private boolean isProper(Request request, Response response, Callback callback) {
    HttpFields headers = request.getHeaders();
    if (!WebSocketConstants.SPEC_VERSION_STRING.equals(
        headers.get(HttpHeader.SEC_WEBSOCKET_VERSION))) {
      response
          .getHeaders()
          .put(HttpHeader.SEC_WEBSOCKET_VERSION, WebSocketConstants.SPEC_VERSION_STRING);
      answers.refuse(
          request,
          response,
          HttpStatus.UPGRADE_REQUIRED_426,
          "WebSocket version 13 is required",
          callback);
      return false;
    }
    if (StringUtil.isBlank(headers.get(HttpHeader.SEC_WEBSOCKET_KEY))) {
      answers.refuse(
          request,
          response,
          HttpStatus.BAD_REQUEST_400,
          "header Sec-WebSocket-Key is missing",
          callback);
      return false;
    }
    if (headers.getLongField(HttpHeader.CONTENT_LENGTH) > 0
        || headers.contains(HttpHeader.TRANSFER_ENCODING)) {
      answers.refuseBody(
          request, response, HttpStatus.BAD_REQUEST_400, "an upgrade has no body", callback);
      return false;
    }
    return true;
  }

  private Connection newConnection(
      Request request, EndPoint endPoint, InetSocketAddress address, Visitor visitor) {
    WebSocketSession session =
        new WebSocketSession(
            fanOut,
            statistics,
            guard,
            budget,
            intake,
            new ClientIdentity(
                "client-" + clientNumbers.incrementAndGet(),
                newSessionId(),
                address,
                Objects.requireNonNullElse(
                    request.getHeaders().get(HttpHeader.USER_AGENT), "no User-Agent")),
            endPoint,
            request.getConnectionMetaData().getConnector().getExecutor(),
            CommandInterfaces.inBandAndHttp(commandPort, path),
            entrance,
            visitor);
    WebSocketCoreSession coreSession = newCoreSession(session, request.isSecure());
    ConnectionMetaData metaData = request.getConnectionMetaData();
    Connector connector = metaData.getConnector();
    SessionConnection connection =
        new SessionConnection(
            endPoint,
            connector.getExecutor(),
            connector.getScheduler(),
            connector.getByteBufferPool(),
            coreSession,
            session);
    coreSession.setWebSocketConnection(connection);
    return connection;
  }

  private WebSocketCoreSession newCoreSession(WebSocketSession session, boolean isSecure) {
    // No extension is ever negotiated: a stock peer would take compressed frames for garbage.
    ExtensionStack noExtensions = new ExtensionStack(components, Behavior.SERVER);
    noExtensions.negotiate(List.of(), List.of());
    WebSocketCoreSession coreSession =
        new WebSocketCoreSession(
            session,
            Behavior.SERVER,
            new Negotiated(
                NO_URI, null, isSecure, noExtensions, WebSocketConstants.SPEC_VERSION_STRING),
            components);
    // Frames are taken in parts, so that memory is spent on what has come and not on what a header
    // says; WebSocketSession bounds the message.
    coreSession.setAutoFragment(true);
    coreSession.setMaxFrameSize(budget.messageLimitBytes());
    coreSession.setIdleTimeout(Duration.ZERO);
    return coreSession;
  }

  /** Random, so that nobody can command another's session, and without a dot (section 2.3). */
  private String newSessionId() {
    byte[] bytes = new byte[STREAM_ID_BYTES];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
