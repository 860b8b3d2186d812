/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest.bench;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;
import org.daqstream.signal.api.relay.RelayStatus;
import org.daqstream.signal.api.sink.SignalSink;
import org.daqstream.testing.NatsServer;
import org.osgi.framework.ServiceRegistration;

/**
 * What signals cost over NATS: the publisher, the server of NATS and the edges are on the same
 * cores. Its columns tell which part used what, and are the constants of {@code itest/fanout}.
 */
final class NatsSpeed {
  private static final List<Integer> PAYLOADS = List.of(64, 1_024, 65_520);
  private static final List<Integer> EDGES = List.of(1, 2, 4);
  private static final int WINDOW_BYTES = 8 << 20;
  private static final int ENTRY_BYTES = 64;
  private static final int CLIENTS = 4;
  private static final int PACED_PAYLOAD = 1_024;
  private static final long PACED_NANOS = 500_000;
  private static final long PAUSE_NANOS = 50_000;

  private final Bench bench;
  private int ports;

  NatsSpeed(Bench bench) {
    this.bench = bench;
  }

  static List<Integer> payloads() {
    return PAYLOADS;
  }

  /** So many blocks or messages in a second, and what each used of processors. */
  private record Result(
      double perSecond,
      double messageBytes,
      double wireBytesPerSecond,
      long missing,
      Shares shares) {}

  /** Nanoseconds of each part for each block. */
  private record Shares(double publisher, double nats, double edges, double fanOut) {}

  void run(PrintStream out, int rounds, List<Integer> payloads) throws Exception {
    try (NatsServer nats = NatsServer.jetStream();
        StreamingRuntime edge = new StreamingRuntime("bench-edge-0")) {
      bench
          .runtime()
          .configure(
              "org.daqstream.nats.publish", Map.of("url", nats.url(), "signals", "bench.**"));
      edge.configure("org.daqstream.nats.import", Map.of("url", nats.url()));
      throughput(out, rounds, payloads, nats, edge);
      latency(out, rounds, edge);
      edges(out, rounds, nats, edge);
    }
  }

  private void throughput(
      PrintStream out, int rounds, List<Integer> payloads, NatsServer nats, StreamingRuntime edge)
      throws Exception {
    Map<Integer, List<Result>> bridge = new HashMap<>();
    Map<Integer, List<Result>> alone = new HashMap<>();
    for (int payload : payloads) {
      bridge(payload, nats, edge); // until it is compiled
    }
    for (int round = 0; round < rounds; round++) {
      for (int payload : payloads) {
        Result ours = bridge(payload, nats, edge);
        Bench.add(bridge, payload, ours);
        Bench.add(alone, payload, alone((int) ours.messageBytes, nats));
      }
    }
    out.printf(
        "%nNATS: one signal to an edge without clients, as fast as it goes; jnats: messages of the"
            + " same size alone%n"
            + "payload |    blocks/s    message |     MB/s   jnats, MB/s | of jnats | CPU, ns/block:%n"
            + "      B |      x 1000          B |                        |          |  publisher"
            + "      NATS      edge%n");
    for (int payload : payloads) {
      List<Result> ours = bridge.get(payload);
      double blocks = Bench.median(ours, Result::perSecond);
      double messageBytes = Bench.median(ours, Result::messageBytes);
      double bytes = Bench.median(ours, each -> each.perSecond * payload);
      double raw = Bench.median(alone.get(payload), Result::wireBytesPerSecond);
      double onWire = Bench.median(ours, Result::wireBytesPerSecond);
      out.printf(
          "%7d | %11.0f %10.0f | %8.0f %13.0f | %8.2f | %10.0f %9.0f %9.0f%n",
          payload,
          blocks / 1e3,
          messageBytes,
          bytes / 1e6,
          raw / 1e6,
          onWire / raw,
          Bench.median(ours, each -> each.shares.publisher),
          Bench.median(ours, each -> each.shares.nats),
          Bench.median(ours, each -> each.shares.edges));
      bench.countErrors(ours.stream().mapToLong(Result::missing).sum());
    }
  }

