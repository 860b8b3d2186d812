/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest.bench;

import java.nio.ByteBuffer;
import java.util.Collections;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;

/** How long a block is on its way when the machine has little to do. */
final class Latency {
  private static final int CLIENTS = 16;
  private static final int PAYLOAD_BYTES = 64;
  private static final long PERIOD_NANOS = 1_000_000;

  private final Bench bench;
  private int ports;

  Latency(Bench bench) {
    this.bench = bench;
  }

  /**
   * One measurement.
   *
   * @param age of the blocks when the sinks have read them
   * @param sending what the call that publishes takes
   */
  record Result(Percentiles age, Percentiles sending) {}

  /** Sends a block with a number and the time at which it is sent. */
  private interface Sender {
    void send(long number, long nanos) throws Exception;
  }

  Result ours() throws Exception {
    return ours(Way.direct(bench.runtime()));
  }

  /** To clients that read where the way ends. */
  Result ours(Way way) throws Exception {
    String id = "bench.timed" + ports++;
    long[] block = new long[PAYLOAD_BYTES / Long.BYTES];
    try (SignalPort port =
        bench
            .runtime()
            .registry()
            .open(
                SignalDescriptor.linearTime(id + ".time", 1),
                SignalDescriptor.value(id, DataTypes.INT64).build())) {
      bench.sinks().stream(
          way.endpoint(), Collections.nCopies(CLIENTS, way.idOf(id)), PAYLOAD_BYTES);
      Way.awaitDemand(port);
      return measure(
          (number, nanos) -> {
            block[0] = number;
            block[1] = nanos;
            port.write(number * block.length, block, 0, block.length);
          });
    }
  }

  /** The same by plain NIO, one write for each client. */
  Result raw() throws Exception {
    ByteBuffer frame = RawServer.frames(PAYLOAD_BYTES, 1);
    int at = frame.limit() - PAYLOAD_BYTES;
    try (RawServer server = new RawServer()) {
      bench.sinks().raw(server.endpoint(), CLIENTS, Integer.MAX_VALUE);
      server.accept(CLIENTS);
      return measure(
          (number, nanos) -> {
            frame.putLong(at, number);
            frame.putLong(at + Long.BYTES, nanos);
            server.writeToAll(frame);
          });
    }
  }

  private Result measure(Sender sender) throws Exception {
    long measureFrom = bench.warmUpNanos() / PERIOD_NANOS;
    long end = measureFrom + 2 * bench.measureNanos() / PERIOD_NANOS;
    Histogram sending = new Histogram();
    long next = System.nanoTime();
    for (long number = 0; number < end; number++) {
      if (number == measureFrom) {
        bench.sinks().startTimes();
        sending = new Histogram();
      }
      next += PERIOD_NANOS;
      Pause.untilNanos(next);
      long start = System.nanoTime();
      sender.send(number, start);
      sending.record(System.nanoTime() - start);
    }
    Pause.millis(10);
    Percentiles age = bench.sinks().takeTimes();
    bench.countErrors(bench.sinks().counters().errors(CLIENTS));
    bench.sinks().closeAll();
    return new Result(age, sending.percentiles());
  }
}
