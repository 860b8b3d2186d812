/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recorder.internal;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.daqstream.base.support.LimitedLog;
import org.daqstream.recording.support.DomainClock;
import org.daqstream.signal.api.SignalDescriptor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses by a signal what is recorded: windows of time, from so long before it happens to so long
 * behind it, exact to the row in every table. What is not decided yet waits in bounded memory. For
 * the thread of the loop; times are nanoseconds.
 */
final class Trigger {
  /** Where samples go that are to be recorded. */
  interface Target {
    void write(RecordedSignal signal, MissingRows loss, SampleRun run);

    /** Files of a table that begin from now on have more facts. */
    void beginWindow(TableFiles files, Map<String, String> facts);

    /** The file of a table is complete. */
    void endWindow(TableFiles files);

    /** Rows of a window are missing whose samples are not written; a file or the log tells it. */
    void leaveOut(RecordedSignal signal, MissingRows hole);

    /** A constant goes on with another value, outside of any window. */
    void hold(RecordedSignal signal, SampleRun run);

    void lost(long samples);
  }

  /** So long other signals of a window are waited for, and a trigger signal that is silent. */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final Logger LOG = LoggerFactory.getLogger(Trigger.class);
  private static final int LINES_PER_MINUTE = 1;
  private static final int OPENINGS_PER_MINUTE = 10;

  private final String recorder;
  private final Settings.TriggerSettings settings;
  private final Target target;
  private final LimitedLog memory = new LimitedLog(LOG::warn, LINES_PER_MINUTE);
  private final LimitedLog openings = new LimitedLog(LOG::info, OPENINGS_PER_MINUTE);
  private final LimitedLog refusals = new LimitedLog(LOG::error, LINES_PER_MINUTE);
  private final Map<RecordedSignal, Lane> lanes = new LinkedHashMap<>();
  private final Map<TableFiles, Windows.Window> current = new HashMap<>();
  private final Windows windows;
  private final WindowHoles holes;
  private final TriggerWatch watch;
  private DomainClock time; // of the trigger's domain; null before its first samples
  private long lookedAt; // by the loop's clock
  private long order;
  private long bytes;

  Trigger(String recorder, Settings.TriggerSettings settings, Target target) {
    this.recorder = recorder;
    this.settings = settings;
    this.target = target;
    windows = new Windows(settings.preNanos(), settings.postNanos(), settings.holdOffNanos());
    watch = new TriggerWatch(settings.condition(), windows);
    holes = new WindowHoles(recorder, windows, target);
  }

  /** Whether something is recorded now. */
  boolean isActive() {
    return windows.isActive();
  }

  /** Takes samples, which are copied. */
  void take(RecordedSignal signal, MissingRows loss, SampleRun run, long now) {
    boolean isTrigger = isTrigger(signal);
    if (isTrigger && time == null) {
      meet(signal);
    }
    Lane lane = lanes.compute(signal, (key, known) -> isGood(known) ? known : newLane(key));
    if (!lane.isTimed()) {
      takeUntimed(signal, loss, run);
      return;
    }
    bytes += lane.add(new Lane.Piece(order++, loss, run.copy()));
    if (isTrigger) {
      look(lane, run, now);
      pumpAll(now);
    } else {
      pump(lane, now);
    }
    while (bytes > settings.memoryBytes()) {
      evict(now);
    }
  }

  /** A signal comes; windows wait for its samples. */
  void open(RecordedSignal signal) {
    lanes.put(signal, newLane(signal));
  }

  /** Before its first sample it was not known whether its times can be compared. */
  private static boolean isGood(Lane lane) {
    return lane != null && lane.seen() != Long.MIN_VALUE;
  }

  /** The trigger comes for the first time. */
  private void meet(RecordedSignal signal) {
    time = DomainClock.ofAny(signal.table.files().domain());
    if (time == null) {
      refuse("has a domain that tells no time");
    } else if (!time.isAbsolute()) {
      lanes.keySet().removeIf(each -> !isOfTriggersTable(each)); // nobody can compare them
      bytes = lanes.values().stream().mapToLong(Lane::bytes).sum();
    }
  }

  private void refuse(String why) {
    refusals.say(
        () ->
            "recorder %s: trigger '%s' %s; nothing is recorded"
                .formatted(recorder, settings.signal(), why));
  }

  private boolean isTrigger(RecordedSignal signal) {
    return signal.descriptor().signalId().equals(settings.signal());
  }

  private boolean isOfTriggersTable(RecordedSignal signal) {
    return signal.table.files().has(settings.signal());
  }

