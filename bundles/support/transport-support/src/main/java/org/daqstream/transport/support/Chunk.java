/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.support;

import java.nio.ByteBuffer;

/** Memory of a {@link SendQueue}, filled from the start and then linked to the one filled next. */
public final class Chunk {

  /** Size of each. */
  public static final int BYTES = 64 * 1024;

  /** Direct; its position and limit mean nothing. */
  public final ByteBuffer bytes;

  private final ByteBuffer view;
  Chunk next;
  int filled;

  /** Bytes that nobody needs any more. Sending thread only. */
  public int done;

  Chunk(ByteBuffer bytes) {
    this.bytes = bytes;
    this.view = bytes.duplicate();
  }

  /** The one filled next; null while there is none. */
  public Chunk next() {
    return next;
  }

  /** Up to here there are bytes. */
  public int filled() {
    return filled;
  }

  /** Some of the bytes, for the sending thread; valid until the next call. */
  public ByteBuffer view(int from, int to) {
    return view.limit(to).position(from);
  }
}
