/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.web;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.daqstream.protocol.CommandInterfaces;
import org.daqstream.server.api.HttpPage;
import org.daqstream.server.internal.fanout.FanOut;
import org.daqstream.server.internal.fanout.ServerStatistics;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
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
 * What both ports answer: WebSocket upgrades (protocol section 1.2) and commands by HTTP POST
 * (section 2.4). Jetty calls it on its threads; it never blocks.
 */
public final class StreamingHandler extends Handler.Abstract.NonBlocking {
  private static final int STREAM_ID_BYTES = 12;
  private static final String ANY_PATH = "/";
  private static final String ANY_ORIGIN = "*";

  /** Nothing looks at the URI of a session, and what a peer sends need not be one. */
  private static final URI NO_URI = URI.create("/");

  private final FanOut fanOut;
  private final ServerStatistics statistics;
  private final ConnectionGuard guard;
  private final InputBudget budget;
  private final WebSocketComponents components;
  private final HttpPages pages;
  private final HttpAnswers answers;
  private final HttpCommands commands;
  private final String path;
  private final SecureRandom random = new SecureRandom();
  private final AtomicLong clientNumbers = new AtomicLong();
  private volatile Set<String> allowedOrigins;
  private volatile int commandPort;

  public StreamingHandler(
      FanOut fanOut,
      ServerStatistics statistics,
      ConnectionGuard guard,
      InputBudget budget,
      WebSocketComponents components,
      HttpPages pages,
      String path,
      Set<String> allowedOrigins) {
    this.fanOut = fanOut;
    this.statistics = statistics;
    this.guard = guard;
    this.budget = budget;
    this.components = components;
    this.pages = pages;
    this.answers = new HttpAnswers(statistics);
    this.commands = new HttpCommands(fanOut, statistics, budget, answers);
    this.path = path;
    this.allowedOrigins = allowedOrigins;
  }

  public void setAllowedOrigins(Set<String> origins) {
    allowedOrigins = origins;
  }

  /** Sets the port that clients are told to send HTTP commands to. */
  void setCommandPort(int port) {
    commandPort = port;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    final Connection connection = request.getConnectionMetaData().getConnection();
    guard.began(connection);
    final Callback answered = Callback.from(callback, () -> guard.answered(connection));
    answers.guarded(answered, () -> dispatch(request, response, answered));
    return true;
  }

  private void dispatch(Request request, Response response, Callback answered) {
    final String origin = request.getHeaders().get(HttpHeader.ORIGIN);
    if (origin != null && !isAllowed(origin)) {
      answers.refuse(
          request, response, HttpStatus.FORBIDDEN_403, "origin not allowed: " + origin, answered);
      return;
    }
    response.getHeaders().put("Access-Control-Allow-Origin", origin == null ? ANY_ORIGIN : origin);
    final HttpPage page = pageOf(request);
    if (page != null) {
      show(page, request, response, answered);
    } else if (!path.equals(ANY_PATH) && !path.equals(Request.getPathInContext(request))) {
      answers.refuse(request, response, HttpStatus.NOT_FOUND_404, "the path is " + path, answered);
    } else if (HttpMethod.POST.is(request.getMethod())) {
      commands.take(request, response, answered);
    } else if (HttpMethod.OPTIONS.is(request.getMethod())) {
      response.getHeaders().put("Access-Control-Allow-Methods", "GET, HEAD, POST, OPTIONS");
      response.getHeaders().put("Access-Control-Allow-Headers", "*");
      response.setStatus(HttpStatus.NO_CONTENT_204);
      response.write(true, null, answered);
    } else if (isUpgrade(request)) {
      upgrade(request, response, answered);
    } else {
      answers.refuse(
          request,
          response,
          HttpStatus.BAD_REQUEST_400,
          "this is a streaming server: connect by WebSocket, send commands by POST",
          answered);
    }
  }

  private static boolean isUpgrade(Request request) {
    return HttpMethod.GET.is(request.getMethod())
        && "websocket".equalsIgnoreCase(request.getHeaders().get(HttpHeader.UPGRADE));
  }

  private HttpPage pageOf(Request request) {
    final boolean reads =
        HttpMethod.GET.is(request.getMethod()) || HttpMethod.HEAD.is(request.getMethod());
    return reads && !isUpgrade(request) ? pages.find(Request.getPathInContext(request)) : null;
  }

  /** Has a page made by a thread that may block. */
  private void show(HttpPage page, Request request, Response response, Callback callback) {
    final InetAddress reader = addressOf(request);
    final String refusal = reader == null ? "nobody there" : page.refusal(reader);
    if (refusal != null) {
      answers.refuse(request, response, HttpStatus.FORBIDDEN_403, refusal, callback);
      return;
    }
    if (!pages.mayMake()) {
      answers.refuse(request, response, HttpStatus.SERVICE_UNAVAILABLE_503, "busy", callback);
      return;
    }
    request
        .getComponents()
        .getExecutor()
        .execute(
            () -> {
              try {
                final byte[] body = page.body();
                response.getHeaders().put(HttpHeader.CONTENT_TYPE, page.contentType());
                response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
                response.write(true, ByteBuffer.wrap(body), callback);
              } catch (RuntimeException | Error e) {
                statistics.pageFailed(page, e);
                HttpAnswers.answer(
                    response, HttpStatus.INTERNAL_SERVER_ERROR_500, "the page failed", callback);
              } finally {
                pages.made();
              }
            });
  }

