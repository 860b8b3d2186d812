/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.registry.internal;

import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.WriteResult;
import org.daqstream.signal.api.sink.SignalTap;
import org.daqstream.signal.api.writer.SignalWriter;

/**
 * Where the blocks of a signal go now. Replaced whole on every change, so writing needs no lock.
 *
 * @param taps the sinks' ends; not to be changed
 * @param writer checks the publisher's blocks, belongs to the publisher's thread; {@code null} for
 *     none
 * @param sizes of the publisher's blocks; {@code null} without a writer, or when all its samples
 *     have one size
 * @param serviceId of the writer's factory, 0 without a writer
 * @param origin whose the writer is, for the operator; empty without a writer
 * @param single for writing single numbers; {@code null} when the type has none
 * @param line makes the blocks of a linear rule; {@code null} for other rules
 * @param reason why there is no writer, or why a sink refuses the signal; empty when all is well
 */
@SuppressWarnings("ArrayRecordComponent") // a route is never compared
record Route(
    SignalTap[] taps,
    SignalWriter writer,
    BlockSizes sizes,
    long serviceId,
    String origin,
    SingleSample single,
    LineSamples line,
    String reason) {
  private static final SignalTap[] NO_TAPS = {};

  /** The route of a signal that has no writer. */
  static Route unavailable(SignalDescriptor descriptor, String reason) {
    return new Route(NO_TAPS, null, null, 0, "", null, LineSamples.of(descriptor), reason);
  }

  /** The route of a signal that has a writer, for sinks to be added. */
  static Route of(SignalDescriptor descriptor, WriterFactories.Choice choice) {
    BlockSizes sizes = BlockSizes.of(choice.writer());
    Object sample = choice.writer().newSample();
    return new Route(
        NO_TAPS,
        sizes == null ? choice.writer() : sizes.answeringFor(choice.writer()),
        sizes,
        choice.installed().serviceId(),
        choice.installed().name(),
        sample == null ? null : new SingleSample(sample, isUnsigned64(descriptor)),
        LineSamples.of(descriptor),
        "");
  }

  /** Whether a {@code long} of the type holds the bits of an unsigned number. */
  static boolean isUnsigned64(SignalDescriptor descriptor) {
    return descriptor.dataType().equals(DataTypes.UINT64);
  }

  /** The same signal with other taps, and why sinks refuse it. */
  Route with(SignalTap[] otherTaps, String refusals) {
    return new Route(otherTaps, writer, sizes, serviceId, origin, single, line, refusals);
  }

  /** A writer of the same factory and description, which does not ask for what is known here. */
  SignalWriter sized(SignalWriter other) {
    return sizes == null ? other : sizes.answeringFor(other);
  }

  /** Asks the writer, if there is one, about a block; throws what it does. */
  void check(Object samples, int offset, int count) {
    if (sizes != null) {
      sizes.ask(writer, samples, offset, count);
    } else if (writer != null) {
      writer.encodedBytes(samples, offset, count);
    }
  }

  /** Stores a number for writing it; false when the type has no single numbers. */
  boolean holds(boolean real, long bits) {
    return single != null && single.set(real, bits);
  }

  /** The outcome when there is no tap. */
  WriteResult nobody() {
    return writer == null ? WriteResult.NO_WRITER : WriteResult.NO_SUBSCRIBER;
  }
}
