/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.web;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.daqstream.server.api.HttpPage;
import org.daqstream.server.internal.Peer;
import org.daqstream.server.internal.start.TestServer;
import org.daqstream.testing.LogLines;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** Pages that other bundles add to both ports. */
public class HttpPagesTest {
  private TestServer server;

  @Before
  public void startServer() throws Exception {
    server = new TestServer();
  }

  @After
  public void stopServer() {
    server.close();
  }

  private static HttpPage page(Supplier<String> body) {
    return new HttpPage() {
      @Override
      public String contentType() {
        return "text/x-test";
      }

      @Override
      public byte[] body() {
        return body.get().getBytes(StandardCharsets.UTF_8);
      }
    };
  }

  private HttpPage add(String path, int ranking, Supplier<String> body) {
    HttpPage page = page(body);
    server.pages.add(page, Map.of(HttpPage.PATH, path, "service.ranking", ranking));
    return page;
  }

  @Test
  public void aPageChoosesItsStatus() throws Exception {
    server.pages.add(
        new HttpPage() {
          @Override
          public String contentType() {
            return "text/plain";
          }

          @Override
          public byte[] body() {
            return "CRITICAL".getBytes(StandardCharsets.UTF_8);
          }

          @Override
          public int status(byte[] body) {
            return body.length == 8 ? 503 : 200;
          }
        },
        Map.of(HttpPage.PATH, "/health"));
    String answer = get(server.port(), "/health");
    assertTrue(answer, answer.startsWith("HTTP/1.1 503 "));
    assertTrue(answer, answer.endsWith("\r\n\r\nCRITICAL"));
  }

  private void addReady(String path, String body) {
    server.pages.add(
        new HttpPage() {
          @Override
          public String contentType() {
            return "text/plain";
          }

          @Override
          public byte[] body() {
            return body.getBytes(StandardCharsets.UTF_8);
          }

          @Override
          public boolean isReady() {
            return true;
          }
        },
        Map.of(HttpPage.PATH, path));
  }

  private String get(int port, String path) throws Exception {
    return get(port, path, "");
  }

  private static String get(int port, String path, String fields) throws Exception {
    return ask("GET", port, path, fields);
  }

