/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.host.internal;

import java.io.IOException;
import java.nio.file.Path;
import org.daqstream.signal.api.SignalTable;

/** Memory used and available, from {@code /proc/meminfo}. */
final class Memory implements Measurement {
  private static final double BYTES_PER_KB = 1024;

  private final KernelFile file;
  private final MemoryPorts ports;
  private double totalBytes;
  private double availableBytes;

  Memory(Path root, SignalTable table) throws IOException {
    file = new KernelFile(root.resolve("proc/meminfo"));
    read();
    ports = new MemoryPorts(table, totalBytes);
  }

  private void read() throws IOException {
    totalBytes = -1;
    availableBytes = -1;
    file.read();
    while ((totalBytes < 0 || availableBytes < 0) && file.nextLine() && file.nextToken()) {
      if (file.token().equals("MemTotal")) {
        totalBytes = file.nextLong() * BYTES_PER_KB;
      } else if (file.token().equals("MemAvailable")) {
        availableBytes = file.nextLong() * BYTES_PER_KB;
      }
    }
    if (totalBytes <= 0 || availableBytes < 0) {
      throw new IOException("proc/meminfo: MemTotal or MemAvailable is missing");
    }
  }

  @Override
  public void sample(long tick, long nowNanos) throws IOException {
    read();
    ports.write(tick, totalBytes, availableBytes);
  }

  @Override
  public void close() {
    ports.close();
  }
}
