/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.daqstream.recording.parquet.internal.ParquetFormat;
import org.daqstream.recording.support.TableRecording;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;
import org.daqstream.signal.api.SignalTable;
import org.daqstream.signal.api.WriteResult;
import org.daqstream.signal.api.sink.SignalSink;
import org.daqstream.signal.api.sink.SignalTap;
import org.daqstream.signal.api.sink.TableTap;
import org.daqstream.signal.api.writer.SignalWriter;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.Configuration;

/**
 * What the recorder of a runtime costs beyond publishing, and how fast its file source plays what
 * was recorded: sines with noise, in files of the working folder's disk.
 */
final class RecorderSpeed {
  private static final long DELTA = 1_000_000;
  private static final int SIGNALS = 1000;
  private static final int RATE_HZ = 1000;
  private static final int NOISE_SAMPLES = 1 << 16;
  private static final double PERCENT = 100;
  private static final long PLAYED_BYTES = 400_000_000;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  /** Shares of one core. */
  private record Cost(double recorder, double publisher) {}

  private final StreamingRuntime runtime;
  private final Path folder;
  private final double[] noise = new double[NOISE_SAMPLES];

  RecorderSpeed(Bench bench) throws IOException {
    runtime = bench.runtime();
    folder = Files.createTempDirectory(Path.of("target"), "bench-recorder").toAbsolutePath();
    Random random = new Random(1);
    for (int i = 0; i < noise.length; i++) {
      noise[i] = Math.sin(i * 1e-3) + random.nextGaussian() * 1e-3;
    }
  }

  /** Measures and prints. */
  void run(PrintStream out, int rounds) throws Exception {
    out.printf(
        "%nRecorder of a runtime: %d signals of one table at 1 kHz, real64, to Parquet; 5 s%n"
            + "block, rows | recorder, %% of one core  publisher  publisher without recorder%n",
        SIGNALS);
    for (int block : new int[] {100, 10}) {
      Cost without = publish(block, 3, false);
      publish(block, 3, true); // warm
      List<Cost> costs = new ArrayList<>();
      for (int round = 0; round < rounds; round++) {
        costs.add(publish(block, 5, true));
      }
      out.printf(
          "%11d | %23.1f  %9.1f  %26.1f%n",
          block,
          Bench.median(costs, Cost::recorder),
          Bench.median(costs, Cost::publisher),
          without.publisher);
    }
    play(out, rounds);
    Files.delete(folder);
  }

  private Cost publish(int block, int seconds, boolean isRecorded) throws Exception {
    Configuration recorder = isRecorded ? record("bench/**") : null;
    try (SignalTable table = openTable("bench/")) {
      List<SignalPort> ports = table.ports();
      if (isRecorded) {
        await(() -> ports.get(0).hasSubscriber());
      }
      Pause.millis(500);
      long begin = System.nanoTime();
      long cpu = isRecorded ? recorderCpu() : 0;
      long own = THREADS.getCurrentThreadCpuTime();
      long rows = (long) seconds * RATE_HZ;
      for (long row = 0; row < rows; row += block) {
        for (int i = 0; i < SIGNALS; i++) {
          int at = (int) ((row + i * 37L) % (NOISE_SAMPLES - block));
          ports.get(i).write(row * DELTA, noise, at, block);
        }
        Pause.untilNanos(begin + TimeUnit.SECONDS.toNanos(1) * (row + block) / RATE_HZ);
      }
      double nanos = System.nanoTime() - begin;
      double share = isRecorded ? (recorderCpu() - cpu) / nanos : 0;
      double ownShare = (THREADS.getCurrentThreadCpuTime() - own) / nanos;
      return new Cost(PERCENT * share, PERCENT * ownShare);
    } finally {
      if (recorder != null) {
        recorder.delete();
        await(() -> recorderThread() == null);
        checkRows(seconds * (long) RATE_HZ);
        clear();
      }
    }
  }

  private Configuration record(String signals) throws Exception {
    Map<String, Object> keys =
        Map.of("folder", folder.toString(), "signals", signals, "minFreeBytes", 0);
    Configuration recorder = runtime.configure("org.daqstream.recorder", keys);
    await(() -> recorderThread() != null);
    return recorder;
  }

  private SignalTable openTable(String prefix) {
    SignalTable table =
        runtime.registry().openTable(SignalDescriptor.linearTime(prefix + "time", DELTA));
    for (int i = 0; i < SIGNALS; i++) {
      table.open(SignalDescriptor.value(prefix + i, "real64").build());
    }
    return table;
  }

  private static ThreadInfo recorderThread() {
    return Stream.of(THREADS.getThreadInfo(THREADS.getAllThreadIds()))
        .filter(each -> each != null && each.getThreadName().startsWith("daqstream-recorder"))
        .findFirst()
        .orElse(null);
  }

