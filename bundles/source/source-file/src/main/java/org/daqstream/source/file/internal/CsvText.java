/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.file.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * The rows of a CSV file in UTF-8, one after the other. What stands before the header is skipped:
 * lines that begin with {@code #} or with a semicolon and a blank, and {@code sep=;}.
 */
final class CsvText {
  private static final int LINE_LIMIT_CHARS = 1 << 20;
  private static final int HEAD_LIMIT_CHARS = LINE_LIMIT_CHARS / 16;
  private static final String SEPARATORS = ",;\t";
  private static final String SEPARATOR_FOLLOWS = "sep=";

  private final BufferedReader text;
  private final char separator;
  private final Iterator<CsvRecord> rows;
  private long skippedLines;
  private String lastComment = "";
  private Optional<SamplePeriod> statedPeriod = Optional.empty();
  private String statedSeparator = "";

  /** Starts at the first line of the file, whatever was read of it before. */
  CsvText(FileChannel file) throws IOException {
    file.position(0);
    text =
        new BufferedReader(
            new InputStreamReader(Channels.newInputStream(file), UTF_8), HEAD_LIMIT_CHARS);
    skipByteOrderMark();
    skipComments();
    separator = statedSeparator.isEmpty() ? mostFrequentSeparator() : statedSeparator.charAt(0);
    rows =
        CsvReader.builder()
            .fieldSeparator(separator)
            .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
            .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
            .maxBufferSize(LINE_LIMIT_CHARS)
            .ofCsvRecord(text)
            .iterator();
  }

  private void skipByteOrderMark() throws IOException {
    text.mark(1);
    if (text.read() != '\ufeff') {
      text.reset();
    }
  }

  private void skipComments() throws IOException {
    char[] start = new char[SEPARATOR_FOLLOWS.length()];
    while (true) {
      text.mark(HEAD_LIMIT_CHARS);
      int chars = text.read(start);
      text.reset();
      String begin = new String(start, 0, Math.max(0, chars));
      if (begin.equalsIgnoreCase(SEPARATOR_FOLLOWS)) {
        statedSeparator = restOfLine().substring(SEPARATOR_FOLLOWS.length());
      } else if (begin.startsWith("#") || begin.startsWith("; ")) {
        lastComment = restOfLine().substring(1).strip();
        statedPeriod = SamplePeriod.ofComment(lastComment).or(() -> statedPeriod);
      } else if (begin.startsWith("\n") || begin.startsWith("\r")) {
        restOfLine();
      } else {
        return;
      }
    }
  }

  /** Takes a line with its end; of a very long one the beginning. */
  private String restOfLine() throws IOException {
    StringBuilder line = new StringBuilder();
    int c = text.read();
    while (c >= 0 && c != '\n' && c != '\r') {
      if (line.length() < HEAD_LIMIT_CHARS) {
        line.append((char) c);
      }
      c = text.read();
    }
    text.mark(1);
    if (c != '\r' || text.read() != '\n') {
      text.reset();
    }
    skippedLines++;
    return line.toString();
  }

  /** The one of comma, semicolon and tab that is most frequent in the first line. */
  private char mostFrequentSeparator() throws IOException {
    int[] counts = new int[SEPARATORS.length()];
    boolean quoted = false;
    text.mark(HEAD_LIMIT_CHARS);
    for (int i = 0; i < HEAD_LIMIT_CHARS; i++) {
      int c = text.read();
      if (c < 0 || c == '\n' || c == '\r') {
        break;
      }
      quoted ^= c == '"';
      int which = quoted ? -1 : SEPARATORS.indexOf(c);
      if (which >= 0) {
        counts[which]++;
      }
    }
    text.reset();
    int best = 0;
    for (int i = 1; i < counts.length; i++) {
      best = counts[i] > counts[best] ? i : best;
    }
    return SEPARATORS.charAt(best);
  }

  /** The last line that was skipped before the header, without its mark; empty without one. */
  String lastComment() {
    return lastComment;
  }

  /** The rate of rows that a line before the header names. */
  Optional<SamplePeriod> statedPeriod() {
    return statedPeriod;
  }

  /** Cuts a line that is no row; quotation marks mean nothing in it. */
  List<String> split(String line) {
    return Arrays.asList(line.split(String.valueOf(separator), -1));
  }

  /** The next row that is not empty; null at the end of the file. */
  CsvRecord next() throws IOException {
    try {
      return rows.hasNext() ? rows.next() : null;
    } catch (CsvParseException | UncheckedIOException e) {
      throw DamagedFileException.of(e, skippedLines);
    }
  }

  DamagedFileException damaged(CsvRecord row, String reason) {
    return DamagedFileException.atLine(skippedLines + row.getStartingLineNumber(), reason);
  }

  /** A cell without the blanks around it; a decimal comma becomes a point. */
  String cell(CsvRecord row, int column) {
    String cell = row.getField(column).strip();
    return separator == ',' ? cell : cell.replace(',', '.');
  }
}
