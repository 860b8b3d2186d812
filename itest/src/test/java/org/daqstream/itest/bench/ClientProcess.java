/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.LongAdder;
import org.daqstream.client.SampleBlock;
import org.daqstream.client.StreamingClient;
import org.daqstream.client.SubscriptionOptions;
import org.daqstream.protocol.CommandRequest;
import org.daqstream.protocol.FrameHeader;
import org.daqstream.protocol.MetadataCodec;
import org.daqstream.protocol.Upgrade;

/**
 * A process that reads a {@link FloodServer}: with the client library, which decodes each value, or
 * with a bare socket, which reads and discards. Prints bytes of payload or of the stream, the time,
 * and processor time, between the end of the warming up and its own end.
 */
final class ClientProcess {
  private static final int READ_BYTES = 1 << 20;

  private ClientProcess() {}

  /**
   * Runs for a while.
   *
   * @param args {@code direct}, {@code queued} or {@code discard}, host, port, nanoseconds of
   *     warming up, nanoseconds of measuring
   */
  public static void main(String[] args) throws Exception {
    long warmUpNanos = Long.parseLong(args[3]);
    long measureNanos = Long.parseLong(args[4]);
    if (args[0].equals("discard")) {
      discard(args[1], Integer.parseInt(args[2]), warmUpNanos, measureNanos);
    } else {
      read(args[0], "ws://" + args[1] + ":" + args[2], warmUpNanos, measureNanos);
    }
    System.exit(0);
  }

  private static void discard(String host, int port, long warmUpNanos, long measureNanos)
      throws IOException {
    try (SocketChannel channel = SocketChannel.open(new InetSocketAddress(host, port))) {
      String key = Upgrade.newKey(new SplittableRandom());
      channel.write(
          ByteBuffer.wrap(
              Upgrade.request(
                  java.net.URI.create("ws://" + host + ":" + port + "/"),
                  key,
                  "daqstream/bench",
                  "")));
      byte[] request =
          MetadataCodec.packet(
              0,
              CommandRequest.of(1, "flood", CommandRequest.SUBSCRIBE, List.of(FloodServer.VALUE))
                  .toMetadata());
      ByteBuffer frame = ByteBuffer.allocate(request.length + 16);
      FrameHeader.putMasked(frame, FrameHeader.BINARY, ByteBuffer.wrap(request), 0);
      channel.write(frame.flip());
      ByteBuffer buffer = ByteBuffer.allocateDirect(READ_BYTES);
      long bytes = 0;
      long start = System.nanoTime();
      long cpu = 0;
      boolean isWarm = false;
      while (System.nanoTime() - start < (isWarm ? measureNanos : warmUpNanos) || !isWarm) {
        if (!isWarm && System.nanoTime() - start >= warmUpNanos) {
          isWarm = true;
          bytes = 0;
          cpu = cpuNanos();
          start = System.nanoTime();
        }
        bytes += channel.read(buffer.clear());
      }
      report(bytes, System.nanoTime() - start, cpuNanos() - cpu);
    }
  }

  /** Written by one thread, read by another. */
  private static final class Sum {
    private final double[] values = new double[8192];
    private final LongAdder bytes = new LongAdder();
    private double sum;

    void add(SampleBlock block) {
      int count = block.values(values, 0);
      sum += values[count - 1];
      bytes.add(block.bytes());
    }
  }

  private static void read(String way, String address, long warmUpNanos, long measureNanos)
      throws Exception {
    Sum sum = new Sum();
    try (StreamingClient client = StreamingClient.connect(address)) {
      SubscriptionOptions options = SubscriptionOptions.DEFAULT;
      client.subscribe(
          FloodServer.VALUE,
          way.equals("direct")
              ? options.direct()
              : options.queue(8 << 20, org.daqstream.client.SlowConsumer.WAIT),
          sum::add);
      Pause.untilNanos(System.nanoTime() + warmUpNanos);
      long bytes = sum.bytes.sum();
      long cpu = cpuNanos();
      long start = System.nanoTime();
      Pause.untilNanos(start + measureNanos);
      report(sum.bytes.sum() - bytes, System.nanoTime() - start, cpuNanos() - cpu);
      if (Double.isNaN(sum.sum)) {
        throw new IllegalStateException("the values are none");
      }
    }
  }

  private static long cpuNanos() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static void report(long bytes, long nanos, long cpuNanos) {
    System.out.println(bytes + " " + nanos + " " + cpuNanos);
  }
}
