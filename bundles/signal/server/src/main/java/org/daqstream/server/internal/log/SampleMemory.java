/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.log;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.daqstream.signal.api.writer.SignalWriter;

/**
 * The last written sample of a signal whose new subscribers get it first. The publisher stages a
 * sample and shows it when its place in the log is known, before it can be read there; so a
 * subscriber finds it either here or behind its own place in the log. Allocates nothing once it has
 * the size of a sample.
 */
public final class SampleMemory {
  private static final int NOT_IN_LOG = -1;

  private ByteBuffer staged = empty(); // belongs to the publisher, with the two below
  private long stagedRow;
  private long stagedTick;

  private ByteBuffer last; // guarded by this, with all below
  private long row;
  private long tick;
  private long logSequence;
  private int logIndex;

  /** A copy for one subscriber. */
  @SuppressWarnings("ArrayRecordComponent") // not compared, not changed
  public record Sample(long row, long tick, byte[] payload) {}

  private static ByteBuffer empty() {
    return ByteBuffer.allocate(0);
  }

  /** Encodes a sample that is about to be written, and takes so many bytes. */
  void stage(
      SignalWriter writer, Object samples, int at, int bytes, long sampleRow, long sampleTick) {
    if (staged.capacity() < bytes) {
      staged = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
    writer.encode(samples, at, 1, staged.clear().limit(bytes));
    staged.flip();
    stagedRow = sampleRow;
    stagedTick = sampleTick;
  }

  /** The staged sample goes into the log, at this place. */
  synchronized void showAt(long sequence, int index) {
    ByteBuffer old = last;
    last = staged;
    staged = old == null ? empty() : old;
    row = stagedRow;
    tick = stagedTick;
    logSequence = sequence;
    logIndex = index;
  }

  /** The staged sample is written, but nobody wants it in the log. */
  void show() {
    showAt(NOT_IN_LOG, NOT_IN_LOG);
  }

  /** Takes a sample from before the signal came here; false when one written here is newer. */
  synchronized boolean showFirst(long sampleRow, long sampleTick, ByteBuffer payload) {
    if (last != null) {
      return false;
    }
    last = ByteBuffer.allocate(payload.remaining()).order(ByteOrder.LITTLE_ENDIAN);
    last.put(payload.duplicate()).flip();
    row = sampleRow;
    tick = sampleTick;
    logSequence = NOT_IN_LOG;
    logIndex = NOT_IN_LOG;
    return true;
  }

  /** Nobody is to get what was written so far. */
  synchronized void forget() {
    last = null;
  }

  /** Whether there is one, and it lies in the log behind a place. */
  synchronized boolean isBehind(LogPosition place) {
    return last != null && logSequence != NOT_IN_LOG && !place.isBehind(logSequence, logIndex);
  }

  /** The last sample, {@code null} when there is none or it lies in the log behind a place. */
  synchronized Sample before(LogPosition place) {
    if (last == null || isBehind(place)) {
      return null;
    }
    byte[] payload = new byte[last.limit()];
    last.get(0, payload);
    return new Sample(row, tick, payload);
  }
}
