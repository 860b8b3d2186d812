/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.web;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.daqstream.server.api.ServerEvent;
import org.daqstream.server.internal.Await;
import org.daqstream.server.internal.Peer;
import org.daqstream.server.internal.WitnessedServer;
import org.daqstream.testing.LogLines;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;

/** What is no proper HTTP gets a status in the 400s or 500s and is counted (section 1.2, 2.4). */
public class HttpAbuseTest {
  @Rule public final Timeout timeout = Timeout.seconds(60);

  private static final int BODY_LIMIT = 8192;
  private static final String UPGRADE =
      "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
          + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
  private static final String POST =
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";

  private WitnessedServer server;

  @Before
  public void start() throws Exception {
    LogLines.clear();
    server = new WitnessedServer("requestBytes", BODY_LIMIT, "requestTimeoutMs", 500);
  }

  @After
  public void stop() throws Exception {
    server.close();
    // What Jetty warns of nobody counts or limits.
    assertEquals(List.of(), LogLines.all());
  }

  /** Sends bytes and reads all that comes until the server closes. */
  private String answer(String request) throws Exception {
    try (Peer peer = new Peer(server.port())) {
      peer.write(request);
      peer.socket.shutdownOutput();
      return peer.readToEnd();
    }
  }

  private void expectRefused(int status, String request) throws Exception {
    long before = server.statistics().count(ServerEvent.BAD_REQUEST);
    String answer = answer(request);
    String what = request.substring(0, Math.min(80, request.length())) + " => " + answer;
    assertTrue(what, answer.startsWith("HTTP/1.1 " + status + " "));
    assertEquals(what, before + 1, server.statistics().count(ServerEvent.BAD_REQUEST));
    assertTrue("plain text: " + what, answer.contains("Content-Type: text/plain"));
  }

  private void expectUpgraded(String request) throws Exception {
    try (Peer peer = new Peer(server.port())) {
      peer.write(request);
      String head = peer.readHead();
      assertTrue(head, head.startsWith("HTTP/1.1 101 "));
      peer.next("apiVersion");
    }
  }

  @Test
  public void bytesThatAreNoHttpAreRefused() throws Exception {
    expectRefused(400, "\0\1\2\3\4\5\6\7\r\n\r\n");
    expectRefused(400, "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003 TLS hello");
    expectRefused(400, "\u00ff\u00fe\u00fd\u00fc\r\n\r\n");
    expectRefused(400, "GET / HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n");
    expectRefused(400, "GET / HTTP/1.1\r\nHost: a\r\n folded: b\r\n\r\n");
    expectRefused(400, "GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n");
  }

  @Test
  public void headersOfAnySizeBeyondTheLimitAreRefused() throws Exception {
    expectRefused(431, "GET / HTTP/1.1\r\nHost: a\r\nX: " + "x".repeat(9_000) + "\r\n\r\n");
    expectRefused(431, "GET / HTTP/1.1\r\nHost: a\r\n" + "A: b\r\n".repeat(2_000) + "\r\n");
    expectRefused(414, "GET /" + "x".repeat(9_000) + " HTTP/1.1\r\nHost: a\r\n\r\n");
  }

  @Test
  public void headerLineWithoutEndIsCutOffAtTheLimit() throws Exception {
    try (Peer peer = new Peer(server.port())) {
      byte[] much = "x".repeat(1 << 16).getBytes(StandardCharsets.US_ASCII);
      peer.write("GET / HTTP/1.1\r\nHost: a\r\nX: ");
      for (int i = 0; i < 1_000; i++) {
        peer.write(much);
      }
      throw new AssertionError("64 MiB of one header were taken");
    } catch (SocketException e) {
      Await.until("counted", () -> server.statistics().count(ServerEvent.BAD_REQUEST) == 1);
    }
  }

