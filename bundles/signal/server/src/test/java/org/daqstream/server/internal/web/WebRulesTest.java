/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.web;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.daqstream.server.api.HttpPage;
import org.daqstream.server.api.ServerEvent;
import org.daqstream.server.internal.Dialogue;
import org.daqstream.server.internal.Peer;
import org.daqstream.server.internal.start.TestServer;
import org.daqstream.testing.LogLines;
import org.junit.Rule;
import org.junit.Test;

/** Web pages of others and names of others stay outside, on every way in. */
public class WebRulesTest {
  private static final String UPGRADE =
      "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
          + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

  @Rule public final TestServer server = new TestServer("hostNames", "Daq.Lab.Example");

  private static String ask(int port, String method, String path, String... fields)
      throws Exception {
    try (Peer peer = new Peer(port)) {
      peer.write(method + " " + path + " HTTP/1.1\r\n" + String.join("\r\n", fields) + "\r\n\r\n");
      return peer.readHead();
    }
  }

  private String upgrade(String host, String origin) throws Exception {
    String fields = "Host: " + host + "\r\n" + UPGRADE.strip();
    return origin == null
        ? ask(server.port(), "GET", "/", fields)
        : ask(server.port(), "GET", "/", fields, "Origin: " + origin);
  }

  private void expectIn(String host, String origin) throws Exception {
    String head = upgrade(host, origin);
    assertTrue(host + " " + origin + ": " + head, head.startsWith("HTTP/1.1 101 "));
  }

  private void expectOut(String host, String origin) throws Exception {
    String head = upgrade(host, origin);
    assertTrue(host + " " + origin + ": " + head, head.startsWith("HTTP/1.1 403 "));
  }

  @Test
  public void ownPagesMayConnect() throws Exception {
    for (int port : List.of(server.port(), server.controlPort())) {
      for (String host :
          List.of("127.0.0.1", "localhost", "[::1]", "daq.lab.example", "10.0.0.7")) {
        expectIn(host + ":" + server.port(), "http://" + host + ":" + port);
      }
    }
    expectIn("localhost", "http://localhost");
    expectIn("localhost", "https://localhost"); // TLS ended before us
    expectIn("DAQ.lab.example.:443", "https://daq.LAB.example");
  }

  @Test
  public void pagesOfOthersMayNot() throws Exception {
    String host = "localhost:" + server.port();
    for (String origin :
        List.of(
            "http://elsewhere.example",
            "http://localhost",
            "http://localhost:" + (server.port() + 1),
            "http://127.0.0.1:" + server.port(),
            "http://localhost.elsewhere.example:" + server.port(),
            "http://localhost:" + server.port() + "@elsewhere.example",
            "http://localhost:" + server.port() + "/",
            "ftp://localhost:" + server.port(),
            "null",
            "*",
            "",
            "http://")) {
      expectOut(host, origin);
    }
  }

  @Test
  public void namesThatLeadHereByATrickAreNoneOfOurs() throws Exception {
    for (String host :
        List.of(
            "evil.example",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "1.2.3.4.5",
            "daq.lab.example.evil.example",
            "xdaq.lab.example",
            "[evil.example]",
            "evil.example%25localhost")) {
      expectOut(host + ":" + server.port(), "http://" + host + ":" + server.port());
      expectOut(host, "http://localhost:" + server.port());
    }
  }

  @Test
  public void clientsThatAreNoBrowsersAreNotTouched() throws Exception {
    for (String host : List.of("evil.example", "alias", "fe80::1%eth0", "]b a[", "")) {
      expectIn(host, null);
    }
  }

  @Test
  public void pagesAreForNamesOfOursOnly() throws Exception {
    server.pages.add(page(), Map.of(HttpPage.PATH, "/p"));
    assertTrue(get("Host: localhost").startsWith("HTTP/1.1 200 "));
    assertTrue(get("Host: [fe80::1%25eth0]:7414").startsWith("HTTP/1.1 200 "));
    assertTrue(get("Host: evil.example").startsWith("HTTP/1.1 403 "));
    assertTrue(get("Host: localhost", "Origin: http://evil.example").startsWith("HTTP/1.1 403 "));
    for (String name : MachineNames.get()) {
      assertTrue(name, get("Host: " + name + ":1").startsWith("HTTP/1.1 200 "));
    }
  }

  private String get(String... fields) throws Exception {
    return ask(server.port(), "GET", "/p", fields);
  }

