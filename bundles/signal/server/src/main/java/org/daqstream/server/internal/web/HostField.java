/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.web;

import java.nio.ByteBuffer;

/**
 * Overwrites the value of the field {@code Host} before Jetty reads it. Nobody here asks for it,
 * stock clients send what is none (an IPv6 address with its zone), and Jetty would write a line of
 * log for each that it cannot read, and for each second one (12.1.14, {@code HostPort} and {@code
 * HttpParser}), before anybody can count them.
 *
 * <p>It looks at all that a connection sends before it becomes a client, bodies too: those are
 * JSON, where no line begins with the name of a field. One per connection, on the thread that
 * reads.
 */
final class HostField {
  private static final byte[] NAME = {'h', 'o', 's', 't', ':'};
  private static final int OTHER = -1;
  private static final byte HARMLESS = 'h';
  private static final byte REFUSED = 0;

  /** How many bytes of the line are the name; {@link #OTHER} if it has another one. */
  private int matched;

  /** Whether there was a field of this name since the last empty line. */
  private boolean seen;

  /** Overwrites it between two positions; a second field becomes one that Jetty refuses. */
  void overwrite(ByteBuffer buffer, int from, int to) {
    for (int at = from; at < to; at++) {
      byte next = buffer.get(at);
      if (next == '\n') {
        seen &= matched != 0;
        matched = 0;
      } else if (matched == NAME.length) {
        if (next < 0 || next >= ' ' || next == '\t') {
          buffer.put(at, HARMLESS);
        }
      } else if (matched != OTHER && next != '\r') {
        match(buffer, at, next);
      }
    }
  }

  private void match(ByteBuffer buffer, int at, byte next) {
    matched = Character.toLowerCase((char) next) == NAME[matched] ? matched + 1 : OTHER;
    if (matched == NAME.length) {
      if (seen) {
        buffer.put(at, REFUSED);
      }
      seen = true;
    }
  }
}
