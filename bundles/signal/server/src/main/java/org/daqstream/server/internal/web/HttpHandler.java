/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.web;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;
import org.daqstream.server.api.HttpPage;
import org.daqstream.server.internal.fanout.FanOut;
import org.daqstream.server.internal.fanout.ServerStatistics;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.WebSocketComponents;

/**
 * What both ports answer: WebSocket upgrades (protocol section 1.2) and commands by HTTP POST
 * (section 2.4). Jetty calls it on its threads; it never blocks.
 */
public final class HttpHandler extends Handler.Abstract.NonBlocking {
  private static final String ANY_PATH = "/";
  private static final String GZIP = "gzip";

  private final ServerStatistics statistics;
  private final ConnectionGuard guard;
  private final HttpPages pages;
  private final HttpAnswers answers;
  private final HttpCommands commands;
  private final WebSocketUpgrade upgrade;
  private final String path;
  private final WebRules rules;
  private final Entrance entrance;
  private final LoginPage login;
  private volatile int metricsPort = PortSettings.NONE;

  public HttpHandler(
      FanOut fanOut,
      ServerStatistics statistics,
      ConnectionGuard guard,
      InputBudget budget,
      PeerIntake intake,
      WebSocketComponents components,
      HttpPages pages,
      String path,
      WebTerms terms,
      Entrance entrance) {
    this.statistics = statistics;
    this.guard = guard;
    this.pages = pages;
    this.answers = new HttpAnswers(statistics);
    this.commands = new HttpCommands(fanOut, statistics, budget, answers);
    this.upgrade =
        new WebSocketUpgrade(
            fanOut, statistics, guard, budget, intake, components, answers, path, entrance);
    this.path = path;
    this.rules = new WebRules(terms, MachineNames.get());
    this.entrance = entrance;
    this.login = new LoginPage(entrance, rules, answers);
  }

  public void setWebTerms(WebTerms terms) {
    rules.setTerms(terms);
  }

  /** Has pages that need a right answered on a port of their own, which answers nothing else. */
  void setMetricsPort(int port) {
    metricsPort = port;
  }

  /** Sets the ports that the server listens on. */
  void setPorts(Set<Integer> ports) {
    rules.setPorts(ports);
  }

  /** Sets the port that clients are told to send HTTP commands to. */
  void setCommandPort(int port) {
    upgrade.setCommandPort(port);
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    Connection connection = request.getConnectionMetaData().getConnection();
    guard.began(connection);
    Callback answered = Callback.from(callback, () -> guard.answered(connection));
    answers.guarded(answered, () -> dispatch(request, response, answered));
    return true;
  }

  private void dispatch(Request request, Response response, Callback answered) {
    String asked = ShownCredentials.pathOf(request);
    HttpPages.Page page = pageOf(request, asked);
    String refusal = rules.refusal(request, page != null || LoginPage.isAt(asked));
    if (refusal != null) {
      answers.deny(request, response, HttpStatus.FORBIDDEN_403, refusal, answered);
      return;
    }
    String origin = request.getHeaders().get(HttpHeader.ORIGIN);
    if (origin != null) {
      response.getHeaders().put("Access-Control-Allow-Origin", origin);
      response.getHeaders().add(HttpHeader.VARY, HttpHeader.ORIGIN.asString());
    }
    InetAddress address = addressOf(request);
    if (address == null) {
      HttpAnswers.gone(answered);
    } else {
      answer(request, response, page, asked, address, answered);
    }
  }

  private void answer(
      Request request,
      Response response,
      HttpPages.Page page,
      String asked,
      InetAddress address,
      Callback answered) {
    if (page == null && Entrance.portOf(request) == metricsPort) {
      String why = "there are only metrics here";
      answers.refuse(request, response, HttpStatus.NOT_FOUND_404, why, answered);
    } else if (ShownCredentials.areInQuery(request)) {
      String why = "a token does not go into the query, send it as 'Authorization: Bearer …'";
      answers.deny(request, response, HttpStatus.BAD_REQUEST_400, why, answered);
    } else if (entrance.isLoginNeeded() && LoginPage.isAt(asked) && !isUpgrade(request)) {
      login.take(request, response, address, answered);
    } else if (page == null && !path.equals(ANY_PATH) && !path.equals(asked)) {
      answers.refuse(request, response, HttpStatus.NOT_FOUND_404, "the path is " + path, answered);
    } else if (HttpMethod.POST.is(request.getMethod())) {
      // Who names a session has been told its id, a secret, and only that has rights here.
      commands.take(request, response, answered);
    } else if (HttpMethod.OPTIONS.is(request.getMethod())) {
      answerOptions(response, answered);
    } else if (page != null || isUpgrade(request)) {
      entrance.decide(
          request,
          address,
          decision ->
              answers.guarded(answered, () -> let(decision, page, request, response, answered)));
    } else {
      answers.refuse(
          request,
          response,
          HttpStatus.BAD_REQUEST_400,
          "this is a streaming server: connect by WebSocket, send commands by POST",
          answered);
    }
  }

