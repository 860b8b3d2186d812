/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.web;

import java.net.InetAddress;
import java.util.concurrent.Executor;
import org.daqstream.protocol.CommandRequest;
import org.daqstream.protocol.CommandResponse;
import org.daqstream.protocol.ProtocolException;
import org.daqstream.server.internal.fanout.Client;
import org.daqstream.server.internal.fanout.Clients;
import org.daqstream.server.internal.fanout.FanOut;
import org.daqstream.server.internal.fanout.Outcome;
import org.daqstream.server.internal.fanout.ServerStatistics;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable;

/** Commands that come by HTTP POST (protocol section 2.4). Any thread; never blocks. */
record HttpCommands(
    FanOut fanOut, ServerStatistics statistics, InputBudget budget, HttpAnswers answers) {
  /** Takes the body of a POST and answers it, now or later. */
  void take(Request request, Response response, Callback callback) {
    if (!isJson(request)) {
      answers.refuseBody(
          request,
          response,
          HttpStatus.UNSUPPORTED_MEDIA_TYPE_415,
          "commands must have the content type application/json",
          callback);
      return;
    }
    int limitBytes = budget.requestLimitBytes();
    if (request.getLength() > limitBytes) {
      answers.refuseBody(
          request, response, HttpStatus.PAYLOAD_TOO_LARGE_413, tooLarge(limitBytes), callback);
      return;
    }
    new Body(limitBytes, request, response, callback).run();
  }

  /**
   * What stock clients say; and a browser asks the server before it sends that for a page of
   * another one.
   */
  private static boolean isJson(Request request) {
    String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
    return type != null && type.split(";", 2)[0].strip().equalsIgnoreCase("application/json");
  }

  /** A body on its way; run whenever there may be more of it. */
  private final class Body implements Invocable.Task {
    private final int limitBytes;
    private final Request request;
    private final Response response;
    private final Callback callback;
    private final InputBudget.Input input;

    Body(int limitBytes, Request request, Response response, Callback callback) {
      this.limitBytes = limitBytes;
      this.request = request;
      this.response = response;
      this.callback = callback;
      this.input = budget.begin(this::dropped);
    }

    private void dropped(String why) {
      EndPoint endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
      statistics.refused(endPoint.getRemoteSocketAddress(), why);
      endPoint.close(); // the next read fails
    }

    @Override
    public InvocationType getInvocationType() {
      return InvocationType.NON_BLOCKING;
    }

    @Override
    public void run() {
      answers.guarded(callback, this::read);
    }

    private void read() {
      while (true) {
        Content.Chunk chunk = request.read();
        if (chunk == null) {
          request.demand(this);
          return;
        }
        if (Content.Chunk.isFailure(chunk)) {
          failed(chunk.getFailure());
          return;
        }
        byte[] part = BufferUtil.toArray(chunk.getByteBuffer());
        boolean isLast = chunk.isLast();
        chunk.release();
        if (input.size() + part.length > limitBytes) {
          failed(
              new HttpException.RuntimeException(
                  HttpStatus.PAYLOAD_TOO_LARGE_413, tooLarge(limitBytes)));
          return;
        }
        input.add(part);
        if (isLast) {
          complete();
          return;
        }
      }
    }

    private void complete() {
      byte[] body = input.end();
      if (body == null) {
        HttpAnswers.gone(callback);
      } else {
        command(body, limitBytes, request, response, callback);
      }
    }

    private void failed(Throwable cause) {
      input.end();
      int status =
          cause instanceof HttpException http ? http.getCode() : HttpStatus.BAD_REQUEST_400;
      String why = cause instanceof HttpException http ? http.getReason() : "the body did not come";
      answers.refuseBody(request, response, status, why, callback);
    }
  }

  private static String tooLarge(int limitBytes) {
    return "the request is larger than " + limitBytes + " bytes (key requestBytes)";
  }

  private void command(
      byte[] body, int limitBytes, Request request, Response response, Callback callback) {
    CommandRequest command;
    try {
      command = CommandRequest.parseHttp(body, InputBudget.limits(limitBytes));
    } catch (ProtocolException e) {
      answers.refuse(request, response, HttpStatus.BAD_REQUEST_400, e.getMessage(), callback);
      return;
    }
    Executor executor = request.getComponents().getExecutor();
    fanOut.submit(
        () ->
            answers.guarded(
                callback, () -> execute(command, executor, request, response, callback)));
  }

  /** On the fan-out thread, which must not wait for a socket: answers come from others. */
  private void execute(
      CommandRequest command,
      Executor executor,
      Request request,
      Response response,
      Callback callback) {
    InetAddress sender = HttpHandler.addressOf(request);
    CommandDispatch dispatch =
        CommandDispatch.of(command, sessionId -> isOf(sender, fanOut.clients().find(sessionId)));
    if (dispatch.isRefused()) {
      executor.execute(
          () ->
              answers.guarded(
                  callback,
                  () ->
                      answers.refuse(
                          request,
                          response,
                          HttpStatus.BAD_REQUEST_400,
                          dispatch.errorMessage(),
                          callback)));
      return;
    }
    int count = dispatch.signalIds().size();
    Clients clients = fanOut.clients();
    clients.execute(
        clients.find(dispatch.sessionId()),
        dispatch.command(
            outcome ->
                executor.execute(
                    () ->
                        answers.guarded(
                            callback, () -> answer(count, outcome, response, callback)))));
  }

  /**
   * Whether it is a client's own machine that commands its session, as it is with stock clients.
   */
  private static boolean isOf(InetAddress sender, Client client) {
    return sender != null
        && client != null
        && isSameMachine(sender, client.identity().address().getAddress());
  }

  static boolean isSameMachine(InetAddress one, InetAddress other) {
    return one.equals(other) || (one.isLoopbackAddress() && other.isLoopbackAddress());
  }

  private static void answer(int count, Outcome outcome, Response response, Callback callback) {
    if (outcome.count() < count) {
      HttpAnswers.answer(
          response, HttpStatus.SERVICE_UNAVAILABLE_503, CommandDispatch.ABANDONED, callback);
    } else if (!outcome.allKnown()) {
      HttpAnswers.answer(
          response, HttpStatus.BAD_REQUEST_400, "unknown signals: " + outcome.unknown(), callback);
    } else {
      HttpAnswers.answer(response, HttpStatus.OK_200, CommandResponse.HTTP_SUCCESS, callback);
    }
  }
}
