/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.file.internal;

import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalTable;
import org.daqstream.signal.api.WriteResult;

/**
 * A CSV file in UTF-8 with a header: each column of numbers a {@code real64} signal, on an explicit
 * domain with the file's own times, or on a linear one where these lie on a line or there are none.
 * An empty cell is NaN.
 */
final class CsvRecording implements Recording {
  /** Follows the last row when the file is read again and has only one time. */
  private static final long DEFAULT_STEP_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** 146 years; counted from now the sum is a time, too. */
  private static final long ELAPSED_LIMIT_NANOS = 1L << 62;

  private static final String TOO_FAR = "the time is too far from the first one";

  private final FileChannel file;
  private final boolean absoluteTime;
  private final boolean grows;
  private final CsvLayout layout;
  private final int[] columns;
  private final CsvTime time; // null: rows are counted
  private final SamplePeriod period;
  private final CsvEvenTimes even; // null: times are written as they are
  private final long[] ticks;
  private final double[][] samples;
  private final long[] blockNanos;
  private final double[] nextNumbers;
  private CsvText text;
  private CsvRecord next;
  private long nextNanos;
  private long nextElapsedNanos;
  private DamagedFileException damage;
  private String problem;
  private boolean started;
  private Long firstNanos;
  private long passNanos;
  private long lineNanos; // of the row that begins the line, as the file has it
  private long lineElapsedNanos;
  private long lineRow; // of the row taken last
  private long blockLineRow;
  private long lastNanos;
  private long stepNanos;
  private long playedRows;
  private int count;

