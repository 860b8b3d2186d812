/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest.bench;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import org.daqstream.server.api.ClientStatus;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;

/** One client that takes every block, beside a crowd of slow ones under each contract. */
final class Delivery {
  private static final int CLIENTS = 200;

  /** Until the buffers of the system are full and the log has been gone through. */
  private static final long SETTLE_NANOS = 5_000_000_000L;

  private static final int SLOW_BYTES_PER_SECOND = 50_000;
  private static final int SAMPLES = 128;
  private static final int BLOCKS_PER_PERIOD = 20;
  private static final long PERIOD_NANOS = 1_000_000;
  private static final long SAMPLE_NANOS = PERIOD_NANOS / BLOCKS_PER_PERIOD / SAMPLES;
  private static final String OURS = "daqstream/bench";

  private final Bench bench;
  private int runs;

  /** Who is there besides. */
  enum Crowd {
    NOBODY("nobody", 0, "", ""),
    DISCONNECT("200, disconnect", CLIENTS, "", ""),
    GAP("200, gap", CLIENTS, "?contract=gap", OURS),
    LATEST("200, latest, 20/s", CLIENTS, "?contract=latest&perSecond=20", OURS),
    ENVELOPE_ONE("1, envelope, 50/s", 1, "?contract=envelope&perSecond=50", OURS),
    ENVELOPE("200, envelope, 50/s", CLIENTS, "?contract=envelope&perSecond=50", OURS);

    final String label;
    final int clients;
    final String contract;
    final String userAgent;

    Crowd(String label, int clients, String contract, String userAgent) {
      this.label = label;
      this.clients = clients;
      this.contract = contract;
      this.userAgent = userAgent;
    }
  }

  /**
   * One measurement.
   *
   * @param packetsPerSecond that the fast client got
   * @param age of the blocks when it had read them
   * @param connected how many of the slow ones are left at the end
   * @param holes that these had
   * @param serverCpuPercent of a core, publishing not counted
   * @param publisherNanos processor time of each block
   */
  record Result(
      double packetsPerSecond,
      Percentiles age,
      int connected,
      long holes,
      double serverCpuPercent,
      double publisherNanos) {}

  Delivery(Bench bench) {
    this.bench = bench;
  }

  Result measure(Crowd crowd) throws Exception {
    String id = "bench.delivery" + runs++;
    try (SignalPort port =
        bench
            .runtime()
            .registry()
            .open(
                SignalDescriptor.linearTime(id + ".time", SAMPLE_NANOS),
                SignalDescriptor.value(id, DataTypes.INT64).build())) {
      Endpoint server = bench.runtime().endpoint();
      bench.sinks().stream(server, List.of(id));
      bench
          .sinks()
          .slow(server, crowd.clients, id + crowd.contract, crowd.userAgent, SLOW_BYTES_PER_SECOND);
      Result result = publish(port);
      bench.countErrors(bench.sinks().counters().errors(1));
      bench.sinks().closeAll();
      return result;
    }
  }

  private Result publish(SignalPort port) throws Exception {
    Counters counters = bench.sinks().counters();
    long[] block = new long[SAMPLES];
    long measureFrom = SETTLE_NANOS / PERIOD_NANOS;
    long end = measureFrom + 2 * bench.measureNanos() / PERIOD_NANOS;
    long number = 0;
    Snapshot before = null;
    long next = System.nanoTime();
    for (long period = 0; period < end; period++) {
      if (period == measureFrom) {
        bench.sinks().startTimes();
        before = Snapshot.take(Thread.currentThread(), number, counters.packets(1));
      }
      next += PERIOD_NANOS;
      Pause.untilNanos(next);
      for (int i = 0; i < BLOCKS_PER_PERIOD; i++) {
        block[0] = number;
        block[1] = System.nanoTime();
        port.write(number * SAMPLES * SAMPLE_NANOS, block, 0, SAMPLES);
        number++;
      }
    }
    Snapshot delta =
        Snapshot.take(Thread.currentThread(), number, counters.packets(1)).since(before);
    Pause.millis(10);
    List<ClientStatus> clients = bench.runtime().server().clients();
    return new Result(
        delta.receivedPerSecond(),
        bench.sinks().takeTimes(),
        clients.size() - 1,
        clients.stream().mapToLong(client -> client.delivery().holes()).sum(),
        100.0 * (delta.processCpuNanos() - delta.publisherCpuNanos()) / delta.nanos(),
        delta.publisherNanosPerPublished());
  }

  static void print(PrintStream out, Map<Crowd, List<Result>> results) {
    out.printf(
        "%nDelivery: 20,000 blocks a second of 1 KiB to one client that takes all, beside slow ones"
            + " that read 50 kB/s%n"
            + "beside it            left   holes | fast client, blocks/s  age, us: p50     p99 |"
            + "  server CPU   publishing%n"
            + "                                  |                                            |"
            + "   %% of core     ns/block%n");
    for (Crowd crowd : Crowd.values()) {
      List<Result> all = results.get(crowd);
      out.printf(
          "%-20s %4.0f  %6.0f | %21.0f  %12.0f  %6.0f | %11.0f  %11.0f%n",
          crowd.label,
          Bench.median(all, Result::connected),
          Bench.median(all, Result::holes),
          Bench.median(all, Result::packetsPerSecond),
          Bench.median(all, each -> each.age().p50() / 1e3),
          Bench.median(all, each -> each.age().p99() / 1e3),
          Bench.median(all, Result::serverCpuPercent),
          Bench.median(all, Result::publisherNanos));
    }
  }
}
