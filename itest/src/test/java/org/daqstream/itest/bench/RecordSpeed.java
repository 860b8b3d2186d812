/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.daqstream.recording.api.RecordingReader;
import org.daqstream.recording.api.RowBlock;
import org.daqstream.recording.parquet.internal.ParquetFormat;
import org.daqstream.recording.support.TableRecording;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.SignalDescriptor;

/**
 * What recording to Parquet, and reading it, costs the one thread that does it, in a file of the
 * working folder's disk: sines with noise, synced each second. Beside it the Parquet recorder of
 * the openDAQ SDK, where its Python is told by the property {@code sdk.python}.
 */
final class RecordSpeed {
  private static final long START = 1_795_990_659_273_000_000L;
  private static final long DELTA = 1_000_000;
  private static final int NOISE_SAMPLES = 1 << 21;
  private static final int SDK_SAMPLES = 10_000_000;
  private static final int SDK_BLOCK = 1000;
  private static final long SDK_TIMEOUT_S = 120;

  /** What is recorded. */
  private record Load(String dataType, int signals, int block, long megabytes) {
    int sampleBytes() {
      return dataType.equals(DataTypes.REAL64) ? Double.BYTES : Short.BYTES;
    }
  }

  private static final List<Load> LOADS =
      List.of(
          new Load(DataTypes.REAL64, 1, 1000, 1000),
          new Load(DataTypes.REAL64, 16, 1000, 1000),
          new Load(DataTypes.REAL64, 1000, 100, 500),
          new Load(DataTypes.REAL64, 1000, 10, 250),
          new Load(DataTypes.INT16, 16, 1000, 250));

  /** One recording. */
  private record Result(
      long bytes,
      double cpuSeconds,
      double processCpuSeconds,
      double seconds,
      long fileBytes,
      long live,
      double readCpuSeconds) {}

  private final List<ByteBuffer> blocks = new ArrayList<>();
  private final Map<Integer, List<Result>> alike = new TreeMap<>(); // as the SDK's, by signals
  private final Path folder;

  RecordSpeed() throws IOException {
    folder = Files.createTempDirectory(Path.of("target"), "bench-record");
  }

