/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.file.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.daqstream.recording.api.RecordingFormat;
import org.daqstream.recording.api.RowBlock;
import org.daqstream.signal.api.RelatedSignal;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;
import org.daqstream.signal.api.SignalTable;
import org.daqstream.signal.api.WriteResult;

/**
 * A recorded table, of one file or of several, one behind the other: every column a signal, with
 * the bytes, rows and distances that it had. Where rows are missing, they are missing for clients.
 * Rows and times go on where a file, or the next pass, begins before the end of what was played.
 */
final class PlayedTable implements Recording {
  /** Gives the files in their order. */
  interface Order {
    /** The first one; {@code null} when there is none. */
    Path first();

    /** The one behind another; {@code null} when there is none. */
    Path after(Path file);
  }

  private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

  private final RecordingFormat format;
  private final Settings settings;
  private final Order order;
  private long fromTick = Long.MIN_VALUE;
  private long toTick = Long.MAX_VALUE;
  private boolean hasLimits;
  private final long firstTick;
  private Path path;
  private RecordedFile file; // null behind the last one
  private String idPrefix = "";
  private final Map<String, SignalPort> ports = new HashMap<>();
  private final List<SignalPort> columnPorts = new ArrayList<>(); // of the file's columns
  private boolean isDescribed;

  /** What rows and ticks of the file are moved by. */
  private long rowShift;

  private long tickShift;
  private long endRow;
  private long lastTick;
  private long gapTicks = 1;
  private long playedRows;
  private long elapsedNanos;

  PlayedTable(RecordingFormat format, Order order, Settings settings) throws IOException {
    this.format = format;
    this.order = order;
    this.settings = settings;
    openFrom(order.first());
    if (file == null) {
      throw DamagedFileException.of("there is no row to be played in it");
    }
    firstTick = file.nextTick();
    rowShift = 0;
    tickShift = 0;
  }

  /** One file. */
  static PlayedTable of(RecordingFormat format, Path file, Settings settings) throws IOException {
    Order one =
        new Order() {
          @Override
          public Path first() {
            return file;
          }

          @Override
          public Path after(Path before) {
            return null;
          }
        };
    return new PlayedTable(format, one, settings);
  }

  /** Opens the first file from one on that has rows to be played. */
  private void openFrom(Path first) throws IOException {
    for (path = first; path != null; path = order.after(path)) {
      file = new RecordedFile(format, path);
      if (file.hasMore()) {
        findLimits();
        file.limit(fromTick, toTick);
      }
      if (file.hasMore()) {
        isDescribed = false;
        goOn();
        return;
      }
      closeFile();
    }
  }

  /** By the beginning of the first file, once. */
  private void findLimits() throws DamagedFileException {
    if (!hasLimits) {
      hasLimits = true;
      long first = file.nextTick();
      fromTick = settings.from().isNone() ? fromTick : settings.from().tick(file.time(), first);
      toTick = settings.to().isNone() ? toTick : settings.to().tick(file.time(), first);
    }
  }

  /** Rows of a table only ever grow, and so do times of the present. */
  private void goOn() {
    rowShift = Math.max(rowShift, endRow - file.nextRow());
    boolean goesBack = endRow > 0 && file.nextTick() + tickShift <= lastTick;
    tickShift = goesBack ? lastTick + gapTicks - file.nextTick() : tickShift;
  }

  @Override
  public String about() {
    int signals = file.signals().size();
    int holes = file.holes();
    return "plays %s %s of '%s'%s%s"
        .formatted(
            signals,
            signals == 1 ? "signal" : "signals",
            file.domain().signalId(),
            holes == 0 ? "" : "; " + holes + (holes == 1 ? " hole" : " holes"),
            file.time().isTime() ? "" : "; its domain is no time, rows come at rateHz");
  }

  @Override
  public boolean isWhole() {
    return true;
  }

  @Override
  public SignalDescriptor domain(String prefix) {
    idPrefix = prefix;
    return renamed(file.domain());
  }

  @Override
  public List<SignalDescriptor> signals(String prefix) {
    idPrefix = prefix;
    return file.signals().stream().map(this::renamed).toList();
  }

  private SignalDescriptor renamed(SignalDescriptor recorded) {
    List<RelatedSignal> related = new ArrayList<>();
    for (RelatedSignal each : recorded.relatedSignals()) {
      related.add(new RelatedSignal(each.type(), idPrefix + each.signalId()));
    }
    SignalDescriptor.Builder builder =
        recorded.toBuilder(idPrefix + recorded.signalId()).relatedSignals(related);
    // The samples are there one by one.
    return recorded.rule() instanceof Rule.LinearValue
        ? builder.rule(Rule.EXPLICIT).build()
        : builder.build();
  }

