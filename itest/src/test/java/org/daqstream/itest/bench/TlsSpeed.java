/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest.bench;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.daqstream.testing.Certificates;

/** Clients inside TLS, beside Java's own engine that writes the same bytes. */
final class TlsSpeed {
  private static final List<Integer> CLIENTS = List.of(1, 4);
  private static final List<Integer> PAYLOAD_BYTES = List.of(64, 1_024, 65_520);

  private final Bench bench;
  private final Throughput throughput;

  private record Row(int clients, int payloadBytes) {}

  private record Pair(Throughput.Result raw, Throughput.Result ours) {}

  TlsSpeed(Bench bench) {
    this.bench = bench;
    this.throughput = new Throughput(bench);
  }

  void run(PrintStream out, int rounds) throws Exception {
    Certificates certificates = Certificates.instance();
    bench.runtime().openTls(certificates.file("server.crt"), certificates.file("server.key"));
    Map<Row, List<Pair>> pairs = new LinkedHashMap<>();
    for (int round = 0; round < rounds; round++) {
      for (int clients : CLIENTS) {
        for (int payloadBytes : PAYLOAD_BYTES) {
          Throughput.Result raw = throughput.rawTls(certificates.context(), clients, payloadBytes);
          Throughput.Result ours =
              throughput.ours(
                  clients, Block.integers(payloadBytes), false, Way.insideTls(bench.runtime()));
          pairs
              .computeIfAbsent(new Row(clients, payloadBytes), row -> new ArrayList<>())
              .add(new Pair(raw, ours));
        }
      }
    }
    out.printf(
        "%nTLS: one signal to all clients inside TLS 1.3, as fast as they take it; raw: SSLEngine"
            + " with the same frames, 16 KiB at a time%n"
            + "clients  payload |  packets/s      MB/s  server CPU |        raw  raw CPU | of raw"
            + "  CPU of raw%n"
            + "              B  | x 1000                ns/packet |     x 1000  ns/pkt  |%n");
    pairs.forEach((row, all) -> print(out, row, all));
  }

  private static void print(PrintStream out, Row row, List<Pair> all) {
    double rate = Bench.median(all, pair -> pair.ours.packetsPerSecond());
    double rawRate = Bench.median(all, pair -> pair.raw.packetsPerSecond());
    double nanos = Bench.median(all, pair -> pair.ours.serverNanos());
    double rawNanos = Bench.median(all, pair -> pair.raw.serverNanos());
    out.printf(
        "%7d  %7d | %10.1f  %8.0f  %10.0f | %10.1f  %7.0f | %6.2f  %10.2f%n",
        row.clients,
        row.payloadBytes,
        rate / 1e3,
        rate * row.payloadBytes / 1e6,
        nanos,
        rawRate / 1e3,
        rawNanos,
        rate / rawRate,
        nanos / rawNanos);
  }
}
