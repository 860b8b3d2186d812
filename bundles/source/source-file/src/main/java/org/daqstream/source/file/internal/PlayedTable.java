/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.file.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.daqstream.player.api.SeekTarget;
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
  private final RecordedPorts ports = new RecordedPorts();
  private boolean isDescribed;

  /** What rows and ticks of the file are moved by. */
  private long rowShift;

  private long tickShift;
  private long beginTick; // of the first file
  private Place place = Place.NONE; // behind what was read
  private Place written = Place.NONE;
  private long spotRow; // of what was written last, or comes next elsewhere, as it was recorded
  private long spotTick;
  private long elapsedNanos;

  /**
   * How far it is played.
   *
   * @param endRow behind the last row, as it is played
   * @param lastTick of it
   * @param gapTicks how far the next row is
   * @param rows how many
   */
  private record Place(long endRow, long lastTick, long gapTicks, long rows) {
    static final Place NONE = new Place(0, 0, 1, 0);

    boolean isNone() {
      return rows == 0;
    }
  }

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
    atNext();
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
      beginTick = file.nextTick();
      RecordedTime time = file.time();
      fromTick = settings.from().isNone() ? fromTick : settings.from().tick(time, beginTick);
      toTick = settings.to().isNone() ? toTick : settings.to().tick(time, beginTick);
    }
  }

  /** Rows of a table only ever grow, and so do times of the present. */
  private void goOn() {
    rowShift = Math.max(rowShift, place.endRow() - file.nextRow());
    boolean goesBack = place.endRow() > 0 && file.nextTick() + tickShift <= place.lastTick();
    tickShift = goesBack ? place.lastTick() + place.gapTicks() - file.nextTick() : tickShift;
  }

  @Override
  public boolean canSeek() {
    return true;
  }

  @Override
  public void seek(SeekTarget target) throws IOException {
    if (file == null) {
      throw new IllegalArgumentException("has just ended");
    }
    PlaceFinder finder = new PlaceFinder(format, order, fromTick, toTick);
    PlaceFinder.Found found = null;
    try {
      found =
          target instanceof SeekTarget.Row row
              ? finder.atRow(row.row())
              : finder.atTick(file.time().tick(target, beginTick, spotTick));
    } finally {
      finder.goOnBehind(found == null ? path : found.path());
    }
    if (found == null) {
      throw new IllegalArgumentException("there is no row to be played there, or behind it");
    }
    closeFile();
    path = found.path();
    file = found.file();
    isDescribed = false;
    place = written;
    goOnHere();
    atNext();
  }

  /** Times of the present have no holes; those of the file tell where it goes on. */
  private void goOnHere() {
    long rows = place.endRow() - file.nextRow();
    rowShift = settings.absoluteTime() ? Math.max(rowShift, rows) : place.isNone() ? 0 : rows;
    long next = place.isNone() ? firstTick : place.lastTick() + place.gapTicks();
    tickShift = next - file.nextTick();
  }

  private void atNext() {
    spotRow = file.nextRow();
    spotTick = file.nextTick();
  }

  @Override
  public PlayedSpot spot() {
    if (file == null) {
      return null;
    }
    RecordedTime time = file.time();
    return new PlayedSpot(
        path.toString(), spotRow, time.instant(spotTick), time.passed(spotTick - beginTick));
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
    notePlace(firstOfBlock, count);
    elapsedNanos =
        time.isTime()
            ? time.nanos(place.lastTick() - firstTick)
            : (long) (place.rows() * NANOS_PER_SECOND / settings.rateHz());
    return count;
  }

  private long rowsIn(long spanNanos) {
    return Math.max(1, (long) (spanNanos * settings.rateHz() / NANOS_PER_SECOND));
  }

  private void notePlace(long firstOfBlock, int count) {
    long end = file.block().row() + file.from() + count + rowShift;
    long last = file.lastTick() + tickShift;
    long distance = count > 1 ? last - (firstOfBlock + tickShift) : last - place.lastTick();
    long gap =
        file.domain().rule() instanceof Rule.Linear linear
            ? linear.deltaTicks()
            : Math.max(1, distance / Math.max(1, count - 1));
    place =
        new Place(
            Math.max(place.endRow(), end),
            Math.max(place.lastTick(), last),
            gap,
            place.rows() + count);
  }

  @Override
  public long elapsedNanos() {
    return elapsedNanos;
  }

  @Override
  public WriteResult write(SignalTable table, long startNanos) {
    if (!isDescribed) {
      ports.describe(table, renamed(file.domain()), signals(idPrefix));
      isDescribed = true;
    }
    boolean isLine = table.domain().rule() instanceof Rule.Linear;
    RecordedColumn.Place where = new PlayedPlace(isLine, ticksToAdd(startNanos));
    boolean isTogether = !isLine || isOnLine(table, file.block());
    WriteResult result = WriteResult.ACCEPTED;
    for (int i = 0; i < file.columns().size(); i++) {
      SignalPort port = ports.of(i);
      WriteResult each =
          file.columns()
              .get(i)
              .write(port, file.block(), file.from(), file.count(), where, isTogether);
      result = RecordedColumn.worse(result, each);
    }
    written = place;
    spotRow = file.block().row() + file.from() + file.count() - 1;
    spotTick = file.lastTick();
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
