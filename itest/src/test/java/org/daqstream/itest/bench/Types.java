/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest.bench;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntFunction;

/** How many bytes of structs and of samples with dimensions go through, compared with numbers. */
final class Types {
  /** Seven spectra or images are the most that one packet holds. */
  static final List<Integer> BLOCK_BYTES = List.of(8_192, 57_344);

  private static final int CLIENTS = 4;
  private static final Kind PLAIN = new Kind("real64", Block::reals);
  private static final List<Kind> KINDS =
      List.of(
          PLAIN,
          new Kind("real64[1024]", Block::spectra),
          new Kind("uint16[64][64]", Block::images),
          new Kind("struct of 64 B", Block::structs),
          new Kind("CAN frame of 69 B", Block::canFrames));

  private final Throughput throughput;
  private final int blockBytes;
  private final Map<Kind, List<Row>> rows = new LinkedHashMap<>();

  /** What the samples are. */
  private record Kind(String text, IntFunction<Block> block) {}

  /** One measurement in two figures: the second holds on a machine that has other work, too. */
  private record Figures(double bytesPerSecond, double cpuNanosPerByte) {
    static Figures of(Throughput.Result result, int bytes) {
      return new Figures(
          result.packetsPerSecond() * bytes,
          (result.publisherNanos() + CLIENTS * result.serverNanos()) / bytes);
    }
  }

  /** One round. */
  private record Row(int bytes, Figures ready, Figures filled) {}

  Types(Throughput throughput, int blockBytes) {
    this.throughput = throughput;
    this.blockBytes = blockBytes;
  }

  /** One round of all kinds in turn. */
  void measureAll() throws Exception {
    for (Kind kind : KINDS) {
      Block block = kind.block.apply(blockBytes);
      Row row =
          new Row(
              block.bytes,
              Figures.of(throughput.ours(CLIENTS, block, false), block.bytes),
              Figures.of(throughput.ours(CLIENTS, block, true), block.bytes));
      rows.computeIfAbsent(kind, key -> new ArrayList<>()).add(row);
    }
  }

  void print(PrintStream out) {
    rows.forEach(
        (kind, measured) ->
            out.printf(
                "%-18s  %6d | %s | %s%n",
                kind.text,
                measured.get(0).bytes,
                figures(measured, Row::ready),
                figures(measured, Row::filled)));
  }

  private String figures(List<Row> measured, Function<Row, Figures> part) {
    List<Double> ofRate = new ArrayList<>();
    List<Double> ofCpu = new ArrayList<>();
    for (int round = 0; round < measured.size(); round++) {
      Figures plain = part.apply(rows.get(PLAIN).get(round));
      Figures figures = part.apply(measured.get(round));
      ofRate.add(figures.bytesPerSecond / plain.bytesPerSecond);
      ofCpu.add(plain.cpuNanosPerByte / figures.cpuNanosPerByte);
    }
    return String.format(
        Locale.ROOT,
        "%6.0f %6.2f %8.0f %6.2f",
        Bench.median(measured, row -> part.apply(row).bytesPerSecond) / 1e6,
        Bench.median(ofRate, each -> each),
        Bench.median(measured, row -> part.apply(row).cpuNanosPerByte) * 1024,
        Bench.median(ofCpu, each -> each));
  }
}
