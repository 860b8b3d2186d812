/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client;

/**
 * Something that is missing between two blocks of a signal: the exact range, as far as anybody
 * knows it.
 *
 * @param reason why
 * @param fromRow first row that is missing
 * @param toRow first row that is there again; smaller than {@code fromRow} when the device began to
 *     count anew
 * @param isTimeKnown whether the ticks are known
 * @param fromTick domain value of the first sample that is missing
 * @param toTick domain value of the first sample that is there again
 */
public record Gap(
    Reason reason, long fromRow, long toRow, boolean isTimeKnown, long fromTick, long toTick) {
  /** Why something is missing. */
  public enum Reason {
    /** The device said so: this client or its network was too slow. */
    DEVICE,
    /** The row numbers jumped, and the device gave no reason. */
    ROWS,
    /** No row is missing: the domain jumped, because of its clock or a pause of its source. */
    DOMAIN,
    /** The connection was interrupted. */
    CONNECTION,
    /** The consumer was slower than its queue is long. */
    CONSUMER
  }

  /** {@return how many rows are missing; 0 when that is not known} */
  public long rows() {
    return Math.max(0, toRow - fromRow);
  }
}