  private Result bridge(int payload, NatsServer nats, StreamingRuntime edge) throws Exception {
    Block block = Block.integers(payload);
    String id = "bench.nats" + ports++;
    RowCounter sink = new RowCounter(id);
    ServiceRegistration<SignalSink> end = edge.register(sink);
    try (SignalPort port = open(id, block)) {
      Way.awaitDemand(port);
      long window = WINDOW_BYTES / Math.max(ENTRY_BYTES, payload);
      Flow flow =
          new Flow(
              number -> {
                block.number(number);
                port.write(number * block.count, block.samples, 0, block.count);
              },
              () -> sink.samples() / block.count,
              window);
      try (flow) {
        flow.start();
        bench.warmUp();
        RelayStatus before = bench.runtime().relay();
        Parts parts = Parts.take(nats, flow.received(), flow.thread());
        bench.measure();
        Parts delta = Parts.take(nats, flow.received(), flow.thread()).since(parts);
        RelayStatus after = bench.runtime().relay();
        double messages = Math.max(1, after.messages() - before.messages());
        double wireBytes = after.bytes() - before.bytes();
        return new Result(
            delta.perSecond(),
            wireBytes / messages,
            wireBytes * 1e9 / delta.nanos(),
            sink.missing(),
            delta.shares());
      }
    } finally {
      end.unregister();
    }
  }

  private SignalPort open(String id, Block block) {
    return bench
        .runtime()
        .registry()
        .open(SignalDescriptor.linearTime(id + ".time", 1), block.descriptor(id));
  }

  @SuppressWarnings("try") // to close a connection may be interrupted
  private Result alone(int messageBytes, NatsServer nats) throws Exception {
    byte[] message = new byte[messageBytes];
    AtomicLong received = new AtomicLong();
    Options options = new Options.Builder().server(nats.url()).build();
    try (Connection from = Nats.connect(options);
        Connection to = Nats.connect(options)) {
      Dispatcher dispatcher = to.createDispatcher(each -> received.incrementAndGet());
      dispatcher.setPendingLimits(-1, -1);
      dispatcher.subscribe("alone");
      to.flush(java.time.Duration.ofSeconds(5));
      try (Flow flow =
          new Flow(
              number -> from.publish("alone", message),
              received::get,
              Math.max(16, WINDOW_BYTES / messageBytes))) {
        flow.start();
        bench.warmUp();
        Parts before = Parts.take(nats, flow.received(), flow.thread());
        bench.measure();
        Parts delta = Parts.take(nats, flow.received(), flow.thread()).since(before);
        return new Result(
            delta.perSecond(), messageBytes, messageBytes * delta.perSecond(), 0, delta.shares());
      }
    }
  }