  private static void answerOptions(Response response, Callback answered) {
    response.getHeaders().put("Access-Control-Allow-Methods", "GET, HEAD, POST, OPTIONS");
    // all others are what the star is for, of which this one is not
    response.getHeaders().put("Access-Control-Allow-Headers", "Authorization, Content-Type, *");
    HttpAnswers.protect(response.getHeaders());
    response.setStatus(HttpStatus.NO_CONTENT_204);
    response.write(true, null, answered);
  }

  /** Goes on with a request of which it is known whose it is. */
  private void let(
      Entrance.Decision decision,
      HttpPages.Page page,
      Request request,
      Response response,
      Callback answered) {
    if (decision.isRefused()) {
      boolean mayLogIn =
          decision.status() == HttpStatus.UNAUTHORIZED_401
              && page != null
              && Entrance.portOf(request) != metricsPort; // there is no login
      if (mayLogIn && LoginPage.isPerson(request)) {
        LoginPage.seeOther(response, LoginPage.PATH, answered);
        return;
      }
      Entrance.fields(decision)
          .forEach(field -> response.getHeaders().put(field.getKey(), field.getValue()));
      answers.deny(request, response, decision.status(), decision.refusal(), answered);
    } else if (page == null) {
      upgrade.take(request, response, answered, decision.visitor());
    } else if (entrance.rightsOf(decision.visitor()).filter(page::isFor).isPresent()) {
      show(page.page(), request, response, answered);
    } else {
      String why = "this page needs the right to read " + page.kind();
      answers.deny(request, response, HttpStatus.FORBIDDEN_403, why, answered);
    }
  }

  /** Whether a page is asked for, or what its answer would begin with. */
  static boolean reads(Request request) {
    return HttpMethod.GET.is(request.getMethod()) || HttpMethod.HEAD.is(request.getMethod());
  }

  static boolean isUpgrade(Request request) {
    return HttpMethod.GET.is(request.getMethod())
        && "websocket".equalsIgnoreCase(request.getHeaders().get(HttpHeader.UPGRADE));
  }

  private HttpPages.Page pageOf(Request request, String asked) {
    HttpPages.Page page = reads(request) && !isUpgrade(request) ? pages.find(asked) : null;
    boolean isElsewhere =
        page != null
            && metricsPort != PortSettings.NONE
            && page.kind().isEmpty() == (Entrance.portOf(request) == metricsPort);
    return isElsewhere ? null : page;
  }

  /** Has a page made by a thread that may block. */
  private void show(HttpPage page, Request request, Response response, Callback callback) {
    InetAddress reader = addressOf(request);
    String refusal = reader == null ? "nobody there" : page.refusal(reader);
    if (refusal != null) {
      answers.deny(request, response, HttpStatus.FORBIDDEN_403, refusal, callback);
      return;
    }
    if (page.isReady()) {
      write(page, request, response, callback);
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
                write(page, request, response, callback);
              } catch (RuntimeException | Error e) {
                statistics.pageFailed(page, e);
                HttpAnswers.answer(
                    response, HttpStatus.INTERNAL_SERVER_ERROR_500, "the page failed", callback);
              } finally {
                pages.made();
              }
            });
  }

  private static void write(HttpPage page, Request request, Response response, Callback callback) {
    byte[] gzipped = page.gzippedBody();
    boolean asGzip = gzipped != null && acceptsGzip(request);
    byte[] body = asGzip ? gzipped : page.body();
    int status = page.status(body);
    String type = page.contentType();
    Map<String, String> further = page.headers();
    HttpFields.Mutable headers = response.getHeaders();
    response.setStatus(status);
    HttpAnswers.protect(headers);
    further.forEach(headers::put);
    headers.put(HttpHeader.CONTENT_TYPE, type);
    headers.put(HttpHeader.CONTENT_LENGTH, body.length);
    if (gzipped != null) {
      headers.add(HttpHeader.VARY, HttpHeader.ACCEPT_ENCODING.asString());
    }
    if (asGzip) {
      headers.put(HttpHeader.CONTENT_ENCODING, GZIP);
    }
    response.write(true, ByteBuffer.wrap(body), callback);
  }

  private static boolean acceptsGzip(Request request) {
    return request.getHeaders().getQualityCSV(HttpHeader.ACCEPT_ENCODING).stream()
        .anyMatch(GZIP::equalsIgnoreCase);
  }

  /** Where a request comes from; {@code null} if the connection is gone again. */
  static InetAddress addressOf(Request request) {
    return request.getConnectionMetaData().getRemoteSocketAddress()
            instanceof InetSocketAddress peer
        ? peer.getAddress()
        : null;
  }

  /** Answers what Jetty refuses before it comes here, such as bytes that are no HTTP. */
  boolean refuse(Request request, Response response, Callback callback) {
    Object cause = request.getAttribute(ErrorHandler.ERROR_EXCEPTION);
    int status = cause instanceof HttpException http ? http.getCode() : response.getStatus();
    Object message = request.getAttribute(ErrorHandler.ERROR_MESSAGE);
    String why = message == null ? HttpStatus.getMessage(status) : message.toString();
    answers.refuse(request, response, status, why + because(cause), callback);
    return true;
  }

  /** What Jetty itself says of any exception is "Bad Request". */
  private static String because(Object error) {
    return error instanceof Throwable thrown && thrown.getCause() != null
        ? ": " + thrown.getCause().getMessage()
        : "";
  }
}