  /** Opens a file and reads its beginning; the settings are those of {@link Settings}. */
  CsvRecording(Path path, String timeColumn, boolean absoluteTime, double rateHz, boolean grows)
      throws IOException {
    file = FileChannel.open(path);
    this.absoluteTime = absoluteTime;
    this.grows = grows;
    try {
      layout = new CsvLayout(file, timeColumn);
      columns = layout.values();
      boolean counted = layout.timeIndex() == CsvLayout.NONE;
      time = counted ? null : layout.time();
      period = layout.statedPeriod().orElseGet(() -> SamplePeriod.ofRate(rateHz));
      int limitRows = Math.max(1, BLOCK_LIMIT_VALUES / (columns.length + 1));
      ticks = new long[limitRows];
      blockNanos = new long[limitRows];
      samples = new double[columns.length][limitRows];
      nextNumbers = new double[columns.length];
      even = grows ? null : CsvEvenTimes.find(file, layout).orElse(null);
      openRows();
      if (next == null) {
        throw DamagedFileException.atLine(layout.headerRows() + 1L, "there are no rows");
      }
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /** Starts at the first row of the file, which stays open: it may be deleted meanwhile. */
  private void openRows() throws IOException {
    text = new CsvText(file, grows);
    for (int i = 0; i < layout.headerRows(); i++) {
      text.next();
    }
    advance();
  }

  @Override
  public String about() {
    return layout.about(period.rateHz())
        + (even == null
            ? ""
            : "; its times lie on a line of " + even.period().rateHz() + " rows per second");
  }

  @Override
  public boolean isWhole() {
    return layout.isWhole();
  }

  @Override
  public boolean isGrowing() {
    return grows;
  }

  @Override
  public SignalDescriptor domain(String idPrefix) {
    String signalId = idPrefix + TIME;
    if (even != null) {
      return even.domain(signalId);
    }
    return time == null ? period.domain(signalId) : SignalDescriptor.explicitTime(signalId);
  }

  @Override
  public List<SignalDescriptor> signals(String idPrefix) {
    List<SignalDescriptor> signals = new ArrayList<>();
    for (int i : columns) {
      CsvColumn column = layout.column(i);
      signals.add(
          SignalDescriptor.value(idPrefix + column.name(), DataTypes.REAL64)
              .name(column.name())
              .description("Column " + (i + 1) + " of a CSV file")
              .unit(column.unit())
              .build());
    }
    return signals;
  }

  @Override
  public int read(long spanNanos) throws IOException {
    if (damage != null) {
      throw damage;
    }
    count = 0;
    if (next == null && grows) {
      advance();
    }
    while (next != null && count < ticks.length && isWithin(spanNanos)) {
      take();
      try {
        advance();
      } catch (DamagedFileException e) { // the rows before it are good
        damage = e;
        next = null;
      }
    }
    return count;
  }

  private boolean isWithin(long spanNanos) {
    return count == 0 || (nextNanos - ticks[0] < spanNanos && (even == null || continuesLine()));
  }

  private boolean continuesLine() {
    return started && even.fits(nextNanos - lineNanos, lineRow + 1);
  }

  private void takeOnLine() {
    if (continuesLine()) {
      lineRow++;
    } else {
      lineNanos = nextNanos;
      lineElapsedNanos = nextElapsedNanos;
      lineRow = 0;
    }
    if (count == 0) {
      blockLineRow = lineRow;
    }
  }

  /** The row that was read ahead goes into the block. */
  private void take() {
    if (even != null) {
      takeOnLine();
    }
    if (started && nextNanos > lastNanos) {
      stepNanos = nextNanos - lastNanos;
    }
    started = true;
    lastNanos = nextNanos;
    ticks[count] = nextNanos;
    blockNanos[count] = nextElapsedNanos;
    for (int i = 0; i < samples.length; i++) {
      samples[i][count] = nextNumbers[i];
    }
    count++;
    playedRows++;
  }

  @Override
  public String takeProblem() {
    String taken = problem;
    problem = null;
    return taken;
  }

  /** Reads one row ahead; of a file that grows one that can be read. */
  private void advance() throws IOException {
    next = text.next();
    while (next != null && !isRead()) {
      next = text.next();
    }
  }

  private boolean isRead() throws DamagedFileException {
    try {
      checkCells();
      readTime();
      for (int i = 0; i < columns.length; i++) {
        nextNumbers[i] = number(columns[i]);
      }
      return true;
    } catch (IllegalArgumentException e) {
      DamagedFileException damaged = text.damaged(next, e.getMessage());
      if (!grows) {
        throw damaged;
      }
      problem = damaged.getMessage();
      return false;
    }
  }

  /** More cells than names are good when nothing is in them. */
  private void checkCells() {
    int cells = next.getFieldCount();
    while (cells > layout.columnCount() && next.getField(cells - 1).isBlank()) {
      cells--;
    }
    if (cells != layout.columnCount()) {
      throw new IllegalArgumentException(cells + " cells, the header has " + layout.columnCount());
    }
  }

  private void readTime() {
    if (time == null) {
      nextElapsedNanos = period.elapsedNanos(playedRows);
      nextNanos = nextElapsedNanos;
      return;
    }
    nextNanos = time.parseNanos(layout.timeCell(text, next));
    if (firstNanos == null) {
      firstNanos = nextNanos;
    }
    try {
      nextElapsedNanos = Math.addExact(passNanos, Math.subtractExact(nextNanos, firstNanos));
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(TOO_FAR, e);
    }
    if (Math.abs(nextElapsedNanos) > ELAPSED_LIMIT_NANOS) {
      throw new IllegalArgumentException(TOO_FAR);
    }
  }

  private double number(int column) {
    String cell = text.cell(next, column);
    OptionalDouble number = CsvNumber.parse(cell);
    if (number.isEmpty()) {
      throw new IllegalArgumentException(
          "'%s' in column '%s' is no number"
              .formatted(shortened(cell), layout.column(column).name()));
    }
    return number.getAsDouble();
  }

  static String shortened(String cell) {
    return cell.length() <= 40 ? cell : cell.substring(0, 40) + "…";
  }

  @Override
  public long elapsedNanos() {
    return blockNanos[count - 1];
  }

  @Override
  public WriteResult write(SignalTable table, long startNanos) {
    if (time == null) {
      return table.write(period.tick(startNanos, playedRows - count), samples, 0, count);
    }
    if (even != null) {
      long beginNanos = absoluteTime ? lineNanos : startNanos + lineElapsedNanos;
      return table.write(even.tick(beginNanos, blockLineRow), samples, 0, count);
    }
    if (!absoluteTime) {
      for (int i = 0; i < count; i++) {
        ticks[i] = startNanos + blockNanos[i];
      }
    }
    return table.write(ticks, samples, 0, count);
  }

  @Override
  public void rewind() throws IOException {
    if (time != null) {
      long step = stepNanos > 0 ? stepNanos : DEFAULT_STEP_NANOS;
      passNanos = Math.max(passNanos, passNanos + lastNanos - firstNanos) + step;
      time.restart();
    }
    started = false;
    openRows();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
