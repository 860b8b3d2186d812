/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.daqstream.client.StreamingClient;
import org.daqstream.testing.Await;
import org.daqstream.testing.NatsServer;

/**
 * Signals go through a stream of NATS to a client of an edge, while at random times the server is
 * killed, or connections to it are ended or cut: every row must come once, in its order (NATS
 * section 6). {@code itest/soak nats 10000000} runs it for so many blocks.
 */
final class NatsSoak implements Closeable {
  private static final int SIGNALS = 4;
  private static final int BLOCK_SAMPLES = 10;
  private static final int RATE_HZ = 20_000;
  private static final int FAULT_EVERY_MS = 4_000;
  private static final int FAULT_MS_MAX = 3_000;
  private static final long READY_MS = 60_000;
  private static final long STALLED_MS = 120_000;
  private static final long REPORT_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final Path folder;
  private final Random random;
  private final NatsServer nats;
  private final TcpProxy toPublisher;
  private final TcpProxy toEdge;
  private final List<RunningProcess> runtimes = new ArrayList<>();
  private StreamingClient client; // null until it is started
  private final List<SeenRows> seen = new ArrayList<>();
  private final Map<Fault, Integer> faults = new EnumMap<>(Fault.class);

  /** What is done, and how it is mended after a while. */
  private enum Fault {
    SERVER_KILLED,
    PUBLISHER_RESET,
    EDGE_RESET,
    PUBLISHER_CUT,
    EDGE_CUT
  }

  private NatsSoak(long seed) throws IOException {
    random = new Random(seed);
    folder = Files.createTempDirectory("daqstream-soak");
    nats = NatsServer.jetStream();
    toPublisher = new TcpProxy(nats.port());
    toEdge = new TcpProxy(nats.port());
  }

  /** Words: how many blocks, and the seed of what is random. */
  public static void main(String[] words) throws Exception {
    long blocks = words.length > 0 ? Long.parseLong(words[0]) : 1_000_000;
    long seed = words.length > 1 ? Long.parseLong(words[1]) : System.nanoTime();
    if (!run(blocks, seed)) {
      System.exit(1);
    }
  }

  /** Whether every row has come once and in order, and all went well. */
  static boolean run(long blocks, long seed) throws Exception {
    System.out.printf("soak: %d blocks of %d samples, seed %d%n", blocks, BLOCK_SAMPLES, seed);
    try (NatsSoak soak = new NatsSoak(seed)) {
      soak.start();
      soak.faultsUntil(blocks);
      return soak.isWell();
    }
  }

  private void start() throws Exception {
    Path acquisition = NatsHall.home(folder, "acquisition", 0);
    Files.writeString(
        acquisition.resolve("conf/org.daqstream.source.simulator-sim.cfg"),
        """
        prefix = sim
        signals = %d
        rateHz = %d
        blockSamples = %d
        waveform = counter
        dataType = int64
        """
            .formatted(SIGNALS, RATE_HZ, BLOCK_SAMPLES));
    Files.writeString(
        acquisition.resolve("conf/org.daqstream.nats.publish-soak.cfg"),
        """
        url = nats://127.0.0.1:%d
        signals = sim/**
        jetstream = true
        keepS = 300
        keepBytes = 536870912
        memoryBytes = 67108864
        """
            .formatted(toPublisher.port()));
    int port = NatsHall.freePort();
    Path edge = NatsHall.home(folder, "edge", port);
    Files.writeString(
        edge.resolve("conf/org.daqstream.nats.import-soak.cfg"),
        """
        url = nats://127.0.0.1:%d
        publisherTimeoutMs = 60000
        fillMs = 60000
        """
            .formatted(toEdge.port()));
    runtimes.add(Distribution.start(acquisition));
    runtimes.add(Distribution.start(edge));
    client = StreamingClient.at("ws://127.0.0.1:" + port).reconnect(100, 500).open();
    for (int i = 0; i < SIGNALS; i++) {
      SeenRows rows = new SeenRows(RATE_HZ);
      seen.add(rows);
      client.subscribe("sim/" + i, rows);
    }
    Await.until("samples", READY_MS, () -> seen.stream().allMatch(each -> each.rows() > 0));
  }

  private long blocks() {
    return seen.stream().mapToLong(SeenRows::rows).sum() / BLOCK_SAMPLES;
  }

  private void faultsUntil(long wanted) throws Exception {
    long start = System.nanoTime();
    long reportNanos = start + REPORT_NANOS;
    long last = blocks();
    long lastNanos = start;
    while (blocks() < wanted) {
      pause(random.nextInt(FAULT_EVERY_MS));
      make(Fault.values()[random.nextInt(Fault.values().length)]);
      long now = System.nanoTime();
      if (blocks() > last) {
        last = blocks();
        lastNanos = now;
      } else if (now - lastNanos > TimeUnit.MILLISECONDS.toNanos(STALLED_MS)) {
        System.out.println("soak: nothing comes any more");
        break;
      }
      if (now - reportNanos > 0) {
        reportNanos = now + REPORT_NANOS;
        report(start);
      }
    }
    settle();
    report(start);
  }

  /** What was sent until now comes before it is over. */
  private void settle() {
    long madeNanos = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
    Await.until(
        "samples of now " + seen,
        STALLED_MS,
        () -> seen.stream().allMatch(each -> each.lastMadeNanos() > madeNanos));
  }

  private void make(Fault fault) throws Exception {
    faults.merge(fault, 1, Integer::sum);
    switch (fault) {
      case SERVER_KILLED -> {
        nats.kill();
        pause(random.nextInt(FAULT_MS_MAX));
        nats.start();
      }
      case PUBLISHER_RESET -> toPublisher.reset();
      case EDGE_RESET -> toEdge.reset();
      case PUBLISHER_CUT -> cut(toPublisher);
      case EDGE_CUT -> cut(toEdge);
    }
  }

  private void cut(TcpProxy proxy) {
    proxy.cut();
    pause(random.nextInt(FAULT_MS_MAX));
    if (random.nextBoolean()) {
      proxy.reset();
    }
    proxy.mend();
  }

  /** That is what a soak is made of. */
  private static void pause(int ms) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ms);
    while (System.nanoTime() - end < 0) {
      LockSupport.parkNanos(Math.min(LOOK_NANOS, end - System.nanoTime()));
    }
  }

  private void report(long startNanos) {
    System.out.printf(
        "soak: %d s, %d blocks, %d rows missing, %d wrong, longest silence %.1f s, faults: %s%n",
        TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - startNanos),
        blocks(),
        seen.stream().mapToLong(SeenRows::missing).sum(),
        seen.stream().mapToInt(each -> each.wrong().size()).sum(),
        seen.stream().mapToDouble(SeenRows::silenceSeconds).max().orElse(0),
        faults);
  }

  private boolean isWell() {
    boolean isWell = true;
    for (SeenRows each : seen) {
      if (!each.wrong().isEmpty() || each.missing() > 0 || !each.interruptions().isEmpty()) {
        isWell = false;
        System.out.println("soak: not well: " + each);
      }
    }
    return isWell;
  }

  @Override
  public void close() throws IOException {
    if (client != null) {
      client.close();
    }
    runtimes.forEach(RunningProcess::close);
    toEdge.close();
    toPublisher.close();
    nats.close();
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    }
  }
}
