/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.support;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.api.StreamStatistics;
import org.daqstream.testing.LimitedBudget;
import org.junit.Test;

/** Several connections share a queue. */
public class SendLaneTest {

  private static final Framing LONG = new Framing(-1, Long.BYTES);

  /** A connection with its lane; takes at most {@code most} bytes per write. */
  private static final class Pipe implements GatheringByteChannel {
    final ByteArrayOutputStream out = new ByteArrayOutputStream();
    int most = Integer.MAX_VALUE;
    private final SendLanes lanes;
    private final SendLane lane;

    Pipe(SendLanes lanes) {
      this.lanes = lanes;
      this.lane = lanes.lane();
    }

    /** Claims one message, if there is one. */
    void claim() {
      lanes.take();
      if (lanes.hasReady() && lane.hasRoom()) {
        lane.claim();
      }
    }

    /** Claims all messages that there are, and writes once. */
    long send() throws IOException {
      lanes.take();
      while (lanes.hasReady() && lane.hasRoom()) {
        lane.claim();
      }
      return write();
    }

    /** Writes once. */
    long write() throws IOException {
      return lane.writeTo(this);
    }

    /** The connection breaks. */
    void breakOff() {
      lane.leave();
    }

    String text() {
      return out.toString(StandardCharsets.US_ASCII);
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) {
      int written = 0;
      for (int i = offset; i < offset + length; i++) {
        byte[] part = new byte[Math.min(sources[i].remaining(), most - written)];
        sources[i].get(part);
        out.writeBytes(part);
        written += part.length;
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

  private static OutgoingQueue queue(Framing framing, LimitedBudget budget) {
    return new OutgoingQueue(
        new OutgoingQueue.Limits(100, 10_000_000, 10_000_000), framing, () -> {}, budget);
  }

  private static OutgoingQueue queue(Framing framing) {
    return queue(framing, new LimitedBudget(Long.MAX_VALUE));
  }

  private static ByteBuffer text(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static StreamStatistics statistics(OutgoingQueue queue) {
    return queue.statistics(0, 0, "");
  }

  @Test
  public void framesAreAsOnTheWire() throws IOException { // case 76 and §4.2
    for (int type : new int[] {-1, 1}) {
      OutgoingQueue queue = queue(new Framing(type, Long.BYTES));
      queue.offer(text("hello"));
      Pipe pipe = new Pipe(new SendLanes(queue));
      pipe.send();
      assertEquals(
          (type < 0 ? "" : "01") + "000000000000000568656c6c6f",
          HexFormat.of().formatHex(pipe.out.toByteArray()));
    }
  }

  @Test
  public void aMessageThatIsClaimedCountsUntilItsLastByteAndDoesNotKeepTheSenderAwake()
      throws IOException {
    OutgoingQueue queue = queue(LONG);
    queue.offer(text("hello"));
    assertFalse("something waits", queue.rest());
    Pipe pipe = new Pipe(new SendLanes(queue));
    pipe.most = 12;
    pipe.send();
    assertTrue("all is taken", queue.rest());
    assertEquals(1, statistics(queue).queuedMessages());
    assertEquals(1, statistics(queue).queuedBytes());
    pipe.write();
    assertTrue(queue.isEmpty());
    assertEquals(1, statistics(queue).messages());
    assertEquals(5, statistics(queue).bytes());
    assertEquals("nothing is claimed", -1, pipe.write());
  }

  @Test
  public void whatIsNotBegunGoesToAnotherConnectionFirst() throws IOException {
    OutgoingQueue queue = queue(Framing.NONE);
    for (String message : List.of("hello", "bye", "more", "last")) {
      queue.offer(text(message));
    }
    SendLanes lanes = new SendLanes(queue);
    Pipe first = new Pipe(lanes);
    Pipe second = new Pipe(lanes);
    first.claim();
    second.claim();
    first.claim();
    first.most = 2;
    first.write();
    first.breakOff();
    assertEquals(1, statistics(queue).lostMessages());
    assertEquals(3, statistics(queue).lostBytes());
    second.send();
    assertEquals("byemorelast", second.text());
    assertEquals(3, statistics(queue).messages());
    assertTrue(queue.isEmpty());
  }

  @Test
  public void shortPiecesThatLieApartAreCopiedTogether() throws IOException {
    OutgoingQueue queue = queue(Framing.NONE);
    for (int i = 0; i < 6; i++) {
      queue.offer(text("<" + i + ">"));
    }
    SendLanes lanes = new SendLanes(queue);
    List<Pipe> pipes = List.of(new Pipe(lanes), new Pipe(lanes));
    for (int i = 0; i < 6; i++) {
      pipes.get(i % 2).claim();
    }
    assertEquals("one write", 9, pipes.get(0).write());
    pipes.get(1).most = 4;
    while (pipes.get(1).write() > 0) {
      assertTrue(statistics(queue).queuedBytes() < 9);
    }
    assertEquals("<0><2><4>", pipes.get(0).text());
    assertEquals("<1><3><5>", pipes.get(1).text());
  }

  @Test
  public void anyOrderOfSendingKeepsTheBytesAndReusesTheMemory() throws IOException { // fuzz
    LimitedBudget budget = new LimitedBudget(1000L * QueuePage.BYTES);
    OutgoingQueue queue = queue(LONG, budget);
    Random random = new Random(9);
    SendLanes lanes = new SendLanes(queue);
    List<Pipe> pipes = List.of(new Pipe(lanes), new Pipe(lanes), new Pipe(lanes));
    long untilNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
    long accepted = 0;
    long arrived = 0;
    do {
      byte[] payload = new byte[random.nextInt(1 << random.nextInt(18))];
      Arrays.fill(payload, (byte) payload.length);
      accepted += queue.offer(ByteBuffer.wrap(payload)) == StreamResult.OK ? 1 : 0;
      Pipe pipe = pipes.get(random.nextInt(pipes.size()));
      pipe.claim();
      pipe.most = 1 + random.nextInt(1 << random.nextInt(18));
      pipe.write();
      if (random.nextInt(100) == 0) {
        pipe.breakOff();
        arrived += whole(pipe, true);
      } else if (pipe.out.size() > 1_000_000) {
        finish(pipe);
        arrived += whole(pipe, false);
      }
    } while (System.nanoTime() - untilNanos < 0);
    for (Pipe pipe : pipes) {
      finish(pipe);
      arrived += whole(pipe, false);
    }
    assertTrue(queue.isEmpty());
    assertEquals(arrived, statistics(queue).messages());
    assertEquals(accepted - arrived, statistics(queue).lostMessages());
    assertTrue("memory: " + budget.takenBytes(), budget.takenBytes() < 1000L * QueuePage.BYTES);
    queue.giveUp();
    assertEquals(0, budget.takenBytes());
  }

  private static void finish(Pipe pipe) throws IOException {
    pipe.most = Integer.MAX_VALUE;
    pipe.send();
    while (pipe.write() > 0) {
      pipe.claim();
    }
  }

  /** How many messages have come whole; forgets them. */
  private static long whole(Pipe pipe, boolean mayBeCut) {
    ByteBuffer bytes = ByteBuffer.wrap(pipe.out.toByteArray());
    pipe.out.reset();
    long count = 0;
    while (bytes.remaining() >= Long.BYTES) {
      int length = Math.toIntExact(bytes.getLong());
      for (int i = 0; i < length && bytes.hasRemaining(); i++) {
        assertEquals((byte) length, bytes.get());
        if (i == length - 1) {
          count++;
        }
      }
      if (length == 0) {
        count++;
      }
    }
    assertTrue("cut", mayBeCut || !bytes.hasRemaining());
    return count;
  }
}
