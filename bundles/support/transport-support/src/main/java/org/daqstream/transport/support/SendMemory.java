/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.support;

import java.nio.ByteBuffer;
import org.daqstream.stream.api.spi.SendBudget;

/**
 * Direct memory for the messages that wait in one output, within its budget. A writer must not wait
 * until the system finds some.
 */
public final class SendMemory {

  private static final int REST_BYTES = 4 * 1024 * 1024;
  private static final int SCARCE_REST_BYTES = 1024 * 1024;

  private final SendBudget budget;

  /**
   * Holds nothing yet.
   *
   * @param budget of the output
   */
  public SendMemory(SendBudget budget) {
    this.budget = budget;
  }

  /**
   * Takes a buffer.
   *
   * @param bytes its size
   * @return direct; null when there is no memory now
   */
  public ByteBuffer take(int bytes) {
    if (!budget.take(bytes)) {
      return null;
    }
    try {
      return ByteBuffer.allocateDirect(bytes);
    } catch (OutOfMemoryError e) {
      budget.giveBack(bytes);
      return null;
    }
  }

  /**
   * How much an output that has nothing to send should keep for the next time, because direct
   * memory is costly to get.
   *
   * @return bytes; less when there is not much left for others
   */
  public int restBytes() {
    return budget.isScarce() ? SCARCE_REST_BYTES : REST_BYTES;
  }

  /**
   * Buffers are left to the garbage collector.
   *
   * @param bytes their sizes together
   */
  public void giveBack(long bytes) {
    budget.giveBack(bytes);
  }
}
