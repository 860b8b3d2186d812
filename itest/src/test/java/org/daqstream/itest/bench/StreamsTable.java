/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest.bench;

import java.io.PrintStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How fast each type of stream is with messages of each size, beside plain sockets. */
final class StreamsTable {
  private static final int BULK_BYTES = 65_536;
  private static final List<String> TYPES = List.of("posix", "nng");

  private final StreamSpeed speed;
  private final RawLoopback loopback;
  private final List<Integer> messageSizes;
  private final Map<Row, List<Snapshot>> loads = new HashMap<>();
  private final Map<Row, List<Percentiles>> times = new HashMap<>();

  /** What is measured: a type of stream, or a way to do without. */
  private record Row(String type, int messageBytes) {}

  StreamsTable(Bench bench, List<Integer> messageSizes) {
    this.speed = new StreamSpeed(bench);
    this.loopback = new RawLoopback(bench);
    this.messageSizes = messageSizes;
  }

  void run(PrintStream out, int rounds) throws Exception {
    for (int round = 0; round < rounds; round++) {
      for (int bytes : messageSizes) {
        measure(bytes);
      }
    }
    out.printf(
        "%nStreams: from module to module over the loopback; raw: plain NIO, a write for each"
            + " message, or of 64 KiB%n"
            + "type  message |   messages/s     MB/s   CPU | raw single  CPU | raw bulk  CPU |"
            + " of raw    of |   latency, us         raw%n"
            + "            B |       x 1000             ns |       MB/s   ns |     MB/s   ns |"
            + " single  bulk |    p50     p99     p50     p99%n");
    for (String type : TYPES) {
      for (int bytes : messageSizes) {
        print(out, type, bytes);
      }
    }
  }

  private void measure(int bytes) throws Exception {
    Bench.add(loads, new Row("single", bytes), loopback.throughput(bytes, bytes));
    Bench.add(loads, new Row("bulk", bytes), loopback.throughput(bytes, BULK_BYTES));
    Bench.add(times, new Row("raw", bytes), loopback.latency(bytes));
    for (String type : TYPES) {
      Bench.add(loads, new Row(type, bytes), speed.throughput(type, bytes));
      Bench.add(times, new Row(type, bytes), speed.latency(type, bytes));
    }
  }

  private void print(PrintStream out, String type, int bytes) {
    List<Snapshot> ours = loads.get(new Row(type, bytes));
    List<Snapshot> single = loads.get(new Row("single", bytes));
    List<Snapshot> bulk = loads.get(new Row("bulk", bytes));
    double rate = Bench.median(ours, Snapshot::receivedPerSecond);
    double singleRate = Bench.median(single, Snapshot::receivedPerSecond);
    double bulkRate = Bench.median(bulk, Snapshot::receivedPerSecond);
    List<Percentiles> age = times.get(new Row(type, bytes));
    List<Percentiles> rawAge = times.get(new Row("raw", bytes));
    out.printf(
        "%-5s  %6d |   %10.0f  %7.0f %5.0f |   %8.0f %4.0f | %8.0f %4.0f | %6.2f %5.2f |"
            + " %6.0f  %6.0f  %6.0f  %6.0f%n",
        type,
        bytes,
        rate / 1e3,
        rate * bytes / 1e6,
        Bench.median(ours, Snapshot::serverNanosPerReceived),
        singleRate * bytes / 1e6,
        Bench.median(single, Snapshot::serverNanosPerReceived),
        bulkRate * bytes / 1e6,
        Bench.median(bulk, Snapshot::serverNanosPerReceived),
        rate / singleRate,
        rate / bulkRate,
        Bench.median(age, each -> each.p50() / 1e3),
        Bench.median(age, each -> each.p99() / 1e3),
        Bench.median(rawAge, each -> each.p50() / 1e3),
        Bench.median(rawAge, each -> each.p99() / 1e3));
  }
}
