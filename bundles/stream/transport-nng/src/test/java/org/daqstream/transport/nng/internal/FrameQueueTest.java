/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.nng.internal;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.api.StreamStatistics;
import org.daqstream.testing.LimitedBudget;
import org.daqstream.transport.support.Chunk;
import org.daqstream.transport.support.Framing;
import org.daqstream.transport.support.SendQueue;
import org.junit.Test;

public class FrameQueueTest {

  private final AtomicInteger wakeUps = new AtomicInteger();
  private final FrameList ready = new FrameList();

  private FrameQueue queue(boolean ipc) {
    return new FrameQueue(
        new SendQueue.Limits(100, 10_000_000, 10_000_000),
        new Framing(ipc ? 1 : -1, Long.BYTES),
        wakeUps::incrementAndGet,
        new LimitedBudget(Long.MAX_VALUE));
  }

  private static StreamStatistics statistics(FrameQueue queue) {
    return queue.statistics(0, 0, "");
  }

  /** The unsent bytes of a frame, at most so many. */
  private static byte[] bytes(Frame frame, long limit) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Chunk chunk = frame.chunk;
    int at = frame.at;
    for (long left = Math.min(limit, frame.unsent); left > 0; chunk = chunk.next(), at = 0) {
      int count = (int) Math.min(left, Chunk.BYTES - at);
      byte[] part = new byte[count];
      chunk.bytes.get(at, part);
      bytes.writeBytes(part);
      left -= count;
    }
    return bytes.toByteArray();
  }

  @Test
  public void framesAreAsOnTheWire() { // case 76 and §4.2
    for (boolean ipc : new boolean[] {false, true}) {
      FrameQueue queue = queue(ipc);
      queue.offer(Nng.text("hello"));
      queue.takeAll(ready);
      assertEquals(
          (ipc ? "01" : "") + "000000000000000568656c6c6f",
          HexFormat.of().formatHex(bytes(ready.removeFirst(), 100)));
    }
  }

  @Test
  public void onlyASenderAtRestIsWoken() {
    FrameQueue queue = queue(false);
    queue.offer(Nng.text("a"));
    assertEquals(0, wakeUps.get());
    assertFalse("something waits", queue.rest());
    queue.takeAll(ready);
    assertTrue(queue.rest());
    queue.offer(Nng.text("b"));
    queue.offer(Nng.text("c"));
    assertEquals(1, wakeUps.get());
    queue.close();
    assertEquals(2, wakeUps.get());
    assertEquals(StreamResult.ERROR, queue.offer(Nng.text("d")));
  }

  @Test
  public void aFrameCountsUntilItsLastByte() {
    FrameQueue queue = queue(false);
    queue.offer(Nng.text("hello"));
    queue.takeAll(ready);
    queue.sent(ready, 12);
    assertEquals(1, statistics(queue).queuedMessages());
    assertEquals(5, statistics(queue).queuedBytes());
    queue.sent(ready, 1);
    assertTrue(queue.isEmpty() && ready.isEmpty());
    assertEquals(1, statistics(queue).messages());
    assertEquals(5, statistics(queue).bytes());
  }

  @Test
  public void aDroppedFrameIsLostWithItsUnsentBytes() {
    FrameQueue queue = queue(false);
    queue.offer(Nng.text("hello"));
    queue.offer(Nng.text("bye"));
    queue.takeAll(ready);
    queue.sent(ready, 10);
    assertTrue(ready.first().isBegun());
    queue.drop(ready.removeFirst());
    assertEquals(1, statistics(queue).lostMessages());
    assertEquals(3, statistics(queue).lostBytes());
    assertFalse(ready.first().isBegun());
    queue.giveUp();
    assertEquals(2, statistics(queue).lostMessages());
    assertEquals(6, statistics(queue).lostBytes());
  }

  @Test
  public void anyOrderOfSendingKeepsTheBytesAndReusesTheMemory() { // fuzz
    FrameQueue queue = queue(false);
    Random random = new Random(9);
    List<FrameList> pipes = List.of(new FrameList(), new FrameList(), new FrameList());
    Set<Chunk> chunks = new HashSet<>();
    long untilNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
    long accepted = 0;
    long dropped = 0;
    do {
      byte[] payload = new byte[random.nextInt(1 << random.nextInt(18))];
      Arrays.fill(payload, (byte) payload.length);
      accepted += queue.offer(ByteBuffer.wrap(payload)) == StreamResult.OK ? 1 : 0;
      queue.takeAll(ready);
      FrameList pipe = pipes.get(random.nextInt(pipes.size()));
      if (!ready.isEmpty()) {
        chunks.add(ready.first().chunk);
        pipe.add(ready.removeFirst());
      }
      if (random.nextInt(100) == 0 && !pipe.isEmpty()) {
        queue.drop(pipe.removeFirst());
        dropped++;
      }
      sendSome(queue, pipe, random);
    } while (System.nanoTime() - untilNanos < 0);
    for (FrameList pipe : pipes) {
      while (!pipe.isEmpty()) {
        sendSome(queue, pipe, random);
      }
    }
    assertTrue(queue.isEmpty());
    assertEquals(accepted - dropped, statistics(queue).messages());
    assertEquals(dropped, statistics(queue).lostMessages());
    assertTrue("chunks: " + chunks.size(), chunks.size() < 1000);
  }

  private static void sendSome(FrameQueue queue, FrameList pipe, Random random) {
    if (pipe.isEmpty()) {
      return;
    }
    Frame frame = pipe.first();
    long count = 1L + random.nextInt(1 << random.nextInt(18));
    byte[] bytes = bytes(frame, count);
    if (!frame.isBegun() && bytes.length >= Long.BYTES) {
      assertEquals(frame.payloadBytes, ByteBuffer.wrap(bytes).getLong());
    }
    int header = (int) Math.min(bytes.length, Math.max(0, frame.unsent - frame.payloadBytes));
    byte[] expected = bytes.clone();
    Arrays.fill(expected, header, expected.length, (byte) frame.payloadBytes);
    assertArrayEquals(expected, bytes);
    queue.sent(pipe, bytes.length);
  }
}
