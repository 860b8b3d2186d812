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

  private static final int TAIL_BYTES = 64;

  /** The file is not what it was: it must be read from its beginning. */
  static final class BegunAnewException extends IOException {
    private static final long serialVersionUID = 1L;

    BegunAnewException() {
      super("the file has another content than what was followed");
    }
  }

  private final FileChannel file;
  private final ByteBuffer bytes = ByteBuffer.allocate(LINE_LIMIT_BYTES);
  private final ByteBuffer tail = ByteBuffer.allocate(TAIL_BYTES).limit(0); // before position
  private final ByteBuffer there = ByteBuffer.allocate(TAIL_BYTES);
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
    read();
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

  private void read() throws IOException {
    long size = file.size();
    if (size < position || (size > position && !isTailThere())) {
      throw new BegunAnewException();
    }
    int from = bytes.position();
    int n = bytes.hasRemaining() ? file.read(bytes, position) : 0;
    if (n > 0) {
      position += n;
      int kept = Math.min(n, TAIL_BYTES);
      tail.clear().put(0, bytes, from + n - kept, kept).limit(kept);
    }
  }

  private boolean isTailThere() throws IOException {
    there.clear().limit(tail.limit());
    long at = position - tail.limit();
    while (there.hasRemaining() && file.read(there, at + there.position()) > 0) {}
    return there.flip().equals(tail);
  }
}
