/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.support;

import java.nio.ByteBuffer;

/**
 * Memory of an {@link OutgoingQueue}, filled from the start, then linked to the one filled next.
 */
final class QueuePage {
  static final int BYTES = 64 * 1024;

  /** Direct; its position and limit mean nothing. */
  final ByteBuffer bytes;

  private final ByteBuffer view;
  QueuePage next;
  int filled;

  /** Bytes that nobody needs any more. Sending thread only. */
  int done;

  QueuePage(ByteBuffer bytes) {
    this.bytes = bytes;
    this.view = bytes.duplicate();
  }

  /** Some of the bytes, for the sending thread; valid until the next call. */
  ByteBuffer view(int from, int to) {
    return view.limit(to).position(from);
  }
}