  private Lane newLane(RecordedSignal signal) {
    DomainClock own = DomainClock.ofAny(signal.table.files().domain());
    boolean isComparable =
        own != null
            && (isOfTriggersTable(signal)
                || (own.isAbsolute() && (time == null || time.isAbsolute())));
    return new Lane(signal, isComparable ? own : null);
  }

  /** Without a time that can be compared samples are recorded as they come. */
  private void takeUntimed(RecordedSignal signal, MissingRows loss, SampleRun run) {
    if (isActive()) {
      enter(signal.table.files(), windows.last());
      target.write(signal, loss, run);
    } else if (signal.isConstant()) {
      target.hold(signal, run);
    }
  }

  private void look(Lane lane, SampleRun run, long now) {
    SignalDescriptor descriptor = lane.signal.descriptor();
    String refusal = settings.condition().refusal(descriptor);
    if (!refusal.isEmpty()) {
      refuse(refusal);
      return;
    }
    watch.look(lane, run, this::opened);
    lookedAt = now;
  }

  private void pumpAll(long now) {
    lanes.values().stream().filter(Lane::isConstant).forEach(lane -> pump(lane, now));
    lanes.values().stream().filter(lane -> !lane.isConstant()).forEach(lane -> pump(lane, now));
  }

  private void opened() {
    openings.say(() -> "recorder %s: '%s' triggers".formatted(recorder, settings.signal()));
    lanes.values().stream().filter(Lane::isTimed).forEach(holes::tellPassed);
    if (lanes.values().stream().anyMatch(Lane::isEvicted)) {
      memory.say(
          () ->
              "recorder %s: preLimitBytes = %d is too little for preMs = %d; files tell what is"
                      .formatted(
                          recorder,
                          settings.memoryBytes(),
                          TimeUnit.NANOSECONDS.toMillis(settings.preNanos()))
                  + " missing");
    }
  }

  /** Takes from a lane what is decided. */
  private void pump(Lane lane, long now) {
    while (lane.head() != null && pumpHead(lane, now)) {}
  }

  private boolean pumpHead(Lane lane, long now) {
    SampleRun run = lane.head().run();
    long first = lane.timeAt(run.tick());
    Windows.Window window = windows.of(first);
    if (window != null && first >= window.start) {
      return write(lane, window, window.isOver() ? window.end : windows.frontier(), now);
    }
    long decided = windows.decided();
    long limit = window == null ? decided : Math.min(decided, window.start);
    int count = limit == Long.MIN_VALUE ? 0 : lane.firstAfter(limit - 1);
    if (count == 0) {
      return false;
    }
    pass(lane, count);
    return true;
  }

  /** Lets samples go that are in no window, or in one of which nothing can be written any more. */
  private void pass(Lane lane, int count) {
    Lane.Piece piece = take(lane, count);
    SampleRun run = piece.run();
    holes.tell(lane, piece.loss(), null);
    if (lane.signal.isConstant()) {
      target.hold(lane.signal, run);
    } else {
      holes.tellLate(lane, run);
    }
  }

  /** Writes samples of a window that are not later than a limit; whether there were any. */
  private boolean write(Lane lane, Windows.Window window, long limit, long now) {
    int count = lane.firstAfter(limit);
    TableFiles files = lane.signal.table.files();
    Windows.Window open = count == 0 ? null : current.get(files);
    if (open != null && open.start > window.start) {
      pass(lane, count); // the others of its window are long complete
      return true;
    }
    if (count == 0 || (open != null && open != window && !endWindow(files, open, now))) {
      return false; // not decided, or others of the table are still in the window before
    }
    enter(files, window);
    Lane.Piece piece = take(lane, count);
    MissingRows loss =
        piece.loss() == null ? null : lane.within(piece.loss(), window.start, window.end);
    if (loss != null) {
      holes.count(loss);
    }
    holes.tell(lane, piece.loss(), window);
    target.write(lane.signal, loss, piece.run());
    return true;
  }

  /** What a table is recorded for. */
  private void enter(TableFiles files, Windows.Window window) {
    if (current.put(files, window) != window) {
      target.beginWindow(files, settings.facts(window.trigger, time.isAbsolute()));
    }
  }

  private Lane.Piece take(Lane lane, int count) {
    long before = lane.bytes();
    Lane.Piece piece = lane.take(count);
    bytes += lane.bytes() - before;
    return piece;
  }

