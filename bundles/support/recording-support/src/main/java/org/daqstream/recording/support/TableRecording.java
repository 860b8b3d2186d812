/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.support;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.daqstream.recording.api.RecordingHole;
import org.daqstream.recording.api.RecordingPart;
import org.daqstream.recording.api.RecordingWriter;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;

/**
 * Records the signals of a table: puts their blocks together to rows, and begins a new file when a
 * description changes. One thread.
 *
 * <p>A row is written when all signals have told it; one that has to wait for some of them goes
 * without these after two calls of {@link #poll}, and what comes later becomes a row of its own
 * with the same number.
 */
public final class TableRecording implements AutoCloseable {
  /** Makes the files. */
  public interface Files {
    /**
     * Begins one.
     *
     * @param part what will be in it
     * @param number 0 for the first one
     */
    RecordingWriter begin(RecordingPart part, int number) throws IOException;
  }

  /**
   * A sample that waits for others of its row.
   *
   * @param row its row
   * @param tick its domain value
   */
  public record WaitingSample(long row, long tick) {}

  /** What waits at most for other signals of its row. */
  private static final long WAITING_BYTES = 16 << 20;

  private final Files files;
  private final Map<String, String> facts;
  private final List<Column> columns = new ArrayList<>();
  private final Map<String, Integer> places = new HashMap<>();
  private final List<RecordingHole> early = new ArrayList<>(); // in front of a file's first sample
  private SignalDescriptor domain;
  private RecordingWriter writer;
  private Rows rows;
  private String why = "";
  private int parts;
  private long writtenRow = Column.NOTHING; // rows before it are written
  private long lastPollRow = Column.NOTHING;
  private long toldRow = Column.NOTHING; // all have told the rows before it
  private int behind; // how many have told no more
  private long waitingBytes;
  private long samples;
  private long finishedBytes;

  /**
   * Records nothing yet; the first file begins with the first sample.
   *
   * @param domain the table's domain
   * @param signals its value signals
   * @param facts goes into every file
   */
  public TableRecording(
      SignalDescriptor domain,
      List<SignalDescriptor> signals,
      Map<String, String> facts,
      Files files) {
    this.files = files;
    this.facts = Map.copyOf(facts);
    describe(domain, signals);
  }

  private void describe(SignalDescriptor newDomain, List<SignalDescriptor> signals) {
    domain = newDomain;
    List<Column> before = List.copyOf(columns);
    columns.clear();
    places.clear();
    boolean isMoved = signals.stream().anyMatch(each -> !isConstant(each));
    for (SignalDescriptor each : signals) {
      places.put(each.signalId(), columns.size());
      columns.add(new Column(each, isMoved && isConstant(each)));
    }
    before.forEach(this::keepHeld);
    rows = new Rows(columns.size());
    writtenRow = Column.NOTHING;
    lastPollRow = Column.NOTHING;
    findTold();
  }

  /** What holds goes on to hold behind a change of something else. */
  private void keepHeld(Column before) {
    Integer place = places.get(before.descriptor.signalId());
    if (place != null) {
      columns.get(place).holdAs(before);
    }
  }

  private static boolean isConstant(SignalDescriptor signal) {
    return signal.rule() instanceof Rule.Constant;
  }

  /** How many samples were written. */
  public long samples() {
    return samples;
  }

  /** How many bytes all its files have. */
  public long bytes() {
    return finishedBytes + (writer == null ? 0 : writer.bytes());
  }

  /** Whether rows wait for signals that have not told them. */
  public boolean isWaiting() {
    return waitingBytes > 0;
  }

  /** The row behind the last one that any signal has told; {@link Long#MIN_VALUE} before that. */
  public long endRow() {
    long end = Column.NOTHING;
    for (Column each : columns) {
      end = each.isHeld ? end : Math.max(end, each.knownRow());
    }
    return end;
  }

