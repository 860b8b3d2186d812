/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.nats.internal;

import java.util.concurrent.TimeUnit;

/**
 * How many bytes may be under way. On a slow line few, or what asks whether the other side is there
 * would wait so long behind them that the connection counts as dead. By one thread.
 */
final class SendWindow {
  private static final long LEAST = 64 * 1024;
  private static final long FIRST = 256 * 1024;
  private static final long MOST = 4 * 1024 * 1024;

  private static final long SOON_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
  private static final long LATE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private long bytes = FIRST;

  long bytes() {
    return bytes;
  }

  /** The other side had them after so long. */
  void answered(long tookNanos) {
    if (tookNanos < SOON_NANOS) {
      bytes = Math.min(MOST, 2 * bytes);
    } else if (tookNanos > LATE_NANOS) {
      narrow();
    }
  }

  /** They did not get there. */
  void narrow() {
    bytes = Math.max(LEAST, bytes / 2);
  }
}
