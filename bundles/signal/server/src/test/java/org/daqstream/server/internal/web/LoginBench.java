/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.web;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.daqstream.server.api.HttpPage;
import org.daqstream.server.internal.Peer;
import org.daqstream.server.internal.start.TestServer;
import org.junit.Before;
import org.junit.Rule;

/** A server that needs a login, with some who are known to it. */
public abstract class LoginBench {
  static final String SECRET = "dqs_0123abcd_it-is-a-secret";
  static final String FORM = "Content-Type: application/x-www-form-urlencoded";
  private static final Pattern COOKIE = Pattern.compile("Set-Cookie: ([^;]*);([^\r]*)");

  @Rule public final TestServer server = new TestServer("login", "needed");
  final KnownPeople people = new KnownPeople();

  @Before
  public void everybodyIsKnown() {
    people.with(SECRET, "reader").with("ann:pa:ss", "reader");
    server.authenticators.add(people, Map.of());
    server.pages.add(page("signals"), Map.of(HttpPage.PATH, "/"));
    server.pages.add(page("figures"), Map.of(HttpPage.PATH, "/m", HttpPage.KIND, "metrics"));
  }

  static HttpPage page(String text) {
    return new HttpPage() {
      @Override
      public String contentType() {
        return "text/plain";
      }

      @Override
      public byte[] body() {
        return text.getBytes(StandardCharsets.UTF_8);
      }
    };
  }

  final String upgrade(String path, String... fields) throws Exception {
    try (Peer peer = new Peer(server.port())) {
      return peer.upgrade(path, fields);
    }
  }

  final String ask(int port, String method, String path, String body, String... fields)
      throws Exception {
    try (Peer peer = new Peer(port)) {
      peer.write(
          method
              + " "
              + path
              + " HTTP/1.1\r\nHost: localhost:"
              + port
              + "\r\nConnection: close\r\n"
              + (fields.length == 0 ? "" : String.join("\r\n", fields) + "\r\n")
              + "Content-Length: "
              + body.length()
              + "\r\n\r\n"
              + body);
      return peer.readToEnd();
    }
  }

  final String get(String path, String... fields) throws Exception {
    return ask(server.port(), "GET", path, "", fields);
  }

  static void expect(int status, String answer) {
    assertTrue(answer, answer.startsWith("HTTP/1.1 " + status + " "));
  }

  static String basic(String userAndPassword) {
    byte[] bytes = userAndPassword.getBytes(StandardCharsets.UTF_8);
    return "Authorization: Basic " + Base64.getEncoder().encodeToString(bytes);
  }

  static String own(int port) {
    return "Origin: http://localhost:" + port;
  }

  final String logIn() throws Exception {
    String answer =
        ask(server.port(), "POST", "/login", "user=&secret=" + SECRET, own(server.port()), FORM);
    expect(303, answer);
    assertTrue(answer, answer.contains("Location: /\r\n"));
    Matcher cookie = COOKIE.matcher(answer);
    assertTrue(answer, cookie.find());
    assertEquals(" Path=/; Max-Age=43200; HttpOnly; SameSite=Strict", cookie.group(2));
    return "Cookie: a=b; " + cookie.group(1);
  }
}
