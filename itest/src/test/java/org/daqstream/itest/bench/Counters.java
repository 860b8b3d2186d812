/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest.bench;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * What the sinks have received, in a file that both processes have in memory: each connection has a
 * cache line of its own, written by the sinks' thread only.
 */
final class Counters {
  /** Most connections that are counted; those beyond share the last place. */
  static final int CONNECTIONS = 256;

  private static final int LINE_BYTES = 128;
  private static final int BYTES_AT = Long.BYTES;
  private static final int ERRORS_AT = 2 * Long.BYTES;
  private static final VarHandle LONGS =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private final ByteBuffer lines;

  Counters(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      lines = channel.map(FileChannel.MapMode.READ_WRITE, 0, CONNECTIONS * (long) LINE_BYTES);
    }
  }

  void clear() {
    for (int i = 0; i < CONNECTIONS; i++) {
      set(i, 0, 0, 0);
    }
  }

  void set(int connection, long packets, long bytes, long errors) {
    int line = Math.min(connection, CONNECTIONS - 1) * LINE_BYTES;
    LONGS.setRelease(lines, line + ERRORS_AT, errors);
    LONGS.setRelease(lines, line + BYTES_AT, bytes);
    LONGS.setRelease(lines, line, packets);
  }

  /** Data packets that the slowest of the first connections has got. */
  long fewestPackets(int connections) {
    long fewest = Long.MAX_VALUE;
    for (int i = 0; i < connections; i++) {
      fewest = Math.min(fewest, get(i, 0));
    }
    return fewest;
  }

  long packets(int connections) {
    return sum(connections, 0);
  }

  /** Bytes received, headers included. */
  long bytes(int connections) {
    return sum(connections, BYTES_AT);
  }

  /** Packets out of order and frames that are none. */
  long errors(int connections) {
    return sum(connections, ERRORS_AT);
  }

  private long sum(int connections, int at) {
    long sum = 0;
    for (int i = 0; i < connections; i++) {
      sum += get(i, at);
    }
    return sum;
  }

  private long get(int connection, int at) {
    return (long) LONGS.getAcquire(lines, connection * LINE_BYTES + at);
  }
}
