/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.derive;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import org.daqstream.server.internal.log.LogBlock;
import org.daqstream.server.internal.log.LogPosition;
import org.daqstream.server.internal.log.LogPublisher;
import org.daqstream.server.internal.log.LogSignal;
import org.daqstream.server.internal.log.SampleMemory;
import org.daqstream.server.internal.log.SignalVersion;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;

/** The newest sample of a signal, at most so many times a second; for displays. */
final class LatestSamples extends DerivedSignal {
  private final long intervalNanos;
  private ByteBuffer newest = buffer(Long.BYTES);
  private long tick;
  private boolean fresh;
  private long dueNanos = NEVER;
  private long nextNanos;

  /**
   * Begins.
   *
   * @param place in the log, from which on it is given blocks
   */
  LatestSamples(
      LogPublisher publisher,
      LogSignal source,
      String id,
      SignalVersion version,
      SignalDescriptor domain,
      int perSecond,
      LogPosition place,
      long nowNanos) {
    super(
        publisher,
        source,
        version,
        describe(id, version.descriptor),
        new DerivedWriter(source.sampleBytes(), version.definition),
        domain);
    intervalNanos = TimeUnit.SECONDS.toNanos(1) / perSecond;
    nextNanos = nowNanos;
    SampleMemory.Sample last = source.lastBefore(place); // now that later ones go into the log
    if (last != null) {
      room(last.payload().length).put(last.payload()).flip();
      keep(last.tick(), nowNanos);
    }
  }

  /** As the source, but each sample holds until the next; who comes later gets the last one. */
  private static SignalDescriptor describe(String id, SignalDescriptor source) {
    SignalDescriptor.Builder copy =
        SignalDescriptor.value(id, source.dataType())
            .name(source.name())
            .description(source.description())
            .rule(Rule.EXPLICIT)
            .unit(source.unit())
            .dimensions(source.dimensions())
            .members(source.members())
            .metadata(source.metadata())
            .replayLast(true);
    if (source.range() != null) {
      copy.range(source.range().low(), source.range().high());
    }
    return source.bitFieldType().isEmpty()
        ? copy.build()
        : copy.bits(source.bitFieldType(), source.bits()).build();
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private ByteBuffer room(int bytes) {
    if (newest.capacity() < bytes) {
      newest = buffer(bytes);
    }
    return newest.clear();
  }

  @Override
  void take(LogBlock block, long nowNanos) {
    int last = block.count() - 1;
    int bytes = block.sampleBytes();
    room(bytes).put(0, block.bytes(), block.at(last), bytes).limit(bytes);
    keep(block.tickOf(last), nowNanos);
  }

  private void keep(long sampleTick, long nowNanos) {
    tick = sampleTick;
    if (!fresh) {
      fresh = true;
      dueNanos = Math.max(nowNanos, nextNanos);
    }
  }

  @Override
  long dueNanos() {
    return dueNanos;
  }

  @Override
  void run(long nowNanos) {
    fresh = false;
    dueNanos = NEVER;
    nextNanos = nowNanos + intervalNanos;
    write(tick, newest);
  }

  @Override
  void interrupted() {
    // The newest sample is still to come.
  }

  @Override
  void finish() {
    if (fresh) {
      write(tick, newest);
    }
  }
}
