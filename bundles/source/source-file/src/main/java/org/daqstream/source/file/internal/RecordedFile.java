/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.file.internal;

import java.io.Closeable;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.daqstream.recording.api.RecordingFormat;
import org.daqstream.recording.api.RecordingReader;
import org.daqstream.recording.api.RowBlock;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;

/** A file of a recording, from one time to another, some rows at a time. */
final class RecordedFile implements Closeable {
  private static final int PIECE_LIMIT_BYTES = 256 << 10;

  private final RecordingReader reader;
  private final List<RecordedColumn> columns = new ArrayList<>();
  private final RecordedTime time;
  private long endTick = Long.MAX_VALUE;
  private RowBlock block; // null behind the last one
  private boolean isEnded;
  private int next;
  private int from;
  private int count;
  private long lastTick;

  /**
   * Opens it.
   *
   * @throws DamagedFileException when there is nothing that can be played
   */
  RecordedFile(RecordingFormat format, Path file) throws IOException {
    reader = format.open(file);
    try {
      checkSignals();
      time = RecordedTime.of(domain());
      block = reader.next();
      begin();
    } catch (IOException | RuntimeException e) {
      reader.close();
      throw e;
    }
  }

  /** Goes to the first row at a tick or behind it, and ends before another one. */
  void limit(long fromTick, long toTick) throws IOException {
    endTick = toTick;
    if (block != null && block.tick(0) < fromTick) {
      reader.seek(fromTick);
      block = reader.next();
    }
    begin();
  }

  /**
   * Goes to the first row with a number or a greater one, and ends before a tick; whether there is
   * such a row.
   */
  boolean limitFromRow(long row, long toTick) throws IOException {
    endTick = toTick;
    if (row > nextRow() && !isOnLineAt(row)) {
      reader.seek(Long.MIN_VALUE);
      block = reader.next();
      while (block != null && block.row() + block.count() <= row) {
        block = reader.next();
      }
    }
    begin();
    if (block != null && row > block.row()) {
      next = (int) (row - block.row());
      endWhereWanted();
    }
    return !isEnded;
  }

  /** Goes where a row is if all are on one line; whether it is there. */
  private boolean isOnLineAt(long row) throws IOException {
    if (!(domain().rule() instanceof Rule.Linear linear)) {
      return false;
    }
    BigInteger tick =
        BigInteger.valueOf(row - nextRow())
            .multiply(BigInteger.valueOf(linear.deltaTicks()))
            .add(BigInteger.valueOf(nextTick()));
    if (tick.bitLength() >= Long.SIZE) {
      return false;
    }
    reader.seek(tick.longValue());
    block = reader.next();
    return block != null && block.row() == row && block.tick(0) == tick.longValue();
  }

  private void checkSignals() throws DamagedFileException {
    int signals = signals().size();
    if (signals == 0 || signals > Recording.SIGNAL_LIMIT) {
      throw DamagedFileException.of(
          signals + " signals; 1 to " + Recording.SIGNAL_LIMIT + " can be played");
    }
    for (int i = 0; i < signals; i++) {
      columns.add(new RecordedColumn(i, signals().get(i)));
    }
  }

  SignalDescriptor domain() {
    return reader.part().domain();
  }

  List<SignalDescriptor> signals() {
    return reader.part().signals();
  }

  int holes() {
    return reader.holes().size();
  }

  RecordedTime time() {
    return time;
  }

  List<RecordedColumn> columns() {
    return columns;
  }

  /** Whether there is a row to be played. */
  boolean hasMore() throws IOException {
    if (!isEnded && next == block.count()) {
      block = reader.next();
      begin();
    }
    return !isEnded;
  }

  private void begin() {
    next = 0;
    columns.forEach(RecordedColumn::begin);
    endWhereWanted();
  }

  private void endWhereWanted() {
    isEnded = block == null || isEnded || (next < block.count() && block.tick(next) >= endTick);
  }

  /** The first row that comes next. */
  long nextRow() {
    return block.row() + next;
  }

  /** Its domain value. */
  long nextTick() {
    return block.tick(next);
  }

  /** Takes the next rows: so many at most, less than so many ticks from the first to the last. */
  int read(long spanTicks, long limitRows) {
    from = next;
    int most = (int) Math.min(limitRows, Math.min(block.count() - from, pieceLimit()));
    long first = block.tick(from);
    count = 1;
    while (count < most && isWithin(block.tick(from + count), first, spanTicks)) {
      count++;
    }
    next = from + count;
    lastTick = block.tick(next - 1);
    endWhereWanted();
    return count;
  }

  private boolean isWithin(long tick, long first, long spanTicks) {
    return tick - first < spanTicks && tick < endTick;
  }

  private int pieceLimit() {
    long bytes = 0;
    for (int i = 0; i < columns.size(); i++) {
      bytes += block.samples(i) == null ? 0 : block.samples(i).remaining();
    }
    long rowBytes = Math.max(1, bytes / block.count());
    long rows =
        Math.min(PIECE_LIMIT_BYTES / rowBytes, Recording.BLOCK_LIMIT_VALUES / columns.size());
    return (int) Math.max(1, rows);
  }

  RowBlock block() {
    return block;
  }

  /** The first of the rows that were read, in the block. */
  int from() {
    return from;
  }

  int count() {
    return count;
  }

  /** Domain value of the last one of them. */
  long lastTick() {
    return lastTick;
  }

  @Override
  public void close() {
    reader.close();
  }
}
