/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recorder.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.daqstream.base.support.IdPatterns;
import org.daqstream.base.support.LimitedLog;
import org.daqstream.base.support.SampleRing;
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

  private static final long CHECK_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Signals that come one behind the other are to be in one file. */
  private static final long SETTLE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private static final long SETTLE_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** So long what comes waits in the ring when it cannot be written, and then is left out. */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final int ENTRIES_OF_STEP = 5_000;
  private static final int LINES_PER_MINUTE = 6;

  private final String name;
  private final Settings settings;
  private final IdPatterns patterns;
  private final Clock clock;
  private final LongSupplier nanoTime;
  private final RecordingFolder folder;
  private final SampleRing ring;
  private final ChangeQueue changes;
  private final LongAdder lost = new LongAdder();
  private final Tables tables;
  private final StatusBoard board;
  private final LimitedLog losses = new LimitedLog(LOG::warn, LINES_PER_MINUTE);
  private final Readiness readiness;
  private final Queue<Runnable> calls = new ConcurrentLinkedQueue<>();
  private final Map<Integer, RecordedSignal> signals = new HashMap<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile Runnable waker = () -> {};
  private volatile boolean isStarted;
  private volatile boolean isClosing;
  private volatile boolean isWanted;
  private volatile LossReason lossReason = LossReason.RECORDER;
  private RecorderState state = RecorderState.STOPPED;
  private boolean isLive; // between the beginning and the end of a recording
  private int ends; // of recordings, that are to come
  private long blockedSince;
  private long firstOpened;
  private long lastOpened;
  private long checked;
  private long toldLost;
  private String lostBy = ""; // while nothing can be written

  RecordingLoop(
      String name, Settings settings, RecordingFolder folder, Clock clock, LongSupplier nanoTime) {
    this.name = name;
    this.settings = settings;
    this.folder = folder;
    this.clock = clock;
    this.nanoTime = nanoTime;
    readiness = new Readiness(name, settings, folder);
    patterns = new IdPatterns(settings.signals());
    ring = new SampleRing(settings.bufferBytes());
    changes = new ChangeQueue(ring);
    SegmentClock segments = new SegmentClock(clock, settings.segmentSeconds());
    tables = new Tables(name, settings, folder, segments, nanoTime, lost);
    long now = nanoTime.getAsLong();
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

  /** Whether a signal is recorded, or triggers. */
  boolean wants(String signalId) {
    return patterns.wants(signalId) || signalId.equals(settings.trigger().signal());
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

  void closed(TableFiles files) {
    inOrder(() -> tables.remove(files));
  }

  void described(RecordedSignal signal, SignalDescriptor now) {
    inOrder(() -> tables.describe(signal, now));
  }

  void described(TableFiles files, SignalDescriptor domain) {
    inOrder(() -> tables.describe(files, domain));
  }

  void hold(RecordedSignal signal, SampleRun run) {
    inOrder(() -> tables.hold(signal, run));
  }

  /** Has something happen behind all samples that were published until now. */
  private void inOrder(ChangeQueue.Change change) {
    changes.add(change);
  }

  /** Has it record, unless it is to be told to. */
  void begin() {
    setStarted(settings.start() != Settings.Start.COMMAND);
  }

  void setStarted(boolean isToRecord) {
    isStarted = isToRecord && !isClosing;
    wake();
  }

  /**
   * Ends for good.
   *
   * @return whether all files are complete
   */
  boolean close(long timeoutMs) throws InterruptedException {
    isClosing = true;
    isStarted = false;
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
          tables.finishAll("another service for the format");
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
    tables.keep(now, isLive);
    String problem = readiness.reason().isEmpty() ? tables.problem() : readiness.reason();
    board.show(state, problem, signals.size(), lost.sum(), ring, folder, now);
    if (isClosing && !isWanted && ends == 0) {
      closed.countDown();
    }
    return hasMore || !calls.isEmpty() ? 0 : REST_NANOS;
  }

  private void decide(long now) {
    boolean isTime =
        settings.start() != Settings.Start.SCHEDULE || settings.schedule().contains(clock);
    boolean isToRecord = isStarted && isTime;
    if (isToRecord != isWanted) {
      setWanted(isToRecord);
    }
    boolean canWrite = (isToRecord || ends > 0) && readiness.canWrite(now);
    RecorderState next = isStarted ? RecorderState.SCHEDULED : RecorderState.STOPPED;
    if (isToRecord && canWrite) {
      next = tables.isArmed() ? RecorderState.ARMED : RecorderState.RECORDING;
    } else if (isToRecord) {
      next = readiness.trouble();
    }
    tables.block(canWrite ? null : folder.format() == null ? LossReason.FORMAT : LossReason.DISK);
    if (next != state) {
      change(next, now);
    }
  }

  private void setWanted(boolean isToRecord) {
    if (isToRecord) {
      inOrder(this::beginRecording);
      isWanted = true;
    } else {
      isWanted = false;
      ends++;
      inOrder(this::endRecording);
    }
    signals.values().forEach(RecordedSignal::tellDemand);
  }

  private void change(RecorderState next, long now) {
    if (next.isTrouble() && !state.isTrouble()) {
      blockedSince = now;
    }
    lossReason =
        next == RecorderState.NO_FORMAT
            ? LossReason.FORMAT
            : next.isTrouble() ? LossReason.DISK : LossReason.RECORDER;
    boolean isTriggered = isRecording(next) && isRecording(state); // which the trigger says
    if (!isTriggered) {
      readiness.tell(next);
    }
    state = next;
  }

  private static boolean isRecording(RecorderState state) {
    return state == RecorderState.RECORDING || state == RecorderState.ARMED;
  }

  private void beginRecording() {
    isLive = true;
    tables.begin();
    folder.beginRecording();
  }

  private void endRecording() throws IOException {
    ends--;
    isLive = ends > 0;
    tables.end();
    isLive = false;
  }

  private static boolean isNameFree(RecordedSignal signal) {
    return !signal.table.files().has(signal.descriptor().signalId());
  }

  /** Signals that come are known before their first samples are looked at. */
  private void open(RecordedSignal signal, long now) {
    firstOpened = now - lastOpened > SETTLE_NANOS ? now : firstOpened;
    lastOpened = now;
    signals.put(signal.number, signal);
    tables.open(signal);
    signal.tellDemand();
  }

  private void close(RecordedSignal signal) throws IOException {
    signals.remove(signal.number);
    tables.remove(signal);
  }

  private boolean isToDrain(long now) {
    boolean isSettling =
        now - lastOpened < SETTLE_NANOS
            && now - firstOpened < SETTLE_LIMIT_NANOS
            && ring.usedBytes() <= ring.capacity() / 4;
    boolean canGoOn = !state.isTrouble() || now - blockedSince > PATIENCE_NANOS;
    return ends > 0 || (!isSettling && canGoOn);
  }

  /** Takes a number of entries; whether there may be more. */
  private boolean drain(long now) {
    for (int i = 0; i < ENTRIES_OF_STEP; i++) {
      ByteBuffer entry = ring.peek(); // first: it may pass entries of no use
      happen(now);
      if (entry == null) {
        return false;
      }
      try {
        take(entry, now);
      } finally {
        ring.next();
      }
    }
    return true;
  }

  /** What is to happen before the sample that was found; it was added before that was. */
  private void happen(long now) {
    try {
      changes.happen(signal -> open(signal, now));
    } catch (IOException | RuntimeException e) {
      LOG.error("recorder {}: a change of the signals failed", name, e);
    }
  }

  private void take(ByteBuffer entry, long now) {
    RecordedSignal signal = signals.get(RecordedSignal.numberOf(entry));
    if (!isLive) {
      return; // it was on its way when the recording ended
    }
    if (signal == null) {
      lost.add(RecordedSignal.countOf(entry)); // it was on its way when the signal went
      return;
    }
    MissingRows loss = RecordedSignal.lossOf(entry);
    SampleRun run = RecordedSignal.runOf(entry, signal.table.files().deltaTicks());
    tables.take(signal, loss, run, now);
  }

  private void check(long now) {
    tables.leaveGone();
    long free = folder.clean();
    board.setFreeBytes(free);
    readiness.remind(state, now);
    if (readiness.look(free)) {
      tables.finishAll("the disk was full");
    }
    tellLost();
  }

  /** As long as nothing can be written that is said, and how much it was when it is over. */
  private void tellLost() {
    if (state.isTrouble()) {
      lostBy = "nothing could be written";
      return;
    }
    long all = lost.sum();
    boolean wasFull = ring.takeFull();
    if (all > toldLost) {
      long more = all - toldLost;
      String slow = wasFull ? "format or disk are slower than the data" : "files tell why";
      String other = lostBy.isEmpty() ? tables.problem() : lostBy;
      String why = other.isEmpty() ? slow : other;
      losses.say(() -> "recorder %s: left out %d samples: %s".formatted(name, more, why));
    }
    toldLost = all;
    lostBy = "";
  }
}
