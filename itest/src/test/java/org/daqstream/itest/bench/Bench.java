/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Prints how fast the server is, beside what the machine can do: this process holds the runtime and
 * publishes, a second one holds all clients. It judges nothing but the order of what arrives.
 */
public final class Bench implements AutoCloseable {
  private static final List<Integer> CLIENTS = List.of(1, 16, 64);

  /** The last is the most that one packet holds, in whole samples. */
  private static final List<Integer> PAYLOAD_BYTES = List.of(8, 64, 1_024, 65_520);

  private static final List<Integer> MESSAGE_BYTES = List.of(64, 1_024, 65_536);

  private static final Set<String> OPTIONS = Set.of("quick", "clients", "payload", "rate");
  private static final List<String> TABLES =
      List.of(
          "memory",
          "many",
          "throughput",
          "publish",
          "types",
          "latency",
          "response",
          "sparse",
          "metrics",
          "delivery",
          "tls",
          "client",
          "gateway",
          "record",
          "nats",
          "streams",
          "viewer");

  private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
  private final StreamingRuntime runtime;
  private final Sinks sinks = new Sinks();
  private final boolean quick;
  private final int rounds;
  private long errors;

  private Bench(boolean quick) throws Exception {
    this.quick = quick;
    this.rounds = quick ? 1 : 3;
    this.runtime = new StreamingRuntime();
  }

