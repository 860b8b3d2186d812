/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.parquet.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Statistics;
import org.daqstream.recording.api.RecordingHole;
import org.daqstream.recording.api.RecordingPart;
import org.daqstream.recording.api.RecordingReader;
import org.daqstream.recording.api.RowBlock;
import org.daqstream.signal.api.Rule;

/** Reads a file: of each column there is a page in memory. */
final class ParquetReader implements RecordingReader {
  private static final int BLOCK_ROWS = 4096;

  private final Path file;
  private final FileChannel channel;
  private final long fileBytes;
  private final List<RowGroup> groups;
  private final FileLayout layout;
  private final Block block = new Block();
  private final long lineDelta; // 0: ticks are as they come
  private final List<SignalCursor> signals = new ArrayList<>();
  private final boolean isStrict;
  private final long rowsInAll;
  private TimeCheck times; // null: nobody wants to know
  private AxisCursor ticks;
  private AxisCursor rows;
  private int nextGroup;
  private long left; // rows of the row group
  private long countedRows; // before the next one

  /**
   * At the beginning.
   *
   * @param isStrict whether times must be those of their ticks
   */
  ParquetReader(Path file, boolean isStrict) throws IOException {
    this(file, Footer.read(file), isStrict);
  }

  /** Of a file that has no footer, or another one. */
  ParquetReader(Path file, FileMetaData footer, boolean isStrict) throws IOException {
    this.file = file;
    this.isStrict = isStrict;
    groups = footer.getRow_groups();
    try {
      layout = FileLayout.of(footer);
    } catch (IOException | RuntimeException e) {
      throw failure(e);
    }
    rowsInAll = groups.stream().mapToLong(RowGroup::getNum_rows).sum();
    lineDelta = layout.part().domain().rule() instanceof Rule.Linear line ? line.deltaTicks() : 0;
    channel = FileChannel.open(file, StandardOpenOption.READ);
    fileBytes = channel.size();
  }

  private IOException failure(Exception e) {
    return new IOException(file + ": " + (e instanceof IOException ? e.getMessage() : e), e);
  }

  @Override
  public RecordingPart part() {
    return layout.part();
  }

  @Override
  public List<RecordingHole> holes() {
    return layout.holes();
  }

  private void openGroup(int index) throws IOException {
    RowGroup group = groups.get(index);
    nextGroup = index + 1;
    left = group.getNum_rows();
    signals.clear();
    for (FileSignal signal : layout.signals()) {
      List<ColumnCursor> columns = new ArrayList<>();
      for (int i = 0; i < signal.columns().size(); i++) {
        columns.add(cursor(group, signal.columns().get(i), signal.leaves().get(i)));
      }
      signals.add(new SignalCursor(signal, columns));
    }
    ticks = axis(group, layout.ticks(), layout.scale());
    rows = axis(group, layout.rows(), TimeScale.NONE);
    if (isStrict && layout.times() != null) {
      ColumnCursor column = cursor(group, layout.times(), Leaf.ofAxis(layout.times()));
      times = new TimeCheck(column, layout.part().domain());
    }
  }

  private AxisCursor axis(RowGroup group, FileLeaf column, TimeScale scale) throws IOException {
    return column == null
        ? null
        : new AxisCursor(cursor(group, column, Leaf.ofAxis(column)), scale);
  }

  private ColumnCursor cursor(RowGroup group, FileLeaf column, Leaf leaf) throws IOException {
    ColumnMetaData meta = group.getColumns().get(column.index()).getMeta_data();
    try {
      return new ColumnCursor(channel, column, leaf, meta, fileBytes);
    } catch (IOException e) {
      throw new IOException("column '" + column.name() + "': " + e.getMessage(), e);
    }
  }

  @Override
  public RowBlock next() throws IOException {
    try {
      while (left == 0) {
        if (nextGroup >= groups.size()) {
          return null;
        }
        openGroup(nextGroup);
      }
      readBlock();
      return block;
    } catch (IOException | RuntimeException e) {
      throw failure(e);
    }
  }

