/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.daqstream.client.SampleBlock;

/**
 * Small packets of a signal that came together, one behind the other, on their way to be one block:
 * what a block costs is paid once for them. By the thread that reads the connection.
 */
final class PacketRun {
  private static final int ROOM_BYTES = 16 << 10;

  /** To copy larger ones costs more than is won. */
  private static final int PACKET_LIMIT_BYTES = ROOM_BYTES / 4;

  private ByteBuffer room;
  private SessionSignal signal;
  private SampleTarget target; // null: nothing waits
  private long row;
  private long endRow;
  private boolean hasTicks;
  private long tick;
  private long deltaTicks;

  /** How many rows there are to the end of the line, or of the range of its ticks. */
  private long rowsLeft;

  /** Adds a packet if it goes on with those that wait, in their rows and on their line. */
  boolean goesOn(SessionSignal of, SampleTarget to, long firstRow, int count, ByteBuffer payload) {
    if (to != target
        || of != signal
        || firstRow != endRow
        || rowsLeft < count
        || payload.remaining() > PACKET_LIMIT_BYTES
        || payload.remaining() > room.remaining()) {
      return false;
    }
    add(count, payload);
    return true;
  }

  /** Takes a packet without ticks, if others may follow it; nothing waits. */
  boolean begins(SessionSignal of, SampleTarget to, long firstRow, int count, ByteBuffer payload) {
    return begins(of, to, firstRow, count, payload, false, 0, 0, Integer.MAX_VALUE);
  }

  /** The same on a line, which ends at a row. */
  boolean begins(
      SessionSignal of,
      SampleTarget to,
      long firstRow,
      int count,
      ByteBuffer payload,
      long firstTick,
      long delta,
      long lineEnd) {
    long inRange = (Long.MAX_VALUE - Math.max(firstTick, 0)) / delta;
    long onLine = lineEnd - firstRow; // negative beyond 64 bits
    long rows = onLine < 0 ? inRange : Math.min(onLine, inRange);
    return begins(of, to, firstRow, count, payload, true, firstTick, delta, rows);
  }

  private boolean begins(
      SessionSignal of,
      SampleTarget to,
      long firstRow,
      int count,
      ByteBuffer payload,
      boolean isOnLine,
      long firstTick,
      long delta,
      long rows) {
    boolean isOneSample = of.reader.sampleBytes() == 0; // it ends with the packet
    if (isOneSample
        || of.mayBeKept
        || payload.remaining() > PACKET_LIMIT_BYTES
        || !to.joinsPackets()) {
      return false;
    }
    if (room == null) {
      room = ByteBuffer.allocateDirect(ROOM_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    }
    signal = of;
    target = to;
    row = firstRow;
    endRow = firstRow;
    hasTicks = isOnLine;
    tick = firstTick;
    deltaTicks = delta;
    rowsLeft = rows;
    add(count, payload);
    return true;
  }

  private void add(int count, ByteBuffer payload) {
    int bytes = payload.remaining();
    room.put(room.position(), payload, payload.position(), bytes);
    room.position(room.position() + bytes);
    endRow += count;
    rowsLeft -= count;
  }

  /** Delivers what waits. */
  void flush() {
    if (target == null) {
      return;
    }
    SampleTarget to = target;
    target = null;
    ByteBuffer bytes = room.slice(0, room.position()).order(ByteOrder.LITTLE_ENDIAN);
    room.clear();
    int count = (int) (endRow - row);
    to.block(
        hasTicks
            ? SampleBlock.onLine(signal.remote, row, count, bytes, tick, deltaTicks)
            : SampleBlock.untimed(signal.remote, row, count, bytes),
        false);
  }
}