  @Test
  public void otherProtocolVersionsAreRefused() throws Exception {
    expectRefused(505, "GET / HTTP/3.7\r\nHost: a\r\n\r\n");
    expectRefused(505, "GET /\r\n");
    expectRefused(426, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
  }

  @Test
  public void hostMustBeThereButNeedNotBeWellFormed() throws Exception {
    expectRefused(400, "GET / HTTP/1.1\r\n" + UPGRADE + "\r\n");
    expectRefused(400, "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n" + UPGRADE + "\r\n");
    expectUpgraded("GET / HTTP/1.1\r\nHost: ::1\r\n" + UPGRADE + "\r\n"); // section 1.2
    expectUpgraded("GET / HTTP/1.1\r\nHost: fe80::1ff:fe23:4567\r\n" + UPGRADE + "\r\n");
    expectUpgraded("GET / HTTP/1.1\r\nHost: [::1]:7414\r\n" + UPGRADE + "\r\n");
    expectUpgraded("GET / HTTP/1.1\r\nHost: ]b a[\r\n" + UPGRADE + "\r\n");
    expectUpgraded("GET / HTTP/1.1\r\nhoST:a:b:\u00e4\r\n" + UPGRADE + "\r\n");
    expectUpgraded("GET / HTTP/1.1\nHOST:\tfe80::1%eth0:99999\n" + UPGRADE + "\r\n");
    expectRefused(400, "GET / HTTP/1.1\r\nHost: a\0\r\n" + UPGRADE + "\r\n");
    expectRefused(400, "GET / HTTP/1.1\r\nHost : ]\r\n" + UPGRADE + "\r\n");
    expectRefused(400, "GET / HTTP/1.1\r\nHost: a\r\nX: b\r\nhost:a\r\n" + UPGRADE + "\r\n");
    expectRefused(400, "GET http://]a[:x/ HTTP/1.1\r\nHost: a\r\n" + UPGRADE + "\r\n");
  }

  @Test
  public void tunnelsAreRefusedWithoutALine() throws Exception {
    expectRefused(400, "CONNECT http:/// HTTP/1.1\r\nHost: a\r\n\r\n");
    expectRefused(400, "CONNECT ]a[:x HTTP/1.0\n\n");
    expectRefused(505, "CONNECT http:///\r\n");
    for (String body : new String[] {"{}", "CONNE"}) { // and behind the end of another request
      String head = POST + "Content-Length: " + body.length() + "\r\n\r\n";
      String answer = answer(head + body + "CONNECT a:b:c HTTP/1.1\r\n\r\n");
      assertTrue(answer, answer.startsWith("HTTP/1.1 400 "));
    }
  }

  @Test
  public void bodyThatLooksLikeAHeadStaysAsItIs() throws Exception {
    String body = "{\"id\":1,\"method\":\"nobody.subscribe\",\"params\":[\"CONNECT \",\r\n\"";
    String answer =
        answer(
            POST
                + "Transfer-Encoding: chunked\r\n\r\n"
                + Integer.toHexString(body.length())
                + "\r\n"
                + body
                + "\r\na\r\nhost:]a[\"]\r\n1\r\n}\r\n0\r\n\r\n");
    assertTrue(answer, answer.contains("unknown stream in method"));
  }

  @Test
  public void hostInManyPiecesAndRequestsIsReadByNobody() throws Exception {
    String body = "{\"id\":1,\"method\":\"nobody.subscribe\",\"params\":[]}";
    String post =
        "POST / HTTP/1.1\r\nHost: ]a[\r\nContent-Type: application/json\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body;
    try (Peer peer = new Peer(server.port())) {
      for (char c : (post + post).toCharArray()) {
        peer.write(String.valueOf(c));
      }
      peer.socket.shutdownOutput();
      String answer = peer.readToEnd();
      assertEquals(answer, 2, answer.split("unknown stream in method", -1).length - 1);
    }
  }

  @Test
  public void bareLineFeedsAndOldHttpAreAccepted() throws Exception {
    expectUpgraded("GET / HTTP/1.1\nHost: a\n" + UPGRADE.replace("\r", "") + "\n");
    expectUpgraded("GET / HTTP/1.0\r\n" + UPGRADE + "\r\n");
    expectRefused(400, "GET / HTTP/1.0\r\n\r\n");
    expectRefused(
        400, "POST / HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
  }

  @Test
  public void upgradesThatAreIncompleteAreRefused() throws Exception { // case 30
    expectRefused(400, upgradeWith("Sec-WebSocket-Key: ", "No-Key: "));
    expectRefused(426, upgradeWith("Version: 13", "Version: 8"));
    expectRefused(400, upgradeWith("Upgrade: websocket", "Upgrade: h2c"));
    expectRefused(
        400, upgradeWith("Upgrade: websocket", "Content-Length: 3\r\nUpgrade: websocket"));
    expectRefused(400, "BREW / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  }

  private static String upgradeWith(String part, String other) {
    return "GET / HTTP/1.1\r\nHost: a\r\n" + UPGRADE.replace(part, other) + "\r\n";
  }

  @Test
  public void bodiesWithoutProperLengthAreRefused() throws Exception {
    expectRefused(400, POST + "Content-Length: -5\r\n\r\n");
    expectRefused(400, POST + "Content-Length: 99999999999999999999\r\n\r\n");
    expectRefused(400, POST + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
    expectRefused(400, POST + "Transfer-Encoding: chunked\r\n\r\nzz\r\n");
    expectRefused(400, POST + "Content-Length: 100\r\n\r\nshort");
    expectRefused(400, POST + "\r\n");
  }

  @Test
  public void bodyOfTenMegabytesIsRefusedBeforeItComes() throws Exception {
    String head = POST + "Content-Length: 10485760\r\n";
    expectRefused(413, head + "\r\n");
    expectRefused(413, head + "Expect: 100-continue\r\n\r\n");
  }

  @Test
  public void bodyIsCutOffAtTheLimitWhileItIsSent() throws Exception {
    String chunk = "400\r\n" + "x".repeat(0x400) + "\r\n";
    sendTenMegabytes("Transfer-Encoding: chunked", chunk);
    sendTenMegabytes("Content-Length: 10485760", "x".repeat(0x400));
    Await.until("counted", () -> server.statistics().count(ServerEvent.BAD_REQUEST) == 2);
  }

  private void sendTenMegabytes(String header, String kilobyte) throws Exception {
    try (Peer peer = new Peer(server.port())) {
      peer.write(POST + header + "\r\n\r\n");
      try {
        for (int i = 0; i < 10_240; i++) {
          peer.write(kilobyte);
        }
        throw new AssertionError("10 MiB were taken");
      } catch (SocketException e) {
        String head = readHeadIfThere(peer);
        assertTrue(head, head.isEmpty() || head.startsWith("HTTP/1.1 413 "));
      }
    }
  }

  /** A reset may overtake the answer while the body is still being sent. */
  private static String readHeadIfThere(Peer peer) {
    try {
      return peer.readHead();
    } catch (IOException e) {
      return "";
    }
  }

  @Test
  public void expectationAndPipeliningAreServed() throws Exception {
    String body = "{\"id\":1,\"method\":\"nobody.subscribe\",\"params\":[]}";
    String post = POST + "Content-Length: " + body.length() + "\r\n";
    String answer =
        answer(
            post
                + "Expect: 100-continue\r\n\r\n"
                + body
                + post
                + "\r\n"
                + body
                + post
                + "\r\n"
                + body);
    assertEquals(answer, 3, answer.split("HTTP/1.1 400 ", -1).length - 1);
    assertEquals(answer, 3, answer.split("unknown stream in method", -1).length - 1);
  }

  @Test
  public void bodiesThatAreNoRequestAreRefused() throws Exception {
    String[] bodies = {
      "\u00c3(",
      "{\"id\":1,\"method\":\"\u00c3(\"}",
      "{",
      "[]",
      "1",
      "null",
      "{}",
      "{}{}",
      "{\"method\":5}",
      "{\"method\":\"x\"}",
      "{\"method\":\"x.subscribe\"}",
      "NaN",
      "\0\0\0\0",
      "[".repeat(BODY_LIMIT - 1),
      "{\"a\":".repeat(1_000),
      "9".repeat(1_000),
      "{\"method\":\"" + ".".repeat(2_000) + "\"}",
    };
    for (String body : bodies) {
      expectRefused(400, POST + "Content-Length: " + body.length() + "\r\n\r\n" + body);
    }
  }

  @Test
  public void paramsOfTheWrongKindAreRefused() throws Exception {
    try (Peer peer = server.offender()) {
      for (String params : new String[] {"5", "{}", "null", "true", "1e99"}) {
        String body =
            "{\"id\":1,\"method\":\"" + peer.sessionId + ".subscribe\",\"params\":" + params + "}";
        expectRefused(400, POST + "Content-Length: " + body.length() + "\r\n\r\n" + body);
      }
    }
  }
}
