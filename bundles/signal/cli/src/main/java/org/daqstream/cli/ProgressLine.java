/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.daqstream.recording.api.RecordingProgress;
import org.daqstream.recording.api.RecordingReader;
import org.daqstream.sample.support.Format;

/** How far a command is, on the error output: a line that changes, or for files one a second. */
final class ProgressLine implements RecordingProgress {
  private static final long TERMINAL_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
  private static final long FILE_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final double NANOS = 1e9;
  private static final int PERCENT = 100;
  private static final String CLEAR = "\r\033[K";

  private final StandardStreams streams;
  private final boolean isShown;
  private final long startNanos = System.nanoTime();
  private long nextNanos;
  private long lastNanos = startNanos;
  private long lastSamples;
  private volatile long doneBytes; // of a file that another thread goes through
  private volatile long allBytes;
  private long toldBytes;

  /**
   * Begins to count the time.
   *
   * @param wanted whether it is shown; {@code null} for: on a terminal
   */
  ProgressLine(StandardStreams streams, Boolean wanted) {
    this.streams = streams;
    isShown = wanted == null ? streams.isErrTerminal() : wanted;
    nextNanos = startNanos + TERMINAL_NANOS;
  }

  /** Seconds since the beginning. */
  double seconds() {
    return (System.nanoTime() - startNanos) / NANOS;
  }

  /**
   * Shows the counters, when it is time to.
   *
   * @param more what else there is to tell, maybe nothing
   */
  void tell(long samples, long gaps, Supplier<String> more) {
    long now = System.nanoTime();
    if (!isShown || now < nextNanos) {
      return;
    }
    double rate = (samples - lastSamples) / ((now - lastNanos) / NANOS);
    show(
        "%.1f s  %s samples  %s%s%s"
            .formatted(
                seconds(),
                samples,
                Format.quantity(rate, "S/s"),
                gaps == 0 ? "" : "  " + gaps + " gaps",
                more.get()));
    lastSamples = samples;
  }

  @Override
  public void at(long done, long all) {
    doneBytes = done;
    allBytes = all;
  }

  /** Shows how much of a file is gone through, and how fast, when it is time to. */
  void tellBytes(Supplier<String> more) {
    long now = System.nanoTime();
    if (!isShown || now < nextNanos) {
      return;
    }
    long done = doneBytes;
    long passed = done - toldBytes;
    String how =
        allBytes <= 0
            ? ""
            : "  %.0f %%  %s"
                .formatted(
                    Math.floor(1.0 * PERCENT * done / allBytes),
                    Format.byteRate((long) (Math.max(0, passed) * NANOS / (now - lastNanos))));
    show("%.1f s%s%s".formatted(seconds(), how, more.get()));
    toldBytes = done;
  }

  private void show(String line) {
    if (streams.isErrTerminal()) {
      streams.err().print(CLEAR + line);
      streams.err().flush();
    } else {
      streams.err().println(line);
    }
    lastNanos = System.nanoTime();
    nextNanos = lastNanos + (streams.isErrTerminal() ? TERMINAL_NANOS : FILE_NANOS);
  }

  /** How much of a recording was read, after two spaces; nothing when that is not known. */
  static String percent(RecordingReader reader) {
    double ratio = reader.readRatio();
    return ratio < 0 ? "" : "  %.0f %%".formatted(Math.floor(ratio * PERCENT));
  }

  /** What is left of the disk that a file is on, after two spaces. */
  static String left(Path file) {
    long bytes = file.toAbsolutePath().getParent().toFile().getUsableSpace();
    return "  " + Format.bytes(bytes) + " left on the disk";
  }

  /** Takes the line away. */
  void end() {
    if (isShown && streams.isErrTerminal()) {
      streams.err().print(CLEAR);
      streams.err().flush();
    }
  }
}
