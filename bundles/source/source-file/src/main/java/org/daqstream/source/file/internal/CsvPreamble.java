/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.file.internal;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * What instruments write before the header of a CSV file: texts, and names with values. The header
 * is the first line of names below which there is a row with a time or a number in front and as
 * many cells, perhaps with a line of units between them.
 */
final class CsvPreamble {
  private static final String SEPARATORS = ",;\t";

  /** A line that is not blank. */
  private record Line(int number, String text) {
    List<String> cells(char separator) {
      return CsvPreamble.cells(text, separator);
    }
  }

  private final List<Line> lines = new ArrayList<>();

  private CsvPreamble(List<String> all) {
    for (int i = 0; i < all.size(); i++) {
      if (!all.get(i).isBlank()) {
        lines.add(new Line(i, all.get(i)));
      }
    }
  }

  /**
   * How many lines stand before the header; 0 also when there is none to be found.
   *
   * @param lines the first ones of the file, none of them cut
   */
  static int lines(List<String> lines) {
    CsvPreamble preamble = new CsvPreamble(lines);
    for (int i = 0; i < preamble.lines.size(); i++) {
      if (preamble.isHeader(i)) {
        return i == 0 ? 0 : preamble.lines.get(i).number;
      }
    }
    return 0;
  }

  private boolean isHeader(int index) {
    char separator = separatorOf(lines.get(index).text);
    List<String> names = lines.get(index).cells(separator);
    return names.size() > 1
        && (index == 0 || names.stream().noneMatch(CsvPreamble::isNumber) || isCount(names))
        && (isRow(index + 1, separator, names.size())
            || (isUnits(index + 1, separator) && isRow(index + 2, separator, names.size())));
  }

  /** Whether the names behind the first one are 0, 1, 2 or 1, 2, 3 and so on. */
  private static boolean isCount(List<String> names) {
    for (int i = 1; i < names.size(); i++) {
      int from = names.get(1).equals("0") ? 0 : 1;
      if (!names.get(i).equals(String.valueOf(from + i - 1))) {
        return false;
      }
    }
    return names.size() > 2 && !isNumber(names.get(0));
  }

  private boolean isUnits(int index, char separator) {
    return index < lines.size() && CsvLayout.isUnits(lines.get(index).cells(separator));
  }

  private boolean isRow(int index, char separator, int width) {
    if (index >= lines.size()) {
      return false;
    }
    List<String> cells = lines.get(index).cells(separator);
    String first = cells.stream().filter(cell -> !cell.isEmpty()).findFirst().orElse("");
    String time = separator == ',' ? first : first.replace(',', '.');
    return cells.size() == width
        && (isNumber(time) || CsvTime.isDate(time) || CsvTime.isClock(time));
  }

  private static boolean isNumber(String cell) {
    return !cell.isEmpty() && CsvNumber.parse(cell).isPresent();
  }

  /** The cells of a line without blanks around them, and without empty ones at its end. */
  private static List<String> cells(String line, char separator) {
    List<String> cells = new ArrayList<>();
    try {
      Iterator<CsvRecord> records =
          CsvReader.builder().fieldSeparator(separator).ofCsvRecord(line).iterator();
      if (records.hasNext()) {
        records.next().getFields().forEach(cell -> cells.add(cell.strip()));
      }
    } catch (CsvParseException e) {
      return cells; // a text with quotation marks
    }
    while (!cells.isEmpty() && cells.get(cells.size() - 1).isEmpty()) {
      cells.remove(cells.size() - 1);
    }
    return cells;
  }

  /** The one of comma, semicolon and tab that is most frequent in a line. */
  static char separatorOf(String line) {
    int[] counts = new int[SEPARATORS.length()];
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      quoted ^= line.charAt(i) == '"';
      int which = quoted ? -1 : SEPARATORS.indexOf(line.charAt(i));
      if (which >= 0) {
        counts[which]++;
      }
    }
    int best = 0;
    for (int i = 1; i < counts.length; i++) {
      best = counts[i] > counts[best] ? i : best;
    }
    return SEPARATORS.charAt(best);
  }
}
