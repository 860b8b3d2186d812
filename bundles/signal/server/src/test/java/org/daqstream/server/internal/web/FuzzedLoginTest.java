/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.web;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.daqstream.server.api.HttpPage;
import org.daqstream.server.api.ServerEvent;
import org.daqstream.server.internal.Dialogue;
import org.daqstream.server.internal.Peer;
import org.daqstream.server.internal.start.TestServer;
import org.daqstream.signal.api.sink.SignalTap;
import org.junit.Rule;
import org.junit.Test;

/**
 * Requests of any form by somebody who may not: none of them lets him in, and whoever is in loses
 * nothing. Each input has a seed that makes it again; {@code -Ddaqstream.fuzz.seconds} makes it
 * longer.
 */
public class FuzzedLoginTest {
  private static final long BUDGET_NANOS =
      TimeUnit.SECONDS.toNanos(Long.getLong("daqstream.fuzz.seconds", 2));

  /**
   * Where a request is answered by another thread and the next one on the connection is none, Jetty
   * 12.1 now and then answers that one twice before it closes.
   */
  private static final Pattern JETTYS_SECOND_ANSWER =
      Pattern.compile(
          "(?s)(?<=HTTP/1.1 400 .{0,2000})HTTP/1.1 500 .*IllegalStateException: channel already"
              + " completed\\s*$");

  private static final String SECRET = "dqs_0123abcd_right";
  private static final String HIDDEN = "what-nobody-may-read";
  private static final String UPGRADE =
      "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
          + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
  private static final String HOST = " HTTP/1.1\r\nHost: localhost\r\n";
  private static final List<String> REQUESTS =
      List.of(
          "GET /" + HOST + UPGRADE + "\r\n",
          "GET /" + HOST + UPGRADE + "Authorization: Bearer dqs_0123abcd_wrong\r\n\r\n",
          "GET /" + HOST + UPGRADE + "Authorization: Basic dG9rZW46d3Jvbmc=\r\n\r\n",
          "GET /" + HOST + UPGRADE + "Origin: http://localhost\r\nCookie: daqstream-1=a\r\n\r\n",
          "GET /token/dqs_0123abcd_wrong/" + HOST + UPGRADE + "\r\n",
          "GET /?token=dqs_0123abcd_right" + HOST + UPGRADE + "\r\n",
          "GET /" + HOST + "Accept: text/html\r\n\r\n",
          "GET /metrics" + HOST + "Cookie: daqstream-1=a; daqstream-2\r\n\r\n",
          "HEAD /login" + HOST + "\r\n",
          "POST /login"
              + HOST
              + "Origin: http://localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
              + "Content-Length: 20\r\n\r\nuser=a%20&secret=%7e",
          "POST /logout" + HOST + "Origin: http://localhost\r\nCookie: daqstream-1=a\r\n\r\n",
          "POST /"
              + HOST
              + "Content-Type: application/json\r\nContent-Length: 45\r\n\r\n"
              + "{\"id\":1,\"method\":\"x.subscribe\",\"params\":[\"v\"]}",
          "OPTIONS /" + HOST + "Origin: http://localhost\r\n\r\n");

  @Rule public final TestServer server = new TestServer("login", "needed");
  private final SignalTap signal = TestServer.signal(server.table("hidden time"), "hidden");
  private long published;

  /** One after the other, so that an input can be made again; from an address of its own. */
  private String attack(long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] input = input(random);
    try (Socket socket = new Socket()) {
      socket.setSoTimeout(10_000);
      socket.bind(
          new InetSocketAddress(
              InetAddress.getByAddress(new byte[] {127, 1, (byte) (seed >> 8), (byte) seed}), 0));
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
      socket.getOutputStream().write(input);
      socket.shutdownOutput();
      ByteArrayOutputStream answer = new ByteArrayOutputStream();
      InputStream in = socket.getInputStream();
      in.transferTo(answer);
      return answer.toString(StandardCharsets.ISO_8859_1);
    }
  }

  private static byte[] input(SplittableRandom random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(1, 4); i > 0; i--) {
      text.append(REQUESTS.get(random.nextInt(REQUESTS.size())));
    }
    for (int i = random.nextInt(6); i > 0 && !text.isEmpty(); i--) {
      int at = random.nextInt(text.length());
      switch (random.nextInt(4)) {
        case 0 -> text.setCharAt(at, (char) random.nextInt(256));
        case 1 -> text.delete(at, at + random.nextInt(30));
        case 2 -> text.insert(at, text.substring(at, Math.min(text.length(), at + 50)));
        default -> text.insert(at, String.valueOf((char) random.nextInt(256)).repeat(300));
      }
    }
    return text.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private void publish() {
    signal.accept(published, published * TestServer.DELTA, null, new double[] {published}, 0, 1);
    published++;
  }

  @Test
  public void nobodyComesInAndNobodyLosesAnything() throws Exception {
    server.authenticators.add(new KnownPeople().with(SECRET, "everything"), Map.of());
    server.pages.add(page(), Map.of(HttpPage.PATH, "/"));
    server.pages.add(page(), Map.of(HttpPage.PATH, "/metrics", HttpPage.KIND, "metrics"));
    try (Peer witness = Peer.connect(server.port(), "Authorization: Bearer " + SECRET)) {
      Dialogue.subscribe(server, witness, "hidden");
      Dialogue.Subscribed ids = Dialogue.expectSubscribed(witness, "hidden time", "hidden");
      long seed = 0;
      for (long end = System.nanoTime() + BUDGET_NANOS; System.nanoTime() < end; seed++) {
        publish();
        expectOutside(seed);
      }
      assertTrue(seed + " inputs", seed > 50);
      assertTrue(server.statistics().count(ServerEvent.DENIED) > 20);
      Dialogue.expectLine(witness, ids.domainSigno(), 0, 0);
      for (long got = 0; got < published; ) {
        ByteBuffer samples = Dialogue.expectData(witness, ids.signo());
        while (samples.hasRemaining()) {
          assertEquals(got++, (long) samples.getDouble());
        }
      }
    }
    Peer.connect(server.port(), "Authorization: Bearer " + SECRET).close();
  }

  private void expectOutside(long seed) {
    try {
      String answer = attack(seed);
      assertFalse("seed " + seed, answer.contains("HTTP/1.1 101 "));
      assertFalse("seed " + seed, answer.contains(HIDDEN) || answer.contains("hidden"));
      String known = JETTYS_SECOND_ANSWER.matcher(answer).replaceFirst("");
      assertFalse("seed " + seed + ": " + answer, known.contains("HTTP/1.1 500 "));
    } catch (SocketTimeoutException e) {
      throw new AssertionError("seed " + seed + " is not answered", e);
    } catch (IOException e) {
      // hung up on
    }
  }

  private static HttpPage page() {
    return new HttpPage() {
      @Override
      public String contentType() {
        return "text/plain";
      }

      @Override
      public byte[] body() {
        return HIDDEN.getBytes(StandardCharsets.UTF_8);
      }
    };
  }
}
