/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.file.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * The lines of a text in UTF-8 that somebody is still writing, each when its end is there. For one
 * thread; never waits.
 */
final class GrowingText {
  private static final int LINE_LIMIT_BYTES = 1 << 20;

  /** The file is not what it was: it must be read from its beginning. */
  static final class ShorterException extends IOException {
    private static final long serialVersionUID = 1L;

    ShorterException() {
      super("the file became shorter while it was followed");
    }
  }

  private final FileChannel file;
  private final ByteBuffer bytes = ByteBuffer.allocate(LINE_LIMIT_BYTES);
  private long position;
  private long linesToSkip;
  private long line = 1;

  /** Begins behind so many lines. */
  GrowingText(FileChannel file, long linesToSkip) {
    this.file = file;
    this.linesToSkip = linesToSkip;
  }

  /** Whole lines with their ends, as many as there are by now up to a limit; empty for none. */
  String take() throws IOException {
    if (file.size() < position) {
      throw new ShorterException();
    }
    int n = bytes.hasRemaining() ? file.read(bytes, position) : 0;
    position += Math.max(0, n);
    int end = bytes.position();
    while (end > 0 && bytes.get(end - 1) != '\n') {
      end--;
    }
    if (end == 0) {
      if (!bytes.hasRemaining()) {
        throw DamagedFileException.atLine(line, "the line is longer than " + LINE_LIMIT_BYTES);
      }
      return "";
    }
    int start = 0;
    for (int i = 0; i < end; i++) {
      if (bytes.get(i) == '\n') {
        line++;
        if (linesToSkip > 0) {
          linesToSkip--;
          start = i + 1;
        }
      }
    }
    String lines = new String(bytes.array(), start, end - start, UTF_8);
    bytes.flip().position(end);
    bytes.compact();
    return lines;
  }
}