  private static long recorderCpu() {
    return THREADS.getThreadCpuTime(recorderThread().getThreadId());
  }

  private void checkRows(long wanted) throws IOException {
    long rows = 0;
    for (Path each : recordings()) {
      rows += new ParquetFormat().describe(each).rows();
    }
    if (rows != wanted) {
      throw new IOException(rows + " rows recorded of " + wanted);
    }
  }

  private List<Path> recordings() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(each -> each.toString().endsWith(".parquet")).toList();
    }
  }

  private void clear() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path each : files.toList()) {
        Files.delete(each);
      }
    }
  }

  /** Has the file source play as fast as it goes to one sink that counts. */
  private void play(PrintStream out, int rounds) throws Exception {
    runtime.install("org.daqstream.source.file.jar");
    out.printf("%nPlay: Parquet, as fast as it goes, to one sink that counts%nsignals  MB/s%n");
    for (int signals : new int[] {1, 16, SIGNALS}) {
      write(folder.resolve("played.parquet"), signals);
      List<Double> speeds = new ArrayList<>();
      for (int round = 0; round <= rounds; round++) {
        speeds.add(playOnce());
      }
      speeds.remove(0); // warm
      out.printf("%7d  %4.0f%n", signals, Bench.median(speeds, each -> each));
      clear();
    }
  }

  private void write(Path file, int signals) throws IOException {
    ByteBuffer samples = ByteBuffer.allocate(Double.BYTES * NOISE_SAMPLES);
    samples.order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer().put(noise);
    List<SignalDescriptor> all = new ArrayList<>();
    for (int i = 0; i < signals; i++) {
      all.add(SignalDescriptor.value("s/" + i, "real64").build());
    }
    int block = 1000;
    try (TableRecording recording =
        new TableRecording(
            SignalDescriptor.linearTime("t", DELTA),
            all,
            Map.of(),
            (part, number) -> new ParquetFormat().create(file, part))) {
      for (long row = 0; row * signals * Double.BYTES < PLAYED_BYTES; row += block) {
        for (int i = 0; i < signals; i++) {
          int at = (int) ((row + i * 37L) % (NOISE_SAMPLES - block));
          ByteBuffer some = samples.slice(at * Double.BYTES, block * Double.BYTES);
          recording.onLine("s/" + i, row, block, row * DELTA, DELTA, some);
        }
      }
      recording.finish();
    }
  }

  private double playOnce() throws Exception {
    CountingSink sink = new CountingSink();
    ServiceRegistration<SignalSink> registration = runtime.register(sink);
    Configuration source =
        runtime.configure(
            "org.daqstream.source.file",
            Map.of(
                "path",
                folder.resolve("played.parquet").toString(),
                "prefix",
                "bench-played",
                "speed",
                "max",
                "loop",
                false,
                "scanMs",
                100));
    await(() -> sink.ended != 0);
    source.delete();
    registration.unregister();
    return sink.bytes.get() / 1e6 / ((sink.ended - sink.began) / 1e9);
  }

  /** Waits for something that comes. */
  private static void await(BooleanSupplier isSo) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!isSo.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("waited for too long");
      }
      Pause.millis(10);
    }
  }

  /** Counts what is played, from the first block until the table goes. */
  private static final class CountingSink implements SignalSink {
    private final AtomicLong bytes = new AtomicLong();
    private volatile long began;
    private volatile long ended;

    @Override
    public TableTap openTable(SignalDescriptor domain) {
      boolean isPlayed = domain.signalId().startsWith("bench-played");
      return new TableTap() {
        @Override
        public SignalTap openSignal(SignalDescriptor value, SignalWriter writer) {
          return isPlayed ? new CountingTap(writer.sampleBytes()) : SignalTap.IGNORING;
        }

        @Override
        public void updateDomain(SignalDescriptor changed) {}

        @Override
        public void close() {
          if (isPlayed) {
            ended = System.nanoTime();
          }
        }
      };
    }

    private final class CountingTap implements SignalTap {
      private final int sampleBytes;

      CountingTap(int sampleBytes) {
        this.sampleBytes = sampleBytes;
      }

      @Override
      public boolean hasSubscriber() {
        return true;
      }

      @Override
      public WriteResult accept(
          long row, long tick, long[] ticks, Object samples, int offset, int count) {
        if (began == 0) {
          began = System.nanoTime();
        }
        bytes.addAndGet((long) count * sampleBytes);
        return WriteResult.ACCEPTED;
      }

      @Override
      public void update(SignalDescriptor value, SignalWriter writer) {}

      @Override
      public void close() {}
    }
  }
}
