/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.web;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.net.InetAddress;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.daqstream.server.api.ServerEvent;
import org.daqstream.server.internal.Await;
import org.daqstream.server.internal.Dialogue;
import org.daqstream.server.internal.Peer;
import org.daqstream.server.internal.start.TestServer;
import org.daqstream.signal.api.sink.SignalTap;
import org.daqstream.signal.api.sink.TableTap;
import org.junit.Rule;
import org.junit.Test;

/** Commands by HTTP POST (protocol section 2.4). */
public class HttpCommandTest {
  @Rule
  public final TestServer server = new TestServer("allowedOrigins", "http://elsewhere.example");

  private final TableTap table = server.table("time");
  private final SignalTap value = TestServer.signal(table, "v");
  private final Peer peer = server.connect();

  @Test
  public void successIsTheLiteralBodyWithItsLength() throws Exception { // case 47, row 12
    String answer = peer.command(server.controlPort(), "subscribe", "v");
    Dialogue.assertSucceeded(answer);
    String head = answer.toLowerCase(Locale.ROOT);
    assertTrue(answer, head.contains("content-type: text/plain"));
    assertTrue(answer, head.contains("content-length: 9\r\n"));
    assertFalse(answer, head.contains("access-control-allow-origin"));
    Dialogue.expectSubscribed(peer, "time", "v");
  }

  @Test
  public void connectionStaysForTheNextCommand() throws Exception { // section 2.4
    try (Peer http = new Peer(server.controlPort())) {
      for (String command : new String[] {"subscribe", "unsubscribe", "subscribe"}) {
        String body = body(peer.sessionId + "." + command, "[\"v\"]");
        http.write(
            "POST / HTTP/1.1\r\n"
                + "Host: localhost\r\n"
                + "Content-Type: application/json; charset=utf-8\r\n"
                + "Content-Length: "
                + body.length()
                + "\r\n\r\n"
                + body);
        assertTrue(http.readHead().startsWith("HTTP/1.1 200 "));
        http.skip("Succeeded".length());
      }
    }
  }

  private static String body(String method, String params) {
    return "{\"id\":1,\"jsonrpc\":\"2.0\",\"method\":\"" + method + "\",\"params\":" + params + "}";
  }

  private String post(String method, String params) throws Exception {
    return Peer.post(server.controlPort(), body(method, params));
  }

  @Test
  public void unknownSignalIsNamedAndTheKnownOnesSubscribed() throws Exception { // case 48, row 13
    String answer = peer.command(server.controlPort(), "subscribe", "nope", "v", "neither");
    Dialogue.assertRefused(400, answer);
    assertTrue(answer, answer.contains("nope, neither"));
    assertFalse(answer, answer.contains("v,"));
    Dialogue.expectSubscribed(peer, "time", "v");
    Dialogue.expectNothing(peer);
  }

  @Test
  public void wrongTargetsAreRefusedAndChangeNothing() throws Exception { // case 54
    String gone;
    try (Peer other = Peer.connect(server.port())) {
      gone = other.sessionId;
    }
    Await.until("gone", () -> server.statistics().count(ServerEvent.DISCONNECTED) == 1);
    Dialogue.assertRefused(400, post("nobody.subscribe", "[\"v\"]"));
    Dialogue.assertRefused(400, post(gone + ".subscribe", "[\"v\"]"));
    Dialogue.assertRefused(400, post(peer.sessionId + ".explode", "[\"v\"]"));
    Dialogue.assertRefused(400, post("subscribe", "[\"v\"]"));
    Dialogue.assertRefused(400, post(peer.sessionId, "[\"v\"]"));
    Dialogue.assertRefused(400, post(peer.sessionId + ".", "[\"v\"]"));
    Dialogue.assertRefused(400, post("", "[\"v\"]"));
    Dialogue.expectNothing(peer);
    assertFalse(value.hasSubscriber());
  }

  @Test
  public void methodIsSplitBehindTheWholeSessionId() throws Exception { // row 14
    Dialogue.assertSucceeded(post(peer.sessionId + ".subscribe", "[\"v\"]"));
    Dialogue.assertRefused(400, post("x." + peer.sessionId + ".subscribe", "[\"v\"]"));
    Dialogue.assertRefused(400, post(peer.sessionId + ".x.subscribe", "[\"v\"]"));
  }

  private String postWith(String headers) throws Exception {
    String body = "{\"id\":1,\"method\":\"" + peer.sessionId + ".unsubscribe\",\"params\":[\"v\"]}";
    try (Peer http = new Peer(server.controlPort())) {
      http.write(
          "POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
              + headers
              + "Content-Length: "
              + body.length()
              + "\r\n\r\n"
              + body);
      return http.readToEnd();
    }
  }

  @Test
  public void commandsMustHaveTheContentTypeOfJson() throws Exception {
    String origin = "Origin: http://elsewhere.example\r\n";
    for (String type :
        new String[] {
          "",
          "Content-Type: text/plain\r\n",
          "Content-Type: application/x-www-form-urlencoded\r\n",
          "Content-Type: multipart/form-data; boundary=application/json\r\n",
          "Content-Type: text/plain; application/json\r\n"
        }) {
      Dialogue.assertRefused(415, postWith(origin + type));
      Dialogue.assertRefused(415, postWith(type));
    }
    Dialogue.assertSucceeded(postWith("Content-Type: application/json\r\n"));
    Dialogue.assertSucceeded(postWith(origin + "Content-Type: application/json\r\n"));
    Dialogue.assertSucceeded(
        postWith(origin + "Content-Type: Application/JSON; charset=utf-8\r\n"));
  }

