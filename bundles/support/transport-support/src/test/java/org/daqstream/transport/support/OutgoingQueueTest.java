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
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.api.StreamStatistics;
import org.daqstream.testing.LimitedBudget;
import org.junit.Test;

public class OutgoingQueueTest {

  private static final OutgoingQueue.Limits LIMITS =
      new OutgoingQueue.Limits(4, 1_000_000, 1_000_000);

  private final AtomicInteger wakeUps = new AtomicInteger();
  private final LimitedBudget plenty = new LimitedBudget(Long.MAX_VALUE);
  private final OutgoingQueue queue =
      new OutgoingQueue(LIMITS, Framing.NONE, wakeUps::incrementAndGet, plenty);

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

  private static StreamStatistics statistics(OutgoingQueue queue) {
    return queue.statistics(0, 0, "");
  }

  private void assertLost(long messages, long bytes) {
    assertEquals(messages, statistics(queue).lostMessages());
    assertEquals(bytes, statistics(queue).lostBytes());
  }

  @Test
  public void whatGoesInFrontOfAMessageDoesNotCount() throws IOException {
    OutgoingQueue framed = new OutgoingQueue(LIMITS, new Framing(-1, 4), () -> {}, plenty);
    for (String message : List.of("abc", "", "de")) {
      framed.offer(text(message));
    }
    assertEquals(5, statistics(framed).queuedBytes());
    Pipe pipe = new Pipe();
    pipe.most = 5;
    framed.writeTo(pipe);
    assertEquals(4, statistics(framed).queuedBytes());
    pipe.most = 7;
    framed.writeTo(pipe);
    assertEquals("a message without bytes is one", 2, statistics(framed).messages());
    framed.dropBegun();
    assertEquals("of which no byte was sent", 2, statistics(framed).lostBytes());
    assertTrue(framed.isEmpty());
    assertArrayEquals(
        new byte[] {0, 0, 0, 3, 'a', 'b', 'c', 0, 0, 0, 0, 0}, pipe.out.toByteArray());
  }

  @Test
  public void manyMessagesLeaveInOneWrite() throws IOException {
    queue.offer(text("one"));
    queue.offer(text("two"));
    Pipe pipe = new Pipe();
    assertEquals(6, queue.writeTo(pipe));
    assertEquals("onetwo", pipe.out.toString(StandardCharsets.US_ASCII));
    assertEquals(2, statistics(queue).messages());
    assertEquals(6, statistics(queue).bytes());
    assertTrue(queue.isEmpty());
  }

  @Test
  public void theCallerMayReuseItsBuffer() throws IOException { // case 17
    ByteBuffer buffer = text("abc");
    queue.offer(buffer);
    assertEquals(0, buffer.position());
    buffer.put(0, (byte) 'x');
    Pipe pipe = new Pipe();
    queue.writeTo(pipe);
    assertEquals("abc", pipe.out.toString(StandardCharsets.US_ASCII));
  }

  @Test
  public void aMessageCountsUntilItsLastByteWasSent() throws IOException {
    for (int i = 0; i < 4; i++) {
      assertEquals(StreamResult.OK, queue.offer(text("abc")));
    }
    assertEquals(StreamResult.ERROR, queue.offer(text("abc")));
    Pipe pipe = new Pipe();
    pipe.most = 2;
    queue.writeTo(pipe);
    assertEquals(StreamResult.ERROR, queue.offer(text("abc")));
    assertEquals(10, statistics(queue).queuedBytes());
    queue.writeTo(pipe);
    assertEquals(StreamResult.OK, queue.offer(text("abc")));
    assertEquals(2, statistics(queue).rejected());
  }

  @Test
  public void bytesAreBoundedToo() {
    assertEquals(StreamResult.TOOBIG, queue.offer(ByteBuffer.allocate(1_000_001)));
    assertEquals(StreamResult.OK, queue.offer(ByteBuffer.allocate(900_000)));
    assertEquals(StreamResult.ERROR, queue.offer(ByteBuffer.allocate(100_001)));
    assertEquals(StreamResult.OK, queue.offer(ByteBuffer.allocate(100_000)));
  }

  @Test
  public void aBrokenConnectionLosesTheBegunMessageOnly() throws IOException { // case 52
    queue.offer(text("one"));
    queue.offer(text("two"));
    Pipe pipe = new Pipe();
    pipe.most = 1;
    queue.writeTo(pipe);
    assertLost(0, 0);
    queue.dropBegun();
    assertLost(1, 2);
    queue.dropBegun();
    assertLost(1, 2);
    Pipe next = new Pipe();
    queue.writeTo(next);
    assertEquals("two", next.out.toString(StandardCharsets.US_ASCII));
  }

  @Test
  public void theSenderIsWokenOnlyWhenAtRest() throws IOException {
    queue.offer(text("a"));
    assertFalse(queue.rest());
    assertEquals(0, wakeUps.get());
    queue.writeTo(new Pipe());
    assertTrue(queue.rest());
    queue.offer(text("b"));
    queue.offer(text("c"));
    assertEquals(1, wakeUps.get());
  }

  @Test
  public void closedRefusesAndGivingUpCounts() throws IOException {
    queue.offer(text("abc"));
    queue.offer(text("de"));
    Pipe pipe = new Pipe();
    pipe.most = 1;
    queue.writeTo(pipe);
    queue.close();
    assertEquals(StreamResult.ERROR, queue.offer(text("f")));
    queue.giveUp();
    assertLost(2, 4);
    queue.giveUp();
    assertLost(2, 4);
    assertTrue(queue.isEmpty());
    queue.sent(1); // a write that was under way
    assertEquals("nothing waits", -1, queue.writeTo(pipe));
  }

  @Test
  public void randomSizesKeepEveryByte() throws IOException {
    OutgoingQueue large =
        new OutgoingQueue(
            new OutgoingQueue.Limits(1001, 1 << 20, 1 << 20), Framing.NONE, () -> {}, plenty);
    Random random = new Random(7);
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    Pipe pipe = new Pipe();
    for (int i = 0; i < 3000; i++) {
      byte[] message = new byte[random.nextInt(random.nextInt(20) == 0 ? 200_000 : 300)];
      random.nextBytes(message);
      while (large.offer(ByteBuffer.wrap(message)) != StreamResult.OK) {
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
    assertEquals(0, statistics(large).queuedBytes());
  }
}
