/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest.bench;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;
import org.daqstream.signal.api.SignalTable;

/**
 * How fast the viewer draws in Chromium: publishes 50 signals of 10 kHz and has {@code
 * viewer/speed.mjs} look at them. Says what is missing where there is no Node or no Chromium.
 */
final class ViewerSpeed {
  private static final String PREFIX = "viewer";
  private static final int SIGNALS = 50;
  private static final long DELTA_NANOS = 100_000;
  private static final int BLOCK = 100;
  private static final Path UI = Path.of("../bundles/extra/viewer/target/ui");

  private final Bench bench;

  ViewerSpeed(Bench bench) {
    this.bench = bench;
  }

  void run(PrintStream out, boolean quick) throws Exception {
    for (String program : List.of("node", "chromium")) {
      if (!isOnPath(program)) {
        out.printf("%nViewer: left out, there is no %s on the path%n", program);
        return;
      }
    }
    if (!Files.isDirectory(UI.resolve("node_modules"))) {
      out.printf("%nViewer: left out, the bundle was built without Node%n");
      return;
    }
    try (Curves curves = new Curves()) {
      curves.start();
      show(out, quick);
    }
  }

  private void show(PrintStream out, boolean quick) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                "node",
                "viewer/speed.mjs",
                "http://" + bench.runtime().endpoint().host() + ":" + port() + "/",
                UI.toString(),
                PREFIX));
    if (quick) {
      command.add("quick");
    }
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      lines.lines().forEach(out::println);
    }
    if (process.waitFor() != 0) {
      throw new IOException("viewer/speed.mjs failed");
    }
  }

  private int port() {
    return bench.runtime().endpoint().port();
  }

  private static boolean isOnPath(String program) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  /** Sines at 10 kHz, written in time by a thread of its own. */
  private final class Curves extends Thread implements AutoCloseable {
    private final SignalTable table =
        bench.runtime().registry().openTable(SignalDescriptor.linearTime("viewer/t", DELTA_NANOS));
    private final List<SignalPort> ports = new ArrayList<>();
    private volatile boolean running = true;

    Curves() {
      super("viewer-curves");
      for (int i = 0; i < SIGNALS; i++) {
        ports.add(table.open(SignalDescriptor.value(PREFIX + "/" + i, DataTypes.REAL64).build()));
      }
    }

    @Override
    public void run() {
      long tick = System.currentTimeMillis() * 1_000_000 / DELTA_NANOS * DELTA_NANOS;
      long next = System.nanoTime();
      double[] block = new double[BLOCK];
      while (running) {
        for (int i = 0; i < SIGNALS; i++) {
          for (int k = 0; k < BLOCK; k++) {
            double seconds = (tick % 10_000_000_000L) / 1e9 + k * DELTA_NANOS / 1e9;
            block[k] = Math.sin(2 * Math.PI * (0.5 + 0.1 * i) * seconds);
          }
          ports.get(i).write(tick, block, 0, BLOCK);
        }
        tick += BLOCK * DELTA_NANOS;
        next += BLOCK * DELTA_NANOS;
        Pause.untilNanos(next);
      }
    }

    @Override
    public void close() {
      running = false;
      Pause.untilEnd(this);
      table.close();
    }
  }
}
