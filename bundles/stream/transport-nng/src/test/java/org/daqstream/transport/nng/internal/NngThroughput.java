/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.nng.internal;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.api.spi.InputSink;
import org.daqstream.stream.api.spi.TransportInput;
import org.daqstream.stream.api.spi.TransportOutput;
import org.daqstream.testing.Await;
import org.daqstream.testing.RecordingSink;

/**
 * How fast messages go from our pusher to our puller, next to raw bytes over a loopback connection
 * in writes of 64 KiB. Prints, asserts nothing. Arguments: seconds per figure (2), rounds (3).
 */
public final class NngThroughput {

  private static final int[] MESSAGE_BYTES = {64, 1024, 64 * 1024};
  private static final long QUEUE_BYTES = 1024 * 1024; // a longer one would not stay in the cache
  private static final int FULL_NANOS = 20_000; // about the time for a few writes
  private static final int RAW_BYTES = 64 * 1024;

  private NngThroughput() {}

  public static void main(String[] args) throws Exception {
    double seconds = args.length > 0 ? Double.parseDouble(args[0]) : 2;
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 3;
    for (int round = 1; round <= rounds; round++) {
      System.out.printf("round %d%n", round);
      System.out.printf("  raw tcp %6.0f MB/s%n", rawBytesPerSecond(seconds) / 1e6);
      for (int size : MESSAGE_BYTES) {
        print("tcp", size, messagesPerSecond("tcp://127.0.0.1:0", size, seconds));
      }
      Path directory = Files.createTempDirectory("nng");
      for (int size : MESSAGE_BYTES) {
        print("ipc", size, messagesPerSecond("ipc://" + directory.resolve("s"), size, seconds));
      }
      Files.delete(directory);
    }
  }

  private static void print(String what, int size, double perSecond) {
    System.out.printf(
        "  nng %s %6d B: %9.0f messages/s %6.0f MB/s%n",
        what, size, perSecond, perSecond * size / 1e6);
  }

  private static double messagesPerSecond(String url, int size, double seconds) throws Exception {
    NngTransport transport = new NngTransport();
    CountingSink sink = new CountingSink();
    TransportInput input = transport.openInput("b", Nng.in(Nng.listen(url)), sink);
    String target = url.replace(":0", ":" + input.boundPort());
    TransportOutput output =
        transport.openOutput(
            "b",
            Nng.out(Nng.dial(target, "queueMessages", 16_384L, "queueBytes", QUEUE_BYTES)),
            new RecordingSink());
    ByteBuffer message = ByteBuffer.allocateDirect(size);
    long startNanos = System.nanoTime();
    long endNanos = startNanos + (long) (seconds * 1e9);
    while (System.nanoTime() < endNanos) {
      for (int i = 0; i < 64; i++) {
        if (output.offer(message) != StreamResult.OK) {
          LockSupport.parkNanos(FULL_NANOS);
        }
      }
    }
    output.close(TimeUnit.SECONDS.toMillis(20));
    long sent = output.statistics().messages();
    Await.until("all arrived", () -> sink.messages.get() == sent);
    double took = (System.nanoTime() - startNanos) / 1e9;
    transport.deactivate();
    return sent / took;
  }

  private static double rawBytesPerSecond(double seconds) throws Exception {
    try (ServerSocketChannel server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      AtomicLong received = new AtomicLong();
      Thread reader = new Thread(() -> readAll(server, received));
      reader.start();
      long startNanos = System.nanoTime();
      long endNanos = startNanos + (long) (seconds * 1e9);
      ByteBuffer bytes = ByteBuffer.allocateDirect(RAW_BYTES);
      try (SocketChannel writer = SocketChannel.open(server.getLocalAddress())) {
        while (System.nanoTime() < endNanos) {
          writer.write(bytes.clear());
        }
      }
      reader.join();
      return received.get() / ((System.nanoTime() - startNanos) / 1e9);
    }
  }

  private static void readAll(ServerSocketChannel server, AtomicLong received) {
    ByteBuffer bytes = ByteBuffer.allocateDirect(RAW_BYTES);
    try (SocketChannel channel = server.accept()) {
      for (int count = 0; count >= 0; count = channel.read(bytes.clear())) {
        received.addAndGet(count);
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Counts and gives back at once. */
  private static final class CountingSink implements InputSink {
    private final AtomicLong messages = new AtomicLong();

    @Override
    public boolean data(long peerId, ByteBuffer data, Runnable release) {
      messages.lazySet(messages.get() + 1);
      if (release != null) {
        release.run();
      }
      return true;
    }

    @Override
    public long peerUp(String address) {
      return 1;
    }

    @Override
    public void peerDown(long peerId, String cause) {}

    @Override
    public void failed(String cause) {
      throw new IllegalStateException(cause);
    }
  }
}
