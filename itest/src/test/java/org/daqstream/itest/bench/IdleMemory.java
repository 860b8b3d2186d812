/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest.bench;

import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalTable;

/** What a client costs the server's process that receives nothing. */
final class IdleMemory {
  private static final int CLIENTS = 1_000;
  private static final int WARM_UP_CLIENTS = 200;
  private static final int SIGNALS = 10;
  private static final long SETTLE_MS = 300;

  private final Bench bench;

  /**
   * Bytes of the process, or their difference for each client.
   *
   * @param heap used after a collection
   * @param direct memory of direct buffers
   * @param resident memory of the process, or -1 where the system does not tell
   */
  record Bytes(long heap, long direct, long resident) {
    Bytes eachSince(Bytes before, int clients) {
      return new Bytes(
          (heap - before.heap) / clients,
          (direct - before.direct) / clients,
          resident < 0 ? -1 : (resident - before.resident) / clients);
    }
  }

  IdleMemory(Bench bench) {
    this.bench = bench;
  }

  /** Clients without subscriptions. */
  Bytes unsubscribed() throws Exception {
    return perClient("");
  }

  /** Clients with ten subscriptions. */
  Bytes subscribed() throws Exception {
    try (SignalTable table =
        bench.runtime().registry().openTable(SignalDescriptor.linearTime("bench.idle", 1))) {
      StringBuilder ids = new StringBuilder();
      for (int i = 0; i < SIGNALS; i++) {
        table.open(SignalDescriptor.value("bench.idle" + i, DataTypes.REAL64).build());
        ids.append(i == 0 ? "" : ",").append("bench.idle").append(i);
      }
      return perClient(ids.toString());
    }
  }

  private Bytes perClient(String signalIds) throws Exception {
    connect(WARM_UP_CLIENTS, signalIds);
    bench.sinks().closeAll();
    Bytes before = settle();
    connect(CLIENTS, signalIds);
    Bytes after = settle();
    bench.sinks().closeAll();
    return after.eachSince(before, CLIENTS);
  }

  private void connect(int clients, String signalIds) throws IOException {
    bench.sinks().stream(bench.runtime().endpoint(), Collections.nCopies(clients, signalIds));
  }

  static Bytes settle() throws IOException {
    for (int i = 0; i < 3; i++) {
      Pause.millis(SETTLE_MS);
      System.gc();
    }
    long direct = 0;
    for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
      direct += pool.getName().equals("direct") ? pool.getMemoryUsed() : 0;
    }
    return new Bytes(
        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(), direct, resident());
  }

  private static long resident() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return -1;
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
        .findFirst()
        .orElse(-1);
  }
}
