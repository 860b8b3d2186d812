/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.host.internal;

import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;
import org.daqstream.signal.api.SignalTable;
import org.daqstream.signal.api.Unit;

/** The signals of the memory, wherever the numbers come from. */
final class MemoryPorts {
  private final SignalPort used;
  private final SignalPort available;
  private final SignalPort usedPercent;
  private final SignalPort availablePercent;

  MemoryPorts(SignalTable table, double totalBytes) {
    used = open(table, "used", "Memory used", Unit.BYTE, totalBytes);
    available = open(table, "available", "Memory available", Unit.BYTE, totalBytes);
    usedPercent = open(table, "usedPercent", "Memory used, share", Unit.PERCENT, 100);
    availablePercent =
        open(table, "availablePercent", "Memory available, share", Unit.PERCENT, 100);
  }

  private static SignalPort open(
      SignalTable table, String fact, String name, Unit unit, double high) {
    return table.open(
        SignalDescriptor.value("host/memory/" + fact, DataTypes.REAL64)
            .name(name)
            .description(
                "Main memory; available is what programs can still get without swapping, used is"
                    + " the rest")
            .unit(unit)
            .range(0, high)
            .build());
  }

  void write(long tick, double totalBytes, double availableBytes) {
    double usedBytes = totalBytes - availableBytes;
    used.write(tick, usedBytes);
    available.write(tick, availableBytes);
    usedPercent.write(tick, 100 * usedBytes / totalBytes);
    availablePercent.write(tick, 100 * availableBytes / totalBytes);
  }

  void close() {
    used.close();
    available.close();
    usedPercent.close();
    availablePercent.close();
  }
}
