/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import static org.daqstream.itest.LiveRuntime.await;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.nats.client.Connection;
import io.nats.client.Nats;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.daqstream.client.StreamingClient;
import org.daqstream.testing.Await;
import org.daqstream.testing.NatsServer;
import org.daqstream.testing.Needs;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.rules.TestWatcher;
import org.junit.runner.Description;

/**
 * What a client of an edge sees when something between it and the source fails (NATS section 7):
 * real processes, one of which is killed, or cut off, at a time. {@code -Ddaqstream.cut.seconds=60}
 * makes the cuts of the network longer.
 */
public class NatsFaultsIT {
  private static final long CUT_MS = 1_000 * Long.getLong("daqstream.cut.seconds", 2);
  private static final long DOWN_MS = 1_000;

  /** Longer than a cluster takes to find another leader. */
  private static final long LEADERLESS_MS = 6_000;

  private static final int HISTORY_MS = 5_000;

  /**
   * As the program {@code faketime} does it, which would stay between the instance and who ends it.
   */
  private static final Map<String, String> AN_HOUR_AHEAD =
      Map.of(
          "LD_PRELOAD",
          "/usr/$LIB/faketime/libfaketimeMT.so.1",
          "FAKETIME",
          "+3600s",
          "FAKETIME_DONT_FAKE_MONOTONIC",
          "1",
          "FAKETIME_FORCE_MONOTONIC_FIX",
          "0");

  private static final long BACK_MS = 60_000 + CUT_MS;

  /** A cut that is shorter is over before anybody has asked twice whether the other is there. */
  private static final long UNNOTICED_MS = 4_000;

  @ClassRule public static TemporaryFolder folder = new TemporaryFolder();

  /** Shows what the runtimes said. */
  @Rule
  public TestWatcher watcher =
      new TestWatcher() {
        @Override
        protected void failed(Throwable e, Description test) {
          hall.lines()
              .forEach(
                  (name, lines) -> lines.forEach(line -> System.out.println(name + ": " + line)));
        }
      };

  private static NatsHall hall;
  private static StreamingClient client;
  private static final Map<NatsHall.Way, SeenRows> SEEN = new EnumMap<>(NatsHall.Way.class);

  /** What is done to the hall. */
  private interface Step {
    void run() throws Exception;
  }

  @BeforeClass
  public static void start() throws Exception {
    NatsServer.need();
    hall = new NatsHall(folder.getRoot().toPath());
    client = StreamingClient.at(hall.edgeUrl()).reconnect(100, 500).open();
    for (NatsHall.Way way : NatsHall.Way.values()) {
      SEEN.put(way, subscribe(client, way.signalId()));
    }
    SEEN.forEach((way, rows) -> Await.until("samples of " + way, BACK_MS, () -> rows.rows() > 500));
    System.out.printf(
        "%-32s | %-13s | %8s | %7s | %7s | %s%n",
        "fault", "way", "missing", "silent", "back", "interrupted");
  }

  @AfterClass
  public static void end() throws Exception {
    if (client != null) {
      client.close();
    }
    if (hall != null) {
      hall.close();
    }
  }

  private static SeenRows seen(NatsHall.Way way) {
    return SEEN.get(way);
  }

  /** Breaks something for a while, and waits until what is measured then arrives everywhere. */
  private static void fault(String what, boolean isCluster, Step broken, long ms, Step mended)
      throws Exception {
    Map<NatsHall.Way, SeenRows> concerned = new EnumMap<>(SEEN);
    concerned.keySet().removeIf(way -> way.isCluster != isCluster);
    flow(SEEN, System.nanoTime());
    SEEN.values().forEach(SeenRows::mark);
    long startNanos = System.nanoTime();
    try {
      broken.run();
      Await.until("end of the fault", 2 * ms + BACK_MS, () -> Await.sinceMs(startNanos) >= ms);
    } finally {
      mended.run();
    }
    Map<NatsHall.Way, Double> back = flow(concerned, System.nanoTime());
    concerned.forEach(
        (way, rows) -> {
          System.out.printf(
              "%-32s | %-13s | %8d | %5.1f s | %5.1f s | %s%n",
              what,
              way.subject(),
              rows.missing(),
              rows.silenceSeconds(),
              back.get(way),
              rows.interruptions());
          assertEquals(what + ", " + way + ", " + rows, List.of(), rows.wrong());
        });
  }

