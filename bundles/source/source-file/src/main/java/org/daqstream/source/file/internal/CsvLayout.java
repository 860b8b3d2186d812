/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.file.internal;

import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.daqstream.base.support.ForeignText;

/**
 * What the columns of a CSV file are, by its header and the first rows: which one is the time,
 * which ones hold numbers, and which ones are left out.
 */
final class CsvLayout {
  /** Neither a column for the time, nor one for the time of the day. */
  static final int NONE = -1;

  private static final int ROW_LIMIT = 1000;
  private static final long BYTE_LIMIT = 4 << 20;
  private static final int NAMES_LIMIT = 10;

  private final CsvText text;
  private final List<CsvColumn> columns = new ArrayList<>();
  private final List<CsvSample> samples = new ArrayList<>();
  private final List<Integer> values = new ArrayList<>();
  private final List<String> leftOut = new ArrayList<>();
  private final CsvRecord header;
  private CsvRecord first;
  private int headerRows = 1;
  private Optional<SamplePeriod> increment = Optional.empty();
  private int timeIndex = NONE;
  private int clockIndex = NONE;
  private Optional<CsvTimeUnit> unit = Optional.empty();

  /**
   * Reads the beginning of a file; without a name, the time column is the one that is known to be
   * it.
   */
  CsvLayout(FileChannel file, String timeColumn) throws IOException {
    text = new CsvText(file);
    header = text.next();
    if (header == null) {
      throw DamagedFileException.atLine(1, "there is no header");
    }
    try {
      readHeader();
      readIncrement();
      readUnits();
      sample(file);
      nameColumns();
      findTime(timeColumn);
      findValues();
    } catch (IllegalArgumentException e) {
      throw text.damaged(header, e.getMessage());
    }
  }

  private void readHeader() throws IOException {
    List<String> cells = header.getFields();
    first = header;
    if (!isNumber(cells.get(0))) {
      first = text.next();
    } else {
      cells = text.split(text.lastComment()); // numpy
      headerRows = 0;
      if (cells.size() != header.getFieldCount() || isNumber(cells.get(0))) {
        throw new IllegalArgumentException(
            "'" + shortened(header.getField(0)) + "' in the header is no name of a column");
      }
    }
    for (String cell : cells) {
      if (cell.indexOf(NO_CHARACTER) >= 0) {
        throw new IllegalArgumentException("'" + shortened(cell) + "' is not text in UTF-8");
      }
      columns.add(CsvColumn.parse(cell));
    }
    while (columns.size() > 1 && columns.get(columns.size() - 1).head().isEmpty()) {
      columns.remove(columns.size() - 1);
    }
    if (columns.size() < 2 || columns.size() > Recording.SIGNAL_LIMIT + 1) {
      throw new IllegalArgumentException(
          "%s columns, allowed are 2 to %s, separated by comma, semicolon or tab"
              .formatted(columns.size(), Recording.SIGNAL_LIMIT + 1));
    }
  }

  /** What the decoder puts for bytes that are not UTF-8; a number with it is none. */
  private static final char NO_CHARACTER = '\ufffd';

  private static boolean isNumber(String cell) {
    String stripped = cell.strip();
    return !stripped.isEmpty() && CsvNumber.parse(stripped).isPresent();
  }

  private static String shortened(String cell) {
    return CsvRecording.shortened(cell);
  }

  /** A line of units below the header, as oscilloscopes and the recorder of openDAQ have it. */
  private void readUnits() throws IOException {
    if (first == null || headerRows == 0 || !isUnits(first.getFields())) {
      return;
    }
    for (int i = 0; i < Math.min(columns.size(), first.getFieldCount()); i++) {
      columns.set(i, columns.get(i).withUnit(first.getField(i)));
    }
    headerRows++;
    first = text.next();
  }

  /** In place of times; then the first column, if it counts rows, is no value. */
  private void readIncrement() throws IOException {
    Optional<CsvIncrement> found =
        CsvIncrement.find(columns, first == null ? List.of() : first.getFields());
    if (found.isEmpty()) {
      return;
    }
    increment = Optional.of(found.get().period());
    columns.subList(found.get().columns(), columns.size()).clear();
    if (found.get().below()) {
      for (int i = 0; i < columns.size(); i++) {
        columns.set(i, columns.get(i).withUnit(first.getField(i)));
      }
      columns.set(0, CsvColumn.parse(""));
      headerRows++;
      first = text.next();
    }
  }