  private void latency(PrintStream out, int rounds, StreamingRuntime edge) throws Exception {
    Latency latency = new Latency(bench);
    Way through = new Way(edge, "");
    latency.ours(through);
    List<Percentiles> server = new ArrayList<>();
    List<Percentiles> behind = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      server.add(latency.ours().age());
      behind.add(latency.ours(through).age());
    }
    out.printf(
        "%nNATS: 64 B to 16 clients, 1000 times a second; age of a block, us; blocks wait up to 2 ms"
            + " for others%n"
            + "              p50       p99%n"
            + "server   %8.1f  %8.1f%n"
            + "an edge  %8.1f  %8.1f%n",
        Bench.median(server, each -> each.p50() / 1e3),
        Bench.median(server, each -> each.p99() / 1e3),
        Bench.median(behind, each -> each.p50() / 1e3),
        Bench.median(behind, each -> each.p99() / 1e3));
  }

  private void edges(PrintStream out, int rounds, NatsServer nats, StreamingRuntime first)
      throws Exception {
    List<StreamingRuntime> edges = new ArrayList<>(List.of(first));
    Map<Integer, List<Result>> results = new HashMap<>();
    List<Result> direct = new ArrayList<>();
    try {
      paced(List.of(bench.runtime()), nats);
      for (int count : EDGES) {
        while (edges.size() < count) {
          StreamingRuntime more = new StreamingRuntime("bench-edge-" + edges.size());
          edges.add(more);
          more.configure("org.daqstream.nats.import", Map.of("url", nats.url()));
        }
        paced(edges, nats);
        for (int round = 0; round < rounds; round++) {
          direct.add(paced(List.of(bench.runtime()), nats));
          Bench.add(results, count, paced(edges, nats));
        }
      }
    } finally {
      for (StreamingRuntime each : edges.subList(1, edges.size())) {
        each.close();
      }
    }
    out.printf(
        "%nNATS: %d blocks/s of %d B to %d clients at each edge; CPU of the parts, ns for each"
            + " block; fan-out of each edge, ns for each packet%n"
            + "edges | blocks/s | publisher      NATS  each edge   fan-out  of server's%n",
        1_000_000_000L / PACED_NANOS, PACED_PAYLOAD, CLIENTS);
    double server = Bench.median(direct, each -> each.shares.fanOut / CLIENTS);
    out.printf(
        " none | %8.0f | %9s %9s %10s %9.0f %12s%n",
        Bench.median(direct, Result::perSecond), "", "", "", server, "");
    for (int count : EDGES) {
      List<Result> all = results.get(count);
      double fanOut = Bench.median(all, each -> each.shares.fanOut / count / CLIENTS);
      out.printf(
          "%5d | %8.0f | %9.0f %9.0f %10.0f %9.0f %12.2f%n",
          count,
          Bench.median(all, Result::perSecond),
          Bench.median(all, each -> each.shares.publisher),
          Bench.median(all, each -> each.shares.nats),
          Bench.median(all, each -> each.shares.edges / count),
          fanOut,
          fanOut / server);
    }
  }

  /** At one rate, to clients of each runtime; the slowest is counted. */
  private Result paced(List<StreamingRuntime> ends, NatsServer nats) throws Exception {
    Block block = Block.integers(PACED_PAYLOAD);
    String id = "bench.paced-nats" + ports++;
    Counters counters = bench.sinks().counters();
    int clients = CLIENTS * ends.size();
    try (SignalPort port = open(id, block)) {
      for (StreamingRuntime each : ends) {
        bench.sinks().stream(
            each.endpoint(),
            java.util.Collections.nCopies(CLIENTS, new Way(each, "").idOf(id)),
            block.bytes);
      }
      Way.awaitDemand(port);
      long start = System.nanoTime();
      try (Flow flow =
          new Flow(
              number -> {
                Pause.untilNanos(start + number * PACED_NANOS);
                block.number(number);
                port.write(number * block.count, block.samples, 0, block.count);
              },
              () -> counters.fewestPackets(clients),
              WINDOW_BYTES / PACED_PAYLOAD)) {
        flow.start();
        bench.warmUp();
        Parts before = Parts.take(nats, flow.received(), flow.thread());
        bench.measure();
        bench.measure();
        Parts delta = Parts.take(nats, flow.received(), flow.thread()).since(before);
        bench.countErrors(counters.errors(clients));
        return new Result(delta.perSecond(), 0, 0, 0, delta.shares());
      }
    } finally {
      bench.sinks().closeAll();
    }
  }

  /** Processor times of the parts at a moment, and how many blocks have arrived. */
  private record Parts(
      long nanos, long received, long publisher, long nats, long edges, long fanOut) {
    static Parts take(NatsServer nats, long received, Thread source) throws Exception {
      return new Parts(
          System.nanoTime(),
          received,
          ThreadCpu.of(name -> name.contains("publish") && !name.equals(source.getName())),
          ThreadCpu.ofProcess(nats.pid()),
          ThreadCpu.of(name -> name.contains("import")),
          ThreadCpu.of(name -> name.startsWith("daqstream-fanout")));
    }

    Parts since(Parts before) {
      return new Parts(
          nanos - before.nanos,
          Math.max(1, received - before.received),
          publisher - before.publisher,
          nats - before.nats,
          edges - before.edges,
          fanOut - before.fanOut);
    }

    double perSecond() {
      return received * 1e9 / nanos;
    }

    Shares shares() {
      double of = received;
      return new Shares(publisher / of, nats / of, edges / of, fanOut / of);
    }
  }

  /** Sends numbers as fast as they arrive, but never too many ahead. */
  private static final class Flow implements AutoCloseable {
    private final Thread thread = new Thread(this::run, "source");
    private final java.util.function.LongConsumer send;
    private final LongSupplier received;
    private final long window;
    private volatile boolean stopped;

    Flow(java.util.function.LongConsumer send, LongSupplier received, long window) {
      this.send = send;
      this.received = received;
      this.window = window;
    }

    void start() {
      thread.start();
    }

    Thread thread() {
      return thread;
    }

    long received() {
      return received.getAsLong();
    }

    private void run() {
      long number = 0;
      long allowed = 0;
      while (!stopped) {
        if (number < allowed) {
          send.accept(number++);
          continue;
        }
        allowed = received.getAsLong() + window;
        if (number >= allowed) {
          LockSupport.parkNanos(PAUSE_NANOS);
        }
      }
    }

    @Override
    public void close() {
      stopped = true;
      Pause.untilEnd(thread);
    }
  }
}
