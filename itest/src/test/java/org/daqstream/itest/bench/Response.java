/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest.bench;

import java.util.ArrayList;
import java.util.List;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;

/** How long a client waits for the answer to a subscribe request. */
final class Response {
  private static final int COMMANDS = 2_000;
  private static final int CLIENTS = 16;
  private static final String SIGNAL = "bench.asked";
  private static final int SAMPLES = 8;
  private static final long PERIOD_NANOS = 100_000;

  private final Bench bench;

  Response(Bench bench) {
    this.bench = bench;
  }

  /**
   * Measures.
   *
   * @param commandInterface {@code in-band} or {@code http}
   * @param running whether the signal is written to 10,000 times a second and 16 clients receive it
   */
  Percentiles measure(String commandInterface, boolean running) throws Exception {
    try (SignalPort port =
        bench
            .runtime()
            .registry()
            .open(
                SignalDescriptor.linearTime(SIGNAL + ".time", 1),
                SignalDescriptor.value(SIGNAL, DataTypes.INT64).build())) {
      Source source = new Source(port);
      List<String> clients = new ArrayList<>();
      for (int i = 0; running && i < CLIENTS; i++) {
        clients.add(SIGNAL);
      }
      if (running) {
        bench.sinks().stream(bench.runtime().endpoint(), clients);
        source.thread.start();
      }
      Percentiles times =
          bench
              .sinks()
              .responseTimes(bench.runtime().endpoint(), commandInterface, COMMANDS, SIGNAL);
      source.stopped = true;
      Pause.untilEnd(source.thread);
      bench.countErrors(bench.sinks().counters().errors(CLIENTS));
      bench.sinks().closeAll();
      return times;
    }
  }

  private static final class Source {
    private final SignalPort port;
    private final Thread thread = new Thread(this::run, "publisher");
    private volatile boolean stopped;

    Source(SignalPort port) {
      this.port = port;
    }

    private void run() {
      long[] block = new long[SAMPLES];
      long next = System.nanoTime();
      for (long number = 0; !stopped; number++) {
        block[0] = number;
        port.write(number * SAMPLES, block, 0, SAMPLES);
        next += PERIOD_NANOS;
        Pause.untilNanos(next);
      }
    }
  }
}
