/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.nng.internal;

import java.nio.ByteBuffer;

/**
 * One message on its way out, header in front: where its unsent bytes are. They begin in one chunk
 * and go on at the start of the following ones.
 */
final class Frame {

  /** Memory for frames, filled from the start and then linked to the one filled next. */
  static final class Chunk {
    static final int BYTES = 64 * 1024;

    final ByteBuffer bytes;
    private final ByteBuffer view;
    Chunk next;
    int filled;

    /** Bytes no frame needs any more; the chunk is free when all are. Sending thread only. */
    int released;

    Chunk(ByteBuffer bytes) {
      this.bytes = bytes;
      this.view = bytes.duplicate();
    }

    /** Some of the bytes, for the sending thread; valid until the next call. */
    ByteBuffer view(int from, int to) {
      return view.limit(to).position(from);
    }
  }

  Chunk chunk;
  int at;
  long unsent;
  int headerBytes;
  int payloadBytes;
  Frame next;

  /** Whether a part has been sent, so that no other connection can send the rest. */
  boolean isBegun() {
    return unsent < (long) headerBytes + payloadBytes;
  }

  /** Bytes of the message itself that were not sent. */
  long unsentPayload() {
    return Math.min(unsent, payloadBytes);
  }
}
