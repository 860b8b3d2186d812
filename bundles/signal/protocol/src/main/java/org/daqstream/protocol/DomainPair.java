/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.protocol;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Where a linear domain stands: row and tick, 16 bytes little endian (protocol section 3.5). From
 * its row on the domain is {@code tick + deltaTicks * (row - this.row)}.
 *
 * @param row row in the table, not negative
 * @param tick domain value of that row
 */
public record DomainPair(long row, long tick) {
  /** Bytes of an encoded pair. */
  public static final int BYTES = 16;

  /**
   * Writes a pair at the target's position and moves it behind; the byte order of the target does
   * not matter. Allocates nothing.
   *
   * @param target buffer with room for {@value #BYTES} bytes
   * @param row row in the table
   * @param tick domain value of that row
   */
  public static void put(ByteBuffer target, long row, long tick) {
    putLong(target, row);
    putLong(target, tick);
  }

  private static void putLong(ByteBuffer target, long value) {
    target.putLong(target.order() == ByteOrder.LITTLE_ENDIAN ? value : Long.reverseBytes(value));
  }
}
