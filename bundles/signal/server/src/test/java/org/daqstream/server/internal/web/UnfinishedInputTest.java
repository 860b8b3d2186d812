/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.web;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.daqstream.protocol.FrameHeader;
import org.daqstream.server.api.ServerEvent;
import org.daqstream.server.internal.Await;
import org.daqstream.server.internal.Dialogue;
import org.daqstream.server.internal.LoggerWatch;
import org.daqstream.server.internal.Peer;
import org.daqstream.server.internal.WitnessedServer;
import org.daqstream.server.internal.fanout.Command;
import org.daqstream.server.internal.fanout.FanOut;
import org.daqstream.server.internal.fanout.TaskQueue;
import org.daqstream.server.internal.start.TestServer;
import org.daqstream.testing.LogLines;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;

/** What is not complete has a common limit and a deadline; long commands hold up nobody. */
public class UnfinishedInputTest {
  @Rule public final Timeout timeout = Timeout.seconds(60);

  private static final int BUDGET = 1 << 20;
  private static final int PIECE = 50_000;

  private static InputBudget budget(String key, int value) {
    return new InputBudget(TestServer.limits(Map.of(key, value)), () -> 0);
  }

  @Test
  public void largestHolderGoesFirst() throws Exception {
    InputBudget budget = budget("unfinishedBytes", 1 << 16);
    List<String> dropped = new ArrayList<>();
    InputBudget.Input small = budget.begin(why -> dropped.add("small"));
    small.add(new byte[20_000]);
    InputBudget.Input large = budget.begin(why -> dropped.add("large"));
    large.add(new byte[40_000]);
    small.add(new byte[3_000]);
    assertEquals(List.of(), dropped);
    small.add(new byte[3_000]);
    assertEquals(List.of("large"), dropped);
    large.add(new byte[60_000]); // comes too late, and is not kept
    assertNull(large.end());
    assertEquals(26_000, budget.heldBytes());
    assertEquals(26_000, small.end().length);
    assertEquals(0, budget.heldBytes());
  }

  @Test
  public void whoIsTheOnlyHolderGoesToo() throws Exception {
    InputBudget budget = budget("unfinishedBytes", 1 << 16);
    List<String> dropped = new ArrayList<>();
    budget.begin(dropped::add).add(new byte[70_000]);
    assertEquals(1, dropped.size());
    assertTrue(dropped.get(0), dropped.get(0).contains("(key unfinishedBytes)"));
    assertEquals(0, budget.heldBytes());
  }

  @Test
  public void messagesInPartsAreWhole() throws Exception {
    InputBudget.Input input = budget("unfinishedBytes", 1 << 16).begin(why -> {});
    input.add(new byte[] {1, 2});
    input.add(new byte[] {});
    input.add(new byte[] {3});
    assertArrayEquals(new byte[] {1, 2, 3}, input.end());
  }

  @Test
  public void unfinishedMessagesShareOneLimit() throws Exception {
    List<Peer> peers = new ArrayList<>();
    try (WitnessedServer server =
            new WitnessedServer("unfinishedBytes", BUDGET, "closeTimeoutMs", 300);
        LoggerWatch log = new LoggerWatch()) {
      for (int i = 0; i < 100; i++) {
        Peer peer = server.offender();
        peers.add(peer);
        peer.send(FrameHeader.BINARY, new byte[i == 0 ? PIECE + 1 : PIECE], true);
        assertTrue(server.server.budget().heldBytes() <= BUDGET + PIECE);
      }
      expectMostRefused(server, peers);
      assertEquals("who holds most is among them", 1008, Dialogue.closeCode(peers.get(0)));
      expectAllFree(server, peers);
      log.check();
    } finally {
      closeAll(peers);
    }
  }