  private static String ask(String method, int port, String path, String fields) throws Exception {
    try (Peer peer = new Peer(port)) {
      peer.write(
          "%s %s HTTP/1.1\r\nHost: localhost\r\n%sConnection: close\r\n\r\n"
              .formatted(method, path, fields));
      return new String(peer.socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  public void pageIsShownOnBothPortsUntilItLeaves() throws Exception {
    HttpPage page = add("/hello", 0, () -> "what a day");
    for (int port : new int[] {server.port(), server.controlPort()}) {
      String answer = get(port, "/hello?x=1");
      assertTrue(answer, answer.startsWith("HTTP/1.1 200 "));
      assertTrue(answer, answer.toLowerCase(Locale.ROOT).contains("content-type: text/x-test\r\n"));
      assertTrue(answer, answer.endsWith("\r\n\r\nwhat a day"));
    }
    server.pages.remove(page);
    assertTrue(get(server.port(), "/hello").startsWith("HTTP/1.1 400 "));
  }

  @Test
  public void pageMayBeForSomeOnly() throws Exception {
    server.pages.add(
        new HttpPage() {
          @Override
          public String refusal(InetAddress reader) {
            return "not for " + reader.getHostAddress();
          }

          @Override
          public String contentType() {
            return "text/plain";
          }

          @Override
          public byte[] body() {
            throw new IllegalStateException("asked for nobody");
          }
        },
        Map.of(HttpPage.PATH, "/secret"));
    String answer = get(server.port(), "/secret");
    assertTrue(answer, answer.startsWith("HTTP/1.1 403 "));
    assertTrue(answer, answer.endsWith("\r\n\r\nnot for 127.0.0.1"));
  }

  @Test
  public void whoAsksForTheHeadGetsNoBody() throws Exception {
    add("/hello", 0, () -> "what a day");
    String answer = ask("HEAD", server.port(), "/hello", "");
    assertTrue(answer, answer.startsWith("HTTP/1.1 200 "));
    assertTrue(answer, answer.toLowerCase(Locale.ROOT).contains("content-length: 10\r\n"));
    assertTrue(answer, answer.endsWith("\r\n\r\n"));
  }

  @Test
  public void compressedBodyIsForThoseWhoAcceptIt() throws Exception {
    server.pages.add(
        new HttpPage() {
          @Override
          public String contentType() {
            return "text/plain";
          }

          @Override
          public byte[] body() {
            return "plain".getBytes(StandardCharsets.UTF_8);
          }

          @Override
          public byte[] gzippedBody() {
            return "pressed".getBytes(StandardCharsets.UTF_8);
          }

          @Override
          public Map<String, String> headers() {
            return Map.of("Cache-Control", "no-cache");
          }
        },
        Map.of(HttpPage.PATH, "/"));
    String pressed = get(server.port(), "/", "Accept-Encoding: br;q=1, GZIP;q=0.5\r\n");
    assertTrue(pressed, pressed.contains("\r\nContent-Encoding: gzip\r\n"));
    assertTrue(pressed, pressed.contains("\r\nVary: Accept-Encoding\r\n"));
    assertTrue(pressed, pressed.contains("\r\nCache-Control: no-cache\r\n"));
    assertTrue(pressed, pressed.endsWith("\r\n\r\npressed"));
    for (String not : new String[] {"", "Accept-Encoding: br, gzip;q=0\r\n"}) {
      String plain = get(server.port(), "/", not);
      assertTrue(plain, plain.contains("\r\nVary: Accept-Encoding\r\n"));
      assertFalse(plain, plain.contains("Content-Encoding"));
      assertTrue(plain, plain.endsWith("\r\n\r\nplain"));
    }
  }

  @Test
  public void higherRankingAnswers() throws Exception {
    add("/p", 1, () -> "one");
    add("/p", 5, () -> "five");
    add("/p", 3, () -> "three");
    assertTrue(get(server.port(), "/p").endsWith("five"));
  }

  @Test
  public void upgradeAtThePathOfAPageIsASession() throws Exception {
    add("/", 0, () -> "page");
    try (Peer peer = Peer.connect(server.port())) {
      assertEquals(24, peer.sessionId.length());
    }
  }

  @Test
  public void pageThatFailsHarmsNobody() throws Exception {
    add(
        "/bad",
        0,
        () -> {
          throw new IllegalStateException("out of paper");
        });
    for (int i = 0; i < 10; i++) {
      assertTrue(get(server.port(), "/bad").startsWith("HTTP/1.1 500 "));
    }
  }

  @Test
  public void faultThatRequestsMeetIsToldOnce() throws Exception {
    server.pages.add(
        new HttpPage() {
          @Override
          public String refusal(InetAddress reader) {
            throw new IllegalStateException("out of paper");
          }

          @Override
          public String contentType() {
            return "text/plain";
          }

          @Override
          public byte[] body() {
            return new byte[0];
          }
        },
        Map.of(HttpPage.PATH, "/bad"));
    LogLines.clear();
    for (int i = 0; i < 5; i++) {
      assertTrue(get(server.port(), "/bad").startsWith("HTTP/1.1 500 "));
    }
    assertEquals(LogLines.all().toString(), 1, LogLines.all().size());
  }

  @Test
  public void pagesThatHangTakeFewThreads() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    CountDownLatch hanging = new CountDownLatch(4);
    add(
        "/slow",
        0,
        () -> {
          hanging.countDown();
          try {
            end.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return "at last";
        });
    Peer[] waiting = new Peer[4];
    for (int i = 0; i < waiting.length; i++) {
      waiting[i] = new Peer(server.port());
      waiting[i].write("GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n");
    }
    hanging.await();
    assertTrue(get(server.port(), "/slow").startsWith("HTTP/1.1 503 "));
    addReady("/ready", "at hand");
    assertTrue(get(server.port(), "/ready").endsWith("at hand"));
    Peer.connect(server.port()).close();
    end.countDown();
    for (Peer peer : waiting) {
      assertTrue(peer.readHead().startsWith("HTTP/1.1 200 "));
      peer.close();
    }
  }

  @Test
  public void pageWithoutAPathIsLeftOut() throws Exception {
    server.pages.add(page(() -> "lost"), Map.of(HttpPage.PATH, "no/slash"));
    server.pages.add(page(() -> "lost"), Map.of());
    assertTrue(get(server.port(), "/no/slash").startsWith("HTTP/1.1 400 "));
  }

  @Test
  public void pagesThatNeedARightHaveAPortOfTheirOwn() throws Exception {
    try (TestServer apart = new TestServer("metricsPort", 0)) {
      apart.pages.add(page(() -> "figures"), Map.of(HttpPage.PATH, "/m", HttpPage.KIND, "metrics"));
      apart.pages.add(page(() -> "signals"), Map.of(HttpPage.PATH, "/"));
      assertTrue(get(apart.metricsPort(), "/m").endsWith("figures"));
      for (int port : new int[] {apart.port(), apart.controlPort()}) {
        assertTrue(get(port, "/").endsWith("signals"));
        assertTrue(get(port, "/m").startsWith("HTTP/1.1 400 "));
      }
      assertTrue(get(apart.metricsPort(), "/").startsWith("HTTP/1.1 404 "));
      assertTrue(Peer.post(apart.metricsPort(), "{}").startsWith("HTTP/1.1 404 "));
      try (Peer peer = new Peer(apart.metricsPort())) {
        assertTrue(peer.upgrade("/").startsWith("HTTP/1.1 404 "));
      }
    }
  }
}
