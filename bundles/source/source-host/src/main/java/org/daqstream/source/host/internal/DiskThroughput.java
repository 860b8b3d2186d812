/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.host.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;
import org.daqstream.signal.api.SignalTable;
import org.daqstream.signal.api.Unit;

/**
 * Bytes per second of every whole disk, from {@code /proc/diskstats}; disks come and go. Partitions
 * and devices that live in memory or in a file are left out.
 */
final class DiskThroughput implements Measurement {
  /** The unit of the kernel's statistics, whatever the sector size of the disk. */
  private static final long BYTES_PER_SECTOR = 512;

  private final Path root;
  private final SignalTable table;
  private final KernelFile file;
  private final KernelDevices<Throughput> devices = new KernelDevices<>(this::open);

  DiskThroughput(Path root, SignalTable table) throws IOException {
    this.root = root;
    this.table = table;
    file = new KernelFile(root.resolve("proc/diskstats"));
  }

  private Throughput open(String device) {
    boolean whole = Files.isDirectory(root.resolve("sys/block").resolve(device.replace('/', '!')));
    if (!whole || device.matches("(loop|z?ram)\\d+")) {
      return null;
    }
    return new Throughput(open(device, "read"), open(device, "write"));
  }

  private SignalPort open(String device, String direction) {
    return table.open(
        SignalDescriptor.value("host/disk/" + device + "/" + direction, DataTypes.REAL64)
            .name(device + " " + direction)
            .description("Bytes per second of " + direction + " requests done by disk " + device)
            .unit(Unit.BYTE_PER_SECOND)
            .build());
  }

  @Override
  public void sample(long tick, long nowNanos) throws IOException {
    file.read();
    while (file.nextLine()) {
      file.skipTokens(3); // major, minor, name
      Throughput device = devices.seen(file.token(), nowNanos);
      if (device != null) {
        file.skipTokens(2); // reads, reads merged
        long readSectors = file.nextLong();
        file.skipTokens(3); // ms reading, writes, writes merged
        long writtenSectors = file.nextLong();
        device.write(
            tick, nowNanos, readSectors * BYTES_PER_SECTOR, writtenSectors * BYTES_PER_SECTOR);
      }
    }
    devices.closeGone(nowNanos);
  }

  @Override
  public void close() {
    devices.close();
  }
}
