/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.fanout;

/**
 * Whether a client got nothing for some turns and has everything: it rests until there may be
 * something for it. Belongs to the fan-out thread.
 */
final class Rest {
  private static final int QUIET_TURNS = 8;

  private long seenPackets;
  private int quietTurns;
  private boolean on;

  /**
   * A turn is over.
   *
   * @param isIdle whether the client has everything
   * @param packets that it got so far
   */
  boolean turn(boolean isIdle, long packets) {
    quietTurns = isIdle && packets == seenPackets ? quietTurns + 1 : 0;
    seenPackets = packets;
    on = quietTurns >= QUIET_TURNS;
    return on;
  }

  boolean isOn() {
    return on;
  }

  /** Ends the rest; tells whether it was one. */
  boolean end() {
    boolean was = on;
    on = false;
    if (was) {
      quietTurns = 0;
    }
    return was;
  }
}
