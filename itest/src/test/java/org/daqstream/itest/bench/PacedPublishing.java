/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest.bench;

import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;

/**
 * What a block costs its publisher at one rate, whatever the number of clients: at full throughput
 * the rate differs, and the clients' sockets take the cores.
 */
final class PacedPublishing {
  private static final int PAYLOAD_BYTES = 64;
  private static final int BLOCKS_AT_ONCE = 50;

  /** A thousand clients do not get more on two cores. */
  private static final long SELDOM_NANOS = 10_000_000;

  private static final long OFTEN_NANOS = 1_000_000;

  private static final List<Load> LOADS =
      List.of(
          new Load(OFTEN_NANOS, 1),
          new Load(OFTEN_NANOS, 16),
          new Load(OFTEN_NANOS, 64),
          new Load(SELDOM_NANOS, 1),
          new Load(SELDOM_NANOS, 16),
          new Load(SELDOM_NANOS, 64),
          new Load(SELDOM_NANOS, 1_000));

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final Bench bench;
  private int ports;

  /** So many clients, and how often blocks are published. */
  private record Load(long periodNanos, int clients) {
    long blocksPerSecond() {
      return BLOCKS_AT_ONCE * 1_000_000_000L / periodNanos;
    }
  }

  PacedPublishing(Bench bench) {
    this.bench = bench;
  }

  /**
   * One measurement, times in nanoseconds.
   *
   * @param cpuPerBlock of the publisher
   * @param first what the first block of a period takes, which finds the server asleep or not
   * @param other what each of the others takes
   */
  private record Result(double cpuPerBlock, double first, double other) {}

  void measure(PrintStream out, int rounds) throws Exception {
    Map<Load, List<Result>> results = new HashMap<>();
    publish(LOADS.get(0)); // until it is compiled
    for (int round = 0; round < rounds; round++) {
      for (Load load : LOADS) {
        results.computeIfAbsent(load, key -> new ArrayList<>()).add(publish(load));
      }
    }
    out.printf(
        "%nPublishing at one rate: blocks of %d B, %d one behind the other%n"
            + "blocks/s  clients | CPU, ns/block  of that with one | the first, ns  each other, ns%n",
        PAYLOAD_BYTES, BLOCKS_AT_ONCE);
    double one = 0;
    for (Load load : LOADS) {
      List<Result> all = results.get(load);
      double cpu = Bench.median(all, Result::cpuPerBlock);
      one = load.clients == 1 ? cpu : one;
      out.printf(
          "%8d  %7d | %13.0f  %16.2f | %13.0f  %14.0f%n",
          load.blocksPerSecond(),
          load.clients,
          cpu,
          cpu / one,
          Bench.median(all, Result::first),
          Bench.median(all, Result::other));
    }
  }

  private Result publish(Load load) throws Exception {
    String id = "bench.paced" + ports++;
    Block block = Block.integers(PAYLOAD_BYTES);
    Result result;
    try (SignalPort port =
        bench
            .runtime()
            .registry()
            .open(SignalDescriptor.linearTime(id + ".time", 1), block.descriptor(id))) {
      bench.sinks().stream(bench.runtime().endpoint(), Collections.nCopies(load.clients, id));
      result = publish(port, block, load.periodNanos);
      Pause.millis(100);
      int counted = Math.min(load.clients, Counters.CONNECTIONS);
      int lost = load.clients - bench.runtime().server().clients().size();
      bench.countErrors(bench.sinks().counters().errors(counted) + lost);
    }
    bench.sinks().closeAll();
    return result;
  }

  private Result publish(SignalPort port, Block block, long periodNanos) {
    long measureFrom = bench.warmUpNanos() / periodNanos;
    long end = measureFrom + 2 * bench.measureNanos() / periodNanos;
    Histogram first = new Histogram();
    Histogram others = new Histogram();
    long cpuNanos = 0;
    long number = 0;
    long next = System.nanoTime();
    for (long period = 0; period < end; period++) {
      next += periodNanos;
      Pause.untilNanos(next);
      long cpuBefore = THREADS.getCurrentThreadCpuTime(); // the pause is not publishing
      long start = System.nanoTime();
      write(port, block, number);
      long second = System.nanoTime();
      for (int i = 1; i < BLOCKS_AT_ONCE; i++) {
        write(port, block, number + i);
      }
      number += BLOCKS_AT_ONCE;
      if (period >= measureFrom) {
        others.record(System.nanoTime() - second);
        first.record(second - start);
        cpuNanos += THREADS.getCurrentThreadCpuTime() - cpuBefore;
      }
    }
    return new Result(
        (double) cpuNanos / ((end - measureFrom) * BLOCKS_AT_ONCE),
        first.percentile(50),
        others.percentile(50) / (double) (BLOCKS_AT_ONCE - 1));
  }

  private static void write(SignalPort port, Block block, long number) {
    block.number(number);
    port.write(number * block.count, block.samples, 0, block.count);
  }
}
