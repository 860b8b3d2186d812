/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest.bench;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a gateway costs: the same clients at the server beside the publisher, and at a second
 * runtime that has the signals from there. Both runtimes are in this process, on the same cores.
 */
final class GatewaySpeed {
  private static final String PREFIX = "via/";
  private static final List<Integer> PAYLOADS = List.of(64, 1_024, 65_520);

  private final Bench bench;

  GatewaySpeed(Bench bench) {
    this.bench = bench;
  }

  static List<Integer> payloads() {
    return PAYLOADS;
  }

  void run(PrintStream out, int rounds, List<Integer> payloads) throws Exception {
    try (StreamingRuntime gateway = new StreamingRuntime("bench-gateway")) {
      gateway.importFrom(bench.runtime().endpoint(), PREFIX);
      Way direct = Way.direct(bench.runtime());
      Way through = new Way(gateway, PREFIX);
      latency(out, rounds, direct, through);
      throughput(out, rounds, payloads, direct, through);
    }
  }

  private void latency(PrintStream out, int rounds, Way direct, Way through) throws Exception {
    Latency latency = new Latency(bench);
    List<Percentiles> alone = new ArrayList<>();
    List<Percentiles> behind = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      alone.add(latency.ours(direct).age());
      behind.add(latency.ours(through).age());
    }
    out.printf(
        "%nGateway: 64 B to 16 clients, 1000 times a second; age of a block, us%n"
            + "              p50       p99%n"
            + "server   %8.1f  %8.1f%n"
            + "gateway  %8.1f  %8.1f%n",
        Bench.median(alone, each -> each.p50() / 1e3),
        Bench.median(alone, each -> each.p99() / 1e3),
        Bench.median(behind, each -> each.p50() / 1e3),
        Bench.median(behind, each -> each.p99() / 1e3));
  }

  private void throughput(
      PrintStream out, int rounds, List<Integer> payloads, Way direct, Way through)
      throws Exception {
    Throughput throughput = new Throughput(bench);
    Map<Integer, List<Throughput.Result>> alone = new HashMap<>();
    Map<Integer, List<Throughput.Result>> behind = new HashMap<>();
    for (int payload : payloads) {
      // The compiler takes its share of two cores until it has seen all of the way.
      throughput.ours(1, Block.integers(payload), false, through);
    }
    for (int round = 0; round < rounds; round++) {
      for (int payload : payloads) {
        Bench.add(alone, payload, throughput.ours(1, Block.integers(payload), false, direct));
        Bench.add(behind, payload, throughput.ours(1, Block.integers(payload), false, through));
      }
    }
    out.printf(
        "%nGateway: one signal to one client, as fast as it takes it; CPU of both runtimes for each"
            + " block, publishing not counted%n"
            + "payload | blocks/s x 1000   | of the |  CPU, ns/block%n"
            + "      B |   server  gateway | server |   server  gateway%n");
    for (int payload : payloads) {
      double server = Bench.median(alone.get(payload), Throughput.Result::packetsPerSecond);
      double gateway = Bench.median(behind.get(payload), Throughput.Result::packetsPerSecond);
      out.printf(
          "%7d | %8.0f %8.0f |  %5.2f | %8.0f %8.0f%n",
          payload,
          server / 1e3,
          gateway / 1e3,
          gateway / server,
          Bench.median(alone.get(payload), Throughput.Result::serverNanos),
          Bench.median(behind.get(payload), Throughput.Result::serverNanos));
    }
  }
}