  /** Gives up what came first of all that waits; as long as it is recorded it is better written. */
  private void evict(long now) {
    Lane first = null;
    for (Lane each : lanes.values()) {
      boolean isFirst =
          each.head() != null && (first == null || each.head().order() < first.head().order());
      first = isFirst ? each : first;
    }
    if (first == null) {
      return;
    }
    long begin = first.timeAt(first.head().run().tick());
    Windows.Window window = windows.of(begin);
    boolean isIn = window != null && begin >= window.start;
    if (!isIn || !write(first, window, window.end, now)) {
      bytes -= first.evict(LossReason.MEMORY);
    }
  }

  /** To be called a few times a second: nothing is waited for for ever. */
  void poll(long now) {
    if (time != null && now - lookedAt > PATIENCE_NANOS) {
      long newest = Long.MIN_VALUE;
      for (Lane each : lanes.values()) {
        newest = Math.max(newest, each.seen());
      }
      if (newest != Long.MIN_VALUE) {
        windows.advance(newest - PATIENCE_NANOS);
      }
    }
    pumpAll(now);
    for (Map.Entry<TableFiles, Windows.Window> each : Map.copyOf(current).entrySet()) {
      endWindow(each.getKey(), each.getValue(), now);
    }
    windows.forgetPast(
        window -> !current.containsValue(window) && !isAwaited(null, window, now), now);
  }

  /** Completes the file of a table if nothing more comes of it within the window. */
  private boolean endWindow(TableFiles files, Windows.Window window, long now) {
    if (!window.isPast(windows, now)) {
      return false;
    }
    if (isAwaited(files, window, now)) {
      return false;
    }
    for (Lane each : lanes.values()) {
      if (each.signal.table.files() == files) {
        flush(each, window, now);
        holes.tell(each, each.head() == null ? each.takeEvicted() : null, null);
      }
    }
    target.endWindow(files);
    current.remove(files);
    return true;
  }

  /** Whether samples of a window that is past may come still, of a table or of any. */
  private boolean isAwaited(TableFiles files, Windows.Window window, long now) {
    if (now - window.pastSince >= PATIENCE_NANOS) {
      return false;
    }
    for (Lane each : lanes.values()) {
      boolean isMeant = files == null || each.signal.table.files() == files;
      boolean isBehind = each.isTimed() && !each.isConstant() && each.seen() <= window.end;
      if (isMeant && isBehind && !isTrigger(each.signal)) {
        return true;
      }
    }
    return false;
  }

  /** What waits of a signal cannot be recorded any more, because it is described differently. */
  void forget(RecordedSignal signal) {
    Lane lane = lanes.get(signal);
    while (lane != null && lane.head() != null) {
      bytes -= lane.evict(LossReason.CHANGE);
    }
  }

  /** The same for all signals of a table, whose ticks may mean something else. */
  void describe(TableFiles files, SignalDescriptor domain) {
    boolean isOtherTime =
        !Objects.equals(domain.resolution(), files.domain().resolution())
            || !domain.origin().equals(files.domain().origin());
    boolean isAll = isOtherTime && files.has(settings.signal());
    for (Lane each : lanes.values()) {
      if (isAll || each.signal.table.files() == files) {
        forget(each.signal);
        boolean isToldLater = !isAll && isTrigger(each.signal);
        holes.tell(each, isToldLater ? null : each.takeEvicted(), null);
      }
    }
    lanes.keySet().removeIf(each -> each.table.files() == files && !isTrigger(each));
    if (isAll) { // nothing can be compared with what was before
      current.keySet().forEach(target::endWindow);
      time = null;
      clear();
    }
  }

  /** A signal is gone, with what waits of it. */
  void remove(RecordedSignal signal) {
    forget(signal);
    Lane lane = lanes.remove(signal);
    if (lane != null) {
      holes.tell(lane, lane.takeEvicted(), null);
    }
    if (isTrigger(signal)) {
      watch.cease();
    }
  }

  /** Writes what waits of a window, because others of the table are in the next one. */
  private void flush(Lane lane, Windows.Window window, long now) {
    while (lane.head() != null && lane.timeAt(lane.head().run().tick()) <= window.end) {
      if (!pumpHead(lane, now)) {
        return;
      }
    }
  }

  /** A table is gone. */
  void remove(TableFiles files) {
    current.remove(files);
  }

  /** Begins anew; what waits is not wanted. */
  void clear() {
    lanes.replaceAll((signal, lane) -> newLane(signal));
    windows.clear();
    current.clear();
    bytes = 0;
    watch.forget();
  }
}
