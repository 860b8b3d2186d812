/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.launcher;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A file that is moved to {@code <name>.1} when it is full, in the place of the one before, so that
 * a log never takes more than twice its limit. Not thread-safe: a {@link java.io.PrintStream}
 * stands before it.
 */
final class LogFile extends OutputStream {
  static final long LIMIT_BYTES = 10 << 20;

  private final Path file;
  private final long limitBytes;
  private OutputStream out;
  private long bytes;

  /** Goes on where the file ends. */
  LogFile(Path file, long limitBytes) throws IOException {
    this.file = file;
    this.limitBytes = limitBytes;
    open();
  }

  private void open() throws IOException {
    out = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    bytes = Files.size(file);
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] source, int offset, int length) throws IOException {
    out.write(source, offset, length);
    bytes += length;
    if (bytes >= limitBytes && source[offset + length - 1] == '\n') {
      out.close();
      Files.move(
          file,
          file.resolveSibling(file.getFileName() + ".1"),
          StandardCopyOption.REPLACE_EXISTING);
      open();
    }
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
