/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.support;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.daqstream.signal.api.SignalDescriptor;

/** What came of a signal and is not written yet. */
final class Column {
  /** Samples of neighbouring rows. */
  record Run(long row, int count, Ticks ticks, ByteBuffer samples) {
    long end() {
      return row + count;
    }
  }

  /** Nothing has come. */
  static final long NOTHING = Long.MIN_VALUE;

  final SignalDescriptor descriptor;
  final int sampleBytes;

  /** Whether a value holds for all rows until the next one. */
  final boolean isHeld;

  private final Deque<Run> runs = new ArrayDeque<>();
  private long knownRow = NOTHING;
  private byte[] held;
  private byte[] copies = new byte[0];

  Column(SignalDescriptor descriptor, boolean isHeld) {
    this.descriptor = descriptor;
    this.isHeld = isHeld;
    sampleBytes = SampleSize.of(descriptor);
  }

  void add(Run run) {
    runs.addLast(run);
    knownRow = run.end();
  }

  /** The first row of which nothing has come yet. */
  long knownRow() {
    return knownRow;
  }

  void know(long row) {
    knownRow = row;
  }

  Run head() {
    return runs.peekFirst();
  }

  /** The row where something changes, behind one; as far as is known here. */
  long changeBehind(long row) {
    for (Run each : runs) {
      if (each.row() > row) {
        return each.row();
      }
      if (!isHeld && each.end() > row) {
        return each.end();
      }
    }
    return Long.MAX_VALUE;
  }

  /** The samples of some rows between two changes; {@code null} when there are none. */
  ByteBuffer samples(long row, int count) {
    if (isHeld) {
      return heldSamples(row, count);
    }
    Run head = runs.peekFirst();
    if (head == null || head.row() > row) {
      return null;
    }
    if (sampleBytes == SampleSize.VARIABLE) {
      return head.samples();
    }
    int from = (int) (row - head.row()) * sampleBytes;
    return head.samples().slice(head.samples().position() + from, count * sampleBytes);
  }

  /** Begins with what another one holds, of the same signal with samples of the same kind. */
  void holdAs(Column other) {
    boolean isSameKind =
        descriptor.dataType().equals(other.descriptor.dataType())
            && descriptor.dimensions().equals(other.descriptor.dimensions())
            && descriptor.members().equals(other.descriptor.members())
            && descriptor.bitFieldType().equals(other.descriptor.bitFieldType());
    if (isHeld && other.isHeld && isSameKind) {
      held = other.held;
    }
  }

  private ByteBuffer heldSamples(long row, int count) {
    while (!runs.isEmpty() && runs.peekFirst().row() <= row) {
      ByteBuffer newest = runs.pollFirst().samples();
      held = new byte[newest.remaining()];
      newest.get(newest.position(), held);
      copies = new byte[0];
    }
    if (held == null) {
      return null;
    }
    if (copies.length < count * held.length) {
      copies = new byte[count * held.length];
      for (int i = 0; i < count; i++) {
        System.arraycopy(held, 0, copies, i * held.length, held.length);
      }
    }
    return ByteBuffer.wrap(copies, 0, count * held.length);
  }

  /** Rows before this one are written; how many bytes were let go. */
  int passed(long row) {
    int bytes = 0;
    while (!isHeld && !runs.isEmpty() && runs.peekFirst().end() <= row) {
      bytes += runs.pollFirst().samples().remaining();
    }
    return bytes;
  }

  /** A copy that may be kept. */
  static ByteBuffer copyOf(ByteBuffer samples) {
    byte[] own = new byte[samples.remaining()];
    samples.get(samples.position(), own);
    return ByteBuffer.wrap(own);
  }

  @Override
  public String toString() {
    return descriptor.signalId() + Arrays.toString(runs.toArray());
  }
}