  private static InetAddress address(String digits) throws Exception {
    return InetAddress.getAllByName(digits)[0];
  }

  @Test
  public void onlyTheMachineOfAClientCommandsIt() throws Exception {
    InetAddress here = address("192.0.2.7");
    assertTrue(HttpCommands.isSameMachine(here, address("::ffff:192.0.2.7")));
    assertFalse(HttpCommands.isSameMachine(here, address("192.0.2.8")));
    assertFalse(HttpCommands.isSameMachine(here, address("127.0.0.1")));
    assertTrue(HttpCommands.isSameMachine(address("::1"), address("127.0.0.1")));
  }

  @Test
  public void noAnswerRepeatsWhatMayBeTheSecretOfAnother() throws Exception {
    String answer = post(peer.sessionId + "x.subscribe", "[]");
    Dialogue.assertRefused(400, answer);
    assertFalse(answer, answer.contains(peer.sessionId));
  }

  @Test
  public void unusableBodiesAreRefused() throws Exception { // case 55
    Dialogue.assertRefused(400, Peer.post(server.controlPort(), ""));
    Dialogue.assertRefused(400, Peer.post(server.controlPort(), "{"));
    Dialogue.assertRefused(400, Peer.post(server.controlPort(), "[1]"));
    Dialogue.assertRefused(400, Peer.post(server.controlPort(), "null"));
    Dialogue.assertRefused(400, Peer.post(server.controlPort(), "{\"method\":7}"));
    Dialogue.assertRefused(400, post(peer.sessionId + ".subscribe", "{\"signalIds\":[\"v\"]}"));
    Dialogue.assertRefused(400, post(peer.sessionId + ".subscribe", "null"));
    Dialogue.assertRefused(400, Peer.post(server.controlPort(), "[".repeat(10_000)));
    Dialogue.expectNothing(peer);
    Dialogue.subscribe(server, peer, "v");
  }

  @Test
  public void hugeBodyIsRefusedUnread() throws Exception { // case 55
    try (Peer http = new Peer(server.controlPort())) {
      http.write(
          "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 10485760\r\n\r\n{\"id\":1,");
      Dialogue.assertRefused(413, http.readHead());
    }
    Dialogue.subscribe(server, peer, "v");
  }

  @Test
  public void hugeChunkedBodyIsRefused() throws Exception { // case 55
    try (TestServer small = new TestServer("requestBytes", 1_024);
        Peer http = new Peer(small.controlPort())) {
      http.write(
          "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n800\r\n"
              + " ".repeat(0x800)
              + "\r\n");
      Dialogue.assertRefused(413, http.readHead());
    }
  }

  @Test
  public void missingIdAndNoSignalsAreFine() throws Exception { // case 55
    String noId =
        "{\"jsonrpc\":\"2.0\",\"method\":\"" + peer.sessionId + ".subscribe\",\"params\":[\"v\"]}";
    Dialogue.assertSucceeded(Peer.post(server.controlPort(), noId));
    Dialogue.expectSubscribed(peer, "time", "v");
    Dialogue.assertSucceeded(post(peer.sessionId + ".subscribe", "[]"));
    Dialogue.assertSucceeded(post(peer.sessionId + ".unsubscribe", "[]"));
    Dialogue.expectNothing(peer);
  }

  @Test
  public void singleSignalAsStringIsFine() throws Exception { // case 55
    Dialogue.assertSucceeded(post(peer.sessionId + ".subscribe", "\"v\""));
    Dialogue.expectSubscribed(peer, "time", "v");
  }

  @Test
  public void elementsThatAreNoStringsAreUnknownSignals() throws Exception { // case 55
    String answer = post(peer.sessionId + ".subscribe", "[1,null,{},\"v\"]");
    Dialogue.assertRefused(400, answer);
    Dialogue.expectSubscribed(peer, "time", "v");
  }

  @Test
  public void thousandSubscriptionsInOnePostAreQuick() throws Exception { // case 61
    String[] signalIds = new String[1_000];
    for (int i = 0; i < signalIds.length; i++) {
      signalIds[i] = "signal-" + i;
      TestServer.signal(table, signalIds[i]);
    }
    long shortestNanos = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) { // a busy machine may delay one of them
      try (Peer storm = Peer.connect(server.port())) {
        long start = System.nanoTime();
        Dialogue.subscribe(server, storm, signalIds);
        Dialogue.expectAcknowledged(storm, "time");
        for (String signalId : signalIds) {
          Dialogue.expectAcknowledged(storm, signalId);
        }
        shortestNanos = Math.min(shortestNanos, System.nanoTime() - start);
        Dialogue.expectNothing(storm);
        Dialogue.unsubscribe(server, storm, signalIds);
        for (String signalId : signalIds) {
          assertEquals(signalId, storm.next("unsubscribe").params().path("signalId").textValue());
        }
        assertEquals("time", storm.next("unsubscribe").params().path("signalId").textValue());
        Dialogue.expectNothing(storm);
      }
    }
    assertTrue(shortestNanos + " ns", shortestNanos < TimeUnit.SECONDS.toNanos(1));
  }
}
