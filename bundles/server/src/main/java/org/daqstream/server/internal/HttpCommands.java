/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal;

import java.util.List;
import java.util.concurrent.Executor;
import org.daqstream.protocol.CommandRequest;
import org.daqstream.protocol.CommandResponse;
import org.daqstream.protocol.Limits;
import org.daqstream.protocol.ProtocolException;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.thread.Invocable;

/** Commands that come by HTTP POST (protocol section 2.4). Any thread; never blocks. */
final class HttpCommands {
  private final FanOut fanOut;
  private final ConnectionGuard guard;
  private final HttpAnswers answers;

  HttpCommands(FanOut fanOut, ConnectionGuard guard, HttpAnswers answers) {
    this.fanOut = fanOut;
    this.guard = guard;
    this.answers = answers;
  }

  /** Takes the body of a POST and answers it, now or later. */
  void take(Request request, Response response, Callback callback) {
    final int limitBytes = guard.limits().requestBytes();
    if (request.getLength() > limitBytes) {
      answers.refuseBody(
          request, response, HttpStatus.PAYLOAD_TOO_LARGE_413, tooLarge(limitBytes), callback);
      return;
    }
    Content.Source.asByteArrayAsync(
        request,
        limitBytes,
        Promise.Invocable.from(
            Invocable.InvocationType.NON_BLOCKING,
            body -> answers.guarded(callback, () -> command(body, request, response, callback)),
            failure -> {
              if (failure instanceof HttpException http) {
                answers.refuseBody(request, response, http.getCode(), http.getReason(), callback);
              } else {
                answers.refuseBody(
                    request,
                    response,
                    HttpStatus.PAYLOAD_TOO_LARGE_413,
                    tooLarge(limitBytes),
                    callback);
              }
            }));
  }

  private static String tooLarge(int limitBytes) {
    return "the request is larger than " + limitBytes + " bytes (key requestBytes)";
  }

  private void command(byte[] body, Request request, Response response, Callback callback) {
    final CommandRequest command;
    try {
      command = CommandRequest.parseHttp(body, Limits.DEFAULT);
    } catch (ProtocolException e) {
      answers.refuse(request, response, HttpStatus.BAD_REQUEST_400, e.getMessage(), callback);
      return;
    }
    final Executor executor = request.getComponents().getExecutor();
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
    final CommandDispatch dispatch =
        CommandDispatch.of(command, streamId -> fanOut.client(streamId) != null);
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
    fanOut.execute(
        fanOut.client(dispatch.streamId()),
        dispatch.command(
            results ->
                executor.execute(
                    () ->
                        answers.guarded(
                            callback, () -> answer(dispatch, results, response, callback)))));
  }

  private static void answer(
      CommandDispatch dispatch,
      List<Command.Result> results,
      Response response,
      Callback callback) {
    final String unknown = CommandDispatch.unknown(results);
    if (results.isEmpty() && !dispatch.signalIds().isEmpty()) {
      HttpAnswers.answer(
          response, HttpStatus.SERVICE_UNAVAILABLE_503, CommandDispatch.ABANDONED, callback);
    } else if (!unknown.isEmpty()) {
      HttpAnswers.answer(
          response, HttpStatus.BAD_REQUEST_400, "unknown signals: " + unknown, callback);
    } else {
      HttpAnswers.answer(response, HttpStatus.OK_200, CommandResponse.HTTP_SUCCESS, callback);
    }
  }
}
