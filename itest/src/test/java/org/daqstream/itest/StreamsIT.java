/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import static org.daqstream.itest.LiveRuntime.await;
import static org.daqstream.itest.Modules.ERROR;
import static org.daqstream.itest.Modules.NOTSUP;
import static org.daqstream.itest.Modules.OK;
import static org.daqstream.itest.Modules.TIMEDOUT;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
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
import javax.inject.Inject;
import org.daqstream.stream.api.ManifestException;
import org.daqstream.stream.api.StreamRegister;
import org.daqstream.stream.api.StreamStatistics;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/**
 * Two modules, each a bundle of its own, talk over a stream: {@code talker} dials {@code listener}.
 * Meanwhile the transport leaves and returns, the manifest changes and peers misbehave.
 */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class StreamsIT {
  private static final int TIMEOUT_S = 20;
  private static final int MEBIBYTE = 1024 * 1024;
  private static final int BLOCK_BYTES = 65_536;
  private static final long FLOOD_BYTES = 64L * MEBIBYTE;

  /** The register's default for an input. */
  private static final long QUEUE_BYTES = 4L * MEBIBYTE;

  /** What a push peer sends first. */
  private static final byte[] SP_PUSH = {0, 'S', 'P', 0, 0, 0x50, 0, 0};

  private static final String SINK = "{\"mode\":\"sink\"}";
  private static final String BOUND = "\"queueBytes\":\"2097152\",";

  @Inject private BundleContext context;

  @Inject private StreamRegister register;

  private final List<String> sources = new ArrayList<>();
  private Modules modules;
  private int port;

  @Configuration
  public Option[] runtime() {
    return FelixRuntime.withStreams();
  }

  @Before
  public void installModules() throws Exception {
    port = Modules.freePort();
    modules = new Modules(context, "talker", "listener");
  }

  @After
  public void removeEverything() throws Exception {
    modules.close();
    sources.forEach(register::undeploy);
    assertEquals(List.of(), register.streams());
    await("end of all threads", () -> threadsOfTransports().isEmpty());
  }

  @Test
  public void modulesTalkOverPosix() throws Exception {
    talkAndClose(posix());
  }

  @Test
  public void modulesTalkOverNng() throws Exception {
    talkAndClose(nng());
  }

  private void talkAndClose(String manifest) throws Exception {
    deploy("test", manifest);
    modules.connect("talker", "listener");
    talk("hello");
    modules.tell("talker", "close 1000", OK);
    modules.tell("listener", "event", "down");
    modules.tell("listener", "close 0", OK);
  }

  @Test
  public void anythingIsAcceptedAndNothingOpenedByTheNullType() throws Exception {
    deploy("test", definition("null", "{}"));
    modules.tell("talker", "out", NOTSUP);
    modules.tell("listener", "in", NOTSUP);
    deploy("test", definition("null", SINK));
    modules.tell("talker", "out", OK);
    modules.tell("talker", "write gone", OK);
    modules.tell("talker", "close 0", OK);
  }

  @Test
  public void posixStreamsEndWithTheirTransportAndCanBeReopenedOnItsReturn() throws Exception {
    deploy("test", posix());
    swapsWhileTalking("posix");
  }

  @Test
  public void nngStreamsEndWithTheirTransportAndCanBeReopenedOnItsReturn() throws Exception {
    deploy("test", nng());
    swapsWhileTalking("nng");
  }

  /** Stream case 15, and 14 with it. */
  private void swapsWhileTalking(String type) throws Exception {
    Bundle transport = modules.bundle("org.daqstream.transport." + type);
    for (int cycle = 0; cycle < 3; cycle++) {
      modules.connect("talker", "listener");
      talk("before " + cycle);
      transport.stop();
      assertFalse(register.types().contains(type));
      modules.tell("talker", "write late", ERROR);
      modules.awaitEvent("talker", "ended its transport left");
      modules.awaitEvent("listener", "ended its transport left");
      modules.tell("talker", "close 1000", OK);
      modules.tell("listener", "close 0", OK);
      await("end of its threads", () -> threadsOfTransports().isEmpty());
      modules.tell("talker", "out", NOTSUP);
      modules.tell("listener", "in", NOTSUP);
      transport.start();
    }
    modules.connect("talker", "listener");
    talk("after");
  }

  @Test
  public void aTransportThatIsUpdatedAndRefreshedServesOn() throws Exception {
    deploy("test", posix());
    modules.connect("talker", "listener");
    Bundle transport = modules.bundle("org.daqstream.transport.posix");
    transport.update();
    modules.awaitEvent("talker", "ended its transport left");
    modules.awaitEvent("listener", "ended its transport left");
    modules.tell("talker", "close 1000", OK);
    modules.tell("listener", "close 0", OK);
    modules.connect("talker", "listener");
    talk("updated");
  }

  /** What transports have in common is embedded in each, so that it is mended in one alone. */
  @Test
  public void aTransportIsUpdatedAndStreamsOfOthersDoNotBlink() throws Exception {
    deploy("test", posix());
    modules.connect("talker", "listener");
    modules.install("caller");
    modules.install("callee");
    int other = Modules.freePort();
    deploy(
        "others",
        Modules.manifest(
            Modules.instance("caller", "data", "nng", "out", Modules.nng("dial", "push", other)),
            Modules.instance("callee", "data", "nng", "in", Modules.nng("listen", "pull", other))));
    modules.connect("caller", "callee");
    modules.bundle("org.daqstream.transport.nng").update();
    for (String instance : List.of("caller", "callee")) {
      modules.awaitEvent(instance, "ended its transport left");
      modules.tell(instance, "close 1000", OK);
    }
    modules.connect("caller", "callee");
    talk("undisturbed");
    for (String instance : List.of("talker", "listener")) {
      assertEquals(1, statistics(instance).connects());
      assertEquals(0, statistics(instance).disconnects());
    }
  }

  @Test
  public void aManifestMovesOneStreamToAnotherTypeAndTouchesNoOther() throws Exception {
    deploy("test", posix());
    modules.connect("talker", "listener");
    modules.install("witness");
    deploy("witness", Modules.manifest(Modules.instance("witness", "data", "null", "out", SINK)));
    modules.tell("witness", "out", OK);
    moveTo(nng());
    talk("by nng");
    moveTo(posix());
    talk("back on posix");
    modules.tell("witness", "write on", OK);
  }

  private void moveTo(String manifest) throws Exception {
    deploy("test", manifest);
    modules.awaitEvent("talker", "ended the manifest changed its definition");
    modules.awaitEvent("listener", "ended the manifest changed its definition");
    modules.tell("talker", "write late", ERROR);
    modules.tell("talker", "close 1000", OK);
    modules.tell("listener", "close 0", OK);
    modules.connect("talker", "listener");
  }

  @Test
  public void aRefusedManifestChangesNothing() throws Exception {
    deploy("test", posix());
    modules.connect("talker", "listener");
    String bad = posix().replace("\"" + port + "\"", "\"65536\"");
    ManifestException refusal = assertThrows(ManifestException.class, () -> deploy("test", bad));
    for (String part : List.of("talker", "data", "parameters.port", "65536")) {
      assertTrue(refusal.getMessage(), refusal.getMessage().contains(part));
    }
    talk("still there");
  }

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

  private void talk(String text) throws Exception {
    modules.tell("talker", "write " + text, OK);
    modules.tell("listener", "event", "data " + text);
  }

  private StreamStatistics statistics(String instance) {
    return Modules.statistics(register, instance);
  }

  private void deploy(String source, String manifest) throws Exception {
    register.deploy(source, manifest);
    sources.add(source);
  }

  private String posix() {
    return definition("posix", Modules.posix(port));
  }

  private String nng() {
    return Modules.manifest(
        Modules.instance("talker", "data", "nng", "out", Modules.nng("dial", "push", port)),
        Modules.instance("listener", "data", "nng", "in", Modules.nng("listen", "pull", port)));
  }

  private static String definition(String type, String parameters) {
    return Modules.manifest(
        Modules.instance("talker", "data", type, "out", parameters),
        Modules.instance("listener", "data", type, "in", parameters));
  }

  private static List<String> threadsOfTransports() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.matches("stream-[a-z]+-(in|out)-.*"))
        .toList();
  }
}
