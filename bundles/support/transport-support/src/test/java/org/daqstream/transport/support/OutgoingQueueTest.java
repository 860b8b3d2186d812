/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.support;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.testing.LimitedBudget;
import org.junit.Test;

public class OutgoingQueueTest {

  private final AtomicInteger wakeUps = new AtomicInteger();
  private final LimitedBudget plenty = new LimitedBudget(Long.MAX_VALUE);
  private final OutgoingQueue queue =
      new OutgoingQueue(4, 1_000_000, wakeUps::incrementAndGet, plenty);

  /** Takes at most {@code most} bytes per write. */
  private static final class Pipe implements GatheringByteChannel {
    final ByteArrayOutputStream out = new ByteArrayOutputStream();
    int most = Integer.MAX_VALUE;

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) {
      int written = 0;
      for (int i = offset; i < offset + length; i++) {
        while (sources[i].hasRemaining() && written < most) {
          out.write(sources[i].get());
          written++;
        }
      }
      return written;
    }

    @Override
    public long write(ByteBuffer[] sources) {
      return write(sources, 0, sources.length);
    }

    @Override
    public int write(ByteBuffer source) {
      return (int) write(new ByteBuffer[] {source});
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }

  private static ByteBuffer text(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  public void manyMessagesLeaveInOneWrite() throws IOException {
    queue.offer(text("<"), text("one"));
    queue.offer(null, text("two"));
    Pipe pipe = new Pipe();
    assertEquals(7, queue.writeTo(pipe));
    assertEquals("<onetwo", pipe.out.toString(StandardCharsets.US_ASCII));
    assertEquals(2, queue.sentMessages());
    assertEquals(7, queue.sentBytes());
    assertTrue(queue.isEmpty());
  }

  @Test
  public void theCallerMayReuseItsBuffer() throws IOException { // case 17
    ByteBuffer buffer = text("abc");
    queue.offer(null, buffer);
    assertEquals(0, buffer.position());
    buffer.put(0, (byte) 'x');
    Pipe pipe = new Pipe();
    queue.writeTo(pipe);
    assertEquals("abc", pipe.out.toString(StandardCharsets.US_ASCII));
  }

  @Test
  public void aMessageCountsUntilItsLastByteWasSent() throws IOException {
    for (int i = 0; i < 4; i++) {
      assertEquals(StreamResult.OK, queue.offer(null, text("abc")));
    }
    assertEquals(StreamResult.ERROR, queue.offer(null, text("abc")));
    Pipe pipe = new Pipe();
    pipe.most = 2;
    queue.writeTo(pipe);
    assertEquals(StreamResult.ERROR, queue.offer(null, text("abc")));
    assertEquals(10, queue.queuedBytes());
    queue.writeTo(pipe);
    assertEquals(StreamResult.OK, queue.offer(null, text("abc")));
    assertEquals(2, queue.rejected());
  }

  @Test
  public void bytesAreBoundedToo() {
    assertEquals(StreamResult.TOOBIG, queue.offer(null, ByteBuffer.allocate(1_000_001)));
    assertEquals(StreamResult.OK, queue.offer(null, ByteBuffer.allocate(900_000)));
    assertEquals(StreamResult.ERROR, queue.offer(null, ByteBuffer.allocate(100_001)));
    assertEquals(StreamResult.OK, queue.offer(null, ByteBuffer.allocate(100_000)));
  }

  @Test
  public void aBrokenConnectionLosesTheBegunMessageOnly() throws IOException { // case 52
    queue.offer(null, text("one"));
    queue.offer(null, text("two"));
    Pipe pipe = new Pipe();
    pipe.most = 1;
    queue.writeTo(pipe);
    assertEquals(new OutgoingQueue.Loss(1, 2), queue.dropBegun());
    assertEquals(new OutgoingQueue.Loss(0, 0), queue.dropBegun());
    Pipe next = new Pipe();
    queue.writeTo(next);
    assertEquals("two", next.out.toString(StandardCharsets.US_ASCII));
  }

  @Test
  public void theSenderIsWokenOnlyWhenAtRest() throws IOException {
    queue.offer(null, text("a"));
    assertFalse(queue.rest());
    assertEquals(0, wakeUps.get());
    queue.writeTo(new Pipe());
    assertTrue(queue.rest());
    queue.offer(null, text("b"));
    queue.offer(null, text("c"));
    assertEquals(1, wakeUps.get());
  }

  @Test
  public void closedRefusesAndGivingUpCounts() throws IOException {
    queue.offer(null, text("abc"));
    queue.offer(null, text("de"));
    Pipe pipe = new Pipe();
    pipe.most = 1;
    queue.writeTo(pipe);
    queue.close();
    assertEquals(StreamResult.ERROR, queue.offer(null, text("f")));
    assertEquals(new OutgoingQueue.Loss(2, 4), queue.giveUp());
    assertEquals(new OutgoingQueue.Loss(0, 0), queue.giveUp());
    assertTrue(queue.isEmpty());
    queue.sent(1); // a write that was under way
    assertEquals(0, queue.writeTo(pipe));
  }

  @Test
  public void randomSizesKeepEveryByte() throws IOException {
    OutgoingQueue large = new OutgoingQueue(1001, 1 << 20, () -> {}, plenty);
    Random random = new Random(7);
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    Pipe pipe = new Pipe();
    for (int i = 0; i < 3000; i++) {
      byte[] message = new byte[random.nextInt(random.nextInt(20) == 0 ? 200_000 : 300)];
      random.nextBytes(message);
      while (large.offer(null, ByteBuffer.wrap(message)) != StreamResult.OK) {
        pipe.most = 1 + random.nextInt(150_000);
        large.writeTo(pipe);
      }
      expected.write(message);
    }
    pipe.most = Integer.MAX_VALUE;
    while (!large.isEmpty()) {
      large.writeTo(pipe);
    }
    assertArrayEquals(expected.toByteArray(), pipe.out.toByteArray());
    assertEquals(0, large.queuedBytes());
  }
}
