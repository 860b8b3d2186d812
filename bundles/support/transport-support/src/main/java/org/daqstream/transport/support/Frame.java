/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.support;

/**
 * One message on its way out, header in front: where its unsent bytes are. They begin in one page
 * and go on at the start of the following ones.
 */
final class Frame {
  QueuePage page;
  int at;
  long unsent;
  int headerBytes;
  int payloadBytes;

  /** Whether a part has been sent, so that no other connection can send the rest. */
  boolean isBegun() {
    return unsent < (long) headerBytes + payloadBytes;
  }

  /** Bytes of the message itself that were sent. */
  long sentPayload() {
    return Math.max(0, payloadBytes - unsent);
  }
}
