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
 * The payload of a data packet of a signal with constant rule, in one of the two forms in use
 * (protocol section 3.5).
 */
public final class ConstantPacket {
  /** How values are sent. */
  public enum Form {
    /** Each value behind its row, a 64-bit number. */
    INDEXED,
    /** One value alone; it holds from where the table stands. */
    RAW
  }

  /**
   * A value and where it starts to hold.
   *
   * @param row row in the table
   * @param value little-endian bytes of one sample. 8 bytes of a shorter type are an int64,
   *     whatever the type of the signal (some servers send them so)
   */
  public record Entry(long row, ByteBuffer value) {}

  private static final int ROW_BYTES = Long.BYTES;

  private ConstantPacket() {}

  /**
   * Decodes a payload, in either form. Entries whose rows do not ascend, and an incomplete one at
   * the end, are garbage that some servers append, and are left out.
   *
   * @param payload values from position to limit; is not changed
   * @param sampleBytes size of a value, greater than zero
   * @param serverForm form that the server's family uses: {@link Form#RAW} from version 2.0.0 on
   * @param nextRow row that the table has reached, which raw values are given
   * @return the values in order of their rows, slices of the payload
   * @throws ProtocolException of kind {@code BAD_DATA} when the payload is of neither form
   */
  public static List<Entry> parse(
      ByteBuffer payload, int sampleBytes, Form serverForm, long nextRow) throws ProtocolException {
    int length = payload.remaining();
    if (length == sampleBytes
        || (serverForm == Form.RAW && length > 0 && length % sampleBytes == 0)) {
      return List.of(new Entry(nextRow, slice(payload, length - sampleBytes, sampleBytes)));
    }
    int valueBytes =
        length == 2 * Long.BYTES && sampleBytes < Long.BYTES ? Long.BYTES : sampleBytes;
    int entryBytes = ROW_BYTES + valueBytes;
    if (length < entryBytes) {
      throw new ProtocolException(
          Kind.BAD_DATA,
          "constant of " + length + " B is neither a value of " + sampleBytes + " B nor row+value");
    }
    List<Entry> entries = new ArrayList<>();
    long previous = -1;
    for (int at = 0; at + entryBytes <= length; at += entryBytes) {
      long row = slice(payload, at, ROW_BYTES).getLong(0);
      if (row <= previous) {
        break;
      }
      entries.add(new Entry(row, slice(payload, at + ROW_BYTES, valueBytes)));
      previous = row;
    }
    if (entries.isEmpty()) {
      throw new ProtocolException(Kind.BAD_DATA, "constant with a negative row");
    }
    return entries;
  }

  private static ByteBuffer slice(ByteBuffer payload, int at, int bytes) {
    return payload.slice(payload.position() + at, bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
