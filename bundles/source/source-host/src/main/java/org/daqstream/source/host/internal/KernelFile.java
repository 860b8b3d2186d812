/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.host.internal;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A text file of the kernel that stays open, is read again from its start for every sample, and is
 * parsed in place: {@link #read}, then {@link #nextLine}, then tokens. Tokens are parted by blanks
 * and colons. Nothing is allocated unless {@link #token} is called or the file outgrows its buffer.
 */
final class KernelFile implements Closeable {
  private final Path path;
  private final RandomAccessFile file;
  private byte[] bytes = new byte[4096];
  private int length;
  private int nextLine;
  private int lineEnd;
  private int tokenStart;
  private int tokenEnd;

  KernelFile(Path path) throws IOException {
    this.path = path;
    file = new RandomAccessFile(path.toFile(), "r");
  }

  /** Reads the present contents and goes before the first line. */
  void read() throws IOException {
    file.seek(0);
    length = 0;
    int count = file.read(bytes, 0, bytes.length);
    while (count > 0) {
      length += count;
      if (length == bytes.length) {
        bytes = Arrays.copyOf(bytes, 2 * length);
      }
      count = file.read(bytes, length, bytes.length - length);
    }
    nextLine = 0;
    lineEnd = 0;
    tokenEnd = 0;
  }

  /** Goes to the next line; false at the end of the file. */
  boolean nextLine() {
    if (nextLine >= length) {
      return false;
    }
    tokenStart = nextLine;
    tokenEnd = nextLine;
    lineEnd = nextLine;
    while (lineEnd < length && bytes[lineEnd] != '\n') {
      lineEnd++;
    }
    nextLine = lineEnd + 1;
    return true;
  }

  /** Goes to the next token of the line; false at its end. */
  boolean nextToken() {
    tokenStart = tokenEnd;
    while (tokenStart < lineEnd && isSeparator(bytes[tokenStart])) {
      tokenStart++;
    }
    tokenEnd = tokenStart;
    while (tokenEnd < lineEnd && !isSeparator(bytes[tokenEnd])) {
      tokenEnd++;
    }
    return tokenStart < tokenEnd;
  }

  void skipTokens(int count) {
    for (int i = 0; i < count; i++) {
      nextToken();
    }
  }

  boolean tokenIs(String text) {
    return tokenEnd - tokenStart == text.length() && tokenStartsWith(text);
  }

  boolean tokenStartsWith(String text) {
    if (tokenEnd - tokenStart < text.length()) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (bytes[tokenStart + i] != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  String token() {
    return new String(bytes, tokenStart, tokenEnd - tokenStart, StandardCharsets.UTF_8);
  }

  /** The next token as an integer. */
  long nextLong() throws IOException {
    boolean found = nextToken();
    int i = found && bytes[tokenStart] == '-' ? tokenStart + 1 : tokenStart;
    if (i == tokenEnd) {
      throw notANumber();
    }
    long value = 0;
    for (int at = i; at < tokenEnd; at++) {
      value = 10 * value + digit(at);
    }
    return i > tokenStart ? -value : value;
  }

  /** The next token as a number like {@code 12.34}, not negative. */
  double nextDecimal() throws IOException {
    if (!nextToken()) {
      throw notANumber();
    }
    double value = 0;
    double divisor = 0;
    for (int at = tokenStart; at < tokenEnd; at++) {
      if (bytes[at] == '.' && divisor == 0) {
        divisor = 1;
      } else {
        value = 10 * value + digit(at);
        divisor *= 10;
      }
    }
    return divisor == 0 ? value : value / divisor;
  }

  private int digit(int at) throws IOException {
    int digit = bytes[at] - '0';
    if (digit < 0 || digit > 9) {
      throw notANumber();
    }
    return digit;
  }

  private IOException notANumber() {
    return new IOException(path + ": expected a number, found '" + token() + "'");
  }

  private static boolean isSeparator(byte b) {
    return b == ' ' || b == '\t' || b == ':';
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
