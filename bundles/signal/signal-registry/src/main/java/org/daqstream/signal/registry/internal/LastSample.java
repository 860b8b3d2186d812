/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.registry.internal;

import java.lang.invoke.VarHandle;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.writer.SignalWriter;

/**
 * The last written sample of a signal that promises it to whoever comes later.
 *
 * <p>The publisher keeps a sample before it looks where its blocks go; whoever opens a way for
 * blocks reads here afterwards. So a sample goes the new way, or is read here, or both; none is
 * missed, and what is read is never newer than what went the new way. Nobody waits: a sample that
 * is being kept while it is read will go the new way.
 */
final class LastSample {
  /** What was read; belongs to the reader. */
  record Kept(long row, long tick, SampleCopy sample) {}

  private final SampleCopy sample;
  private long row;
  private long tick;

  /** Odd while the publisher, who alone writes it, is at work. */
  private volatile long changes;

  private LastSample(SampleShape shape) {
    sample = new SampleCopy(shape);
  }

  /**
   * The memory of a signal from now on, {@code null} for one that promises nothing; a sample that
   * would mean something else by the new description is forgotten.
   */
  static LastSample of(LastSample memory, SignalDescriptor before, SignalDescriptor now) {
    if (!now.replayLast() && !(now.rule() instanceof Rule.Constant)) {
      return null;
    }
    return memory != null && sameMeaning(before, now)
        ? memory
        : new LastSample(SampleShape.of(now));
  }

  private static boolean sameMeaning(SignalDescriptor before, SignalDescriptor now) {
    return before.dataType().equals(now.dataType())
        && before.rule().equals(now.rule())
        && before.unit().equals(now.unit())
        && String.valueOf(before.postScaling()).equals(String.valueOf(now.postScaling()))
        && before.dimensions().equals(now.dimensions())
        && before.members().equals(now.members())
        && before.bitFieldType().equals(now.bitFieldType())
        && before.bits().equals(now.bits());
  }

  /** Whether a change of the domain leaves ticks what they were. */
  static boolean sameTicks(SignalDescriptor before, SignalDescriptor now) {
    return before.unit().equals(now.unit())
        && String.valueOf(before.resolution()).equals(String.valueOf(now.resolution()))
        && before.origin().equals(now.origin());
  }

  private long begin() {
    long odd = (changes + 1) | 1;
    changes = odd;
    VarHandle.storeStoreFence(); // what changes now is not seen under the old number
    return odd;
  }

  private void end(long odd, long newRow, long newTick) {
    row = newRow;
    tick = newTick;
    changes = odd + 1;
  }

  /**
   * Keeps a sample instead of the one before, by the publisher's own writer, if any; false when it
   * cannot be copied: then there is none.
   */
  boolean keep(
      long newRow, long newTick, Object samples, int at, SignalWriter writer, long serviceId) {
    long odd = begin();
    boolean kept = false;
    try {
      kept = sample.take(samples, at, writer, serviceId);
    } catch (RuntimeException | LinkageError e) { // a wrong block is somebody else's to report
      kept = false;
    } finally {
      if (!kept) {
        sample.clear();
      }
      end(odd, newRow, newTick);
    }
    return kept;
  }

  /**
   * Keeps a number whose array only a writer can make.
   *
   * @param real whether the bits are those of a {@code double}, else of a {@code long}
   */
  void keepNumber(long newRow, long newTick, boolean real, long bits) {
    long odd = begin();
    sample.takeNumber(real, bits);
    end(odd, newRow, newTick);
  }

  /**
   * The last sample, for one who has opened a way for blocks; {@code null} when there is none, or a
   * newer one is on its way.
   */
  Kept read() {
    long seen = changes;
    if ((seen & 1) != 0) {
      return null;
    }
    Kept kept = new Kept(row, tick, sample.snapshot());
    VarHandle.loadLoadFence();
    return changes == seen && !kept.sample().isEmpty() ? kept : null;
  }
}
