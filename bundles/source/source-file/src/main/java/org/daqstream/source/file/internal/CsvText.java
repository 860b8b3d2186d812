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
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * The rows of a CSV file in UTF-8, one after the other. What stands before the header is skipped:
 * lines that begin with {@code #} or with a semicolon and a blank, {@code sep=;}, and a {@link
 * CsvPreamble}.
 */
final class CsvText {
  private static final int LINE_LIMIT_CHARS = 1 << 20;
  private static final int HEAD_LIMIT_CHARS = LINE_LIMIT_CHARS / 16;
  private static final String SEPARATOR_FOLLOWS = "sep=";

  private final BufferedReader text;
  private final char separator;
  private final GrowingText growing; // null when the file is whole
  private Iterator<CsvRecord> rows;
  private long takenLines;
  private long skippedLines;
  private int preambleLines;
  private String lastComment = "";
  private Optional<SamplePeriod> statedPeriod = Optional.empty();
  private String statedSeparator = "";

  /** Starts at the first line of the file, whatever was read of it before. */
  CsvText(FileChannel file) throws IOException {
    this(file, false);
  }

  /** The same; of a file that grows only whole lines are read, and more rows may come. */
  CsvText(FileChannel file, boolean grows) throws IOException {
    file.position(0);
    text =
        new BufferedReader(
            new InputStreamReader(Channels.newInputStream(file), UTF_8), HEAD_LIMIT_CHARS);
    skipByteOrderMark();
    skipPreamble();
    separator =
        statedSeparator.isEmpty()
            ? CsvPreamble.separatorOf(linesAhead().stream().findFirst().orElse(""))
            : statedSeparator.charAt(0);
    growing = grows ? new GrowingText(file, skippedLines) : null;
    rows = rows(grows ? Reader.nullReader() : text);
  }

  private Iterator<CsvRecord> rows(Reader lines) {
    return CsvReader.builder()
        .fieldSeparator(separator)
        .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
        .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
        .maxBufferSize(LINE_LIMIT_CHARS)
        .ofCsvRecord(lines)
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

  /** Lines from here on that end before a limit, which stay to be read. */
  private List<String> linesAhead() throws IOException {
    char[] ahead = new char[HEAD_LIMIT_CHARS];
    text.mark(HEAD_LIMIT_CHARS);
    int chars = 0;
    for (int n = 0; n >= 0 && chars < ahead.length; chars += Math.max(0, n)) {
      n = text.read(ahead, chars, ahead.length - chars);
    }
    text.reset();
    List<String> lines = new ArrayList<>(new String(ahead, 0, chars).lines().toList());
    if (chars == ahead.length && lines.size() > 1) {
      lines.remove(lines.size() - 1); // may be cut
    }
    return lines;
  }

  private void skipPreamble() throws IOException {
    skipComments();
    preambleLines = statedSeparator.isEmpty() ? CsvPreamble.lines(linesAhead()) : 0;
    for (int i = 0; i < preambleLines; i++) {
      restOfLine();
    }
    skipComments();
  }

  /** How many lines that are no comments were skipped before the header. */
  int preambleLines() {
    return preambleLines;
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

  /** The next row that is not empty; null at the end of the file, or when it is not there yet. */
  CsvRecord next() throws IOException {
    try {
      if (growing != null && !rows.hasNext()) {
        String lines = growing.take();
        rows = rows(new StringReader(lines));
        skippedLines += takenLines;
        takenLines = lines.chars().filter(c -> c == '\n').count();
      }
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
