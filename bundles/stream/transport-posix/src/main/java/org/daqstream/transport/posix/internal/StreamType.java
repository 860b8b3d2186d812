/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.posix.internal;

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

  /** As in the manifest. */
  @Override
  public String toString() {
    return word;
  }
}