  private void readBlock() throws IOException {
    int count = (int) Math.min(BLOCK_ROWS, left);
    block.row = countedRows;
    if (rows != null) {
      count = rows.ahead(count);
      block.row = rows.value(0);
      count = runOf(rows, count, 1);
    }
    if (ticks != null) {
      count = ticks.ahead(count);
      count = lineDelta == 0 ? count : runOf(ticks, count, lineDelta);
    }
    for (SignalCursor each : signals) {
      count = each.alike(count);
    }
    for (SignalCursor each : signals) {
      each.read(count);
    }
    block.count = count;
    block.stamp();
    if (times != null) {
      times.check(block);
    }
    pass(count);
  }

  /** How many values are on a line. */
  private static int runOf(AxisCursor axis, int count, long delta) {
    int run = 1;
    while (run < count && axis.value(run) - axis.value(run - 1) == delta) {
      run++;
    }
    return run;
  }

  private void pass(long count) {
    if (ticks != null) {
      ticks.skip(count);
    }
    if (rows != null) {
      rows.skip(count);
    }
    countedRows += count;
    left -= count;
  }

  @Override
  public void seek(long tick) throws IOException {
    try {
      countedRows = 0;
      left = 0;
      for (int i = 0; i < groups.size(); i++) {
        if (mayHave(groups.get(i), tick)) {
          openGroup(i);
          if (skipTo(tick)) {
            return;
          }
        } else {
          countedRows += groups.get(i).getNum_rows();
        }
      }
      nextGroup = groups.size();
    } catch (IOException | RuntimeException e) {
      throw failure(e);
    }
  }

  /** Whether a tick, or a later one, is in a row group, as far as statistics tell. */
  private boolean mayHave(RowGroup group, long tick) {
    if (layout.ticks() == null) {
      return countedRows + group.getNum_rows() > tick;
    }
    Statistics told = group.getColumns().get(layout.ticks().index()).getMeta_data().getStatistics();
    boolean isTold =
        told != null
            && told.isSetMax_value()
            && told.getMax_value().length == Long.BYTES
            && layout.scale() == TimeScale.NONE;
    return !isTold
        || ByteBuffer.wrap(told.getMax_value()).order(ByteOrder.LITTLE_ENDIAN).getLong() >= tick;
  }

  /** Passes rows of the row group that are before a tick; whether any is left. */
  private boolean skipTo(long tick) throws IOException {
    long passed = 0;
    boolean isFound = false;
    if (ticks == null) {
      passed = Math.max(0, tick - countedRows);
      isFound = true;
      pass(passed);
    }
    while (left > 0 && !isFound) {
      int ahead = ticks.ahead(left);
      int before = 0;
      while (before < ahead && ticks.value(before) < tick) {
        before++;
      }
      isFound = before < ahead;
      passed += before;
      pass(before);
    }
    for (SignalCursor each : signals) {
      each.skip(passed);
    }
    if (times != null) {
      times.skip(passed);
    }
    return isFound;
  }

  @Override
  public double readRatio() {
    return rowsInAll == 0 ? 1 : (double) countedRows / rowsInAll;
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // It was only read.
    }
  }

  /** The rows that were read last. */
  private final class Block implements RowBlock {
    private long row;
    private int count;
    private boolean isOnLine;
    private long tick;
    private long delta;
    private long[] stamps;

    /** Takes the ticks of the rows. */
    void stamp() {
      tick = ticks == null ? row : ticks.value(0);
      delta = ticks == null ? 1 : lineDelta;
      isOnLine = delta != 0;
      stamps = null;
      if (!isOnLine) {
        delta = count > 1 ? ticks.value(1) - tick : 0;
        isOnLine = delta != 0 && runOf(ticks, count, delta) == count;
        delta = isOnLine ? delta : 0;
        stamps = isOnLine ? null : ticks.copy(count);
      }
    }

    @Override
    public long row() {
      return row;
    }

    @Override
    public int count() {
      return count;
    }

    @Override
    public boolean isOnLine() {
      return isOnLine;
    }

    @Override
    public long deltaTicks() {
      return delta;
    }

    @Override
    public long tick(int index) {
      return stamps == null ? tick + delta * index : stamps[index];
    }

    @Override
    public ByteBuffer samples(int column) {
      return signals.get(column).samples();
    }

    @Override
    public int sampleBytes(int column, int index) {
      return signals.get(column).sampleBytes(index);
    }
  }
}
