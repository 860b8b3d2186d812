/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.host.internal;

import org.daqstream.signal.api.SignalPort;

/** Byte rates in both directions of one device. */
final class Throughput implements KernelDevices.Device {
  private final SignalPort inPort;
  private final SignalPort outPort;
  private final SlidingRate inRate = new SlidingRate();
  private final SlidingRate outRate = new SlidingRate();

  Throughput(SignalPort inPort, SignalPort outPort) {
    this.inPort = inPort;
    this.outPort = outPort;
  }

  void write(long tick, long nowNanos, long inBytes, long outBytes) {
    write(inPort, tick, inRate.add(nowNanos, inBytes));
    write(outPort, tick, outRate.add(nowNanos, outBytes));
  }

  private static void write(SignalPort port, long tick, double bytesPerSecond) {
    if (!Double.isNaN(bytesPerSecond)) {
      port.write(tick, bytesPerSecond);
    }
  }

  @Override
  public void close() {
    inPort.close();
    outPort.close();
  }
}
