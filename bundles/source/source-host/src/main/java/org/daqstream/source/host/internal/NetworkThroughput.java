/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.host.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.daqstream.base.support.ForeignText;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;
import org.daqstream.signal.api.SignalTable;
import org.daqstream.signal.api.Unit;

/** Bytes per second of every network device, from {@code /proc/net/dev}; devices come and go. */
final class NetworkThroughput implements Measurement {
  private static final int HEADER_LINES = 2;
  private static final double BYTES_PER_MBIT = 1e6 / 8;

  private final Path root;
  private final SignalTable table;
  private final KernelFile file;
  private final KernelDevices<Throughput> devices;

  NetworkThroughput(Path root, SignalTable table) throws IOException {
    this.root = root;
    this.table = table;
    file = new KernelFile(root.resolve("proc/net/dev"));
    devices =
        new KernelDevices<>(
            name -> new Throughput(open(name, "received"), open(name, "transmitted")));
  }

  private SignalPort open(String device, String direction) {
    SignalDescriptor.Builder descriptor =
        SignalDescriptor.value(
                "host/network/" + ForeignText.plain(device) + "/" + direction, DataTypes.REAL64)
            .name(device + " " + direction)
            .description("Bytes per second " + direction + " by network device " + device)
            .unit(Unit.BYTE_PER_SECOND);
    double limit = linkBytesPerSecond(device);
    return table.open(limit > 0 ? descriptor.range(0, limit).build() : descriptor.build());
  }

  /** Speed of the link; 0 for devices without one, which answer with an error or -1. */
  private double linkBytesPerSecond(String device) {
    try {
      String mbit = Files.readString(root.resolve("sys/class/net/" + device + "/speed"));
      return Long.parseLong(mbit.strip()) * BYTES_PER_MBIT;
    } catch (IOException | NumberFormatException e) {
      return 0;
    }
  }

  @Override
  public void sample(long tick, long nowNanos) throws IOException {
    file.read();
    for (int i = 0; i < HEADER_LINES; i++) {
      file.nextLine();
    }
    while (file.nextLine() && file.nextToken()) {
      Throughput device = devices.seen(file.token(), nowNanos);
      long receivedBytes = file.nextLong();
      file.skipTokens(7); // packets, errors and so on of the receiver
      device.write(tick, nowNanos, receivedBytes, file.nextLong());
    }
    devices.closeGone(nowNanos);
  }

  @Override
  public void close() {
    devices.close();
  }
}