  /**
   * {@return the first sample of a signal that is not written yet; {@code null} when all are}
   *
   * @param signalId of any signal
   */
  public WaitingSample firstWaiting(String signalId) {
    Integer place = places.get(signalId);
    Column column = place == null ? null : columns.get(place);
    Column.Run head = column == null ? null : column.head();
    if (head == null) {
      return null;
    }
    long row = column.isHeld ? head.row() : beginOf(column);
    return new WaitingSample(row, head.ticks().at((int) (row - head.row())));
  }

  /** How many files were begun. */
  public int parts() {
    return parts;
  }

  /**
   * Takes samples on a linear domain.
   *
   * @param signalId of a signal that is recorded
   * @param row number of the first one's row
   * @param count how many; 1 of a type whose samples differ in length
   * @param tick the first one's domain value
   * @param deltaTicks distance of neighbours
   * @param samples little-endian bytes, from position to limit; is copied
   */
  public void onLine(
      String signalId, long row, int count, long tick, long deltaTicks, ByteBuffer samples)
      throws IOException {
    take(signalId, new Column.Run(row, count, new Ticks(tick, deltaTicks, null, 0), samples));
  }

  /**
   * Takes samples on an explicit domain.
   *
   * @param signalId of a signal that is recorded
   * @param row number of the first one's row
   * @param ticks domain value of each; not to be changed any more
   * @param samples little-endian bytes, from position to limit; is copied
   */
  public void stamped(String signalId, long row, long[] ticks, ByteBuffer samples)
      throws IOException {
    take(signalId, new Column.Run(row, ticks.length, new Ticks(0, 0, ticks, 0), samples));
  }

  private void take(String signalId, Column.Run run) throws IOException {
    int place = places.get(signalId);
    Column column = columns.get(place);
    if (column.isHeld) {
      takeHeld(column, run);
    } else if (run.end() <= writtenRow) {
      writeAlone(place, run);
    } else if (run.row() < writtenRow) {
      int late = (int) (writtenRow - run.row());
      writeAlone(place, part(column, run, 0, late));
      take(signalId, part(column, run, late, run.count() - late));
    } else if (columns.size() == 1 && column.head() == null) {
      writeAlone(place, run);
      writtenRow = run.end();
    } else {
      wait(column, run);
    }
  }

  private void wait(Column column, Column.Run run) throws IOException {
    ByteBuffer kept = Column.copyOf(run.samples());
    behind -= column.knownRow() == toldRow ? 1 : 0;
    column.add(new Column.Run(run.row(), run.count(), run.ticks(), kept));
    waitingBytes += kept.remaining();
    if (behind <= 0) {
      findTold();
      emit(toldRow);
    }
    if (waitingBytes > WAITING_BYTES) {
      emit(Long.MAX_VALUE);
    }
  }

  private void findTold() {
    toldRow = Long.MAX_VALUE;
    behind = 0;
    for (Column each : columns) {
      if (!each.isHeld && each.knownRow() <= toldRow) {
        behind = each.knownRow() == toldRow ? behind + 1 : 1;
        toldRow = each.knownRow();
      }
    }
  }

  private static void takeHeld(Column column, Column.Run run) {
    for (int i = 0; i < run.count(); i++) {
      Column.Run one = part(column, run, i, 1);
      column.add(new Column.Run(one.row(), 1, one.ticks(), Column.copyOf(one.samples())));
    }
  }

  private static Column.Run part(Column column, Column.Run run, int from, int count) {
    ByteBuffer samples =
        column.sampleBytes == SampleSize.VARIABLE
            ? run.samples()
            : run.samples()
                .slice(
                    run.samples().position() + from * column.sampleBytes,
                    count * column.sampleBytes);
    return new Column.Run(run.row() + from, count, run.ticks().from(from), samples);
  }

  /** Samples of one signal as rows of their own. */
  private void writeAlone(int place, Column.Run run) throws IOException {
    rows.set(run.row(), run.count(), run.ticks());
    for (int i = 0; i < columns.size(); i++) {
      Column column = columns.get(i);
      rows.setColumn(
          i,
          i == place
              ? run.samples()
              : column.isHeld ? column.samples(run.row(), run.count()) : null);
    }
    write(run.count());
  }

