/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.daqstream.client.RemoteSignal;
import org.daqstream.client.SampleBlock;
import org.daqstream.client.TickTime;
import org.daqstream.signal.api.SignalDescriptor;

/** Signals of a device that is not there. */
final class RemoteSignals {
  /** Tick of row 0. */
  static final long START = 1_795_419_179_900_000_000L;

  static final long DELTA = 1_000_000;

  private RemoteSignals() {}

  /** A signal in the table of this time. */
  static RemoteSignal of(SignalDescriptor.Builder builder, String timeId) {
    SignalDescriptor signal = builder.build();
    SignalDescriptor time = SignalDescriptor.linearTime(timeId, DELTA);
    return new RemoteSignal(signal, time, timeId, TickTime.of(time));
  }

  static ByteBuffer bytes(int count) {
    return ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Samples from a row on. */
  static SampleBlock block(RemoteSignal signal, long row, int count, ByteBuffer payload) {
    return SampleBlock.onLine(signal, row, count, payload.rewind(), START + row * DELTA, DELTA);
  }

  /** Numbers of a real64. */
  static SampleBlock block(RemoteSignal signal, long row, double... values) {
    ByteBuffer payload = bytes(values.length * Double.BYTES);
    for (double each : values) {
      payload.putDouble(each);
    }
    return block(signal, row, values.length, payload);
  }
}