  /**
   * Measures and prints.
   *
   * @param args names of the tables wanted, all if there are none; {@code quick} for a rough look;
   *     {@code clients=N} and {@code payload=N} for single rows; with {@code rate=N} besides only a
   *     cold start at so many blocks a second
   */
  public static void main(String[] args) throws Exception {
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, failure) -> {
          failure.printStackTrace();
          System.exit(1);
        });
    Map<String, String> options =
        Stream.of(args)
            .map(arg -> arg.split("=", 2))
            .collect(Collectors.toMap(arg -> arg[0], arg -> arg[arg.length - 1]));
    Set<String> tables = new HashSet<>(options.keySet());
    tables.removeAll(OPTIONS);
    if (!TABLES.containsAll(tables)) {
      System.err.println("usage: bench [quick] [clients=N] [payload=N] [rate=N] " + TABLES);
      System.exit(2);
    }
    try (Bench bench = new Bench(options.containsKey("quick"))) {
      if (options.containsKey("rate")) {
        new ColdStart(bench)
            .run(
                bench.out,
                Integer.parseInt(options.get("clients")),
                Integer.parseInt(options.get("payload")),
                Long.parseLong(options.get("rate")));
      } else {
        bench.run(tables, options);
      }
      if (bench.errors > 0) {
        System.err.println(
            bench.errors + " packets were out of order or broken, or clients disconnected");
        System.exit(1);
      }
    }
    System.exit(0);
  }

  private void run(Set<String> tables, Map<String, String> options) throws Exception {
    out.printf(
        "%s, %d processors, Java %s; median of %d rounds%n",
        System.getProperty("os.name"),
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("java.version"),
        rounds);
    for (String table : TABLES) { // memory first, before the others leave their traces
      if (!tables.isEmpty() && !tables.contains(table)) {
        continue;
      }
      switch (table) {
        case "memory" -> memory();
        case "many" -> new ManyClients(this).measure(out);
        case "throughput" ->
            throughput(
                only(CLIENTS, options.get("clients")), only(PAYLOAD_BYTES, options.get("payload")));
        case "publish" -> new PacedPublishing(this).measure(out, rounds);
        case "types" -> types();
        case "latency" -> latency();
        case "response" -> response();
        case "sparse" -> sparse();
        case "metrics" -> metrics();
        case "delivery" -> delivery();
        case "tls" -> new TlsSpeed(this).run(out, rounds);
        case "viewer" -> new ViewerSpeed(this).run(out, quick);
        case "gateway" ->
            new GatewaySpeed(this)
                .run(out, rounds, only(GatewaySpeed.payloads(), options.get("payload")));
        case "nats" ->
            new NatsSpeed(this)
                .run(out, rounds, only(NatsSpeed.payloads(), options.get("payload")));
        case "record" -> {
          new RecordSpeed().run(out, rounds);
          new RecorderSpeed(this).run(out, rounds);
        }
        case "client" ->
            new ClientSpeed(this)
                .run(out, rounds, only(ClientSpeed.payloads(), options.get("payload")));
        default ->
            new StreamsTable(this, only(MESSAGE_BYTES, options.get("payload"))).run(out, rounds);
      }
    }
  }

  private static List<Integer> only(List<Integer> all, String one) {
    return one == null ? all : List.of(Integer.valueOf(one));
  }

  StreamingRuntime runtime() {
    return runtime;
  }

  Sinks sinks() {
    return sinks;
  }

  long warmUpNanos() {
    return quick ? 500_000_000 : 1_000_000_000;
  }

  long measureNanos() {
    return quick ? 500_000_000 : 1_500_000_000;
  }

  void warmUp() {
    Pause.untilNanos(System.nanoTime() + warmUpNanos());
  }

  void measure() {
    Pause.untilNanos(System.nanoTime() + measureNanos());
  }

  void countErrors(long more) {
    errors += more;
  }

  private void throughput(List<Integer> clientCounts, List<Integer> payloads) throws Exception {
    record Row(int clients, int payloadBytes) {}
    Throughput throughput = new Throughput(this);
    List<Row> rows =
        clientCounts.stream()
            .flatMap(clients -> payloads.stream().map(payload -> new Row(clients, payload)))
            .toList();
    Map<Row, List<Throughput.Result>> raw = new HashMap<>();
    Map<Row, List<Throughput.Result>> ours = new HashMap<>();
    for (int round = 0; round < rounds; round++) {
      for (Row row : rows) {
        add(raw, row, throughput.raw(row.clients, row.payloadBytes));
        add(ours, row, throughput.ours(row.clients, Block.integers(row.payloadBytes), false));
      }
    }
    out.printf(
        "%nThroughput: one signal to all clients, as fast as they take it; raw: the same frames by"
            + " plain NIO%n"
            + "clients  payload |  packets/s      MB/s  server CPU   publishing, ns per block |"
            + "        raw  raw CPU | of raw%n"
            + "              B  | x 1000                ns/packet    CPU     p50     p99        |"
            + "     x 1000  ns/pkt  |%n");
    for (Row row : rows) {
      double rawRate = median(raw.get(row), Throughput.Result::packetsPerSecond);
      double rate = median(ours.get(row), Throughput.Result::packetsPerSecond);
      out.printf(
          "%7d  %7d | %10.0f  %8.0f  %10.0f  %7.0f %7.0f %7.0f        | %10.0f  %7.0f | %5.2f%n",
          row.clients,
          row.payloadBytes,
          rate / 1e3,
          rate * row.payloadBytes / 1e6,
          median(ours.get(row), Throughput.Result::serverNanos),
          median(ours.get(row), Throughput.Result::publisherNanos),
          median(ours.get(row), Throughput.Result::writeP50Nanos),
          median(ours.get(row), Throughput.Result::writeP99Nanos),
          rawRate / 1e3,
          median(raw.get(row), Throughput.Result::serverNanos),
          rate / rawRate);
    }
  }

  private void types() throws Exception {
    out.printf(
        "%nTypes: one signal to 4 clients, in blocks of about as many bytes; filled: every number"
            + " of every block is set before%nit is written; x: of real64's bytes per second and"
            + " per CPU time (publishing and sending)%nsamples              block |   MB/s      x  "
            + " ns/KiB      x | filled      x   ns/KiB      x%n");
    Throughput throughput = new Throughput(this);
    for (int bytes : Types.BLOCK_BYTES) {
      Types types = new Types(throughput, bytes);
      for (int round = 0; round < rounds; round++) {
        types.measureAll();
      }
      types.print(out);
    }
  }

  private void metrics() throws Exception {
    Throughput throughput = new Throughput(this);
    MetricsCost cost = new MetricsCost(this);
    for (int round = 0; round < rounds; round++) {
      cost.measure(throughput);
    }
    cost.print(out);
  }

  private void delivery() throws Exception {
    Delivery delivery = new Delivery(this);
    Map<Delivery.Crowd, List<Delivery.Result>> results = new HashMap<>();
    for (int round = 0; round < rounds; round++) {
      for (Delivery.Crowd crowd : Delivery.Crowd.values()) {
        add(results, crowd, delivery.measure(crowd));
      }
    }
    Delivery.print(out, results);
  }

  private void latency() throws Exception {
    Latency latency = new Latency(this);
    List<Latency.Result> raw = new ArrayList<>();
    List<Latency.Result> ours = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      raw.add(latency.raw());
      ours.add(latency.ours());
    }
    out.printf("%nLatency: 64 B to 16 clients, 1000 times a second, in us%n");
    percentilesHead("                    ");
    percentiles("daqstream, latency  ", ours.stream().map(Latency.Result::age).toList());
    percentiles("raw, latency        ", raw.stream().map(Latency.Result::age).toList());
    percentiles("daqstream, publish  ", ours.stream().map(Latency.Result::sending).toList());
    percentiles("raw, write to all   ", raw.stream().map(Latency.Result::sending).toList());
  }

  private void response() throws Exception {
    Response response = new Response(this);
    out.printf("%nSubscribe to response, in us; running: 10,000 blocks a second to 16 clients%n");
    percentilesHead("                 ");
    for (boolean running : new boolean[] {false, true}) {
      for (String commandInterface : List.of("in-band", "http")) {
        List<Percentiles> times = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
          times.add(response.measure(commandInterface, running));
        }
        percentiles("%-8s%-9s".formatted(commandInterface, running ? "running" : "idle"), times);
      }
    }
  }

  private void percentilesHead(String indent) {
    out.printf("%s      p50       p99     p99.9%n", indent);
  }

  private void percentiles(String name, List<Percentiles> nanos) {
    out.printf(
        "%s %8.1f  %8.1f  %8.1f%n",
        name,
        median(nanos, each -> each.p50() / 1e3),
        median(nanos, each -> each.p99() / 1e3),
        median(nanos, each -> each.p999() / 1e3));
  }

  private void memory() throws Exception {
    IdleMemory memory = new IdleMemory(this);
    out.printf("%nMemory per idle client at 1000 clients, in KiB (system buffers not counted)%n");
    out.printf("                      heap    direct  resident%n");
    printMemory("unsubscribed    ", memory.unsubscribed());
    printMemory("10 subscriptions", memory.subscribed());
  }

  private void printMemory(String name, IdleMemory.Bytes bytes) {
    out.printf(
        "%s  %8.1f  %8.1f  %8.1f%n",
        name, bytes.heap() / 1024.0, bytes.direct() / 1024.0, bytes.resident() / 1024.0);
  }

  private void sparse() throws Exception {
    Sparse sparse = new Sparse(this);
    out.printf(
        "%nSparse: 1000 signals in 10 tables, 64 clients with 10 signals each%n"
            + "blocks/s x samples, clients' signals | blocks/s  packets/s  server CPU  server CPU"
            + "  publishing    lag%n"
            + "of each signal                       |   x 1000     x 1000   ns/packet  %% of core"
            + "    ns/block     ms%n");
    for (Sparse.Load load :
        List.of(
            new Sparse.Load(100, 10, true),
            new Sparse.Load(100, 10, false),
            new Sparse.Load(1_000, 1, true),
            new Sparse.Load(1_000, 1, false))) {
      List<Sparse.Result> results = new ArrayList<>();
      for (int round = 0; round < rounds; round++) {
        results.add(sparse.measure(load));
      }
      out.printf(
          "%4d x %-3d %-10s                  | %8.0f  %9.1f  %10.0f  %10.0f  %10.0f  %5.0f%n",
          load.blocksPerSecond(),
          load.samples(),
          load.adjacent() ? "adjacent" : "scattered",
          median(results, Sparse.Result::blocksPerSecond) / 1e3,
          median(results, Sparse.Result::packetsPerSecond) / 1e3,
          median(results, Sparse.Result::serverNanos),
          median(results, Sparse.Result::serverCpuPercent),
          median(results, Sparse.Result::publisherNanos),
          median(results, Sparse.Result::lagMillis));
    }
  }

  static <K, R> void add(Map<K, List<R>> results, K row, R result) {
    results.computeIfAbsent(row, key -> new ArrayList<>()).add(result);
  }

  static <R> double median(List<R> results, ToDoubleFunction<R> value) {
    double[] sorted = results.stream().mapToDouble(value).sorted().toArray();
    return Arrays.stream(sorted).skip(sorted.length / 2).findFirst().orElse(0);
  }

  @Override
  public void close() throws IOException {
    sinks.close();
    runtime.close();
  }
}
