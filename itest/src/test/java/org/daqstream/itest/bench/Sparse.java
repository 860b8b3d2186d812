/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalTable;

/** Many signals in small blocks, of which each client wants few. */
final class Sparse {
  private static final int TABLES = 10;
  private static final int SIGNALS_EACH = 100;
  private static final int CLIENTS = 64;
  private static final int WANTED_EACH = 10;
  private static final int ENTRY_BYTES = 64;
  private static final int WINDOW_BYTES = 8 << 20;
  private static final int WINDOW_PERIODS = WINDOW_BYTES / ENTRY_BYTES / (TABLES * SIGNALS_EACH);

  private final Bench bench;
  private int runs;

  /**
   * What is published and wanted.
   *
   * @param blocksPerSecond of each signal
   * @param samples in each block
   * @param adjacent whether a client's signals lie in one table one after another, or one in each
   *     table
   */
  record Load(int blocksPerSecond, int samples, boolean adjacent) {}

  /**
   * One measurement.
   *
   * @param blocksPerSecond published, of all signals
   * @param packetsPerSecond delivered to all clients
   * @param serverNanos CPU of the server for each packet delivered, publishing not counted
   * @param serverCpuPercent the same as part of one core
   * @param publisherNanos CPU of the publishing thread for each block
   * @param lagMillis how far the slowest client was behind at the end
   */
  record Result(
      double blocksPerSecond,
      double packetsPerSecond,
      double serverNanos,
      double serverCpuPercent,
      double publisherNanos,
      double lagMillis) {}

  Sparse(Bench bench) {
    this.bench = bench;
  }

  Result measure(Load load) throws Exception {
    String prefix = "bench.sparse" + runs++ + ".";
    List<SignalTable> tables = new ArrayList<>();
    for (int t = 0; t < TABLES; t++) {
      tables.add(openTable(prefix + t));
    }
    List<String> wanted = new ArrayList<>();
    for (int client = 0; client < CLIENTS; client++) {
      wanted.add(wanted(prefix, client, load.adjacent()));
    }
    bench.sinks().stream(bench.runtime().endpoint(), wanted);
    Result result;
    try (Writer writer = new Writer(tables, load)) {
      result = measure(writer, load);
    }
    bench.countErrors(bench.sinks().counters().errors(CLIENTS));
    bench.sinks().closeAll();
    tables.forEach(SignalTable::close);
    return result;
  }

  private SignalTable openTable(String id) {
    SignalTable table = bench.runtime().registry().openTable(SignalDescriptor.linearTime(id, 1));
    for (int s = 0; s < SIGNALS_EACH; s++) {
      table.open(SignalDescriptor.value(id + "." + s, DataTypes.INT64).build());
    }
    return table;
  }

  private static String wanted(String prefix, int client, boolean adjacent) {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < WANTED_EACH; i++) {
      ids.add(
          adjacent
              ? prefix + client % TABLES + "." + (client / TABLES * WANTED_EACH + i)
              : prefix + i + "." + client);
    }
    return String.join(",", ids);
  }

  private Result measure(Writer writer, Load load) {
    Counters counters = bench.sinks().counters();
    writer.thread.start();
    bench.warmUp();
    Snapshot before = Snapshot.take(writer.thread, writer.blocks, counters.packets(CLIENTS));
    bench.measure();
    Snapshot after = Snapshot.take(writer.thread, writer.blocks, counters.packets(CLIENTS));
    long lagBlocks =
        after.published() / (TABLES * SIGNALS_EACH) - counters.fewestPackets(CLIENTS) / WANTED_EACH;
    Snapshot delta = after.since(before);
    return new Result(
        delta.publishedPerSecond(),
        delta.receivedPerSecond(),
        delta.serverNanosPerReceived(),
        100.0 * (delta.processCpuNanos() - delta.publisherCpuNanos()) / delta.nanos(),
        delta.publisherNanosPerPublished(),
        lagBlocks * 1e3 / load.blocksPerSecond());
  }

  /** Writes a block of every signal in each period, or later when a client is far behind. */
  private final class Writer implements AutoCloseable {
    private final List<SignalTable> tables;
    private final Load load;
    private final long[] block;
    private final Object[] tableBlocks = new Object[SIGNALS_EACH];
    private final Thread thread = new Thread(this::run, "publisher");
    private volatile long blocks;
    private volatile boolean stopped;

    Writer(List<SignalTable> tables, Load load) {
      this.tables = tables;
      this.load = load;
      block = new long[load.samples()];
      Arrays.fill(tableBlocks, block);
    }

    private void run() {
      long periodNanos = 1_000_000_000L / load.blocksPerSecond();
      long next = System.nanoTime();
      for (long number = 0; !stopped; number++) {
        while (number - bench.sinks().counters().fewestPackets(CLIENTS) / WANTED_EACH
                >= WINDOW_PERIODS
            && !stopped) {
          LockSupport.parkNanos(periodNanos);
          next = System.nanoTime();
        }
        block[0] = number;
        for (SignalTable table : tables) {
          table.write(number * block.length, tableBlocks, 0, block.length);
        }
        blocks = (number + 1) * TABLES * SIGNALS_EACH;
        next += periodNanos;
        Pause.untilNanos(next);
      }
    }

    @Override
    public void close() {
      stopped = true;
      Pause.untilEnd(thread);
    }
  }
}
