/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recorder.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.daqstream.base.support.IdPatterns;
import org.daqstream.base.support.LimitedLog;
import org.daqstream.recorder.api.RecorderState;
import org.daqstream.recording.api.RecordingFormat;
import org.daqstream.signal.api.SignalDescriptor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the thread of a recorder does, step by step: takes samples from the ring to files, and
 * changes of the signals in their places between the samples.
 */
final class RecordingLoop {
  private static final Logger LOG = LoggerFactory.getLogger(RecordingLoop.class);

  /** How long a step may be behind what is published. */
  static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final long SYNC_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long CHECK_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Signals that come one behind the other are to be in one file. */
  private static final long SETTLE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private static final long SETTLE_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** So long what comes waits in the ring when it cannot be written, and then is left out. */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long RETRY_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final int ENTRIES_OF_STEP = 5_000;
  private static final int LINES_PER_MINUTE = 6;

  private final String name;
  private final Settings settings;
  private final IdPatterns patterns;
  private final LongSupplier nanoTime;
  private final SegmentClock segments;
  private final RecordingFolder folder;
  private final SampleRing ring;
  private final LimitedLog losses = new LimitedLog(LOG::warn, LINES_PER_MINUTE);
  private final LimitedLog failures = new LimitedLog(LOG::error, LINES_PER_MINUTE);
  private final ChangeQueue changes;
  private final Queue<Runnable> calls = new ConcurrentLinkedQueue<>();
  private final LongAdder lost = new LongAdder();
  private final Map<Integer, RecordedSignal> signals = new HashMap<>();
  private final Set<TableFiles> tables = new LinkedHashSet<>();
  private final StatusBoard board;
  private volatile Runnable waker = () -> {};
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile boolean isStarted;
  private volatile boolean isClosing;
  private volatile boolean isWanted;
  private volatile LossReason lossReason = LossReason.RECORDER;
  private RecorderState state = RecorderState.STOPPED;
  private String reason = "";
  private boolean isLive; // between the beginning and the end of a recording
  private int ends; // of recordings, that are to come
  private boolean isDiskFull;
  private long retryAt;
  private long retryNanos; // 0 when nothing failed
  private long blockedSince;
  private long firstOpened;
  private long lastOpened;
  private long polled;
  private long synced;
  private long checked;
  private long toldLost;

  RecordingLoop(
      String name, Settings settings, RecordingFolder folder, Clock clock, LongSupplier nanoTime) {
    this.name = name;
    this.settings = settings;
    this.folder = folder;
    this.nanoTime = nanoTime;
    patterns = new IdPatterns(settings.signals());
    segments = new SegmentClock(clock, settings.segmentSeconds());
    ring = new SampleRing(settings.bufferBytes());
    changes = new ChangeQueue(ring);
    long now = nanoTime.getAsLong();
    polled = now;
    synced = now;
    checked = now - CHECK_NANOS;
    lastOpened = now - SETTLE_NANOS;
    firstOpened = lastOpened;
    board = new StatusBoard(settings, now);
  }

  // What other threads call.

  SampleRing ring() {
    return ring;
  }

  StatusBoard board() {
    return board;
  }

  /** What is called when the thread is to look at once. */
  void setWaker(Runnable newWaker) {
    waker = newWaker;
  }

  void wake() {
    waker.run();
  }

  boolean wants(String signalId) {
    return patterns.wants(signalId);
  }

  /** Whether samples are taken. */
  boolean isWanted() {
    return isWanted;
  }

  LossReason lossReason() {
    return lossReason;
  }

  void lost(long samples) {
    lost.add(samples);
  }

  TableFiles filesOf(SignalDescriptor domain) {
    return new TableFiles(folder, domain);
  }

  void opened(RecordedSignal signal) {
    changes.addOpened(signal);
  }

  void closed(RecordedSignal signal) {
    inOrder(() -> close(signal));
  }

  void hold(RecordedSignal signal, SampleRun run) {
    inOrder(() -> signal.table.files().hold(signal, run));
  }

  /** Has something happen behind all samples that were published until now. */
  void inOrder(ChangeQueue.Change change) {
    changes.add(change);
  }

  /** Has it record, unless it is to be told to. */
  void begin() {
    setStarted(settings.start() != Settings.Start.COMMAND);
  }

  void setStarted(boolean isToRecord) {
    isStarted = isToRecord;
    wake();
  }

  /**
   * Ends for good.
   *
   * @return whether all files are complete
   */
  boolean close(long timeoutMs) throws InterruptedException {
    isStarted = false;
    isClosing = true;
    wake();
    return closed.await(timeoutMs, TimeUnit.MILLISECONDS);
  }

