/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;

/** The limit for streams: one thread writes to a loopback connection, another one reads it. */
final class RawLoopback {
  private static final int READ_BYTES = 64 * 1024;

  private final Bench bench;

  RawLoopback(Bench bench) {
    this.bench = bench;
  }

  /** As many messages as arrive, when they are written in blocks of so many bytes. */
  Snapshot throughput(int messageBytes, int writeBytes) throws Exception {
    AtomicLong received = new AtomicLong();
    try (Connection connection =
        new Connection(count -> received.lazySet(received.get() + count))) {
      ByteBuffer bytes = ByteBuffer.allocateDirect(writeBytes);
      long measureFrom = System.nanoTime() + bench.warmUpNanos();
      while (System.nanoTime() < measureFrom) {
        connection.writer.write(bytes.clear());
      }
      Snapshot before = Snapshot.take(null, 0, received.get() / messageBytes);
      long end = System.nanoTime() + bench.measureNanos();
      while (System.nanoTime() < end) {
        connection.writer.write(bytes.clear());
      }
      return Snapshot.take(null, 0, received.get() / messageBytes).since(before);
    }
  }

  /** From the write until the last byte was read, a thousand times a second. */
  Percentiles latency(int messageBytes) throws Exception {
    StreamSpeed.SendTimes times = new StreamSpeed.SendTimes(messageBytes);
    try (Connection connection = new Connection(times::received)) {
      return times.measure(bench, connection.writer::write);
    }
  }

  /** A connection whose other end is read by a thread. */
  private static final class Connection implements AutoCloseable {
    private final SocketChannel writer;
    private final Thread reader;

    Connection(IntConsumer receiver) throws IOException {
      try (ServerSocketChannel listener = ServerSocketChannel.open()) {
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        writer = SocketChannel.open(listener.getLocalAddress());
        writer.setOption(StandardSocketOptions.TCP_NODELAY, true);
        SocketChannel accepted = listener.accept();
        reader = new Thread(() -> readAll(accepted, receiver), "bench-raw-reader");
        reader.start();
      }
    }

    private static void readAll(SocketChannel accepted, IntConsumer receiver) {
      ByteBuffer bytes = ByteBuffer.allocateDirect(READ_BYTES);
      try (accepted) {
        for (int count = accepted.read(bytes); count >= 0; count = accepted.read(bytes.clear())) {
          receiver.accept(count);
        }
      } catch (IOException e) {
        throw new IllegalStateException("raw reader", e);
      }
    }

    @Override
    public void close() throws IOException {
      writer.close();
      Pause.untilEnd(reader);
    }
  }
}