  static boolean isUnits(List<String> row) {
    List<String> cells = row.stream().map(String::strip).toList();
    if (cells.stream().anyMatch(CsvLayout::isNumber)) {
      return false;
    }
    List<String> written = cells.stream().filter(cell -> !cell.isEmpty()).toList();
    return !written.isEmpty()
        && (CsvTimeUnit.of(written.get(0)).isPresent()
            || written.stream().allMatch(CsvLayout::isUnit));
  }

  private static boolean isUnit(String cell) {
    return CsvColumn.isUnit(cell) || cell.matches("\\(.*\\)|\\[.*\\]|unit=.*|resolution=.*");
  }

  private void sample(FileChannel file) throws IOException {
    columns.forEach(column -> samples.add(new CsvSample()));
    CsvRecord row = first;
    for (int i = 0; row != null && i < ROW_LIMIT && file.position() < BYTE_LIMIT; i++) {
      for (int column = 0; column < Math.min(columns.size(), row.getFieldCount()); column++) {
        samples.get(column).add(text.cell(row, column));
      }
      try {
        row = text.next();
      } catch (DamagedFileException e) { // is said when it is played
        return;
      }
    }
  }

  private void nameColumns() {
    Set<String> names = new HashSet<>();
    Set<String> twice = new HashSet<>();
    columns.forEach(column -> (names.add(column.name()) ? names : twice).add(column.name()));
    names.clear();
    for (int i = 0; i < columns.size(); i++) {
      CsvColumn column = columns.get(i);
      String name = twice.contains(column.name()) ? column.head() : column.name();
      String plain = name.isEmpty() ? "column " + (i + 1) : ForeignText.plain(name);
      if (!names.add(plain)) {
        plain += " (column " + (i + 1) + ")";
        names.add(plain);
      }
      columns.set(i, column.named(plain));
    }
  }

  private void findTime(String timeColumn) {
    if (!timeColumn.isEmpty()) {
      timeIndex = indexOf(timeColumn);
    }
    for (int i = 0; i < columns.size() && timeIndex == NONE; i++) {
      timeIndex = isTime(i) ? i : NONE;
    }
    if (timeIndex == NONE) {
      refuseDoubtfulTime();
      return;
    }
    CsvColumn column = columns.get(timeIndex);
    CsvSample sample = samples.get(timeIndex);
    if (sample.isDay()) {
      findClock();
    }
    unit = column.symbol().isEmpty() ? Optional.of(CsvTimeUnit.SECOND) : column.timeUnit();
    if (sample.isDate() || sample.isClock()) {
      refuseZone(column);
      unit = Optional.empty();
    } else if (unit.isEmpty()) {
      throw new IllegalArgumentException(
          "the time column '%s' has the unit '%s', allowed are %s"
              .formatted(column.name(), shortened(column.symbol()), CsvTimeUnit.ALLOWED));
    }
  }

  private int indexOf(String name) {
    for (int i = 0; i < columns.size(); i++) {
      if (name.equals(columns.get(i).name()) || name.equals(columns.get(i).head())) {
        return i;
      }
    }
    throw new IllegalArgumentException("there is no column '" + name + "' for the time");
  }

  /** Whether it is known to be the time, without having been named in the configuration. */
  private boolean isTime(int index) {
    CsvColumn column = columns.get(index);
    CsvSample sample = samples.get(index);
    boolean isFirst = index == firstNamed();
    if (sample.isDate()) {
      return true;
    }
    if (increment.isPresent() && sample.isEmpty()) {
      return false;
    }
    if (sample.isClock()) {
      return isFirst || index == 0 || column.isDate();
    }
    if (!sample.isNumeric() && !sample.isEmpty()) {
      return isFirst && column.soundsLikeTime(); // of a kind that is refused, cell and line named
    }
    if (column.head().isEmpty()) {
      return index == 0 && sample.isNumeric() && !sample.isWhole(); // an index that is no count
    }
    return column.isTime() || (isFirst && column.hasTimeUnit());
  }

  /** The first column, but for one without a name that only counts the rows. */
  private int firstNamed() {
    return columns.get(0).head().isEmpty() ? 1 : 0;
  }

  private void refuseDoubtfulTime() {
    CsvColumn column = columns.get(firstNamed());
    if (column.soundsLikeTime() && samples.get(firstNamed()).isNumeric()) {
      throw new IllegalArgumentException(
          ("column '%s' may be a time, but its unit is not known; 'name [unit]' tells it, "
                  + "allowed are %s")
              .formatted(shortened(column.head()), CsvTimeUnit.ALLOWED));
    }
  }

