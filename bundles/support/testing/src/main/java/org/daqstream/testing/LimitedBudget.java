/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.testing;

import java.util.concurrent.atomic.AtomicLong;
import org.daqstream.stream.api.spi.SendBudget;

/** So many bytes for whoever takes them; scarce when half of them are taken. */
public final class LimitedBudget implements SendBudget {

  private final long limitBytes;
  private final AtomicLong takenBytes = new AtomicLong();

  /** All of it is there. */
  public LimitedBudget(long limitBytes) {
    this.limitBytes = limitBytes;
  }

  @Override
  public boolean take(long bytes) {
    if (takenBytes.addAndGet(bytes) > limitBytes) {
      takenBytes.addAndGet(-bytes);
      return false;
    }
    return true;
  }

  @Override
  public void giveBack(long bytes) {
    takenBytes.addAndGet(-bytes);
  }

  @Override
  public boolean isScarce() {
    return takenBytes.get() > limitBytes / 2;
  }

  /** What was taken and not given back. */
  public long takenBytes() {
    return takenBytes.get();
  }
}