  /** Where a request comes from; {@code null} if the connection is gone again. */
  static InetAddress addressOf(Request request) {
    return request.getConnectionMetaData().getRemoteSocketAddress()
            instanceof InetSocketAddress peer
        ? peer.getAddress()
        : null;
  }

  private boolean isAllowed(String origin) {
    return allowedOrigins.contains(ANY_ORIGIN) || allowedOrigins.contains(origin);
  }

  /** Answers what Jetty refuses before it comes here, such as bytes that are no HTTP. */
  boolean refuse(Request request, Response response, Callback callback) {
    final Object cause = request.getAttribute(ErrorHandler.ERROR_EXCEPTION);
    final int status = cause instanceof HttpException http ? http.getCode() : response.getStatus();
    final Object message = request.getAttribute(ErrorHandler.ERROR_MESSAGE);
    answers.refuse(
        request,
        response,
        status,
        message == null ? HttpStatus.getMessage(status) : message.toString(),
        callback);
    return true;
  }

  private void upgrade(Request request, Response response, Callback callback) {
    final HttpFields headers = request.getHeaders();
    final String key = headers.get(HttpHeader.SEC_WEBSOCKET_KEY);
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
      return;
    }
    if (StringUtil.isBlank(key)) {
      answers.refuse(
          request,
          response,
          HttpStatus.BAD_REQUEST_400,
          "header Sec-WebSocket-Key is missing",
          callback);
      return;
    }
    if (headers.getLongField(HttpHeader.CONTENT_LENGTH) > 0
        || headers.contains(HttpHeader.TRANSFER_ENCODING)) {
      answers.refuseBody(
          request, response, HttpStatus.BAD_REQUEST_400, "an upgrade has no body", callback);
      return;
    }
    final EndPoint endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
    final InetSocketAddress address = (InetSocketAddress) endPoint.getRemoteSocketAddress();
    if (address == null) {
      HttpAnswers.gone(callback); // reset meanwhile
      return;
    }
    final String refusal = guard.refusal(address);
    if (refusal != null) {
      statistics.refused(address, refusal);
      HttpAnswers.answer(response, HttpStatus.SERVICE_UNAVAILABLE_503, refusal, callback);
      return;
    }
    request.setAttribute(
        HttpStream.UPGRADE_CONNECTION_ATTRIBUTE, newConnection(request, endPoint, address));
    response.setStatus(HttpStatus.SWITCHING_PROTOCOLS_101);
    response.getHeaders().put(HttpHeader.UPGRADE, "websocket");
    response.getHeaders().put(HttpHeader.CONNECTION, HttpHeader.UPGRADE.asString());
    response.getHeaders().put(HttpHeader.SEC_WEBSOCKET_ACCEPT, WebSocketUtils.hashKey(key));
    response.write(true, null, callback);
  }

  private Connection newConnection(Request request, EndPoint endPoint, InetSocketAddress address) {
    final StreamSession session =
        new StreamSession(
            fanOut,
            statistics,
            guard,
            budget,
            "client-" + clientNumbers.incrementAndGet(),
            newStreamId(),
            Objects.requireNonNullElse(
                request.getHeaders().get(HttpHeader.USER_AGENT), "no User-Agent"),
            endPoint,
            address,
            request.getConnectionMetaData().getConnector().getExecutor(),
            CommandInterfaces.inBandAndHttp(commandPort, path));
    // No extension is ever negotiated: a stock peer would take compressed frames for garbage.
    final ExtensionStack noExtensions = new ExtensionStack(components, Behavior.SERVER);
    noExtensions.negotiate(List.of(), List.of());
    final WebSocketCoreSession coreSession =
        new WebSocketCoreSession(
            session,
            Behavior.SERVER,
            new Negotiated(
                NO_URI,
                null,
                request.isSecure(),
                noExtensions,
                WebSocketConstants.SPEC_VERSION_STRING),
            components);
    // Frames are taken in parts, so that memory is spent on what has come and not on what a header
    // says; StreamSession bounds the message.
    coreSession.setAutoFragment(true);
    coreSession.setMaxFrameSize(budget.messageLimitBytes());
    coreSession.setIdleTimeout(Duration.ZERO);
    final ConnectionMetaData metaData = request.getConnectionMetaData();
    final Connector connector = metaData.getConnector();
    final StreamConnection connection =
        new StreamConnection(
            endPoint,
            connector.getExecutor(),
            connector.getScheduler(),
            connector.getByteBufferPool(),
            coreSession,
            session);
    coreSession.setWebSocketConnection(connection);
    return connection;
  }

  /** Random, so that nobody can command another's stream, and without a dot (section 2.3). */
  private String newStreamId() {
    final byte[] bytes = new byte[STREAM_ID_BYTES];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
