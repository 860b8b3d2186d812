/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.nng.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.daqstream.stream.api.StreamException;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.api.spi.TransportOutput;
import org.daqstream.testing.Await;
import org.junit.Test;

/** How an output finds its pullers. */
public class PushDialTest extends PlayedPullers {
  @Test
  public void nobodyListensAtOpen() throws Exception { // case 84
    int port = Nng.freePort();
    StreamException refusal = assertThrows(StreamException.class, () -> open(Nng.url(port)));
    assertEquals(StreamResult.ERROR, refusal.result());
    assertTrue(refusal.getMessage(), refusal.getMessage().contains(Nng.url(port)));
    TransportOutput lazy = openLazy(port);
    offer(lazy, "early");
    listen(port);
    assertEquals("early", readText(puller()));
  }

  @Test
  public void openWaitsForTheGreeting() throws Exception {
    listen(0);
    CompletableFuture<String> greeted =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return Nng.readHex(puller(), 8);
              } catch (IOException e) {
                return e.toString();
              }
            });
    TransportOutput output = open(Nng.url(server.getLocalPort()));
    assertEquals(1, output.statistics().peers());
    output.offer(ByteBuffer.allocate(0));
    assertEquals("0000000000000000", greeted.get(20, TimeUnit.SECONDS));
  }

  @Test
  public void openFailsWhenTheOtherSideIsNoSpPeerOrSilent() throws Exception {
    Map<String, String> problems =
        Map.of("474554202f204854", "no SP greeting", "00", "no handshake within 300 ms");
    for (String greeting : problems.keySet()) {
      listen(0);
      CompletableFuture<Void> peer =
          CompletableFuture.runAsync(
              () -> {
                try {
                  Nng.sendHex(accept(), greeting);
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              });
      StreamException refusal =
          assertThrows(
              StreamException.class,
              () -> open(Nng.url(server.getLocalPort()), "handshakeTimeoutMs", 300L));
      assertEquals(StreamResult.ERROR, refusal.result());
      assertTrue(refusal.getMessage(), refusal.getMessage().contains(problems.get(greeting)));
      peer.get(20, TimeUnit.SECONDS);
    }
  }

  @Test
  public void aPeerThatIsNoPullerIsReachedButNotUsed() throws Exception {
    listen(0);
    CompletableFuture<Integer> peer =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                Socket pair = accept();
                Nng.readHex(pair, 8);
                Nng.sendHex(pair, "0053500000100000");
                return pair.getInputStream().read();
              } catch (IOException e) {
                return -2;
              }
            });
    TransportOutput output = open(Nng.url(server.getLocalPort()));
    assertEquals(-1, (int) peer.get(20, TimeUnit.SECONDS));
    assertEquals(List.of(), sink.up());
    assertTrue(output.statistics().lastError().contains("0x10"));
    offer(output, "waits");
    assertEquals("waits", readText(puller())); // redialled
  }

  @Test
  public void unknownHostAtOpenIsAnErrorUnlessLazy() throws Exception {
    assertEquals(
        StreamResult.ERROR,
        assertThrows(StreamException.class, () -> open("tcp://no-such-host.invalid:1")).result());
    AtomicInteger asked = new AtomicInteger();
    NngTransport resolving =
        new NngTransport(
            host -> {
              if (asked.incrementAndGet() < 3) {
                throw new UnknownHostException(host);
              }
              return new InetAddress[] {Nng.loopback()};
            });
    listen(0);
    String url = "tcp://later:" + server.getLocalPort();
    TransportOutput output = resolving.openOutput("i", Nng.out(Nng.dial(url, "lazy", true)), sink);
    offer(output, "found");
    assertEquals("found", readText(puller()));
    assertEquals(3, asked.get());
    resolving.deactivate();
  }

  @Test
  public void openWaitsForTheSlowestOfSeveral() throws Exception {
    AtomicInteger refused = new AtomicInteger();
    NngTransport resolving =
        new NngTransport(
            host -> {
              refused.addAndGet(host.equals("absent") ? 1 : 0);
              return new InetAddress[] {Nng.loopback()};
            });
    listen(0);
    CompletableFuture<String> slow =
        CompletableFuture.supplyAsync(
            () -> {
              Await.until("other address tried again", () -> refused.get() >= 4);
              try {
                return readText(puller());
              } catch (IOException e) {
                return e.toString();
              }
            });
    String urls = "tcp://absent:" + Nng.freePort() + "," + Nng.url(server.getLocalPort());
    TransportOutput output = resolving.openOutput("i", Nng.out(Nng.dial(urls)), sink);
    offer(output, "there");
    assertEquals("there", slow.get(20, TimeUnit.SECONDS));
    resolving.deactivate();
  }

  @Test
  public void aNameServiceThatHangsIsAskedOnce() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    CountDownLatch answer = new CountDownLatch(1);
    NngTransport resolving =
        new NngTransport(
            host -> {
              if (host.equals("slow")) {
                asked.incrementAndGet();
                Await.until("answer", () -> answer.getCount() == 0);
              }
              return new InetAddress[] {Nng.loopback()};
            });
    String slow = "tcp://slow:" + listen(0).getLocalPort();
    String other = Nng.url(listen(0).getLocalPort());
    Map<String, Object> parameters =
        Nng.dial(slow + "," + other, "lazy", true, "connectTimeoutMs", 20L, "backoffMaxMs", 50L);
    TransportOutput output = resolving.openOutput("i", Nng.out(parameters), sink);
    for (int i = 0; i < 8; i++) { // about as many attempts with the slow one
      accept().close();
    }
    assertEquals(1, asked.get());
    answer.countDown();
    server = servers.get(0);
    offer(output, "there");
    assertEquals("there", readText(puller()));
    resolving.deactivate();
  }

  @Test
  public void redialsWithinASecond() throws Exception { // case 86
    TransportOutput output = openLazyToServer();
    int port = server.getLocalPort();
    for (int i = 0; i < 3; i++) { // gone and back at once
      puller().close();
      int gone = i + 1;
      Await.until("peer down", () -> sink.down().size() == gone);
    }
    server.close();
    offer(output, "after");
    Await.until("refused", () -> output.statistics().lastError().contains("refused"));
    listen(port);
    long startNanos = System.nanoTime();
    Socket back = puller();
    long tookMs = Await.sinceMs(startNanos);
    assertTrue(tookMs + " ms", tookMs <= 1100);
    assertEquals("after", readText(back));
    assertEquals(4, output.statistics().connects());
    assertEquals(3, output.statistics().disconnects());
  }
}
