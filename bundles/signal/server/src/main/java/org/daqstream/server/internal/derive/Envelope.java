/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.derive;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.daqstream.protocol.SignalDocument;
import org.daqstream.server.internal.log.LogBlock;
import org.daqstream.server.internal.log.LogPublisher;
import org.daqstream.server.internal.log.LogSignal;
import org.daqstream.server.internal.log.SignalVersion;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.ElementType;
import org.daqstream.signal.api.Resolution;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.StructMember;

/**
 * The envelope of a signal of single numbers: for each stretch of its domain one point that says
 * what lies in it. Stretches begin at multiples of their length, so that all who look see the same.
 * No point goes over a hole in the rows. A sample of it, packed, with the domain value of the first
 * sample as its stamp:
 *
 * <pre>
 * | row: int64 | count: int64 | lastTick: int64 | first | min | max | last |
 * </pre>
 *
 * <p>Numbers that are none (NaN) count but are no extremes unless there is nothing else.
 */
final class Envelope extends DerivedSignal {
  /** A point that is not full is told when nothing came for so long. */
  static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final int EXTREMES = 4;
  private static final int HEAD_BYTES = 3 * Long.BYTES;

  private final OrderedNumbers numbers;
  private final long lengthTicks;
  private final ByteBuffer sample;
  private long endTick;
  private long nextRow;
  private long firstRow;
  private long firstTick;
  private long lastTick;
  private long count; // of samples in the point that is not told yet
  private long first;
  private long last;
  private long min;
  private long max;
  private long minKey;
  private long maxKey;
  private boolean hasNumber;
  private long dueNanos = NEVER;

  Envelope(
      LogPublisher publisher,
      LogSignal source,
      String id,
      SignalVersion version,
      SignalDescriptor domain,
      int perSecond) {
    super(
        publisher,
        source,
        version,
        describe(id, version),
        new DerivedWriter(
            HEAD_BYTES + EXTREMES * source.sampleBytes(), Map.of("dataType", DataTypes.STRUCT)),
        domain);
    numbers = new OrderedNumbers(ElementType.of(dataType(version)));
    lengthTicks = lengthTicks(SignalDocument.resolution(domain), perSecond);
    sample =
        ByteBuffer.allocate(HEAD_BYTES + EXTREMES * source.sampleBytes())
            .order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Whether a signal has an envelope: its samples are single numbers that have an order. */
  static boolean suits(LogSignal source, SignalVersion version, SignalDescriptor domain) {
    ElementType type = ElementType.of(dataType(version));
    return type != null
        && type.slots() == 1
        && type.bytes() == source.sampleBytes() // which is 0 for a constant
        && version.descriptor.bitFieldType().isEmpty()
        && SignalDocument.resolution(domain) != null;
  }

  private static String dataType(SignalVersion version) {
    return String.valueOf(version.definition.get("dataType"));
  }

  private static long lengthTicks(Resolution resolution, int perSecond) {
    if (resolution.num() > Long.MAX_VALUE / perSecond) {
      return 1; // longer than any stretch
    }
    long ofAll = resolution.num() * perSecond;
    return Math.max(1, resolution.denom() / ofAll + (resolution.denom() % ofAll == 0 ? 0 : 1));
  }

  private static SignalDescriptor describe(String id, SignalVersion version) {
    String type = dataType(version);
    return SignalDescriptor.value(id, DataTypes.STRUCT)
        .name(version.descriptor.name())
        .description("Envelope of " + version.descriptor.signalId())
        .unit(version.descriptor.unit())
        .members(
            List.of(
                new StructMember("row", DataTypes.INT64),
                new StructMember("count", DataTypes.INT64),
                new StructMember("lastTick", DataTypes.INT64),
                new StructMember("first", type),
                new StructMember("min", type),
                new StructMember("max", type),
                new StructMember("last", type)))
        .build();
  }

  @Override
  void take(LogBlock block, long nowNanos) {
    if (block.isLinear() && block.row() != nextRow) {
      interrupted();
    }
    for (int from = 0; from < block.count(); ) {
      long tick = block.tickOf(from);
      if (tick >= endTick || (count > 0 && tick < lastTick)) {
        interrupted();
      }
      if (count == 0) {
        begin(block.row() + from, tick);
      }
      int to = endOfStretch(block, from, tick);
      add(block, from, to);
      from = to;
    }
    nextRow = block.row() + block.count();
    dueNanos = nowNanos + IDLE_NANOS;
  }

  private void begin(long row, long tick) {
    firstRow = row;
    firstTick = tick;
    long restTicks = lengthTicks - Math.floorMod(tick, lengthTicks);
    endTick = tick > Long.MAX_VALUE - restTicks ? Long.MAX_VALUE : tick + restTicks;
    hasNumber = false;
  }

  /** The first sample of a block behind a given one that lies in another stretch. */
  private int endOfStretch(LogBlock block, int from, long tick) {
    if (block.isLinear()) {
      long samples = (endTick - tick - 1) / block.deltaTicks() + 1;
      return (int) Math.min(block.count(), from + samples);
    }
    int to = from + 1;
    long before = tick;
    while (to < block.count()) {
      long next = block.tickOf(to);
      if (next < before || next >= endTick) {
        return to;
      }
      before = next;
      to++;
    }
    return to;
  }

  private void add(LogBlock block, int from, int to) {
    ByteBuffer bytes = block.bytes();
    int at = block.at(from);
    if (count == 0) {
      first = numbers.bits(bytes, at);
      min = first;
      max = first;
    }
    for (int i = from; i < to; i++) {
      long bits = numbers.bits(bytes, at);
      if (!numbers.isNone(bits)) {
        extend(bits, numbers.key(bits));
      }
      at += numbers.bytes();
    }
    last = numbers.bits(bytes, block.at(to - 1));
    lastTick = block.tickOf(to - 1);
    count += to - from;
  }

  private void extend(long bits, long key) {
    if (!hasNumber) {
      hasNumber = true;
      min = bits;
      minKey = key;
      max = bits;
      maxKey = key;
    } else if (key < minKey) {
      min = bits;
      minKey = key;
    } else if (key > maxKey) {
      max = bits;
      maxKey = key;
    }
  }

  /** Tells the point as it is. */
  @Override
  void interrupted() {
    if (count == 0) {
      return;
    }
    sample.clear().putLong(firstRow).putLong(count).putLong(lastTick);
    numbers.put(sample, first);
    numbers.put(sample, min);
    numbers.put(sample, max);
    numbers.put(sample, last);
    count = 0;
    dueNanos = NEVER;
    write(firstTick, sample.flip());
  }

  @Override
  void finish() {
    interrupted();
  }

  @Override
  long dueNanos() {
    return dueNanos;
  }

  @Override
  void run(long nowNanos) {
    interrupted();
  }
}
