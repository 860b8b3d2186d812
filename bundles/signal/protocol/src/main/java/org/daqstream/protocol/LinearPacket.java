/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.protocol;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.daqstream.protocol.ProtocolException.Kind;

/**
 * The payload of a data packet of a linear domain (protocol section 3.5): any number of pairs, then
 * possibly a bare row that tells how far the table has come.
 *
 * @param pairs the pairs in the order in which they hold
 * @param progressRow row that the table has reached, {@link #NO_PROGRESS} when not told
 */
public record LinearPacket(List<DomainPair> pairs, long progressRow) {
  /** Stands for an absent {@link #progressRow}. */
  public static final long NO_PROGRESS = -1;

  /** Copies the list. */
  public LinearPacket {
    pairs = List.copyOf(pairs);
  }

  /**
   * {@return what a payload says}
   *
   * @param payload pairs from position to limit; is not changed
   * @throws ProtocolException of kind {@code BAD_DATA} when the length is no multiple of 8 or a row
   *     is negative
   */
  public static LinearPacket parse(ByteBuffer payload) throws ProtocolException {
    ByteBuffer source = payload.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    if (source.remaining() % Long.BYTES != 0) {
      throw new ProtocolException(
          Kind.BAD_DATA, "linear domain data of " + source.remaining() + " B is no multiple of 8");
    }
    List<DomainPair> pairs = new ArrayList<>();
    while (source.remaining() >= DomainPair.BYTES) {
      pairs.add(new DomainPair(row(source), source.getLong()));
    }
    return new LinearPacket(pairs, source.hasRemaining() ? row(source) : NO_PROGRESS);
  }

  private static long row(ByteBuffer source) throws ProtocolException {
    long row = source.getLong();
    if (row < 0) {
      throw new ProtocolException(Kind.BAD_DATA, "linear domain data with row " + row);
    }
    return row;
  }
}
