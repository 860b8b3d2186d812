/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest.bench;

import java.io.PrintStream;
import java.util.Collections;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;

/**
 * The first seconds of a process: clients connect and a signal is published at once, at a given
 * rate, while nothing is compiled yet. A client that is lost is an error.
 */
final class ColdStart {
  private static final long SECONDS = 5;
  private static final long PERIOD_NANOS = 1_000_000;

  /** What was not published in time by more than this is left out, as a device would. */
  private static final long LATE_NANOS = 20_000_000;

  private final Bench bench;

  ColdStart(Bench bench) {
    this.bench = bench;
  }

  void run(PrintStream out, int clients, int payloadBytes, long blocksPerSecond) throws Exception {
    String id = "bench.cold";
    Block block = Block.integers(payloadBytes);
    Counters counters = bench.sinks().counters();
    try (SignalPort port =
        bench
            .runtime()
            .registry()
            .open(SignalDescriptor.linearTime(id + ".time", 1), block.descriptor(id))) {
      bench.sinks().stream(bench.runtime().endpoint(), Collections.nCopies(clients, id));
      long number = 0;
      double due = 0;
      long start = System.nanoTime();
      long next = start;
      while (next - start < SECONDS * 1_000_000_000L) {
        due += blocksPerSecond * (PERIOD_NANOS / 1e9);
        while (number < (long) due) {
          block.number(number);
          port.write(number * block.count, block.samples, 0, block.count);
          number++;
        }
        next = Math.max(next, System.nanoTime() - LATE_NANOS) + PERIOD_NANOS;
        Pause.untilNanos(next);
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      int left = bench.runtime().server().clients().size();
      out.printf(
          "cold: %d of %d clients of %d B left, %.0f blocks/s published of %d, %.0f packets/s got%n",
          left,
          clients,
          payloadBytes,
          number / seconds,
          blocksPerSecond,
          counters.packets(clients) / seconds);
      bench.countErrors(counters.errors(clients) + clients - left);
    }
    bench.sinks().closeAll();
  }
}