  @Test
  public void aBodyThatLooksLikeARequestChangesNoName() throws Exception {
    server.pages.add(page(), Map.of(HttpPage.PATH, "/p"));
    String hidden = "GET /p HTTP/1.1\r\nHost: localhost\r\n\r\n";
    try (Peer peer = new Peer(server.port())) {
      peer.write(
          "POST / HTTP/1.1\r\nHost: evil.example\r\nContent-Type: application/json\r\nContent-Length: "
              + hidden.length()
              + "\r\n\r\n"
              + hidden
              + "GET /p HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
      String answers = peer.readToEnd();
      assertTrue(answers, answers.contains("HTTP/1.1 403 "));
      assertFalse(answers, answers.contains("HTTP/1.1 200 "));
    }
  }

  @Test
  public void commandsOfPagesNeedTheirOriginAndTheirType() throws Exception {
    String own = "Origin: http://localhost:" + server.controlPort();
    String json = "Content-Type: application/json";
    assertTrue(post("Host: localhost:" + server.port(), own).startsWith("HTTP/1.1 415 "));
    assertTrue(post("Host: localhost:" + server.port(), own, json).startsWith("HTTP/1.1 400 "));
    assertTrue(post("Host: evil.example:" + server.port(), own, json).startsWith("HTTP/1.1 403 "));
    assertTrue(post("Host: localhost", "Origin: null", json).startsWith("HTTP/1.1 403 "));
    assertTrue("no page", post("Host: evil.example", json).startsWith("HTTP/1.1 400 "));
    assertTrue("no type", post("Host: evil.example").startsWith("HTTP/1.1 415 "));
  }

  private String post(String... fields) throws Exception {
    return ask(
        server.port(), "POST", "/", String.join("\r\n", fields), "Content-Length: 2\r\n\r\n{}");
  }

  @Test
  public void onlyAllowedOriginsAreToldSo() throws Exception {
    String none = ask(server.port(), "OPTIONS", "/", "Host: localhost");
    assertFalse(none, none.contains("Allow-Origin"));
    String own = "http://localhost:" + server.port();
    String head =
        ask(server.port(), "OPTIONS", "/", own.replace("http://", "Host: "), "Origin: " + own);
    assertTrue(head, head.contains("Access-Control-Allow-Origin: " + own + "\r\n"));
    assertTrue(head, head.contains("Vary: Origin\r\n"));
    String other =
        ask(server.port(), "OPTIONS", "/", "Host: localhost", "Origin: http://evil.example");
    assertTrue(other, other.startsWith("HTTP/1.1 403 ") && !other.contains("Access-Control"));
  }

  @Test
  public void refusalsAreCountedAndToldOnce() throws Exception {
    LogLines.clear();
    long before = server.statistics().count(ServerEvent.DENIED);
    for (int i = 0; i < 5; i++) {
      expectOut("localhost", "http://evil.example/" + "x".repeat(1_000));
    }
    assertEquals(before + 5, server.statistics().count(ServerEvent.DENIED));
    assertEquals(LogLines.all().toString(), 1, LogLines.all().size());
    String line = LogLines.all().get(0);
    assertTrue(line, line.contains("(key allowedOrigins)") && line.length() < 300);
    Dialogue.assertRefused(403, upgrade("localhost", "http://evil.example"));
  }

  @Test
  public void everyAnswerIsProtected() throws Exception {
    server.pages.add(page(), Map.of(HttpPage.PATH, "/p"));
    for (String head :
        List.of(
            get("Host: localhost"),
            ask(server.port(), "GET", "/", "Host: localhost"),
            ask(server.port(), "GET", "/p", "Host: evil.example"),
            ask(server.port(), "HEAD", "/p", "Host: localhost"),
            ask(server.port(), "OPTIONS", "/", "Host: localhost"),
            ask(server.port(), "GET", "/?token=x", "Host: localhost"),
            ask(server.port(), "GET", "/", "Host: a", "Upgrade: websocket"),
            ask(server.port(), "GET", "/", "Host: a", "X: " + "x".repeat(9_000)),
            ask(server.port(), "POST", "/", "Host: a", "Content-Length: 99999999"),
            ask(server.port(), "BREW", "/", "Host: a"),
            post("Host: a"),
            post("Host: evil.example", "Origin: http://evil.example"),
            ask(server.port(), "BREW", "/ :", "Host: a"))) {
      String lower = head.toLowerCase(Locale.ROOT);
      for (String field :
          List.of(
              "x-content-type-options: nosniff",
              "x-frame-options: deny",
              "referrer-policy: no-referrer",
              "cross-origin-resource-policy: same-origin",
              "frame-ancestors 'none'")) {
        assertTrue(field + " in " + head, lower.contains(field));
      }
    }
  }

  @Test
  public void authoritiesAreReadStrictly() {
    assertEquals(new Authority("a.b", 80), Authority.of("A.b", false));
    assertEquals(new Authority("a.b", 443), Authority.of("a.B.", true));
    assertEquals(new Authority("[fe80::1]", 7414), Authority.of("[FE80::1%eth0]:7414", true));
    for (String none :
        List.of("", ":80", "a:", "a:x", "a b", "a/b", "u@a", "[::1", "a..b", "::1")) {
      assertNull(none, Authority.of(none, false));
    }
    assertNotNull(Authority.ofOrigin("https://a:1"));
    assertNull(Authority.ofOrigin("https://a:1?"));
    assertNull(Authority.of("a".repeat(100_000), false));
  }

  private static HttpPage page() {
    return new HttpPage() {
      @Override
      public String contentType() {
        return "text/plain";
      }

      @Override
      public byte[] body() {
        return "page".getBytes(StandardCharsets.UTF_8);
      }
    };
  }
}
