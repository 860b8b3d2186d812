/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recorder.internal;

import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.daqstream.base.support.LimitedLog;
import org.daqstream.signal.api.SignalDescriptor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tables that are recorded: writes samples to their files, ends these in time, and keeps the
 * trouble of one from the others. For the thread of the loop.
 */
final class Tables implements Trigger.Target {
  private static final Logger LOG = LoggerFactory.getLogger(Tables.class);
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final long SYNC_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final int LINES_PER_MINUTE = 6;

  private final String recorder;
  private final Settings settings;
  private final RecordingFolder folder;
  private final SegmentClock segments;
  private final LongSupplier nanoTime;
  private final LongAdder lost;
  private final LimitedLog failures = new LimitedLog(LOG::error, LINES_PER_MINUTE);
  private final Set<TableFiles> all = new LinkedHashSet<>();
  private final Trigger trigger; // null when none is needed
  private LossReason blocked; // why nothing can be written, null when it can
  private String problem = "";
  private long polled;
  private long synced;

  Tables(
      String recorder,
      Settings settings,
      RecordingFolder folder,
      SegmentClock segments,
      LongSupplier nanoTime,
      LongAdder lost) {
    this.recorder = recorder;
    this.settings = settings;
    this.folder = folder;
    this.segments = segments;
    this.nanoTime = nanoTime;
    this.lost = lost;
    trigger =
        settings.start() == Settings.Start.TRIGGER
            ? new Trigger(recorder, settings.trigger(), this)
            : null;
    polled = nanoTime.getAsLong();
    synced = polled;
  }

  void open(RecordedSignal signal) {
    all.add(signal.table.files());
    signal.table.files().open(signal);
    if (trigger != null) {
      trigger.open(signal);
    }
  }

  /** Has samples be left out for a reason, or written again when there is none. */
  void block(LossReason reason) {
    blocked = reason;
  }

  /** What is wrong with a table, empty for nothing. */
  String problem() {
    return all.stream().anyMatch(each -> each.hasFailed()) ? problem : "";
  }

  /** Whether nothing is recorded because the trigger has not come. */
  boolean isArmed() {
    return trigger != null && !trigger.isActive();
  }

  /** Takes samples, which are copied, and what is missing before them. */
  void take(RecordedSignal signal, MissingRows loss, SampleRun run, long now) {
    if (trigger == null) {
      write(signal, loss, run);
    } else {
      trigger.take(signal, loss, run, now);
    }
  }

  void describe(RecordedSignal signal, SignalDescriptor now) {
    if (trigger != null) {
      trigger.forget(signal);
    }
    signal.table.files().describe(signal, now);
  }

  void describe(TableFiles files, SignalDescriptor domain) {
    if (trigger != null) {
      trigger.describe(files, domain);
    }
    files.describeDomain(domain);
  }

  @Override
  public void write(RecordedSignal signal, MissingRows loss, SampleRun run) {
    TableFiles files = signal.table.files();
    boolean isWritten =
        blocked == null
            && !files.isBlocked(nanoTime.getAsLong())
            && guarded(
                files,
                () -> {
                  folder.mend();
                  files.write(signal, loss, run, segments.now());
                });
    if (isWritten) {
      endSegment(files);
    } else {
      files.miss(signal, loss, run, blocked == null ? LossReason.DISK : blocked);
      lost.add(run.count());
    }
  }

  @Override
  public void leaveOut(RecordedSignal signal, MissingRows hole) {
    signal.table.files().leaveOut(signal, hole);
  }

  @Override
  public void hold(RecordedSignal signal, SampleRun run) {
    TableFiles files = signal.table.files();
    guarded(files, () -> files.hold(signal, run));
  }

  @Override
  public void lost(long samples) {
    lost.add(samples);
  }

  @Override
  public void beginWindow(TableFiles files, Map<String, String> facts) {
    files.setFacts(facts);
  }

  @Override
  public void endWindow(TableFiles files) {
    guarded(files, files::tellAllMissing);
    finish(files, "trigger");
    files.forgetRows();
  }

  /** What fails is the table's own affair. */
  private boolean guarded(TableFiles files, ChangeQueue.Change writing) {
    try {
      writing.run();
      return true;
    } catch (IOException | RuntimeException | Error e) {
      fail(files, e);
      return false;
    }
  }

  /** Others go on: it may be that the format cannot do with the signals of this table. */
  private void fail(TableFiles files, Throwable e) {
    files.abandon(LossReason.DISK, "writing failed");
    files.block(nanoTime.getAsLong());
    String why = RecordingFolder.words(e);
    problem = "table '%s': %s".formatted(files.tableId(), why);
    failures.say(
        () ->
            "recorder %s: table '%s' is not written: %s; is tried again in a moment"
                .formatted(recorder, files.tableId(), why));
  }

  /** What somebody has moved or deleted while it was written is gone on with in other files. */
  void leaveGone() {
    boolean isAll = folder.isGone();
    for (TableFiles each : isAll ? all : folder.gone()) {
      each.abandon(LossReason.DISK, "the file was moved or deleted");
      failures.say(
          () ->
              "recorder %s: the file of table '%s' was moved or deleted while it was written; goes on in %s"
                  .formatted(recorder, each.tableId(), settings.folder()));
    }
    if (isAll) {
      folder.leave();
    }
  }

  /** Where all signals have told the same rows the file ends, if it is time. */
  private void endSegment(TableFiles files) {
    boolean isLarge = settings.segmentBytes() > 0 && files.openBytes() >= settings.segmentBytes();
    if (!files.isOpen() || !(isLarge || segments.now() != files.segment())) {
      return;
    }
    boolean isOverdue =
        (isLarge && files.openBytes() > 2 * settings.segmentBytes())
            || segments.now() - files.segment() > 1;
    if (files.isEven() || isOverdue) {
      guarded(files, () -> files.endSegment(isLarge ? "segmentBytes" : "segmentSeconds"));
    }
  }

  /** To be called again and again: nothing waits for ever. */
  void keep(long now, boolean isRecording) {
    if (now - synced >= SYNC_NANOS) {
      synced = now;
      all.forEach(each -> guarded(each, each::sync));
    }
    if (now - polled >= POLL_NANOS) {
      polled = now;
      for (TableFiles each : all) {
        guarded(each, each::poll);
        endSegment(each);
      }
      if (trigger != null && isRecording) {
        trigger.poll(now);
      }
    }
  }

  private void finish(TableFiles files, String whyNext) {
    guarded(files, () -> files.finish(whyNext));
  }

  /** Completes all files; others follow. */
  void finishAll(String whyNext) {
    all.forEach(each -> finish(each, whyNext));
  }

  /** A signal goes, and its file if it is the last of its table. */
  void remove(RecordedSignal signal) throws IOException {
    TableFiles files = signal.table.files();
    if (trigger != null) {
      trigger.remove(signal);
    }
    guarded(files, () -> files.end(signal));
    files.remove(signal);
  }

  /** A table is gone. */
  void remove(TableFiles files) throws IOException {
    if (trigger != null) {
      trigger.remove(files);
    }
    end(files);
    all.remove(files);
  }

  /** A recording begins. */
  void begin() {
    all.forEach(TableFiles::forget);
  }

  /** A recording ends. */
  void end() throws IOException {
    if (trigger != null) {
      trigger.clear();
    }
    for (TableFiles each : all) {
      end(each);
    }
  }

  /** Nothing more comes: what is missing is told, by the file or by the log. */
  private void end(TableFiles files) throws IOException {
    guarded(files, files::tellAllMissing);
    finish(files, "");
    files.tellAllMissing();
  }
}