  /** The time of the day may stand in a column of its own. */
  private void findClock() {
    for (int i = 0; i < columns.size(); i++) {
      if (i != timeIndex && columns.get(i).isDate()) {
        if (!samples.get(i).isClock()) {
          throw new IllegalArgumentException(
              "columns '%s' and '%s' may both be the time, which timeColumn can name"
                  .formatted(columns.get(timeIndex).name(), columns.get(i).name()));
        }
        clockIndex = i;
        return;
      }
    }
  }

  /** Dates without a zone are taken for UTC; who says that they are not is not read. */
  private static void refuseZone(CsvColumn column) {
    String symbol = column.symbol();
    boolean isPattern =
        symbol.matches("(?i)|z|utc|gmt|iso ?8601|(?=.*([:/-]|yy))[ymdhsnft:;.,/T -]*(z|utc)?");
    if (!isPattern && column.timeUnit().isEmpty()) {
      throw new IllegalArgumentException(
          "the dates in column '%s' are in '%s', allowed are UTC or an offset behind each"
              .formatted(column.name(), shortened(symbol)));
    }
  }

  private void findValues() {
    for (int i = 0; i < columns.size(); i++) {
      if (i == timeIndex || i == clockIndex) {
        continue;
      }
      CsvColumn column = columns.get(i);
      CsvSample sample = samples.get(i);
      boolean countsRows = i == 0 && column.head().isEmpty() && sample.isWhole();
      if (sample.isNumeric() && !countsRows) {
        values.add(i);
      } else if (!countsRows && !(column.head().isEmpty() && sample.isEmpty())) {
        leftOut.add(column.name());
      }
    }
    if (first != null && values.isEmpty()) {
      throw new IllegalArgumentException("there are no numbers in any column but the time");
    }
  }

  /** How many rows stand before the first one with numbers. */
  int headerRows() {
    return headerRows;
  }

  int columnCount() {
    return columns.size();
  }

  CsvColumn column(int index) {
    return columns.get(index);
  }

  /** Which columns are signals. */
  int[] values() {
    return values.stream().mapToInt(Integer::intValue).toArray();
  }

  /** Which column is the time, {@link #NONE} when there is none and rows are counted. */
  int timeIndex() {
    return timeIndex;
  }

  /** Which column holds the time of the day that belongs to the date in {@link #timeIndex}. */
  /** What a row has for its time: of a date with its time of day in another column, both. */
  String timeCell(CsvText text, CsvRecord row) {
    String cell = text.cell(row, timeIndex);
    return clockIndex == NONE ? cell : cell + " " + text.cell(row, clockIndex);
  }

  CsvTime time() {
    return new CsvTime(columns.get(timeIndex).name(), unit);
  }

  /** The rate of the rows, if the file tells it. */
  Optional<SamplePeriod> statedPeriod() {
    return increment.or(text::statedPeriod);
  }

  /** Whether every column with a name is played, by times of the file. */
  boolean isWhole() {
    return leftOut.isEmpty() && (timeIndex != NONE || statedPeriod().isPresent());
  }

  /** One line on what is played. */
  String about(double rateHz) {
    String by;
    if (timeIndex != NONE) {
      by =
          "by '%s'%s%s"
              .formatted(
                  columns.get(timeIndex).name(),
                  clockIndex == NONE ? "" : " and '" + columns.get(clockIndex).name() + "'",
                  unit.map(u -> " in " + u).orElse(""));
    } else if (statedPeriod().isPresent()) {
      by = "at " + rateHz + " rows per second as the file says";
    } else {
      by =
          "at "
              + rateHz
              + " rows per second (rateHz): no column is known to be the time, which"
              + " timeColumn can name";
    }
    String left =
        leftOut.stream()
            .limit(NAMES_LIMIT)
            .map(name -> "'" + shortened(name) + "'")
            .collect(Collectors.joining(", "));
    if (leftOut.size() > NAMES_LIMIT) {
      left += " and " + (leftOut.size() - NAMES_LIMIT) + " more";
    }
    return "plays %s %s %s%s"
            .formatted(
                values.size(),
                values.size() == 1 ? "column" : "columns",
                by,
                left.isEmpty() ? "" : "; left out, as they hold no numbers: " + left)
        + (text.preambleLines() == 0
            ? ""
            : "; " + text.preambleLines() + " lines before the header are skipped");
  }
}
