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

/** Load averages over 1, 5 and 15 minutes, from {@code /proc/loadavg}. */
final class LoadAverage implements Measurement {
  private final KernelFile file;
  private final SignalPort[] ports;

  LoadAverage(Path root, SignalTable table) throws IOException {
    file = new KernelFile(root.resolve("proc/loadavg"));
    ports =
        new SignalPort[] {
          table.open(descriptor(1)), table.open(descriptor(5)), table.open(descriptor(15))
        };
  }

  static SignalDescriptor descriptor(int minutes) {
    return SignalDescriptor.value("host/load/" + minutes + "min", DataTypes.REAL64)
        .name("Load average, " + minutes + " min")
        .description("Mean number of tasks that run or wait to, over " + minutes + " min")
        .unit(Unit.ONE)
        .build();
  }

  @Override
  public void sample(long tick, long nowNanos) throws IOException {
    file.read();
    file.nextLine();
    for (SignalPort port : ports) {
      port.write(tick, file.nextDecimal());
    }
  }

  @Override
  public void close() {
    for (SignalPort port : ports) {
      port.close();
    }
  }
}
