/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.web;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.daqstream.server.api.ServerEvent;
import org.daqstream.server.internal.Await;
import org.daqstream.server.internal.Dialogue;
import org.daqstream.server.internal.Peer;
import org.daqstream.server.internal.WitnessedServer;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;

/** Connections that never come to the point, and more clients than are allowed. */
public class SlowConnectionTest {
  @Rule public final Timeout timeout = Timeout.seconds(60);

  private static final int TIMEOUT_MS = 300;
  private static final String HEADERS = "Host: a\r\nUpgrade: websocket\r\nX-Slow: ";

  /** Writes one byte after the other until the server closes; returns how long it took. */
  private static long dripMs(WitnessedServer server, String start) {
    try (Peer peer = new Peer(server.port())) {
      return dripMs(peer, start);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long dripMs(Peer peer, String start) {
    long begin = System.nanoTime();
    try {
      peer.write(start);
      while (true) {
        peer.write("x");
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        if (System.nanoTime() - begin > TimeUnit.SECONDS.toNanos(10)) {
          throw new AssertionError("nobody closes a connection that drips");
        }
      }
    } catch (IOException e) {
      return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
    }
  }

  @Test
  public void headersAndBodiesThatDripAreCutOff() throws Exception {
    try (WitnessedServer server = new WitnessedServer("requestTimeoutMs", TIMEOUT_MS)) {
      String[] starts = {
        "GET /",
        "GET / HTTP/1.1\r\n" + HEADERS,
        "POST / HTTP/1.1\r\nContent-Length: 9999\r\n" + HEADERS,
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n{\"method\":\"",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\n",
      };
      List<CompletableFuture<Long>> took = new ArrayList<>();
      for (String start : starts) {
        took.add(
            CompletableFuture.supplyAsync(
                () -> dripMs(server, start), task -> new Thread(task, "drip").start()));
      }
      for (CompletableFuture<Long> each : took) {
        assertTrue(each.join() + " ms", each.join() >= TIMEOUT_MS);
      }
      assertEquals(starts.length, server.statistics().count(ServerEvent.REFUSED));
    }
  }

  @Test
  public void connectionThatSaysNothingIsClosed() throws Exception {
    try (WitnessedServer server = new WitnessedServer("requestTimeoutMs", TIMEOUT_MS);
        Peer peer = new Peer(server.port())) {
      assertEquals("", peer.readToEnd());
      assertEquals(1, server.statistics().count(ServerEvent.REFUSED));
    }
  }

  @Test
  public void answeredConnectionMayStaySilentButNotForever() throws Exception {
    try (WitnessedServer server = new WitnessedServer("requestTimeoutMs", TIMEOUT_MS);
        Peer peer = new Peer(server.port())) {
      peer.write("OPTIONS / HTTP/1.1\r\nHost: a\r\n\r\n");
      assertTrue(peer.readHead().startsWith("HTTP/1.1 204 "));
      assertEquals("", peer.readToEnd());
      assertEquals("nothing wrong with that", 0, server.statistics().count(ServerEvent.REFUSED));
    }
  }

  @Test
  public void laterRequestHasItsOwnTime() throws Exception {
    int timeoutMs = 2_000;
    try (WitnessedServer server = new WitnessedServer("requestTimeoutMs", timeoutMs);
        Peer peer = new Peer(server.port())) {
      peer.write("OPTIONS / HTTP/1.1\r\nHost: a\r\n\r\n");
      assertTrue(peer.readHead().startsWith("HTTP/1.1 204 "));
      long answered = System.nanoTime();
      Await.until(
          "half the time is over",
          () -> System.nanoTime() - answered > TimeUnit.MILLISECONDS.toNanos(timeoutMs / 2));
      long tookMs =
          dripMs(
              peer,
              "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n{");
      assertTrue(tookMs + " ms", tookMs >= timeoutMs);
    }
  }

  @Test
  public void thousandsOfIdleConnectionsDisplaceOnlyEachOther() throws Exception {
    expectDisplaced("pendingConnections");
  }

  @Test
  public void thoseOfOneAddressDisplaceOnlyEachOther() throws Exception {
    expectDisplaced("pendingPerAddress");
  }

  private static void expectDisplaced(String key) throws Exception {
    int limit = 50;
    List<Peer> idle = new ArrayList<>();
    try (WitnessedServer server = new WitnessedServer(key, limit)) {
      for (int i = 0; i < 2_000; i++) {
        Peer peer = new Peer(server.port());
        idle.add(peer);
        if (i % 2 == 0) {
          peer.write("GET / HTTP/1.1\r\nHost: ");
        }
      }
      Await.until(
          "most are closed", () -> server.statistics().count(ServerEvent.REFUSED) == 2_000 - limit);
      assertEquals(limit, server.guard().waitingCount());
      try (Peer healthy = server.offender()) { // at once, not when the others have timed out
        Dialogue.expectNothing(healthy);
      }
      server.expectWitnessGoesOn();
      closeAll(idle);
    } finally {
      closeAll(idle);
    }
  }

  @Test
  public void hundredsOfClientsMayComeAtOnce() throws Exception {
    int count = 500;
    ExecutorService all = Executors.newFixedThreadPool(count);
    List<Future<Peer>> coming = new ArrayList<>();
    try (WitnessedServer server = new WitnessedServer()) {
      CountDownLatch go = new CountDownLatch(1);
      for (int i = 0; i < count; i++) {
        coming.add(
            all.submit(
                () -> {
                  go.await();
                  return Peer.connect(server.port());
                }));
      }
      go.countDown();
      for (Future<Peer> each : coming) {
        each.get().close();
      }
      assertEquals(0, server.statistics().count(ServerEvent.REFUSED));
    } finally {
      all.shutdownNow();
    }
  }

  private static void closeAll(List<Peer> peers) throws IOException {
    for (Peer peer : peers) {
      peer.close();
    }
    peers.clear();
  }

  @Test
  public void moreClientsThanAllowedGet503WithTheReason() throws Exception {
    expectLimited("clients");
  }

  @Test
  public void moreClientsOfOneAddressThanAllowedGet503WithTheReason() throws Exception {
    expectLimited("clientsPerAddress");
  }

  private static void expectLimited(String key) throws Exception {
    int limit = 5;
    List<Peer> clients = new ArrayList<>();
    try (WitnessedServer server = new WitnessedServer(key, limit)) {
      while (clients.size() < limit - 1) {
        clients.add(server.offender());
      }
      for (int i = 0; i < 3; i++) {
        try (Peer refused = new Peer(server.port())) {
          String head = refused.upgrade("/", "Connection: close");
          assertTrue(head, head.startsWith("HTTP/1.1 503 "));
          String reason = refused.readToEnd();
          assertTrue(reason, reason.contains("(key " + key + ")"));
        }
      }
      assertEquals(3, server.statistics().count(ServerEvent.REFUSED));
      clients.remove(0).close();
      Await.until("there is room", () -> server.guard().clientCount() == limit - 1);
      clients.add(server.offender());
      makeRoom(server, clients);
    } finally {
      closeAll(clients);
    }
  }

  @Test
  public void clientsThatComeAtOnceCannotPassTheLimitTogether() throws Exception {
    int limit = 10;
    List<Peer> rush = new ArrayList<>();
    try (WitnessedServer server = new WitnessedServer("clients", limit)) {
      for (int i = 0; i < 100; i++) {
        rush.add(new Peer(server.port()));
      }
      for (Peer peer : rush) {
        peer.write(
            "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x\r\n\r\n");
      }
      int admitted = 0;
      for (Peer peer : rush) {
        if (peer.readHead().startsWith("HTTP/1.1 101 ") && !isClosedAgain(peer)) {
          admitted++;
        }
      }
      assertEquals(limit - 1, admitted);
      assertEquals(100 - admitted, server.statistics().count(ServerEvent.REFUSED));
      makeRoom(server, rush);
    } finally {
      closeAll(rush);
    }
  }

  /** Closes all clients; the next one would be refused while they are counted. */
  private static void makeRoom(WitnessedServer server, List<Peer> clients) throws IOException {
    closeAll(clients);
    Await.until("there is room", () -> server.guard().clientCount() == 1);
  }

  /** Whether a close frame follows the greeting. */
  private static boolean isClosedAgain(Peer peer) throws Exception {
    for (int i = 0; i < 3; i++) {
      peer.read();
    }
    peer.send(0x89, new byte[0], true);
    Peer.Frame frame = peer.readFrame();
    if (frame.opcode() == 8) {
      assertEquals(1013, frame.closeCode());
      return true;
    }
    return false;
  }
}