  @Override
  public int read(long spanNanos) throws IOException {
    if (file == null) {
      return 0;
    }
    if (!file.hasMore()) {
      closeFile();
      openFrom(order.after(path));
      if (file == null) {
        return 0;
      }
    }
    RecordedTime time = file.time();
    long firstOfBlock = file.nextTick();
    int count =
        time.isTime()
            ? file.read(time.ticks(spanNanos), Long.MAX_VALUE)
            : file.read(Long.MAX_VALUE, rowsIn(spanNanos));
    playedRows += count;
    notePlace(firstOfBlock, count);
    elapsedNanos =
        time.isTime()
            ? time.nanos(lastTick - firstTick)
            : (long) (playedRows * NANOS_PER_SECOND / settings.rateHz());
    return count;
  }

  private long rowsIn(long spanNanos) {
    return Math.max(1, (long) (spanNanos * settings.rateHz() / NANOS_PER_SECOND));
  }

  private void notePlace(long firstOfBlock, int count) {
    endRow = Math.max(endRow, file.block().row() + file.from() + count + rowShift);
    long last = file.lastTick() + tickShift;
    if (file.domain().rule() instanceof Rule.Linear linear) {
      gapTicks = linear.deltaTicks();
    } else {
      long distance = count > 1 ? last - (firstOfBlock + tickShift) : last - lastTick;
      gapTicks = Math.max(1, distance / Math.max(1, count - 1));
    }
    lastTick = Math.max(lastTick, last);
  }

  @Override
  public long elapsedNanos() {
    return elapsedNanos;
  }

  @Override
  public WriteResult write(SignalTable table, long startNanos) {
    if (!isDescribed) {
      describe(table);
    }
    boolean isLine = table.domain().rule() instanceof Rule.Linear;
    RecordedColumn.Place place = new PlayedPlace(isLine, ticksToAdd(startNanos));
    boolean isTogether = !isLine || isOnLine(table, file.block());
    WriteResult result = WriteResult.ACCEPTED;
    for (int i = 0; i < file.columns().size(); i++) {
      SignalPort port = columnPorts.get(i);
      WriteResult each =
          file.columns()
              .get(i)
              .write(port, file.block(), file.from(), file.count(), place, isTogether);
      result = RecordedColumn.worse(result, each);
    }
    return result;
  }

  private static boolean isOnLine(SignalTable table, RowBlock block) {
    return block.count() == 1
        || (block.isOnLine()
            && table.domain().rule() instanceof Rule.Linear linear
            && linear.deltaTicks() == block.deltaTicks());
  }

  private long ticksToAdd(long startNanos) {
    if (settings.absoluteTime()) {
      return 0;
    }
    boolean isNow = file.time().hasOrigin();
    return tickShift + (isNow ? file.time().tickAt(startNanos) - firstTick : 0);
  }

  /** Has the table tell what is in the file. */
  private void describe(SignalTable table) {
    SignalDescriptor domain = renamed(file.domain());
    if (!table.domain().equals(domain)) {
      table.updateDomain(domain);
    }
    table.ports().forEach(port -> ports.put(port.descriptor().signalId(), port));
    Set<String> gone = new HashSet<>(ports.keySet());
    columnPorts.clear();
    for (SignalDescriptor signal : signals(idPrefix)) {
      gone.remove(signal.signalId());
      SignalPort port = ports.computeIfAbsent(signal.signalId(), id -> table.open(signal));
      if (!port.descriptor().equals(signal)) {
        port.update(signal);
      }
      columnPorts.add(port);
    }
    gone.forEach(id -> ports.remove(id).close());
    isDescribed = true;
  }

  @Override
  public void rewind() throws IOException {
    closeFile();
    openFrom(order.first());
  }

  private void closeFile() {
    if (file != null) {
      file.close();
      file = null;
    }
  }

  @Override
  public void close() {
    closeFile();
  }

  /** Where rows of the file's block come now. */
  private final class PlayedPlace implements RecordedColumn.Place {
    private final boolean isLine;
    private final long ticksToAdd;

    PlayedPlace(boolean isLine, long ticksToAdd) {
      this.isLine = isLine;
      this.ticksToAdd = ticksToAdd;
    }

    @Override
    public long row(int index) {
      return file.block().row() + index + rowShift;
    }

    @Override
    public long tick(int index) {
      return file.block().tick(index) + ticksToAdd;
    }

    @Override
    public long[] ticks(int from, int count) {
      if (isLine) {
        return null;
      }
      long[] ticks = new long[count];
      for (int i = 0; i < count; i++) {
        ticks[i] = tick(from + i);
      }
      return ticks;
    }
  }
}
