/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import static org.daqstream.itest.LiveRuntime.await;
import static org.daqstream.itest.Modules.OK;
import static org.daqstream.itest.Modules.TIMEDOUT;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.daqstream.stream.api.StreamStatistics;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;

/** Peers of streams that send garbage, never read or come by the thousand. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class HostilePeersIT extends StreamsBench {
  private static final int TIMEOUT_S = 20;
  private static final int MEBIBYTE = 1024 * 1024;
  private static final int BLOCK_BYTES = 65_536;
  private static final long FLOOD_BYTES = 64L * MEBIBYTE;

  /** The register's default for an input. */
  private static final long QUEUE_BYTES = 4L * MEBIBYTE;

  /** What a push peer sends first. */
  private static final byte[] SP_PUSH = {0, 'S', 'P', 0, 0, 0x50, 0, 0};

  private static final String BOUND = "\"queueBytes\":\"2097152\",";

  @Test
  public void posixPeersThatSendGarbageAndResetHarmNobodyElse() throws Exception {
    deploy("test", posix());
    modules.connect("talker", "listener");
    sendGarbage(new byte[0]);
    await("end of all but one", () -> statistics("listener").disconnects() == 50);
    assertEquals(1, statistics("listener").peers());
    modules.tell("listener", "drain");
    talk("unharmed");
  }

  @Test
  public void nngPeersThatSendGarbageOrAnnounceTooMuchHarmNobodyElse() throws Exception {
    deploy("test", nng());
    modules.connect("talker", "listener");
    sendGarbage(new byte[0]);
    sendGarbage(SP_PUSH);
    try (Socket peer = new Socket(InetAddress.getLoopbackAddress(), port)) {
      peer.setSoTimeout(TIMEOUT_S * 1000);
      peer.getOutputStream().write(SP_PUSH);
      peer.getOutputStream().write(new byte[] {0x7f, -1, -1, -1, -1, -1, -1, -1}); // 2^63 - 1 bytes
      assertEquals(8, peer.getInputStream().readNBytes(8).length); // its greeting
      assertEquals("disconnected", -1, peer.getInputStream().read());
    }
    await("end of all but one", () -> statistics("listener").peers() == 1);
    modules.tell("listener", "drain");
    talk("unharmed");
  }

  private void sendGarbage(byte[] before) throws IOException {
    Random random = new Random(1);
    for (int i = 0; i < 50; i++) {
      byte[] garbage = new byte[1 + random.nextInt(1000)];
      random.nextBytes(garbage);
      try (Socket peer = new Socket(InetAddress.getLoopbackAddress(), port)) {
        peer.getOutputStream().write(before);
        peer.getOutputStream().write(garbage);
        peer.setSoLinger(true, 0); // the close is a reset
      }
    }
  }

  @Test
  public void peersByTheThousandAreRefusedBeyondTheLimitAndHarmNobodyElse() throws Exception {
    String limit = "\"in\",\"parameters\":{\"maxPeers\":\"100\",";
    deploy("test", posix().replace("\"in\",\"parameters\":{", limit));
    modules.connect("talker", "listener");
    List<Socket> peers = new ArrayList<>();
    try {
      for (int i = 0; i < 1000; i++) {
        peers.add(new Socket(InetAddress.getLoopbackAddress(), port));
      }
      await("refusals", () -> statistics("listener").rejected() == 1000 - 99);
      assertEquals(100, statistics("listener").peers());
      modules.tell("listener", "drain");
      talk("unharmed");
    } finally {
      for (Socket peer : peers) {
        peer.close();
      }
    }
    await("end of all but one", () -> statistics("listener").peers() == 1);
  }

  @Test
  public void aPosixListenerThatNeverReadsStopsItsPeersAndLosesNothing() throws Exception {
    neverReads(posix(), new byte[0], new byte[0]);
  }

  @Test
  public void anNngListenerThatNeverReadsStopsItsPeersAndLosesNothing() throws Exception {
    neverReads(nng(), SP_PUSH, ByteBuffer.allocate(8).putLong(BLOCK_BYTES).array());
  }

  private void neverReads(String manifest, byte[] greeting, byte[] header) throws Exception {
    deploy("test", manifest);
    modules.tell("listener", "in", OK);
    AtomicLong sent = new AtomicLong();
    try (Socket peer = new Socket(InetAddress.getLoopbackAddress(), port)) {
      peer.getOutputStream().write(greeting);
      Thread flood = new Thread(() -> flood(peer, header, sent), "test-flood");
      flood.start();
      await("full queue", () -> statistics("listener").pauses() > 0);
      long stalled = awaitStall(sent);
      assertTrue("sent " + stalled, stalled < FLOOD_BYTES);
      long queued = statistics("listener").queuedBytes();
      assertTrue("queued " + queued, queued >= QUEUE_BYTES && queued < 2 * QUEUE_BYTES);
      long received = 0;
      while (flood.isAlive() || received < sent.get()) {
        received += Long.parseLong(modules.tell("listener", "drain"));
      }
      assertEquals(FLOOD_BYTES, received);
      assertEquals(0, statistics("listener").lostBytes());
    }
  }

  @Test
  public void whatAPeerNeverReadsIsRefusedAtTheBoundAndReportedAsLost() throws Exception {
    try (ServerSocket silent = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      deploy(
          "test", posix().replace("\"out\",\"parameters\":{", "\"out\",\"parameters\":{" + BOUND));
      silent.setSoTimeout(TIMEOUT_S * 1000);
      modules.tell("talker", "out", OK);
      try (Socket peer = silent.accept()) {
        assertTrue(peer.isConnected());
        await("refusal", () -> !modules.tell("talker", "fill 100000").equals(OK));
        StreamStatistics statistics = statistics("talker");
        assertTrue("" + statistics, statistics.queuedBytes() <= 2 * MEBIBYTE);
        assertTrue("" + statistics, statistics.rejected() > 0);
        modules.tell("talker", "close 100", TIMEDOUT + " with loss");
      }
    }
  }

  private static void flood(Socket peer, byte[] header, AtomicLong sent) {
    byte[] block = Arrays.copyOf(header, header.length + BLOCK_BYTES);
    try {
      OutputStream out = peer.getOutputStream();
      while (sent.get() < FLOOD_BYTES) {
        out.write(block);
        sent.addAndGet(BLOCK_BYTES);
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** The figure once it has not changed for half a second. */
  private static long awaitStall(AtomicLong figure) throws Exception {
    long[] seen = {-1, System.nanoTime()};
    await(
        "stall",
        () -> {
          if (figure.get() != seen[0]) {
            seen[0] = figure.get();
            seen[1] = System.nanoTime();
          }
          return System.nanoTime() - seen[1] > TimeUnit.MILLISECONDS.toNanos(500);
        });
    return seen[0];
  }
}
