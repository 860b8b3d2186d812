/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.web;

import java.nio.charset.StandardCharsets;
import org.daqstream.server.internal.fanout.ServerStatistics;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.QuietException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Answers in plain text, and what is told of requests that get none. */
record HttpAnswers(ServerStatistics statistics) {
  /** Does a part of answering a request; a fault in it ends this request only. */
  void guarded(Callback callback, Runnable work) {
    try {
      work.run();
    } catch (RuntimeException | Error e) {
      statistics.fault("a request gets no answer", e);
      callback.failed(new QuietException.Exception(e)); // Jetty would tell of each again
    }
  }

  /** Gives up a request whose client has left, of which Jetty would warn. */
  static void gone(Callback callback) {
    callback.failed(new QuietException.Exception("the client is gone"));
  }

  /**
   * Has browsers take an answer for nothing but what it says it is, put it into no page of others,
   * and tell nobody its address.
   */
  static void protect(HttpFields.Mutable headers) {
    headers.put("X-Content-Type-Options", "nosniff");
    headers.put("X-Frame-Options", "DENY");
    headers.put("Referrer-Policy", "no-referrer");
    headers.put("Cross-Origin-Resource-Policy", "same-origin");
    headers.put("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
  }

  static void answer(Response response, int status, String text, Callback callback) {
    response.setStatus(status);
    protect(response.getHeaders());
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain;charset=utf-8");
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
    Content.Sink.write(response, true, text, callback);
  }

  /** Answers with an error, counted and logged so many times. */
  void refuse(Request request, Response response, int status, String why, Callback callback) {
    statistics.badRequest(
        request.getConnectionMetaData().getRemoteSocketAddress(), status + " " + why);
    answer(response, status, why, callback);
  }

  /** Answers somebody who may not, counted and logged so many times. */
  void deny(Request request, Response response, int status, String why, Callback callback) {
    count(request, status, why);
    answer(response, status, why, callback);
  }

  /** Counts and logs somebody who may not. */
  void count(Request request, int status, String why) {
    statistics.denied(request.getConnectionMetaData().getRemoteSocketAddress(), status + " " + why);
  }

  /** Answers with an error before the body was read; the connection ends with it. */
  void refuseBody(Request request, Response response, int status, String why, Callback callback) {
    response.getHeaders().put(new HttpField(HttpHeader.CONNECTION, "close"));
    refuse(request, response, status, why, callback);
  }
}
