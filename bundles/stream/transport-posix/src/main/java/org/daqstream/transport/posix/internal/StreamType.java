/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.posix.internal;

import org.daqstream.transport.support.Framing;

/** The stream types of this bundle. */
enum StreamType {
  /** Raw bytes. */
  POSIX("posix"),
  /** Messages, each behind its length. */
  FRAMED("posix-framed"),
  /** Raw bytes inside TLS. */
  TLS("posix-tls");

  private final String word;

  StreamType(String word) {
    this.word = word;
  }

  /** What goes in front of each message. */
  Framing framing() {
    return this == FRAMED ? new Framing(-1, Integer.BYTES) : Framing.NONE;
  }

  @Override
  public String toString() {
    return word;
  }
}
