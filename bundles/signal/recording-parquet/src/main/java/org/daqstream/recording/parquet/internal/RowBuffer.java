/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.parquet.internal;

import java.util.ArrayList;
import java.util.List;
import org.daqstream.recording.api.RecordingPart;
import org.daqstream.recording.api.RowBlock;
import org.daqstream.recording.support.DomainClock;

/** Rows that are in no row group yet, apart by columns. */
final class RowBuffer {
  private final DomainClock clock;
  private final Schema schema;
  private final Axis time; // null: the domain is no time
  private final Axis ticks;
  private final Axis numbers;
  private final List<SignalBuffer> signals;
  private final List<PendingColumn> chunks = new ArrayList<>();
  private int count;
  private long bytes;

  RowBuffer(RecordingPart part) {
    clock = DomainClock.of(part.domain());
    schema = new Schema(part, clock != null);
    List<Leaf> axes = schema.axes();
    DeltaEncoder encoder = new DeltaEncoder();
    time = clock == null ? null : new Axis(axes.get(0), encoder);
    ticks = new Axis(axes.get(axes.size() - 2), encoder);
    numbers = new Axis(axes.get(axes.size() - 1), encoder);
    signals = schema.signals().stream().map(each -> new SignalBuffer(each, encoder)).toList();
    if (time != null) {
      chunks.add(time);
    }
    chunks.add(ticks);
    chunks.add(numbers);
    signals.forEach(each -> chunks.addAll(each.leaves()));
  }

  Schema schema() {
    return schema;
  }

  /** All columns, in the order of the schema. */
  List<PendingColumn> chunks() {
    return chunks;
  }

  int count() {
    return count;
  }

  /** What the values take. */
  long bytes() {
    return bytes;
  }

  void add(RowBlock block) {
    int more = block.count();
    numbers.line(block.row(), 1, more);
    if (block.isOnLine()) {
      addLine(block.tick(0), block.deltaTicks(), more);
    } else {
      addStamps(block);
    }
    bytes += (long) more * Long.BYTES;
    for (int i = 0; i < signals.size(); i++) {
      bytes += signals.get(i).add(block, i);
    }
    count += more;
  }

  private void addLine(long tick, long delta, int more) {
    ticks.line(tick, delta, more);
    if (time == null) {
      return;
    }
    long tickNanos = clock.tickNanos();
    long[] stamps = new long[] {};
    try {
      long first = clock.nanos(tick);
      clock.nanos(Math.addExact(tick, Math.multiplyExact(delta, more - 1L)));
      if (tickNanos != 0) {
        time.line(first, Math.multiplyExact(delta, tickNanos), more);
        return;
      }
      stamps = new long[more];
      for (int i = 0; i < more; i++) {
        stamps[i] = clock.nanos(tick + delta * i);
      }
    } catch (ArithmeticException e) {
      time.absent(more); // beyond what a timestamp can tell; the ticks do
      return;
    }
    time.values(stamps);
  }

  private void addStamps(RowBlock block) {
    long[] values = new long[block.count()];
    for (int i = 0; i < values.length; i++) {
      values[i] = block.tick(i);
    }
    ticks.values(values);
    if (time == null) {
      return;
    }
    long[] stamps = new long[values.length];
    try {
      for (int i = 0; i < values.length; i++) {
        stamps[i] = clock.nanos(values[i]);
      }
    } catch (ArithmeticException e) {
      time.absent(values.length);
      return;
    }
    time.values(stamps);
  }

  void clear() {
    for (Axis each : new Axis[] {time, ticks, numbers}) {
      if (each != null) {
        each.clear();
      }
    }
    signals.forEach(SignalBuffer::clear);
    count = 0;
    bytes = 0;
  }
}