  @Test
  public void unfinishedBodiesShareOneLimit() throws Exception {
    List<Peer> peers = new ArrayList<>();
    try (WitnessedServer server = new WitnessedServer("unfinishedBytes", BUDGET);
        LoggerWatch log = new LoggerWatch()) {
      for (int i = 0; i < 100; i++) {
        Peer peer = new Peer(server.port());
        peers.add(peer);
        peer.write(
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n");
        peer.write(new byte[PIECE]);
        assertTrue(server.server.budget().heldBytes() <= BUDGET + PIECE);
      }
      expectMostRefused(server, peers);
      expectAllFree(server, peers);
      log.check();
    } finally {
      closeAll(peers);
    }
  }

  private static void expectMostRefused(WitnessedServer server, List<Peer> peers) {
    Await.until(
        "most are refused",
        () -> server.statistics().count(ServerEvent.REFUSED) >= peers.size() - BUDGET / PIECE);
  }

  private static void expectAllFree(WitnessedServer server, List<Peer> peers) throws IOException {
    server.expectWitnessGoesOn();
    closeAll(peers);
    Await.until("all is free", () -> server.server.budget().heldBytes() == 0);
  }

  private static void closeAll(List<Peer> peers) throws IOException {
    for (Peer peer : peers) {
      peer.close();
    }
    peers.clear();
  }

  @Test
  public void unfinishedMessagesHaveADeadline() throws Exception {
    try (WitnessedServer server = new WitnessedServer("requestTimeoutMs", 300);
        Peer peer = server.offender()) {
      peer.send(FrameHeader.BINARY, new byte[10], true);
      assertEquals(1008, Dialogue.closeCode(peer));
    }
  }

  @Test
  public void aCommandMayNameEverySignal() throws Exception {
    try (TestServer server = new TestServer("requestBytes", 1_024, "messageBytes", 1_024)) {
      String[] ids = new String[300];
      Arrays.setAll(ids, i -> "a signal with a long name, number " + i);
      for (String id : ids) {
        TestServer.signal(server.table("time of " + id), id);
      }
      try (Peer peer = Peer.connect(server.port())) {
        Dialogue.subscribe(server, peer, ids);
        Dialogue.request(peer, 1, "unsubscribe", ids);
      }
      String tooLong = Peer.post(server.controlPort(), "x".repeat(100_000));
      assertTrue(tooLong, tooLong.startsWith("HTTP/1.1 413 "));
    }
  }

  /** A task that always waits gets its turn behind every other part, however fast they are. */
  @Test
  public void longCommandIsCarriedOutBetweenTheTasksOfOthers() throws Exception {
    try (WitnessedServer server = new WitnessedServer();
        Peer peer = server.offender()) {
      FanOut fanOut = server.server.fanOut();
      String[] ids = new String[50_000];
      Arrays.setAll(ids, i -> i % 2 == 0 ? "unknown" : WitnessedServer.SIGNAL_ID);
      AtomicInteger others = new AtomicInteger();
      CompletableFuture<Integer> between = new CompletableFuture<>();
      fanOut.submit(() -> another(fanOut, others, between));
      fanOut.submit(
          () -> {
            int before = others.get();
            fanOut
                .clients()
                .execute(
                    fanOut.clients().find(peer.sessionId),
                    new Command(
                        Command.Kind.UNSUBSCRIBE,
                        List.of(ids),
                        outcome -> between.complete(others.get() - before)));
          });
      int count = between.get(30, TimeUnit.SECONDS);
      assertTrue(count + " tasks of others", count > ids.length / 1_000);
    }
  }

  private static void another(FanOut fanOut, AtomicInteger others, CompletableFuture<?> end) {
    others.incrementAndGet();
    if (!end.isDone()) {
      fanOut.submit(() -> another(fanOut, others, end));
    }
  }

  @Test
  public void commandsOfOneClientWaitTheirTurnAndMissNothing() throws Exception {
    try (WitnessedServer server = new WitnessedServer("requestBytes", 1 << 20);
        Peer peer = server.offender()) {
      String[] ids = new String[2_000];
      Arrays.fill(ids, "unknown");
      Thread first =
          new Thread(
              () -> {
                try {
                  peer.command(server.port(), "subscribe", ids);
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              });
      first.start();
      Dialogue.subscribe(server.server, peer, WitnessedServer.SIGNAL_ID);
      first.join();
      long next = -1;
      for (int i = 0; i < 500; i++) {
        Peer.Packet packet = peer.read();
        if (packet.metadata() == null && packet.payload().remaining() != 16) {
          while (packet.payload().hasRemaining()) {
            long value = (long) packet.payload().getDouble();
            assertTrue(next + " then " + value, next < 0 || value == next);
            next = value + 1;
          }
        }
      }
      assertTrue("samples came", next > 0);
    }
  }

  @Test
  public void faultOfATurnDoesNotEndTheThreadOfAll() throws Exception {
    LogLines.clear();
    try (WitnessedServer server = new WitnessedServer()) {
      TaskQueue.Task fails =
          () -> {
            throw new OutOfMemoryError("as if");
          };
      server.server.fanOut().submit(fails);
      Await.until("said", () -> LogLines.with("fault, ").size() == 1);
      server.expectWitnessGoesOn();
    }
  }
}
