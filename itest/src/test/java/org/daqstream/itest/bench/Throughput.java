/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;

/** How many packets of one signal reach a number of clients when all of them take all they can. */
final class Throughput {
  private final Bench bench;
  private int ports;

  /**
   * One measurement.
   *
   * @param packetsPerSecond delivered to all clients together
   * @param serverNanos CPU of the server for each packet delivered, publishing not counted
   * @param publisherNanos CPU of the publishing thread for each block, waiting not counted
   * @param writeP50Nanos time that writing a block takes
   * @param writeP99Nanos time that writing a block takes
   */
  record Result(
      double packetsPerSecond,
      double serverNanos,
      double publisherNanos,
      double writeP50Nanos,
      double writeP99Nanos) {}

  Throughput(Bench bench) {
    this.bench = bench;
  }

  Result ours(int clients, Block block, boolean filled) throws Exception {
    return ours(clients, block, filled, Way.direct(bench.runtime()));
  }

  /** To clients that read where the way ends. */
  Result ours(int clients, Block block, boolean filled, Way way) throws Exception {
    String id = "bench.block" + ports++;
    Counters counters = bench.sinks().counters();
    try (SignalPort port =
        bench
            .runtime()
            .registry()
            .open(SignalDescriptor.linearTime(id + ".time", 1), block.descriptor(id))) {
      bench.sinks().stream(way.endpoint(), Collections.nCopies(clients, way.idOf(id)), block.bytes);
      Way.awaitDemand(port);
      Snapshot delta;
      long waitingNanos;
      Histogram times;
      try (Publisher publisher = new Publisher(port, block, filled, counters, clients)) {
        publisher.start();
        bench.warmUp();
        publisher.takeTimes();
        long waitingBefore = publisher.waitingCpuNanos();
        Snapshot before = snapshot(publisher, counters, clients);
        bench.measure();
        delta = snapshot(publisher, counters, clients).since(before);
        waitingNanos = publisher.waitingCpuNanos() - waitingBefore;
        times = publisher.takeTimes();
      }
      finish(counters, clients);
      return new Result(
          delta.receivedPerSecond(),
          delta.serverNanosPerReceived(),
          delta.publisherNanosPerPublished() - (double) waitingNanos / delta.published(),
          times.percentile(50),
          times.percentile(99));
    }
  }

  private static Snapshot snapshot(Publisher publisher, Counters counters, int clients) {
    return Snapshot.take(publisher.thread(), publisher.published(), counters.packets(clients));
  }

  /** The same frames from a buffer, by plain NIO. */
  Result raw(int clients, int payloadBytes) throws Exception {
    Counters counters = bench.sinks().counters();
    int packets = RawServer.packets(payloadBytes);
    ByteBuffer frames = RawServer.frames(payloadBytes, packets);
    Snapshot delta;
    try (RawServer server = new RawServer()) {
      bench.sinks().raw(server.endpoint(), clients, packets);
      server.accept(clients);
      server.saturate(frames);
      bench.warmUp();
      Snapshot before = Snapshot.take(null, 0, counters.packets(clients));
      bench.measure();
      delta = Snapshot.take(null, 0, counters.packets(clients)).since(before);
      server.stop();
      finish(counters, clients);
    }
    return new Result(delta.receivedPerSecond(), delta.serverNanosPerReceived(), 0, 0, 0);
  }

  /** The same frames from a buffer, by Java's TLS. */
  Result rawTls(SSLContext context, int clients, int payloadBytes) throws Exception {
    Counters counters = bench.sinks().counters();
    int packets = RawServer.packets(payloadBytes);
    Snapshot delta;
    try (RawTlsServer server = new RawTlsServer(context)) {
      CompletableFuture<Void> accepted =
          CompletableFuture.runAsync(
              () -> {
                try {
                  server.accept(clients);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      bench.sinks().raw(server.endpoint(), clients, packets);
      accepted.join();
      server.saturate(RawServer.frames(payloadBytes, packets));
      bench.warmUp();
      Snapshot before = Snapshot.take(null, 0, counters.packets(clients));
      bench.measure();
      delta = Snapshot.take(null, 0, counters.packets(clients)).since(before);
      server.stop();
      finish(counters, clients);
    }
    return new Result(delta.receivedPerSecond(), delta.serverNanosPerReceived(), 0, 0, 0);
  }

  private void finish(Counters counters, int clients) throws Exception {
    bench.countErrors(counters.errors(clients));
    bench.sinks().closeAll();
  }
}
