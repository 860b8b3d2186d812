/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest.bench;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** What it costs to measure: the same load without metrics, with them, and while they are read. */
final class MetricsCost {
  private static final int CLIENTS = 16;
  private static final int PAYLOAD_BYTES = 64;
  private static final List<String> BUNDLES =
      List.of("org.daqstream.ops", "org.daqstream.ops.health");

  private enum Mode {
    WITHOUT("bundles stopped"),
    UNREAD("MBeans every 5 s"),
    READ("page, MBeans read every 1 s");

    private final String label;

    Mode(String label) {
      this.label = label;
    }
  }

  private final Bench bench;
  private final Map<Mode, List<Throughput.Result>> results = new EnumMap<>(Mode.class);

  MetricsCost(Bench bench) {
    this.bench = bench;
  }

  /** One round of all modes. */
  void measure(Throughput throughput) throws Exception {
    for (Mode mode : Mode.values()) {
      for (String bundle : BUNDLES) {
        bench.runtime().setRunning(bundle, mode != Mode.WITHOUT);
      }
      Observer observer = mode == Mode.READ ? new Observer(bench.runtime().endpoint()) : null;
      try {
        results
            .computeIfAbsent(mode, key -> new ArrayList<>())
            .add(throughput.ours(CLIENTS, Block.integers(PAYLOAD_BYTES), false));
      } finally {
        if (observer != null) {
          observer.close();
        }
      }
    }
  }

  void print(PrintStream out) {
    out.printf(
        "%nMetrics: 64 B to 16 clients, as fast as they take it%n"
            + "                             |  packets/s  server CPU | publishing, ns per block%n"
            + "                             |     x 1000   ns/packet |    CPU     p50     p99%n");
    for (Mode mode : Mode.values()) {
      out.printf(
          "%-28s | %10.0f  %10.0f | %6.0f  %6.0f  %6.0f%n",
          mode.label,
          median(mode, Throughput.Result::packetsPerSecond) / 1e3,
          median(mode, Throughput.Result::serverNanos),
          median(mode, Throughput.Result::publisherNanos),
          median(mode, Throughput.Result::writeP50Nanos),
          median(mode, Throughput.Result::writeP99Nanos));
    }
  }

  private double median(Mode mode, ToDoubleFunction<Throughput.Result> value) {
    double[] sorted = results.get(mode).stream().mapToDouble(value).sorted().toArray();
    return sorted[sorted.length / 2];
  }
}
