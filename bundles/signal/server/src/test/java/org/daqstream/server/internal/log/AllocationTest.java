/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.log;

import static org.daqstream.server.internal.start.TestServer.DELTA;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicLong;
import org.daqstream.protocol.Delivery;
import org.daqstream.protocol.FrameHeader;
import org.daqstream.server.api.ServerEvent;
import org.daqstream.server.internal.Await;
import org.daqstream.server.internal.Dialogue;
import org.daqstream.server.internal.Doubles;
import org.daqstream.server.internal.Peer;
import org.daqstream.server.internal.start.TestServer;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.WriteResult;
import org.daqstream.signal.api.sink.SignalTap;
import org.daqstream.signal.api.sink.TableTap;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;

/** The hot path leaves nothing to the garbage collector (architecture sections 3.1 and 4). */
public class AllocationTest {
  private static final int WARM_UP = 20_000;
  private static final int ROUNDS = 20;
  private static final int BLOCKS = 100_000;
  private static final int COUNT = 16;
  private static final int AHEAD_BLOCKS =
      1_000; // a fraction of a chunk, so that the log does not grow

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final double[] block = new double[COUNT];
  private final long[] stamps = new long[COUNT];

  @Rule public final Timeout timeout = Timeout.seconds(120);

  @Rule
  public final TestServer server =
      new TestServer("ringBytes", 128 << 20); // nobody is overtaken on a busy machine

  private final TableTap table = server.table("time");

  /** Counts the bytes that arrive, and throws them away. */
  private static final class Sink extends Thread {
    private final Peer peer;
    private final AtomicLong bytes = new AtomicLong();

    Sink(Peer peer) {
      this.peer = peer;
    }

    @Override
    public void run() {
      byte[] buffer = new byte[256 * 1024];
      try {
        for (int n = 0; n >= 0; n = peer.socket.getInputStream().read(buffer)) {
          bytes.addAndGet(n);
        }
      } catch (IOException e) {
        // The test has closed the socket.
      }
    }

    void await(long expected) {
      Await.until("all bytes", () -> bytes.get() >= expected);
    }
  }

  /** Bytes that this thread allocates for each block while the sink keeps up. */
  private double publisherBytesPerBlock(SignalTap signal, long[] ticks, Sink sink) {
    long row = 0;
    for (; row < WARM_UP; row++) {
      write(signal, row, ticks);
      keepPace(sink, row, ticks);
    }
    long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
    for (; row < WARM_UP + BLOCKS; row++) {
      write(signal, row, ticks);
      keepPace(sink, row, ticks);
    }
    long after = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
    return (double) (after - before) / BLOCKS;
  }

  /** Otherwise the log grows. */
  private static void keepPace(Sink sink, long block, long[] ticks) {
    int blockBytes = COUNT * (ticks == null ? Double.BYTES : Double.BYTES + Long.BYTES);
    while (sink.bytes.get() < (block - AHEAD_BLOCKS) * blockBytes) {
      Thread.onSpinWait();
    }
  }

  private void write(SignalTap signal, long block, long[] ticks) {
    long row = block * COUNT;
    WriteResult result = signal.accept(row, row * DELTA, ticks, this.block, 0, COUNT);
    if (result != WriteResult.ACCEPTED) {
      throw new AssertionError(result);
    }
  }

  @Test
  public void publisherAllocatesNothing() throws Exception {
    SignalTap signal = TestServer.signal(table, "v");
    try (Peer peer = Dialogue.subscriber(server, "time", "v")) {
      Sink sink = new Sink(peer);
      sink.start();
      double bytes = publisherBytesPerBlock(signal, null, sink);
      assertTrue(bytes + " bytes per block", bytes < 0.5); // a chunk that is full costs an iterator
    }
  }

  @Test
  public void publisherOfEventsAllocatesNothing() throws Exception {
    TableTap events = server.sink().openTable(SignalDescriptor.explicitTime("at"));
    SignalTap signal = TestServer.signal(events, "v");
    try (Peer peer = Dialogue.subscriber(server, "at", "v", "User-Agent: daqstream/0.1")) {
      Sink sink = new Sink(peer);
      sink.start();
      double bytes = publisherBytesPerBlock(signal, stamps, sink);
      assertTrue(bytes + " bytes per block", bytes < 0.5);
    }
  }

  @Test
  public void publisherThatKeepsTheLastSampleAllocatesNothing() throws Exception {
    SignalTap signal =
        table.openSignal(
            SignalDescriptor.value("v", "real64").replayLast(true).build(), new Doubles());
    try (Peer peer = Dialogue.subscriber(server, "time", "v")) {
      Sink sink = new Sink(peer);
      sink.start();
      double bytes = publisherBytesPerBlock(signal, null, sink);
      assertTrue(bytes + " bytes per block", bytes < 0.5);
    }
  }

  @Test
  public void fanOutAllocatesNothingForABlock() throws Exception {
    fanOutAllocatesNothing(DataFrame.bytes(COUNT * Double.BYTES), null);
  }

  @Test
  public void fanOutAllocatesNothingForABlockInAMessageOfMany() throws Exception {
    int packetBytes = DataFrame.bytes(COUNT * Double.BYTES) - FrameHeader.bytes(COUNT * 8 + 4);
    fanOutAllocatesNothing(packetBytes, new Delivery(65_535, 0, 0));
  }

  private void fanOutAllocatesNothing(int frameBytes, Delivery delivery) throws Exception {
    SignalTap signal = TestServer.signal(table, "v");
    SignalTap unwanted = TestServer.signal(table, "w");
    try (Peer peer = Dialogue.subscriber(server, "time", "v", "User-Agent: daqstream/0.1")) {
      if (delivery != null) {
        peer.deliver(delivery);
      }
      Sink sink = new Sink(peer);
      sink.start();
      long fanOut = fanOutThread();
      long row = 0;
      for (; row < WARM_UP; row++) {
        write(signal, row, null);
      }
      sink.await(row * frameBytes);
      double bytes = Double.MAX_VALUE;
      // A socket that is full costs the rest of a write, so the steady state is the best round.
      for (int round = 1; round <= ROUNDS && bytes >= 1; round++) {
        long before = threads.getThreadAllocatedBytes(fanOut);
        for (; row < WARM_UP + (long) round * BLOCKS; row++) {
          write(signal, row, null);
          if (row % 1_000 == 0) {
            sink.await((row - 10_000) * frameBytes);
          }
          unwanted.accept(row, row * DELTA, null, block, 0, 1);
        }
        sink.await(row * frameBytes);
        bytes = (double) (threads.getThreadAllocatedBytes(fanOut) - before) / BLOCKS;
      }
      assertTrue(bytes + " bytes per block", bytes < 1);
    }
    assertEquals(0, server.statistics().count(ServerEvent.TOO_SLOW));
  }

  private static long fanOutThread() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().endsWith("-fanout") && thread.isAlive())
        .mapToLong(Thread::getId)
        .max()
        .orElseThrow();
  }
}