  /** Waits for what is measured from now on; how many seconds that takes. */
  private static Map<NatsHall.Way, Double> flow(
      Map<NatsHall.Way, SeenRows> concerned, long sinceNanos) {
    long madeNanos = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
    Map<NatsHall.Way, Double> back = new EnumMap<>(NatsHall.Way.class);
    Await.until(
        "samples again: " + concerned,
        BACK_MS,
        () -> {
          concerned.forEach(
              (way, rows) -> {
                if (rows.lastMadeNanos() > madeNanos) {
                  back.putIfAbsent(way, (rows.lastArrivalNanos() - sinceNanos) / 1e9);
                }
              });
          return back.size() == concerned.size();
        });
    return back;
  }

  /** Signals stay, and what is missing is told. */
  private static void assertOnlyHoles(NatsHall.Way way) {
    assertTrue(way + ": " + seen(way), seen(way).missing() > 0);
    assertStays(way);
  }

  /** Not even that. */
  private static void assertNothingSeen(NatsHall.Way way) {
    assertEquals(way + ": " + seen(way), 0, seen(way).missing());
    assertStays(way);
  }

  private static void assertStays(NatsHall.Way way) {
    assertEquals(way + ": " + seen(way), List.of(), seen(way).interruptions());
    assertEquals(way + ": " + seen(way), 0, seen(way).lives());
  }

  @Test
  public void serverIsKilled() throws Exception { // NATS section 7
    fault("server killed, started", false, hall.alone::kill, DOWN_MS, hall.alone::start);
    assertOnlyHoles(NatsHall.Way.PLAIN);
    assertNothingSeen(NatsHall.Way.KEPT);
  }

  @Test
  public void serverStandsStill() throws Exception { // NATS section 7
    fault(
        "server stopped, continued",
        false,
        () -> hall.alone.pause(true),
        CUT_MS,
        () -> hall.alone.pause(false));
    if (CUT_MS < UNNOTICED_MS) {
      assertNothingSeen(NatsHall.Way.PLAIN);
    }
    assertNothingSeen(NatsHall.Way.KEPT);
  }

  @Test
  public void edgeIsCutOff() throws Exception { // NATS section 7
    fault("network of the edge cut", false, hall.toEdge::cut, CUT_MS, hall.toEdge::mend);
    if (CUT_MS < UNNOTICED_MS) {
      assertNothingSeen(NatsHall.Way.PLAIN);
    }
    assertNothingSeen(NatsHall.Way.KEPT);
  }

  @Test
  public void edgeLosesItsConnection() throws Exception { // NATS section 7
    fault("connection of the edge lost", false, hall.toEdge::reset, 0, () -> {});
    assertStays(NatsHall.Way.PLAIN);
    assertNothingSeen(NatsHall.Way.KEPT);
  }

  @Test
  public void publisherIsCutOff() throws Exception { // NATS section 7
    fault(
        "network of the publisher cut",
        false,
        hall.toPublisher::cut,
        CUT_MS,
        hall.toPublisher::mend);
    if (CUT_MS < UNNOTICED_MS) {
      assertNothingSeen(NatsHall.Way.PLAIN);
      assertNothingSeen(NatsHall.Way.KEPT);
    }
  }

  @Test
  public void publisherLosesItsConnection() throws Exception { // NATS section 7
    fault("connection of the publisher lost", false, hall.toPublisher::reset, 0, () -> {});
    assertStays(NatsHall.Way.PLAIN);
    assertNothingSeen(NatsHall.Way.KEPT);
  }

  @Test
  public void edgeIsKilled() throws Exception { // NATS section 7
    fault("edge killed, started", false, hall::killEdge, DOWN_MS, hall::startEdge);
    for (NatsHall.Way way : List.of(NatsHall.Way.PLAIN, NatsHall.Way.KEPT)) {
      assertTrue(way + ": " + seen(way), seen(way).missing() > 0);
      assertEquals(way + ": " + seen(way), 1, seen(way).interruptions().size());
      assertEquals(way + ": " + seen(way), 0, seen(way).lives());
    }
  }

  @Test
  public void publisherIsKilled() throws Exception { // NATS section 7
    fault("publisher killed, started", false, hall::killAcquisition, 0, hall::startAcquisition);
    for (NatsHall.Way way : List.of(NatsHall.Way.PLAIN, NatsHall.Way.KEPT)) {
      assertEquals(way + ": " + seen(way), 1, seen(way).lives());
    }
  }