  /**
   * Goes on with another service for the format, {@code null} for none; the files of the one before
   * are completed when this returns.
   *
   * @return whether that was done in time
   */
  boolean setFormat(RecordingFormat format, long timeoutMs) throws InterruptedException {
    CountDownLatch done = new CountDownLatch(1);
    calls.add(
        () -> {
          tables.forEach(files -> finish(files, "another service for the format"));
          folder.setFormat(format);
          done.countDown();
        });
    wake();
    return done.await(timeoutMs, TimeUnit.MILLISECONDS);
  }

  // What the thread of the recorder does.

  /** Takes what is there, gives how many nanoseconds to rest. */
  long step() {
    for (Runnable call = calls.poll(); call != null; call = calls.poll()) {
      call.run();
    }
    long now = nanoTime.getAsLong();
    if (now - checked >= CHECK_NANOS) {
      checked = now;
      check(now);
    }
    decide(now);
    changes.openEarly(RecordingLoop::isNameFree, signal -> open(signal, now));
    ring.reopen();
    boolean hasMore = isToDrain(now) && drain(now);
    keep(now);
    board.show(state, reason, signals.size(), lost.sum(), ring, folder, now);
    if (isClosing && !isWanted && ends == 0) {
      closed.countDown();
    }
    return hasMore || !calls.isEmpty() ? 0 : REST_NANOS;
  }

  private void decide(long now) {
    boolean isToRecord = isStarted;
    RecorderState next = RecorderState.STOPPED;
    if (isToRecord) {
      next = canWrite(now) ? RecorderState.RECORDING : trouble();
    }
    if (isToRecord != isWanted) {
      if (isToRecord) {
        inOrder(this::beginRecording);
      }
      isWanted = isToRecord;
      if (!isToRecord) {
        ends++;
        inOrder(this::endRecording);
      }
      signals.values().forEach(RecordedSignal::tellDemand);
    }
    if (next != state) {
      change(next, now);
    }
  }

  private boolean canWrite(long now) {
    if (folder.format() == null || isDiskFull || (retryNanos > 0 && now - retryAt < 0)) {
      return false;
    }
    try {
      folder.makeReady();
      return true;
    } catch (IOException | RuntimeException e) {
      failed(RecordingFolder.words(e), now);
      return false;
    }
  }

  private RecorderState trouble() {
    return folder.format() == null
        ? RecorderState.NO_FORMAT
        : isDiskFull ? RecorderState.DISK_FULL : RecorderState.FAILED;
  }

  private void change(RecorderState next, long now) {
    if (next.isTrouble() && !state.isTrouble()) {
      blockedSince = now;
    }
    lossReason =
        next == RecorderState.NO_FORMAT
            ? LossReason.FORMAT
            : next.isTrouble() ? LossReason.DISK : LossReason.RECORDER;
    switch (next) {
      case NO_FORMAT ->
          LOG.warn(
              "recorder {}: waits for a recording format '{}', nothing is written",
              name,
              settings.format());
      case DISK_FULL ->
          LOG.error(
              "recorder {}: less than {} bytes are left for {}: nothing is written until there are"
                  + " more",
              name,
              settings.minFreeBytes(),
              settings.folder());
      case FAILED -> {}
      default -> {
        reason = "";
        LOG.info(
            "recorder {}: {} in {}", name, next.name().toLowerCase(Locale.ROOT), settings.folder());
      }
    }
    state = next;
  }

  private void failed(String why, long now) {
    reason = why;
    retryNanos = Math.min(RETRY_LIMIT_NANOS, Math.max(RETRY_NANOS, 2 * retryNanos));
    retryAt = now + retryNanos;
    failures.say(
        () ->
            "recorder %s: %s; is tried again in %d s"
                .formatted(name, why, TimeUnit.NANOSECONDS.toSeconds(retryNanos)));
  }

  /** Others go on: it may be that the format cannot do with the signals of this table. */
  private void fail(TableFiles files, Throwable e) {
    files.abandon(LossReason.DISK, nanoTime.getAsLong());
    String why = RecordingFolder.words(e);
    reason = "table '%s': %s".formatted(files.tableId(), why);
    failures.say(
        () ->
            "recorder %s: table '%s' is not written: %s; is tried again in a moment"
                .formatted(name, files.tableId(), why));
  }

  private void beginRecording() {
    isLive = true;
    tables.forEach(TableFiles::forget);
    folder.beginRecording(Map.of());
  }

  private void endRecording() throws IOException {
    for (TableFiles each : tables) {
      end(each);
    }
    isLive = false;
    ends--;
  }

