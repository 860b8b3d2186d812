/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest.bench;

import java.io.PrintStream;
import java.util.Collections;
import java.util.List;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;

/** Very many clients that wait for a signal, and one that gets another one. */
final class ManyClients {
  private static final int CLIENTS = 10_000;
  private static final int AT_ONCE = 500;
  private static final int SAMPLES = 8;
  private static final long PERIOD_NANOS = 1_000_000;

  private final Bench bench;
  private int runs;

  /**
   * One measurement.
   *
   * @param age of the blocks when the one client had read them
   * @param publisherNanos processor time of each block
   * @param serverCpuPercent of a core, publishing not counted
   */
  private record Result(Percentiles age, double publisherNanos, double serverCpuPercent) {}

  ManyClients(Bench bench) {
    this.bench = bench;
  }

  void measure(PrintStream out) throws Exception {
    Result alone = publish();
    String idle = "bench.many";
    IdleMemory.Bytes each;
    Result among;
    try (SignalPort port =
        bench
            .runtime()
            .registry()
            .open(
                SignalDescriptor.linearTime(idle + ".time", 1),
                SignalDescriptor.value(idle, DataTypes.INT64).build())) {
      IdleMemory.Bytes before = IdleMemory.settle();
      for (int connected = 0; connected < CLIENTS; connected += AT_ONCE) {
        bench.sinks().stream(
            bench.runtime().endpoint(), Collections.nCopies(AT_ONCE, port.descriptor().signalId()));
      }
      each = IdleMemory.settle().eachSince(before, CLIENTS);
      among = publish();
    }
    bench.sinks().closeAll();
    out.printf(
        "%nMany: one client gets 64 B, 1000 times a second, alone and among %d that wait for another"
            + " signal%n"
            + "          age, us: p50      p99   publishing, ns   server CPU, %% of core%n"
            + "alone   %14.0f  %7.0f  %14.0f  %20.0f%n"
            + "among   %14.0f  %7.0f  %14.0f  %20.0f%n"
            + "memory of each that waits, KiB: heap %.1f, direct %.1f, resident %.1f%n",
        CLIENTS,
        alone.age.p50() / 1e3,
        alone.age.p99() / 1e3,
        alone.publisherNanos,
        alone.serverCpuPercent,
        among.age.p50() / 1e3,
        among.age.p99() / 1e3,
        among.publisherNanos,
        among.serverCpuPercent,
        each.heap() / 1024.0,
        each.direct() / 1024.0,
        each.resident() / 1024.0);
  }

  private Result publish() throws Exception {
    String id = "bench.one" + runs++;
    try (SignalPort port =
        bench
            .runtime()
            .registry()
            .open(
                SignalDescriptor.linearTime(id + ".time", 1),
                SignalDescriptor.value(id, DataTypes.INT64).build())) {
      bench.sinks().stream(bench.runtime().endpoint(), List.of(id));
      long[] block = new long[SAMPLES];
      long measureFrom = bench.warmUpNanos() / PERIOD_NANOS;
      long end = measureFrom + 2 * bench.measureNanos() / PERIOD_NANOS;
      Snapshot before = null;
      long next = System.nanoTime();
      for (long number = 0; number < end; number++) {
        if (number == measureFrom) {
          bench.sinks().startTimes();
          before = Snapshot.take(Thread.currentThread(), number, 0);
        }
        next += PERIOD_NANOS;
        Pause.untilNanos(next);
        block[0] = number;
        block[1] = System.nanoTime();
        port.write(number * SAMPLES, block, 0, SAMPLES);
      }
      Snapshot delta = Snapshot.take(Thread.currentThread(), end, 0).since(before);
      Pause.millis(10);
      return new Result(
          bench.sinks().takeTimes(),
          delta.publisherNanosPerPublished(),
          100.0 * (delta.processCpuNanos() - delta.publisherCpuNanos()) / delta.nanos());
    }
  }
}