  @Test
  public void publisherStaysAway() throws Exception { // NATS section 7
    fault(
        "publisher killed, started later",
        false,
        () -> {
          hall.killAcquisition();
          SEEN.forEach(
              (way, rows) ->
                  Await.until(way + " withdrawn", () -> !rows.interruptions().isEmpty()));
        },
        0,
        hall::startAcquisition);
    for (NatsHall.Way way : List.of(NatsHall.Way.PLAIN, NatsHall.Way.KEPT)) {
      assertEquals(way + ": " + seen(way), 1, seen(way).interruptions().size());
      assertEquals(way + ": " + seen(way), 1, seen(way).lives());
    }
  }

  @Test
  public void clusterLosesItsLeader() throws Exception { // NATS section 7
    loses("leader of three killed, started", leader());
  }

  @Test
  public void clusterLosesTheOneOfThePublisher() throws Exception { // NATS section 7
    loses("the publisher's of three killed", hall.serverOfPublisher());
  }

  @Test
  public void clusterLosesAnother() throws Exception { // NATS section 7
    List<NatsServer> others = new ArrayList<>(hall.cluster);
    others.remove(leader());
    others.remove(hall.serverOfPublisher());
    loses("another of three killed", others.get(0));
  }

  private static void loses(String what, NatsServer server) throws Exception {
    fault(what, true, server::kill, LEADERLESS_MS, server::start);
    assertStays(NatsHall.Way.CLUSTER_PLAIN);
    assertNothingSeen(NatsHall.Way.CLUSTER_KEPT);
  }

  /** Ticks are the source's, and how far the past goes is told by the server. */
  @Test
  public void edgeHasAnotherClock() throws Exception { // NATS sections 1, 7
    Needs.program("faketime", "faketime");
    int port = NatsHall.freePort();
    Path home = NatsHall.home(folder.getRoot().toPath(), "ahead", port);
    hall.configureImports(home, "historyMs = " + HISTORY_MS + "\n");
    Files.writeString(
        home.resolve("conf/org.daqstream.source.simulator-own.cfg"),
        "prefix = own\nwaveform = counter\ndataType = int64\n");
    flow(SEEN, System.nanoTime());
    try (RunningProcess edge = Distribution.start(home, AN_HOUR_AHEAD);
        StreamingClient there =
            StreamingClient.at(hall.acquisitionUrl()).reconnect(100, 500).open();
        StreamingClient ahead =
            StreamingClient.at("ws://127.0.0.1:" + port).reconnect(100, 500).open()) {
      Distribution.awaitListening(edge, 0);
      SeenRows source = subscribe(there, NatsHall.SOURCE);
      SeenRows own = subscribe(ahead, "own/0");
      await("signal of the stream", () -> ahead.signalIds().contains(NatsHall.Way.KEPT.signalId()));
      long askedNanos = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
      SeenRows kept = subscribe(ahead, NatsHall.Way.KEPT.signalId());
      SeenRows plain = subscribe(ahead, NatsHall.Way.PLAIN.signalId());
      for (SeenRows each : List.of(source, own, kept, plain)) {
        Await.until("samples of " + each, BACK_MS, () -> each.rows() > 1_000);
        assertEquals(List.of(), each.wrong());
      }
      System.out.printf(
          "clock of an edge %.0f s ahead: signals begin %.1f s before they are wanted, with a stream"
              + " that keeps them%n",
          (own.lastMadeNanos() - source.lastMadeNanos()) / 1e9,
          (askedNanos - kept.firstMadeNanos()) / 1e9);
      assertEquals("the clock", 3_600, (own.lastMadeNanos() - source.lastMadeNanos()) / 1e9, 60);
      assertEquals(source.zeroNanos(), kept.zeroNanos());
      assertEquals(source.zeroNanos(), plain.zeroNanos());
      double before = (askedNanos - kept.firstMadeNanos()) / 1e9;
      assertTrue("history: " + before, before > 0.5 && before < HISTORY_MS / 1e3 + 1);
    }
  }

  private static SeenRows subscribe(StreamingClient from, String signalId) {
    SeenRows rows = new SeenRows(NatsHall.RATE_HZ);
    from.subscribe(signalId, rows);
    return rows;
  }

  /** Of the stream that keeps the signal. */
  private static NatsServer leader() throws Exception {
    String stream = "daqstream_data_" + NatsHall.Way.CLUSTER_KEPT.subject();
    Connection connection = Nats.connect(hall.cluster.get(0).url());
    try {
      String name =
          connection.jetStreamManagement().getStreamInfo(stream).getClusterInfo().getLeader();
      return hall.cluster.get(Integer.parseInt(name.substring(1)));
    } finally {
      connection.close();
    }
  }
}
