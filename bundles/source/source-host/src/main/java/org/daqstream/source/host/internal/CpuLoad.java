/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.host.internal;

import java.io.IOException;
import java.nio.file.Path;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;
import org.daqstream.signal.api.SignalTable;
import org.daqstream.signal.api.Unit;

/** Load of all cores together and of each, from {@code /proc/stat}. */
final class CpuLoad implements Measurement {
  private final KernelFile file;
  private final KernelDevices<Core> cores;

  CpuLoad(Path root, SignalTable table) throws IOException {
    file = new KernelFile(root.resolve("proc/stat"));
    cores = new KernelDevices<>(name -> new Core(table.open(descriptor(name.substring(3)))));
  }

  /** Describes the load of a core; of all of them if {@code core} is empty. */
  static SignalDescriptor descriptor(String core) {
    boolean all = core.isEmpty();
    return SignalDescriptor.value(
            all ? "host/cpu/load" : "host/cpu/" + core + "/load", DataTypes.REAL64)
        .name(all ? "CPU load" : "CPU " + core + " load")
        .description(
            all
                ? "Share of time in which the cores are busy, mean of all"
                : "Share of time in which core " + core + " is busy")
        .unit(Unit.PERCENT)
        .range(0, 100)
        .build();
  }

  @Override
  public void sample(long tick, long nowNanos) throws IOException {
    file.read();
    while (file.nextLine() && file.nextToken() && file.token().startsWith("cpu")) {
      cores.seen(file.token(), nowNanos).write(tick, nowNanos, file);
    }
    cores.closeGone(nowNanos);
  }

  @Override
  public void close() {
    cores.close();
  }

  /** One line of the file: name, then the time spent in each state since start. */
  private static final class Core implements KernelDevices.Device {
    private final SignalPort port;
    private final SlidingRate busy = new SlidingRate();
    private final SlidingRate total = new SlidingRate();

    Core(SignalPort port) {
      this.port = port;
    }

    void write(long tick, long nowNanos, KernelFile file) throws IOException {
      long userNiceSystem = file.nextLong() + file.nextLong() + file.nextLong();
      long idleIowait = file.nextLong() + file.nextLong();
      long irqSoftirqSteal = file.nextLong() + file.nextLong() + file.nextLong();
      long busyTicks = userNiceSystem + irqSoftirqSteal;
      double load =
          100 * busy.add(nowNanos, busyTicks) / total.add(nowNanos, busyTicks + idleIowait);
      if (!Double.isNaN(load)) {
        port.write(tick, Math.min(load, 100));
      }
    }

    @Override
    public void close() {
      port.close();
    }
  }
}
