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
 */
final class Route {
  private static final SignalTap[] NO_TAPS = {};

  /** The sinks' ends; not to be changed. */
  final SignalTap[] taps;

  /** Checks the publisher's blocks, belongs to the publisher's thread; {@code null} for none. */
  final SignalWriter writer;

  /** For writing single numbers; {@code null} when the type has none. */
  final SingleSample single;

  /** Makes the blocks of a linear rule; {@code null} for other rules. */
  final LineSamples line;

  /** Why there is no writer, else empty. */
  final String reason;

  private Route(
      SignalTap[] taps, SignalWriter writer, SingleSample single, LineSamples line, String reason) {
    this.taps = taps;
    this.writer = writer;
    this.single = single;
    this.line = line;
    this.reason = reason;
  }

  /** The route of a signal that has no writer. */
  static Route unavailable(String reason) {
    return new Route(NO_TAPS, null, null, null, reason);
  }

  /** The route of a signal that has a writer, for sinks to be added. */
  static Route of(SignalDescriptor descriptor, SignalWriter writer) {
    final Object sample = writer.newSample();
    return new Route(
        NO_TAPS,
        writer,
        sample == null
            ? null
            : new SingleSample(sample, descriptor.dataType().equals(DataTypes.UINT64)),
        LineSamples.of(descriptor),
        "");
  }

  /** The same signal with other taps. */
  Route with(SignalTap[] otherTaps) {
    return new Route(otherTaps, writer, single, line, reason);
  }

  /** The outcome when there is no tap. */
  WriteResult nobody() {
    return writer == null ? WriteResult.NO_WRITER : WriteResult.NO_SUBSCRIBER;
  }
}