  private void makeBlocks(Load load) {
    blocks.clear();
    Random random = new Random(1);
    for (int at = 0; at < NOISE_SAMPLES; at += load.block) {
      ByteBuffer block =
          ByteBuffer.allocate(load.block * load.sampleBytes()).order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < load.block; i++) {
        double value = Math.sin((at + i) * 1e-3) + random.nextGaussian() * 1e-3;
        if (load.sampleBytes() == Double.BYTES) {
          block.putDouble(value);
        } else {
          block.putShort((short) (value * 20_000));
        }
      }
      blocks.add(block.flip());
    }
  }

  /**
   * Records.
   *
   * @param rateHz how many rows a second; 0 for as many as can be
   */
  private Result record(Load load, long rateHz, long wantedBytes) throws IOException {
    makeBlocks(load);
    List<SignalDescriptor> signals = new ArrayList<>();
    for (int i = 0; i < load.signals; i++) {
      signals.add(SignalDescriptor.value("s/" + i, load.dataType).build());
    }
    Path file = folder.resolve("x.parquet");
    Files.deleteIfExists(file);
    long start = System.nanoTime();
    long startCpu = cpuNanos();
    long startProcessCpu = processCpuNanos();
    long synced = start;
    long bytes = 0;
    long row = 0;
    long live = 0;
    try (TableRecording recording =
        new TableRecording(
            SignalDescriptor.linearTime("t", DELTA),
            signals,
            Map.of(),
            (part, number) -> new ParquetFormat().create(file, part))) {
      for (int at = 0; bytes < wantedBytes; at++) {
        for (int i = 0; i < load.signals; i++) {
          ByteBuffer block = blocks.get((at + i * 37) % blocks.size()).duplicate();
          recording.onLine("s/" + i, row, load.block, START + row * DELTA, DELTA, block);
        }
        row += load.block;
        bytes += (long) load.signals * load.block * load.sampleBytes();
        if (System.nanoTime() - synced >= TimeUnit.SECONDS.toNanos(1)) {
          recording.sync();
          synced = System.nanoTime();
        }
        if (live == 0 && bytes >= wantedBytes / 2) {
          live = liveBytes();
        }
        if (rateHz > 0) {
          Pause.untilNanos(start + TimeUnit.SECONDS.toNanos(1) * row / rateHz);
        }
      }
      recording.finish();
    }
    double cpu = (cpuNanos() - startCpu) / 1e9;
    double processCpu = (processCpuNanos() - startProcessCpu) / 1e9;
    double seconds = (System.nanoTime() - start) / 1e9;
    Result result =
        new Result(bytes, cpu, processCpu, seconds, Files.size(file), live, read(file, bytes));
    Files.delete(file);
    return result;
  }

  /** Reads all that was recorded, in blocks, as one does who plays it. */
  private static double read(Path file, long bytes) throws IOException {
    long startCpu = cpuNanos();
    long read = 0;
    try (RecordingReader reader = new ParquetFormat().open(file)) {
      int signals = reader.part().signals().size();
      for (RowBlock rows = reader.next(); rows != null; rows = reader.next()) {
        for (int i = 0; i < signals; i++) {
          read += rows.samples(i).remaining();
        }
      }
    }
    if (read != bytes) {
      throw new IOException(read + " bytes read of " + bytes);
    }
    return (cpuNanos() - startCpu) / 1e9;
  }

  private static double nanosPerSample(Result result, double cpuSeconds) {
    return cpuSeconds * 1e9 * Double.BYTES / result.bytes;
  }

  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  /** Of all threads, those that compile and collect among them. */
  private static long processCpuNanos() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static long liveBytes() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  /** Measures and prints. */
  void run(PrintStream out, int rounds) throws Exception {
    makeBlocks(LOADS.get(0));
    out.printf(
        "%nRecord: to Parquet, by one thread, as fast as it goes; sines with noise%n"
            + "samples   signals  block |   MB/s of   ns per    file  |  MB/s by  live heap | read, MB/s%n"
            + "                         |  one core   sample  of raw  |    clock       MB   | of one core%n");
    for (Load load : LOADS) {
      record(load, 0, load.megabytes * 100_000); // warm
      long beside = liveBytes();
      List<Result> results = new ArrayList<>();
      for (int round = 0; round < rounds; round++) {
        results.add(record(load, 0, load.megabytes * 1_000_000));
      }
      if (load.dataType.equals(DataTypes.REAL64) && load.block == SDK_BLOCK) {
        alike.put(load.signals, results);
      }
      out.printf(
          "%-8s  %7d  %5d | %9.0f  %7.1f  %6.2f  | %8.0f  %9.1f | %9.0f%n",
          load.dataType,
          load.signals,
          load.block,
          Bench.median(results, each -> each.bytes / 1e6 / each.cpuSeconds),
          Bench.median(results, each -> each.cpuSeconds * 1e9 * load.sampleBytes() / each.bytes),
          Bench.median(results, each -> (double) each.fileBytes / each.bytes),
          Bench.median(results, each -> each.bytes / 1e6 / each.seconds),
          Bench.median(results, each -> (each.live - beside) / 1e6),
          Bench.median(results, each -> each.bytes / 1e6 / each.readCpuSeconds));
    }
    Load paced = new Load(DataTypes.REAL64, 1000, 100, 0);
    Result result = record(paced, 1000, 40_000_000);
    out.printf(
        "1000 signals at 1 kHz, %.0f s: %.1f %% of one core%n",
        result.seconds, 100 * result.cpuSeconds / result.seconds);
    String python = System.getProperty("sdk.python");
    if (python != null) {
      for (Map.Entry<Integer, List<Result>> each : alike.entrySet()) {
        sdk(out, python, each.getKey(), each.getValue());
      }
    }
    Files.delete(folder);
  }

  /** The same samples to the same disk by the recorder of the SDK. */
  private void sdk(PrintStream out, String python, int signals, List<Result> ours)
      throws Exception {
    Process process =
        new ProcessBuilder(
                python,
                Path.of("sdk", "recorder.py").toString(),
                folder.toString(),
                Integer.toString(SDK_SAMPLES),
                Integer.toString(signals))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      String said = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
      String[] figures = said.substring(said.lastIndexOf(':') + 1).strip().split(" ", 2);
      double nanos = Double.parseDouble(figures[0]);
      double size = Double.parseDouble(figures[1]);
      double ofRaw = Bench.median(ours, each -> (double) each.fileBytes / each.bytes);
      out.printf(
          "openDAQ SDK, real64, %d signal(s), block %d: %s%n"
              + "  ours: %.1f times its samples per processor time (%.1f with all threads of the"
              + " process), file %.2f of its size%n",
          signals,
          SDK_BLOCK,
          said.substring(0, said.lastIndexOf(':')),
          nanos / Bench.median(ours, each -> nanosPerSample(each, each.cpuSeconds)),
          nanos / Bench.median(ours, each -> nanosPerSample(each, each.processCpuSeconds)),
          ofRaw / size);
      process.waitFor(SDK_TIMEOUT_S, TimeUnit.SECONDS);
    } finally {
      process.destroyForcibly();
    }
  }
}
