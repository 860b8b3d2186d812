/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.fanout;

/** When a client was last sent something and last heard; belongs to the fan-out thread. */
final class LifeSigns {
  private long seenSentBytes;
  private long quietSinceNanos;
  private boolean awaitsSign;
  private long pingedNanos;
  private volatile long heardNanos = System.nanoTime(); // written by the connection's thread
  private volatile boolean answersPings;

  /** Whether nothing was sent for an interval; the next interval then begins. */
  boolean wasQuiet(long sentBytes, long intervalNanos, long nowNanos) {
    boolean sent = sentBytes != seenSentBytes;
    boolean quiet = !sent && nowNanos - quietSinceNanos >= intervalNanos;
    if (sent || quiet) {
      seenSentBytes = sentBytes;
      quietSinceNanos = nowNanos;
    }
    return quiet;
  }

  /** Something came from the peer, a pong or anything else; its connection's thread calls this. */
  void heard(boolean isPong) {
    heardNanos = System.nanoTime();
    if (isPong) {
      answersPings = true;
    }
  }

  /** A ping is about to be put. */
  void pinged(long nowNanos) {
    if (!awaitsSign) {
      awaitsSign = true;
      pingedNanos = nowNanos;
    }
  }

  /**
   * Whether nothing came for an interval after a ping, from a peer that has answered one before:
   * some never do.
   */
  boolean isSilent(long intervalNanos, long nowNanos) {
    awaitsSign &= heardNanos - pingedNanos <= 0;
    return awaitsSign && answersPings && nowNanos - pingedNanos >= intervalNanos;
  }
}
