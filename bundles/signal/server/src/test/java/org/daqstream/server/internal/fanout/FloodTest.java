/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.fanout;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.daqstream.protocol.FrameHeader;
import org.daqstream.server.api.ServerEvent;
import org.daqstream.server.internal.Await;
import org.daqstream.server.internal.Dialogue;
import org.daqstream.server.internal.Peer;
import org.daqstream.server.internal.WitnessedServer;
import org.daqstream.server.internal.start.TestServer;
import org.daqstream.signal.api.WriteResult;
import org.daqstream.signal.api.sink.SignalTap;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;

/** Who asks and does not read the answers is not read any more, and costs bounded memory. */
public class FloodTest {
  @Rule public final Timeout timeout = Timeout.seconds(60);

  private static final int SMALL = 16 * 1024;
  private static final int BOUND = 1 << 20;
  private static final long STUCK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private interface Send {
    void send(int number) throws IOException;
  }

  private static boolean isBlocked(WitnessedServer server, Peer peer) {
    return server.ask(peer, client -> client.output().isBlocked() ? 1 : 0) == 1;
  }

  private static int pendingBytes(WitnessedServer server, Peer peer) {
    return server.ask(peer, client -> client.output().pendingBytes());
  }

  /** Waits until the socket takes no more: now and then the system finds room for a little. */
  private static void awaitStuck(WitnessedServer server, Peer peer) {
    AtomicInteger seen = new AtomicInteger(-1);
    AtomicLong since = new AtomicLong();
    Await.until(
        "the answers are stuck",
        () -> {
          int sent = server.ask(peer, client -> (int) client.output().sentBytes());
          if (seen.getAndSet(sent) != sent) {
            since.set(System.nanoTime());
          }
          return isBlocked(server, peer) && System.nanoTime() - since.get() > STUCK_NANOS;
        });
  }

  /** Sends from another thread until all is sent or the peer closes, which makes the count -1. */
  private static Thread send(AtomicInteger sent, int count, Send one) {
    Thread flood =
        new Thread(
            () -> {
              try {
                while (sent.get() < count) {
                  one.send(sent.get());
                  sent.incrementAndGet();
                }
              } catch (IOException e) {
                sent.set(-1);
              }
            },
            "flood");
    flood.start();
    return flood;
  }

  @Test
  public void pingFloodIsReadNoFasterThanItsPongs() throws Exception {
    try (WitnessedServer server = new WitnessedServer("sendBufferBytes", SMALL);
        Peer peer = server.offenderWithSmallBuffer()) {
      int count = 20_000;
      AtomicInteger sent = new AtomicInteger();
      Thread flood =
          send(
              sent,
              count,
              number ->
                  peer.send(
                      0x80 | FrameHeader.PING, Integer.toString(number).getBytes(UTF_8), true));
      awaitStuck(server, peer);
      assertTrue("one pong at a time", pendingBytes(server, peer) < 1_000);
      server.expectWitnessGoesOn();
      for (int i = 0; i < count; i++) {
        Peer.Frame pong = peer.readFrame();
        assertEquals(FrameHeader.PONG, pong.opcode());
        assertEquals(Integer.toString(i), UTF_8.decode(pong.payload()).toString());
      }
      flood.join();
      assertEquals(count, sent.get());
    }
  }

  @Test
  public void requestFloodIsReadNoFasterThanItsAnswers() throws Exception {
    try (WitnessedServer server = new WitnessedServer("sendBufferBytes", SMALL);
        Peer peer = server.offenderWithSmallBuffer()) {
      int count = 3_000;
      AtomicInteger sent = new AtomicInteger();
      Thread flood =
          send(sent, count, number -> Dialogue.request(peer, number, "fly", "x".repeat(500)));
      awaitStuck(server, peer);
      assertTrue("bounded", pendingBytes(server, peer) < BOUND);
      server.expectWitnessGoesOn();
      for (int i = 0; i < count; i++) {
        Dialogue.expectResponse(peer, i);
      }
      flood.join();
      assertEquals(count, sent.get());
    }
  }

  @Test
  public void requestFloodThatIsNeverReadLeavesNothingBehind() throws Exception {
    try (WitnessedServer server = new WitnessedServer("sendBufferBytes", SMALL)) {
      AtomicInteger sent = new AtomicInteger();
      try (Peer peer = server.offenderWithSmallBuffer()) {
        send(sent, Integer.MAX_VALUE, number -> Dialogue.request(peer, number, "subscribe", "x"));
        awaitStuck(server, peer);
        assertTrue("bounded", pendingBytes(server, peer) < BOUND);
      }
      Await.until("the flood ends", () -> sent.get() == -1);
    }
  }

