/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.csv.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** The lines of a file, which may go on within quotes. */
final class CsvLines implements Closeable {
  private static final int LONGEST = 64 << 20;

  private final InputStream in;
  private long number;
  private long end;

  CsvLines(Path file) throws IOException {
    // unlike a stream of Files, whose reading cannot be interrupted
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    in = new BufferedInputStream(Channels.newInputStream(channel), 1 << 16);
  }

  /** Number of the line that was read last, from 1. */
  long number() {
    return number;
  }

  /** Where in the file it ends. */
  long end() {
    return end;
  }

  /** The next whole line with its end; {@code null} when there is none. */
  String next() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    boolean isQuoted = false;
    for (int b = in.read(); b >= 0; b = in.read()) {
      line.write(b);
      isQuoted ^= b == '"';
      if (b == '\n' && !isQuoted) {
        number++;
        end += line.size();
        return line.toString(UTF_8);
      }
      if (line.size() > LONGEST) {
        throw new UnreadableLineException(
            "line " + (number + 1) + " has more than " + LONGEST + " bytes");
      }
    }
    return null;
  }

  /** The cells of a line; {@code null} for one that is empty, without quotes. */
  static List<String> cells(String line) {
    List<String> cells = new ArrayList<>();
    int length = line.endsWith("\r\n") ? line.length() - 2 : line.length() - 1;
    for (int at = 0; at <= length; at++) {
      if (at < length && line.charAt(at) == '"') {
        StringBuilder cell = new StringBuilder();
        for (at++; at < length; at++) {
          if (line.charAt(at) == '"') {
            at++;
            if (at >= length || line.charAt(at) != '"') {
              break;
            }
          }
          cell.append(line.charAt(at));
        }
        cells.add(cell.toString());
      } else {
        int comma = line.indexOf(',', at);
        int cellEnd = comma < 0 || comma > length ? length : comma;
        cells.add(cellEnd == at ? null : line.substring(at, cellEnd));
        at = cellEnd;
      }
    }
    return cells;
  }

  /** Appends a text, in quotes where it needs them. */
  static void quote(StringBuilder line, String text) {
    boolean needsQuotes =
        text.isEmpty()
            || text.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r')
            || !text.equals(text.strip());
    line.append(needsQuotes ? '"' + text.replace("\"", "\"\"") + '"' : text);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
