/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.host.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder that looks like the root of a Linux system, with texts as kernels give them. */
final class FakeHost {
  private final Path root;

  FakeHost(Path root) throws IOException {
    this.root = root;
    cpu(1000, 500);
    write(
        "proc/meminfo",
        """
        MemTotal:       24684084 kB
        MemFree:        23767176 kB
        MemAvailable:   24318888 kB
        Buffers:          225020 kB
        """);
    write("proc/loadavg", "1.02 0.62 12.26 1/91 7522\n");
    network("eth0", 61675384, 400639);
    disk(2291330, 469224);
    Files.createDirectories(root.resolve("sys/block/vda"));
    Files.createDirectories(root.resolve("sys/block/loop0"));
    Files.createDirectories(root.resolve("sys/block/zram0"));
    write("sys/class/net/eth0/speed", "1000\n");
    write("sys/class/thermal/thermal_zone0/type", "x86_pkg_temp\n");
    write("sys/class/thermal/thermal_zone0/temp", "48500\n");
    write("sys/class/hwmon/hwmon0/name", "coretemp\n");
    write("sys/class/hwmon/hwmon0/temp1_input", "-1250\n");
    write("sys/class/hwmon/hwmon0/temp1_label", "Package id 0\n");
    write("sys/class/hwmon/hwmon0/temp2_input", "47000\n");
  }

  Path root() {
    return root;
  }

  void write(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  /** Sets the times of two cores; core 1 is always idle. */
  void cpu(long busyTicks, long idleTicks) throws IOException {
    long total = busyTicks + idleTicks;
    write(
        "proc/stat",
        "cpu  "
            + line(busyTicks, idleTicks + total)
            + "\n"
            + "cpu0 "
            + line(busyTicks, idleTicks)
            + "\n"
            + "cpu1 "
            + line(0, total)
            + "\n"
            + "intr 236850 0 0 0 0\nctxt 534641\n");
  }

  private static String line(long busy, long idle) {
    // user nice system idle iowait irq softirq steal guest guest_nice; guest is part of user
    return (busy - busy / 2) + " 0 " + busy / 2 + " " + (idle - 3) + " 3 0 0 0 7 0";
  }

  void network(String device, long receivedBytes, long transmittedBytes) throws IOException {
    write(
        "proc/net/dev",
        "Inter-|   Receive                            |  Transmit\n"
            + " face |bytes    packets errs drop fifo frame compressed multicast|bytes  packets\n"
            + "    lo:    3193   29    0    0    0     0          0         0  3193  29 0 0 0 0 0 0\n"
            + String.format("%6s:", device)
            + receivedBytes
            + "    2871    0    0    0     0          0         0   "
            + transmittedBytes
            + " 2688 0 0 0 0 0 0\n");
  }

  void disk(long readSectors, long writtenSectors) throws IOException {
    write(
        "proc/diskstats",
        "   7       0 loop0 11 0 12 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n"
            + " 254       0 vda 53590 22252 "
            + readSectors
            + " 13415 3679 13483 "
            + writtenSectors
            + " 3689 0 5396 17363 3572 55 46336 256 4 0\n"
            + " 254       1 vda1 53590 22252 9 13415 3679 13483 9 3689 0 5396 17363 3572 55 9 9 4 0\n"
            + " 253       0 zram0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n");
  }
}
