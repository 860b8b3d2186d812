/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.web;

import java.net.InetAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.daqstream.security.api.Credentials;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;

/**
 * The page on which people log in with a browser, on a server that needs it. What they type goes
 * over TLS only, or stays on this machine.
 */
final class LoginPage {
  static final String PATH = "/login";
  private static final String LOGOUT_PATH = "/logout";
  private static final int FORM_BYTES = 4_096;
  private static final String FORM_TYPE = "application/x-www-form-urlencoded";

  private static final String STYLE =
      "body{font:16px/1.5 system-ui,sans-serif;max-width:22em;margin:4em auto;padding:0 1em;"
          + "color-scheme:light dark}label{display:block;margin-top:1em}"
          + "input{width:100%;box-sizing:border-box;font:inherit}"
          + "button{margin-top:1.5em;font:inherit;padding:.2em 1em}";
  private static final String CONTENT_POLICY =
      "default-src 'none'; style-src 'sha256-"
          + Hashes.base64(STYLE)
          + "'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
  private static final String HEAD =
      "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport"
          + " content=\"width=device-width\"><title>Log in</title><style>"
          + STYLE
          + "</style><h1>daqstream</h1>";
  private static final String FORM =
      "<form method=post action=/login>"
          + "<label>User, if not a token <input name=user autocomplete=username></label>"
          + "<label>Password or token <input name=secret type=password required autofocus"
          + " autocomplete=current-password></label><button>Log in</button></form>";
  private static final String LOGOUT =
      "<p>You are logged in. <a href=/>Signals</a><form method=post action=/logout><button>Log"
          + " out</button></form>";

  private final Entrance entrance;
  private final WebRules rules;
  private final HttpAnswers answers;

  LoginPage(Entrance entrance, WebRules rules, HttpAnswers answers) {
    this.entrance = entrance;
    this.rules = rules;
    this.answers = answers;
  }

  static boolean isAt(String path) {
    return path.equals(PATH) || path.equals(LOGOUT_PATH);
  }

  /** Answers a request for one of its paths. */
  void take(Request request, Response response, InetAddress address, Callback callback) {
    if (!WebRules.isInsideTls(request) && !address.isLoopbackAddress()) {
      String why = "logging in with a browser needs TLS, other programs send a token";
      answers.deny(request, response, HttpStatus.FORBIDDEN_403, why, callback);
    } else if (HttpHandler.reads(request)) {
      String body = entrance.session(request, address).isPresent() ? LOGOUT : FORM;
      show(response, HttpStatus.OK_200, body, callback);
    } else if (!HttpMethod.POST.is(request.getMethod()) || !isFromOwnPage(request)) {
      String why = "only the server's own page logs in and out";
      answers.deny(request, response, HttpStatus.FORBIDDEN_403, why, callback);
    } else if (ShownCredentials.pathOf(request).equals(PATH)) {
      logIn(request, response, address, callback);
    } else {
      int port = Entrance.portOf(request);
      SessionCookie.idsIn(request, port).forEach(id -> entrance.sessions().end(id, port));
      entrance.sweep();
      leadTo(request, response, PATH, "", callback);
    }
  }

  private boolean isFromOwnPage(Request request) {
    String origin = request.getHeaders().get(HttpHeader.ORIGIN);
    return origin != null && rules.isOwn(request, origin);
  }

  private void logIn(Request request, Response response, InetAddress address, Callback callback) {
    String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
    if (type == null || !type.split(";", 2)[0].strip().equalsIgnoreCase(FORM_TYPE)) {
      String why = "a login comes as " + FORM_TYPE;
      answers.refuseBody(request, response, HttpStatus.UNSUPPORTED_MEDIA_TYPE_415, why, callback);
      return;
    }
    Content.Source.asByteArrayAsync(
        request,
        FORM_BYTES,
        new Promise.Invocable<byte[]>() {
          @Override
          public InvocationType getInvocationType() {
            return InvocationType.NON_BLOCKING;
          }

          @Override
          public void succeeded(byte[] body) {
            answers.guarded(
                callback, () -> logIn(credentials(body, address), request, response, callback));
          }

          @Override
          public void failed(Throwable cause) {
            String why = "a login is a form of at most " + FORM_BYTES + " bytes";
            answers.guarded(
                callback,
                () ->
                    answers.refuseBody(
                        request, response, HttpStatus.BAD_REQUEST_400, why, callback));
          }
        });
  }

  private static Credentials credentials(byte[] body, InetAddress address) {
    Map<String, String> fields = new HashMap<>();
    for (String field : new String(body, StandardCharsets.UTF_8).split("&", -1)) {
      String[] nameAndValue = field.split("=", 2);
      fields.put(nameAndValue[0], nameAndValue.length == 2 ? decoded(nameAndValue[1]) : "");
    }
    return ShownCredentials.named(
        fields.getOrDefault("user", "").strip(), fields.getOrDefault("secret", ""), address);
  }

  private static String decoded(String value) {
    try {
      return URLDecoder.decode(value, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return ""; // nobody's secret
    }
  }

  private void logIn(
      Credentials credentials, Request request, Response response, Callback callback) {
    entrance.ask(
        request,
        credentials,
        decision ->
            answers.guarded(
                callback,
                () -> {
                  if (decision.isRefused()) {
                    answers.count(request, decision.status(), decision.refusal());
                    Entrance.fields(decision)
                        .forEach(
                            field -> response.getHeaders().put(field.getKey(), field.getValue()));
                    String body = "<p role=alert>" + decision.refusal() + FORM;
                    show(response, decision.status(), body, callback);
                  } else {
                    int port = Entrance.portOf(request);
                    String id =
                        entrance.sessions().begin(decision.visitor(), port, credentials.address());
                    leadTo(request, response, "/", id, callback);
                  }
                }));
  }

  private static void leadTo(
      Request request, Response response, String path, String id, Callback callback) {
    HttpFields.Mutable headers = response.getHeaders();
    headers.put(
        HttpHeader.SET_COOKIE,
        SessionCookie.field(id, WebRules.isInsideTls(request), Entrance.portOf(request)));
    seeOther(response, path, callback);
  }

  /** Leads a browser to another page of the server. */
  static void seeOther(Response response, String path, Callback callback) {
    response.setStatus(HttpStatus.SEE_OTHER_303);
    HttpAnswers.protect(response.getHeaders());
    response.getHeaders().put(HttpHeader.LOCATION, path);
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, 0);
    response.write(true, null, callback);
  }

  private static void show(Response response, int status, String body, Callback callback) {
    response.setStatus(status);
    HttpFields.Mutable headers = response.getHeaders();
    HttpAnswers.protect(headers);
    headers.put("Content-Security-Policy", CONTENT_POLICY);
    headers.put("Referrer-Policy", "same-origin"); // else browsers hide the origin of the form
    headers.put(HttpHeader.CACHE_CONTROL, "no-store");
    headers.put(HttpHeader.CONTENT_TYPE, "text/html;charset=utf-8");
    Content.Sink.write(response, true, HEAD + body, callback);
  }

  /** Whether somebody looks at a page and could log in. */
  static boolean isPerson(Request request) {
    return Optional.ofNullable(request.getHeaders().get(HttpHeader.ACCEPT))
        .filter(types -> types.contains("text/html"))
        .isPresent();
  }
}