  /** Nothing more comes: what is missing is told, by the file or by the log. */
  private void end(TableFiles files) throws IOException {
    guarded(files, files::tellAllMissing);
    finish(files, "");
    files.tellAllMissing();
  }

  private void finish(TableFiles files, String whyNext) {
    guarded(files, () -> files.finish(whyNext));
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

  private static boolean isNameFree(RecordedSignal signal) {
    return !signal.table.files().has(signal.descriptor().signalId());
  }

  private void open(RecordedSignal signal, long now) {
    firstOpened = now - lastOpened > SETTLE_NANOS ? now : firstOpened;
    lastOpened = now;
    signals.put(signal.number, signal);
    tables.add(signal.table.files());
    signal.table.files().open(signal);
    signal.tellDemand();
  }

  private void close(RecordedSignal signal) throws IOException {
    TableFiles files = signal.table.files();
    guarded(files, () -> files.end(signal));
    files.remove(signal);
    signals.remove(signal.number);
  }

  /** A table is gone. */
  void closed(TableFiles files) throws IOException {
    end(files);
    tables.remove(files);
  }

  private boolean isToDrain(long now) {
    boolean isSettling =
        now - lastOpened < SETTLE_NANOS
            && now - firstOpened < SETTLE_LIMIT_NANOS
            && ring.usedBytes() <= ring.capacity() / 4;
    return ends > 0 || (!isSettling && canGoOn(now));
  }

  private boolean canGoOn(long now) {
    return !state.isTrouble() || now - blockedSince > PATIENCE_NANOS;
  }

  /** Takes a number of entries; whether there may be more. */
  private boolean drain(long now) {
    for (int i = 0; i < ENTRIES_OF_STEP; i++) {
      happen(now);
      ByteBuffer entry = ring.peek();
      if (entry == null) {
        happen(now);
        return false;
      }
      try {
        take(entry, now);
      } finally {
        ring.next();
      }
      if (state.isTrouble() && !canGoOn(now)) {
        return false;
      }
    }
    return true;
  }

  /** What is to happen before the next sample. */
  private void happen(long now) {
    try {
      changes.happen(signal -> open(signal, now));
    } catch (IOException | RuntimeException e) {
      LOG.error("recorder {}: a change of the signals failed", name, e);
    }
  }

  private void take(ByteBuffer entry, long now) {
    RecordedSignal signal = signals.get(RecordedSignal.numberOf(entry));
    if (signal == null || !isLive) {
      return; // it was on its way when the signal went, or the recording ended
    }
    TableFiles files = signal.table.files();
    Loss loss = RecordedSignal.lossOf(entry);
    SampleRun run = RecordedSignal.runOf(entry, files.deltaTicks());
    if (state.isTrouble() || (ends > 0 && !canWrite(now)) || files.isBlocked(now)) {
      leaveOut(files, signal, loss, run);
      return;
    }
    boolean isWritten =
        guarded(
            files,
            () -> {
              folder.mend();
              files.write(signal, loss, run, segments.now());
            });
    if (isWritten) {
      endSegment(files);
    } else {
      leaveOut(files, signal, loss, run);
    }
  }

  private void leaveOut(TableFiles files, RecordedSignal signal, Loss loss, SampleRun run) {
    files.miss(signal, loss, run, lossReason);
    lost.add(run.count());
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

  /** What is done now and then. */
  private void keep(long now) {
    if (now - polled >= POLL_NANOS) {
      polled = now;
      for (TableFiles each : tables) {
        guarded(each, each::poll);
        endSegment(each);
      }
    }
    if (now - synced >= SYNC_NANOS) {
      synced = now;
      tables.forEach(each -> guarded(each, each::sync));
    }
  }

  private void check(long now) {
    long free = folder.clean();
    board.setFreeBytes(free);
    long least = settings.minFreeBytes();
    if (isDiskFull) {
      isDiskFull = free >= 0 && free < least + least / 10;
    } else if (free >= 0 && free < least) {
      isDiskFull = true;
      tables.forEach(files -> finish(files, "the disk was full"));
    }
    if (retryNanos > 0 && state == RecorderState.RECORDING && now - retryAt > retryNanos) {
      retryNanos = 0;
    }
    long all = lost.sum();
    if (all > toldLost) {
      long more = all - toldLost;
      toldLost = all;
      losses.say(
          () ->
              "recorder %s: left out %d samples: %s"
                  .formatted(
                      name,
                      more,
                      state.isTrouble()
                          ? state + " " + reason
                          : "format or disk are slower than the data; files tell which"));
    }
  }
}
