/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.host.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.StringTokenizer;

/**
 * A text file of the kernel, read anew for every sample: {@link #read}, then {@link #nextLine},
 * then tokens. Tokens are parted by blanks and colons.
 */
final class KernelFile {
  private static final String SEPARATORS = " \t:";

  private final Path path;
  private Iterator<String> lines;
  private StringTokenizer rest;
  private String token;

  /** Looks whether the file can be read. */
  KernelFile(Path path) throws IOException {
    this.path = path;
    if (!Files.isReadable(path)) {
      throw new IOException(path + " is not there or cannot be read");
    }
  }

  /** Reads the present contents and goes before the first line. */
  void read() throws IOException {
    lines = new String(Files.readAllBytes(path), UTF_8).lines().iterator();
    rest = new StringTokenizer("");
    token = "";
  }

  /** Goes to the next line; false at the end of the file. */
  boolean nextLine() {
    if (!lines.hasNext()) {
      return false;
    }
    rest = new StringTokenizer(lines.next(), SEPARATORS);
    token = "";
    return true;
  }

  /** Goes to the next token of the line; false at its end. */
  boolean nextToken() {
    boolean found = rest.hasMoreTokens();
    token = found ? rest.nextToken() : "";
    return found;
  }

  void skipTokens(int count) {
    for (int i = 0; i < count; i++) {
      nextToken();
    }
  }

  String token() {
    return token;
  }

  /** The next token as an integer; a number beyond those of a long is taken as its bits. */
  long nextLong() throws IOException {
    nextToken();
    try {
      return token.startsWith("-") ? Long.parseLong(token) : Long.parseUnsignedLong(token);
    } catch (NumberFormatException e) {
      throw notANumber(e);
    }
  }

  /** The next token as a number like {@code 12.34}. */
  double nextDecimal() throws IOException {
    nextToken();
    try {
      return Double.parseDouble(token);
    } catch (NumberFormatException e) {
      throw notANumber(e);
    }
  }

  private IOException notANumber(NumberFormatException cause) {
    return new IOException(path + ": expected a number, found '" + token + "'", cause);
  }
}