  @Test
  public void whoReadsNoAnswersIsDisconnectedInTime() throws Exception {
    try (WitnessedServer server =
            new WitnessedServer("sendBufferBytes", SMALL, "pingIntervalMs", 500);
        Peer peer = server.offenderWithSmallBuffer()) {
      AtomicInteger sent = new AtomicInteger();
      send(sent, Integer.MAX_VALUE, number -> Dialogue.request(peer, number, "subscribe", "x"));
      Await.until("the flood ends", () -> sent.get() == -1);
      assertEquals(1, server.statistics().count(ServerEvent.TOO_SLOW));
      server.expectWitnessGoesOn();
    }
  }

  @Test
  public void acknowledgementsOfOneRequestWaitForTheSocket() throws Exception {
    try (WitnessedServer server = new WitnessedServer("sendBufferBytes", SMALL)) {
      String[] ids = new String[2_000];
      Arrays.setAll(ids, i -> "v" + i);
      for (String id : ids) {
        TestServer.signal(server.table, id);
      }
      try (Peer peer = server.offenderWithSmallBuffer()) {
        Dialogue.request(peer, 1, "subscribe", ids);
        awaitStuck(server, peer);
        int pendingBytes = pendingBytes(server, peer);
        assertTrue(pendingBytes + " bytes", pendingBytes < 2 * 128 * 1024);
        peer.next("subscribe");
        peer.next("signal");
        for (String id : ids) {
          Dialogue.expectAcknowledged(peer, id);
        }
        assertEquals(ids.length, Dialogue.expectResponse(peer, 1).path("result").size());
      }
    }
  }

  @Test
  public void commandsOfAClientThatDoesNotReadAreLimited() throws Exception {
    try (WitnessedServer server =
            new WitnessedServer("sendBufferBytes", SMALL, "requestBytes", 1 << 20);
        Peer peer = server.offenderWithSmallBuffer();
        Peer first = new Peer(server.port());
        Peer second = new Peer(server.port())) {
      send(new AtomicInteger(), Integer.MAX_VALUE, number -> Dialogue.request(peer, 1, "fly"));
      awaitStuck(server, peer);
      String body =
          "{\"method\":\""
              + peer.sessionId
              + ".subscribe\",\"params\":[\"x\""
              + ",\"x\"".repeat(99_999)
              + "]}";
      String post =
          "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: "
              + body.length()
              + "\r\n\r\n"
              + body;
      first.write(post);
      second.write(post);
      Await.until("two commands wait", () -> server.ask(peer, Client::queuedSignals) == 200_000);
      String answer = Peer.post(server.port(), body);
      assertTrue(answer, answer.startsWith("HTTP/1.1 503 "));
      assertTrue(answer, answer.contains("too many commands"));
      assertEquals(200_000, server.ask(peer, Client::queuedSignals));
    }
  }

  @Test
  public void floodOfTasksDoesNotHoldUpData() throws Exception {
    try (WitnessedServer server = new WitnessedServer()) {
      FanOut fanOut = server.server.fanOut();
      AtomicBoolean goesOn = new AtomicBoolean(true);
      TaskQueue.Task[] again = new TaskQueue.Task[1];
      again[0] =
          () -> {
            if (goesOn.get()) {
              fanOut.submit(again[0]);
            }
          };
      fanOut.submit(again[0]);
      server.expectWitnessGoesOn();
      goesOn.set(false);
    }
  }

  @Test
  public void protocolErrorOfAClientThatDoesNotReadEndsInTime() throws Exception {
    try (WitnessedServer server =
            new WitnessedServer("sendBufferBytes", SMALL, "closeTimeoutMs", 200);
        Peer peer = server.offenderWithSmallBuffer()) {
      SignalTap big = TestServer.signal(server.server.table("big time"), "big");
      peer.next("available");
      Dialogue.subscribe(server.server, peer, "big");
      long row = 0;
      while (!isBlocked(server, peer)) {
        assertEquals(
            WriteResult.ACCEPTED,
            big.accept(row, row * TestServer.DELTA, null, new double[5_000], 0, 5_000));
        row += 5_000;
      }
      peer.send(0x8F, new byte[0], true); // the close frame for it waits behind the data
      Await.until("seen", () -> server.ask(peer, client -> client.saidClose() ? 1 : 0) != 0);
      Await.until("cut off", () -> server.clientCount() == 1);
      Await.until("counted", () -> server.statistics().count(ServerEvent.PROTOCOL_VIOLATION) == 1);
    }
  }
}
