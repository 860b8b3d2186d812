/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Clients that read a little now and then, on one thread, and look at nothing. */
final class SlowReaders {
  private static final long PERIOD_MS = 50;

  private record Reader(SocketChannel channel, int bytesPerPeriod) {}

  private final List<Reader> readers = new CopyOnWriteArrayList<>();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 16);
  private Thread thread;

  void add(SocketChannel channel, int bytesPerSecond) throws IOException {
    channel.configureBlocking(false);
    readers.add(new Reader(channel, (int) (bytesPerSecond * PERIOD_MS / 1000)));
    if (thread == null) {
      thread = new Thread(this::run, "slow readers");
      thread.setDaemon(true);
      thread.start();
    }
  }

  private void run() {
    while (true) {
      readers.removeIf(reader -> !read(reader));
      Pause.millis(PERIOD_MS);
    }
  }

  private boolean read(Reader reader) {
    try {
      return reader.channel.read(buffer.clear().limit(reader.bytesPerPeriod)) >= 0;
    } catch (IOException e) {
      return false;
    }
  }

  void closeAll() throws IOException {
    for (Reader reader : readers) {
      reader.channel.close();
    }
    readers.clear();
  }
}