  private void write(int count) throws IOException {
    if (writer == null) {
      Map<String, String> all = new HashMap<>(facts);
      all.put("daqstream.part", Integer.toString(parts));
      if (!why.isEmpty()) {
        all.put("daqstream.part.why", why);
      }
      List<SignalDescriptor> signals = columns.stream().map(each -> each.descriptor).toList();
      writer = files.begin(new RecordingPart(domain, signals, all), parts);
      parts++;
      early.forEach(writer::hole);
      early.clear();
    }
    for (int i = 0; i < columns.size(); i++) {
      samples += rows.samples(i) == null ? 0 : count;
    }
    writer.write(rows);
  }

  /** Writes the rows before one, with whatever there is. */
  private void emit(long limit) throws IOException {
    while (true) {
      Column lead = null;
      for (Column each : columns) {
        boolean isFirst =
            !each.isHeld && each.head() != null && (lead == null || beginOf(each) < beginOf(lead));
        lead = isFirst ? each : lead;
      }
      if (lead == null || beginOf(lead) >= limit) {
        return;
      }
      long row = beginOf(lead);
      long end = limit;
      for (Column each : columns) {
        end = Math.min(end, each.changeBehind(row));
      }
      emit(lead.head(), row, (int) (end - row));
    }
  }

  /** Of what is left of a column's first run. */
  private long beginOf(Column column) {
    return Math.max(column.head().row(), writtenRow);
  }

  private void emit(Column.Run lead, long row, int count) throws IOException {
    rows.set(row, count, lead.ticks().from((int) (row - lead.row())));
    for (int i = 0; i < columns.size(); i++) {
      rows.setColumn(i, columns.get(i).samples(row, count));
    }
    write(count);
    writtenRow = row + count;
    for (Column each : columns) {
      waitingBytes -= each.passed(writtenRow);
    }
  }

  /**
   * Notes that something is missing in front of the signal's next block.
   *
   * @param hole what; when rows were counted anew, all rows so far are written
   */
  public void hole(RecordingHole hole) throws IOException {
    boolean isAnew = hole.toRow() < hole.fromRow();
    if (isAnew) {
      emit(Long.MAX_VALUE);
      writtenRow = Column.NOTHING;
      lastPollRow = Column.NOTHING;
    }
    Integer place = places.get(hole.signalId());
    if (place != null) {
      Column column = columns.get(place);
      column.know(isAnew ? hole.toRow() : Math.max(column.knownRow(), hole.toRow()));
      findTold();
    }
    if (writer == null) {
      early.add(hole);
    } else {
      writer.hole(hole);
    }
  }

  /**
   * Ends the file; the next sample begins another one.
   *
   * @param newDomain the domain as it is now
   * @param signals the value signals as they are now
   * @param reason why, for the file
   */
  public void change(SignalDescriptor newDomain, List<SignalDescriptor> signals, String reason)
      throws IOException {
    finish();
    why = reason;
    describe(newDomain, signals);
  }

  /** To be called a few times a second: rows do not wait for ever. */
  public void poll() throws IOException {
    emit(lastPollRow);
    lastPollRow = Math.max(lastPollRow, endRow());
  }

  /** See {@link RecordingWriter#sync}. */
  public void sync() throws IOException {
    if (writer != null) {
      writer.sync();
    }
  }

  /** Writes what waits, and completes the file. */
  public void finish() throws IOException {
    emit(Long.MAX_VALUE);
    if (writer != null) {
      RecordingWriter ended = writer;
      try (ended) {
        ended.finish();
      } finally {
        finishedBytes += ended.bytes();
        writer = null;
      }
    }
  }

  /** Releases the file; what is not finished is left for a repair. */
  @Override
  public void close() {
    if (writer != null) {
      writer.close();
    }
  }
}
