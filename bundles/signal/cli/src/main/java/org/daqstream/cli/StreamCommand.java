/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import java.io.IOException;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import org.daqstream.client.Gap;
import org.daqstream.client.SampleBlock;
import org.daqstream.client.StreamingClient;
import org.daqstream.client.SubscriptionOptions;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the commands have in common that write samples until they have enough. */
abstract class StreamCommand extends DeviceCommand {
  private static final long LOOK_MS = 100;
  private static final long FINISH_MS = 200;
  private static final long FLUSH_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  @Option(
      names = "--for",
      paramLabel = "TIME",
      converter = TimeSpan.Converter.class,
      description = "End after so long: 500ms, 5s, 2m, 1h.")
  private TimeSpan length;

  @Option(
      names = {"-n", "--count"},
      paramLabel = "N",
      description = "End after so many samples of all signals; lines that are begun are complete.")
  private Long count;

  @Option(
      names = "--time",
      paramLabel = "FORM",
      defaultValue = "iso",
      description = "Times as iso (UTC with nanoseconds), ns (since 1970) or ticks; iso.")
  private TimeForm form;

  @Mixin private ProgressOption progress = new ProgressOption();

  private long samples;
  private long gaps;
  private ProgressLine progressLine;

  /** How many are wanted at most. */
  long limit() {
    if (count != null && count < 1) {
      throw misused("--count must be at least 1");
    }
    return count == null ? Long.MAX_VALUE : count;
  }

  TimeForm form() {
    return form;
  }

  long samples() {
    return samples;
  }

  long gaps() {
    return gaps;
  }

  /** Begins to show how far it is. */
  ProgressLine beginProgress() {
    progressLine = progress.begin(streams());
    return progressLine;
  }

  double seconds() {
    return progressLine.seconds();
  }

  /** What else the line of progress tells, after two spaces. */
  String progress() {
    return "";
  }

  /** Sends what was written to where it belongs. */
  interface Flush {
    void run() throws IOException;
  }

  /** What is written, and for how long. */
  private final class Writing implements SampleInbox.Reader {
    private final SampleText text;
    private final Flush flush;
    private final ProgressLine line = progressLine;
    private final long startNanos = System.nanoTime();
    private final long lengthMs = length == null ? Long.MAX_VALUE : length.millis();
    private long flushedNanos = startNanos;
    private boolean isFinishing;

    Writing(SampleText text, Flush flush) {
      this.text = text;
      this.flush = flush;
    }

    long leftMs() {
      return lengthMs - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
    }

    void flush() throws IOException {
      text.idle();
      flush.run();
      flushedNanos = System.nanoTime();
      line.tell(samples, gaps, StreamCommand.this::progress);
    }

    @Override
    public void block(String signalId, SampleBlock block) throws IOException {
      int wanted = (int) Math.min(block.count(), count == null ? block.count() : count - samples);
      samples += text.block(signalId, block, isFinishing ? block.count() : wanted);
      if (System.nanoTime() - flushedNanos >= FLUSH_NANOS) {
        flush(); // it may never rest, and nobody read any more
      }
    }

    @Override
    public void gap(String signalId, Gap gap) throws IOException {
      if (!isFinishing) {
        gaps++;
        text.gap(signalId, gap);
      }
    }

    @Override
    public boolean hasEnough() {
      boolean isFull = count != null && samples >= count;
      return !isFinishing && (isFull || leftMs() <= 0 || interruption().isAsked());
    }
  }

  /**
   * Writes until there is enough, the time is over, or the user wants the end; then what is begun
   * is complete.
   */
  void write(StreamingClient client, Collection<String> signalIds, SampleText text, Flush flush)
      throws IOException {
    limit(); // refuses what is none
    beginProgress();
    Writing writing = new Writing(text, flush);
    text.begin();
    flush.run();
    try (SampleInbox inbox =
        new SampleInbox(client, signalIds, SubscriptionOptions.DEFAULT, writing)) {
      try {
        fill(inbox, writing);
      } catch (InterruptedException e) {
        // The end is wanted; it is in order.
      }
      finish(inbox, writing);
    } finally {
      progressLine.end();
    }
    text.end();
    flush.run();
  }

  private static void fill(SampleInbox inbox, Writing writing)
      throws IOException, InterruptedException {
    while (!writing.hasEnough()) {
      if (!inbox.take(0)) {
        writing.flush();
        inbox.take(Math.min(LOOK_MS, writing.leftMs()));
      }
    }
  }

  /** Waits a little for what completes the lines that are begun. */
  private static void finish(SampleInbox inbox, Writing writing) throws IOException {
    Thread.interrupted(); // the end is wanted, and in order
    writing.isFinishing = true;
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(FINISH_MS);
    try {
      while (writing.text.finish() && System.nanoTime() < deadline) {
        inbox.take(FINISH_MS / 4);
      }
    } catch (InterruptedException e) {
      // As it is, then.
    }
  }
}
