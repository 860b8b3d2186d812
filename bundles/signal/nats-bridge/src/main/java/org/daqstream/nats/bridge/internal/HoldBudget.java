/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

/** How many bytes of blocks wait in an import, for rows before them or for a description. */
final class HoldBudget {
  private final long limitBytes;
  private long bytes;

  /** With nothing that waits. */
  HoldBudget(long limitBytes) {
    this.limitBytes = limitBytes;
  }

  void add(HeldBlock block) {
    bytes += block.heldBytes();
  }

  void remove(HeldBlock block) {
    bytes -= block.heldBytes();
  }

  boolean isOver() {
    return bytes > limitBytes;
  }

  long bytes() {
    return bytes;
  }
}
