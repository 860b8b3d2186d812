/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.log;

import java.util.ArrayDeque;
import java.util.Queue;
import org.daqstream.protocol.PacketHeader;

/**
 * Gives signal numbers. A number that became free rests before it is given again, so that data that
 * a late publisher still wrote under it find no reader.
 */
public final class SignalNumbers {
  private static final int RESTING = 256;

  private final Queue<Integer> resting = new ArrayDeque<>(); // guarded by this
  private int last; // guarded by this

  /** Numbers behind one, 0 for all. */
  public SignalNumbers(int last) {
    this.last = last;
  }

  /**
   * Takes a number up to {@link PacketHeader#SIGNO_MAX}; an IllegalStateException when all are in
   * use.
   */
  public synchronized int take() {
    if (resting.size() > RESTING || last == PacketHeader.SIGNO_MAX) {
      Integer signo = resting.poll();
      if (signo == null) {
        throw new IllegalStateException(
            "all " + PacketHeader.SIGNO_MAX + " signal numbers are in use");
      }
      return signo;
    }
    return ++last;
  }

  /** From now on the number is free. */
  public synchronized void giveBack(int signo) {
    resting.add(signo);
  }
}
