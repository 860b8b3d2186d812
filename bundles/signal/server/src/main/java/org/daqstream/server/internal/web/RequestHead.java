/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.web;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;

/**
 * Overwrites in the heads of requests what Jetty would write a line of log for each time, before
 * anybody can count them (12.1.14, {@code HostPort} and {@code HttpParser}). That is the value of
 * the field {@code Host}, for stock clients send what is none (an IPv6 address with its zone): it
 * goes through Jetty in letters that are harmless there, one for one, and is read by {@link
 * #hostOf}; a second such field; and the method {@code CONNECT}, which is refused anyway.
 *
 * <p>It looks at all that a connection sends before it becomes a client. A head begins with a line
 * that ends with the version of HTTP, also behind a body without an end of line, and ends with an
 * empty one; bodies stay as they are. One per connection, on the thread that reads.
 */
final class RequestHead {
  private static final byte[] HOST = "host:".getBytes(US_ASCII);
  private static final String PLAIN = ":[]% ";
  private static final String HARMLESS = ";()!+";
  private static final byte NO_HOST = '*';
  private static final byte REFUSED = 0;
  private static final int OTHER = -1;

  private final Word connect = new Word("CONNECT ");
  private final Word version = new Word("HTTP/1.");

  /** The line before began a head that has not ended. */
  private boolean inHead;

  /** Nothing of the line but its end was seen so far. */
  private boolean empty = true;

  private boolean connects;

  /** How many bytes of the line are the name of the field; {@link #OTHER} if it has another one. */
  private int matched;

  private boolean hostSeen;

  private boolean isOver;

  /** Looks at what was read into a buffer, whose size or -1 it gives on. */
  int read(ByteBuffer buffer, int filledBytes) {
    if (filledBytes > 0 && !isOver) {
      check(buffer, buffer.limit() - filledBytes, buffer.limit());
    }
    return filledBytes;
  }

  /** There are no more heads: the connection is a client. */
  void end() {
    isOver = true;
  }

  private void check(ByteBuffer buffer, int from, int to) {
    for (int at = from; at < to; at++) {
      byte next = buffer.get(at);
      if (next == '\n') {
        endOfLine(buffer, at);
      } else if (next == '\r') {
        refuseConnect(buffer, at);
      } else {
        empty = false;
        if (inHead) {
          field(buffer, at, next);
        } else {
          connects |= connect.endsWith(next);
          version.endsWith(next);
        }
      }
    }
  }

  private void field(ByteBuffer buffer, int at, byte next) {
    if (matched == HOST.length) {
      if (next < 0 || next >= ' ' || next == '\t') {
        buffer.put(at, harmless(next == '\t' ? (byte) ' ' : next));
      }
    } else if (matched != OTHER) {
      matched = Character.toLowerCase((char) next) == HOST[matched] ? matched + 1 : OTHER;
      if (matched == HOST.length) {
        if (hostSeen) {
          buffer.put(at, REFUSED);
        }
        hostSeen = true;
      }
    }
  }

  private static byte harmless(byte letter) {
    int index = PLAIN.indexOf(letter);
    if (index >= 0) {
      return (byte) HARMLESS.charAt(index);
    }
    boolean ofNames =
        (letter >= 'a' && letter <= 'z')
            || (letter >= 'A' && letter <= 'Z')
            || (letter >= '0' && letter <= '9')
            || letter == '-'
            || letter == '.'
            || letter == '_';
    return ofNames ? letter : NO_HOST;
  }

  /** The value of the field {@code Host} as it was sent; what no name or address has is a star. */
  static String hostOf(String field) {
    StringBuilder host = new StringBuilder(field);
    for (int i = 0; i < host.length(); i++) {
      int index = HARMLESS.indexOf(host.charAt(i));
      if (index >= 0) {
        host.setCharAt(i, PLAIN.charAt(index));
      }
    }
    return host.toString().strip();
  }

  private void endOfLine(ByteBuffer buffer, int at) {
    refuseConnect(buffer, at);
    if (inHead) {
      inHead = !empty;
    } else if (version.complete) {
      inHead = true;
      hostSeen = false;
    }
    empty = true;
    connects = false;
    matched = 0;
    connect.reset();
    version.reset();
  }

  /** Jetty looks at the authority once the line is at its end. */
  private void refuseConnect(ByteBuffer buffer, int at) {
    if (connects && version.complete && !inHead) {
      buffer.put(at, REFUSED);
      connects = false;
    }
  }

  /** Tells whether what was seen ends with a word. */
  private static final class Word {
    private final byte[] text;
    private final int[] fallback;
    private int matched;

    /** Whether the word was there since the last {@link #reset}. */
    private boolean complete;

    Word(String word) {
      text = word.getBytes(US_ASCII);
      fallback = new int[text.length];
      for (int i = 1, k = 0; i < text.length; i++) {
        while (k > 0 && text[i] != text[k]) {
          k = fallback[k - 1];
        }
        k += text[i] == text[k] ? 1 : 0;
        fallback[i] = k;
      }
    }

    boolean endsWith(byte next) {
      while (matched > 0 && text[matched] != next) {
        matched = fallback[matched - 1];
      }
      matched += text[matched] == next ? 1 : 0;
      boolean found = matched == text.length;
      complete |= found;
      matched = found ? fallback[matched - 1] : matched;
      return found;
    }

    void reset() {
      matched = 0;
      complete = false;
    }
  }
}
