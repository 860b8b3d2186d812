/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.derive;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.daqstream.server.internal.log.LogBlock;
import org.daqstream.server.internal.log.LogPublisher;
import org.daqstream.server.internal.log.LogSignal;
import org.daqstream.server.internal.log.LogTable;
import org.daqstream.server.internal.log.SignalVersion;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;

/**
 * A signal made of another one: it takes each block of its source and writes samples of its own,
 * each with its time, on an explicit domain of its own. While it lives its source goes into the
 * log. Belongs to the fan-out thread.
 */
abstract class DerivedSignal {
  /** Nothing is to be done by itself. */
  static final long NEVER = Long.MAX_VALUE;

  private final LogSignal source;
  private final LogTable table;
  private final LogSignal signal;
  private final long[] ticks = new long[1];
  private final SignalVersion sourceVersion;
  private SignalDescriptor domain; // of the source
  private long samples;
  private long deltaTicks;

  /**
   * Opens the signal in the log.
   *
   * @param sourceVersion its source as it is
   * @param descriptor of its value
   * @param domain of its source
   */
  DerivedSignal(
      LogPublisher publisher,
      LogSignal source,
      SignalVersion sourceVersion,
      SignalDescriptor descriptor,
      DerivedWriter writer,
      SignalDescriptor domain) {
    this.source = source;
    this.sourceVersion = sourceVersion;
    this.table = publisher.openUnlisted(stamps(descriptor, domain));
    this.signal = table.open(descriptor, writer);
    this.domain = domain;
    setDelta();
    source.subscribed();
  }

  private static SignalDescriptor stamps(SignalDescriptor descriptor, SignalDescriptor domain) {
    SignalDescriptor.Builder stamps =
        SignalDescriptor.value(descriptor.signalId() + "&domain", DataTypes.INT64)
            .name(domain.name())
            .unit(domain.unit())
            .origin(domain.origin());
    return domain.resolution() == null
        ? stamps.build()
        : stamps.resolution(domain.resolution()).build();
  }

  LogSignal source() {
    return source;
  }

  LogSignal signal() {
    return signal;
  }

  /** Distance of the source's samples, 0 with an explicit domain. */
  long deltaTicks() {
    return deltaTicks;
  }

  private void setDelta() {
    deltaTicks = domain.rule() instanceof Rule.Linear linear ? linear.deltaTicks() : 0;
  }

  /**
   * The source's domain is such from here on; false when its ticks do not mean the same as before:
   * the signal must end.
   */
  final boolean follow(SignalDescriptor changed) {
    interrupted();
    boolean same =
        changed.unit().equals(domain.unit())
            && changed.origin().equals(domain.origin())
            && Objects.equals(changed.resolution(), domain.resolution());
    domain = changed;
    setDelta();
    return same;
  }

  /** Whether the source is published as it was when the last event was taken. */
  final boolean isSourceAsKnown(LogPublisher publisher) {
    return publisher.offered().get(source.signo) == source
        && source.version() == sourceVersion
        && source.table.domain.version().descriptor.equals(domain);
  }

  /** Takes the next block of the source. */
  abstract void take(LogBlock block, long nowNanos);

  /** When there is something to do though no block came, on the clock of {@link #take}. */
  abstract long dueNanos();

  /** Does that. */
  abstract void run(long nowNanos);

  /** Samples of the source were lost on the way here. */
  abstract void interrupted();

  /** No block comes any more: writes what waits for the next one or for its time. */
  abstract void finish();

  /** Appends a sample to the log. */
  final void write(long tick, ByteBuffer sample) {
    ticks[0] = tick;
    signal.accept(samples++, 0, ticks, sample, 0, 1);
  }

  /** Ends the signal; who still has it is told. */
  final void close() {
    finish();
    source.unsubscribed();
    signal.close();
    table.close();
  }
}
