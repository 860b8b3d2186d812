/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.testing;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.api.StreamStatistics;
import org.daqstream.stream.api.spi.StreamTransport;
import org.junit.Test;

/**
 * What every {@link StreamTransport} must hold, as tests between an input and an output of its
 * type, without a register. The test of a transport extends this class and says which parameters to
 * use; what is special about the type, its bytes on the wire first of all, it tests with methods of
 * its own.
 */
public abstract class StreamTransportContract extends StreamLifeContract {
  private static final int MOST_MESSAGES = 3_000;

  /** For a transport, made anew for each test. */
  protected StreamTransportContract(StreamTransport transport, Lack... lacks) {
    super(transport, lacks);
  }

  @Test
  public void anOfferedMessageIsCopied() throws Exception { // case 17
    openBoth();
    byte[] bytes = message(Math.min(500, longestMessageBytes()), 1);
    ByteBuffer heap = ByteBuffer.allocate(bytes.length + 20).put(7, bytes);
    ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length + 20).put(7, bytes);
    for (ByteBuffer whole : List.of(heap, direct)) {
      ByteBuffer message = whole.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
      message.position(7).limit(7 + bytes.length);
      assertEquals(StreamResult.OK, ends.output.offer(message));
      ends.remember(bytes);
      whole.put(7, new byte[bytes.length]);
      assertEquals("position", 7, message.position());
      assertEquals("limit", 7 + bytes.length, message.limit());
      assertEquals("order", ByteOrder.LITTLE_ENDIAN, message.order());
      if (canDo(Lack.DELIVERY)) {
        awaitArrival();
      }
    }
  }

  @Test
  public void messagesArriveInOrderAndUnchanged() throws Exception { // cases 45, 60
    assumeIsAbleTo(Lack.DELIVERY);
    openBoth();
    int[] sizes = {1, 0, 2, 100, 4_096, 0, 8_192, 8_193, LARGE_BYTES, 3};
    for (int i = 0; i < 300; i++) {
      send(message(Math.min(sizes[i % sizes.length], longestMessageBytes()), i));
    }
    awaitArrival();
  }

  @Test
  public void messagesOfSeveralThreadsDoNotMix() throws Exception { // case 57
    assumeIsAbleTo(Lack.DELIVERY, Lack.QUEUE);
    openBoth();
    List<Thread> writers = new ArrayList<>();
    for (int thread = 0; thread < 4; thread++) {
      int number = thread;
      writers.add(new Thread(() -> ends.offerNumbers(number, 200, this::await)));
    }
    writers.forEach(Thread::start);
    for (Thread writer : writers) {
      writer.join();
    }
    await("all numbers", () -> ends.inSink.byteCount() == 4 * 200 * Long.BYTES);
    ends.assertNumbersInOrder(4, 200);
  }

  @Test
  public void peersAreToldUpAndDown() throws Exception { // case 63
    assumeIsAbleTo(Lack.PEERS, Lack.DELIVERY);
    openBoth();
    await("peer of the input", () -> ends.inSink.up().size() == 1);
    await("peer of the output", () -> ends.outSink.up().size() == 1);
    assertEquals("peers of the input", 1, ends.input.statistics().peers());
    assertEquals(NOTHING_LOST, ends.output.close(FLUSH_MS));
    await("end of the input's peer", () -> ends.inSink.down().size() == 1);
    assertFalse("cause", ends.inSink.down().get(0).isBlank());
    ends.openOutput();
    await("the next peer", () -> ends.inSink.up().size() == 2);
    send(message(5, 5));
    long second = ends.inSink.up().get(1);
    await("a message of the next peer", () -> ends.inSink.byteCount(second) == 5);
  }

  @Test
  public void anOutputFindsAnInputThatComesBack() throws Exception { // cases 46, 51, 86
    assumeIsAbleTo(Lack.PEERS, Lack.DELIVERY);
    openBoth();
    await("the first peer", () -> ends.outSink.up().size() == 1);
    ends.input.close();
    await("end of the first peer", () -> ends.outSink.down().size() == 1);
    send(message(9, 9));
    ends.openInput();
    awaitArrival();
    await("the second peer", () -> ends.outSink.up().size() == 2);
  }

  @Test
  public void aSinkThatIsFullStopsTheReading() throws Exception { // case 69
    assumeIsAbleTo(Lack.DELIVERY);
    openBoth();
    for (int i = 0; i < 3; i++) {
      ends.input.resume(); // nobody has asked for it
    }
    ends.inSink.setFull(true);
    fillTheWay();
    for (int resumed = 2; resumed < 5; resumed++) {
      int expected = resumed;
      ends.input.resume();
      await("one more after a resume", () -> ends.inSink.count() == expected);
    }
    assertEquals("handed over after three resumes", 4, ends.inSink.count());
    ends.inSink.setFull(false);
    ends.input.resume();
    awaitArrival();
  }

  /** Until the output takes no more, or for a type that queues nothing until a few are lost. */
  private void fillTheWay() {
    byte[] first = message(canDo(Lack.QUEUE) ? largeBytes() : 100, 0);
    assertEquals(StreamResult.OK, ends.offer(first));
    await("the first one", () -> ends.inSink.count() == 1);
    int most = !canDo(Lack.QUEUE) ? 5 : MOST_MESSAGES;
    int count = 1;
    while (count < most && ends.offer(message(first.length, count)) == StreamResult.OK) {
      count++;
      assertEquals("handed over before a resume", 1, ends.inSink.count());
    }
    assertNotEquals("messages taken although nothing is read", MOST_MESSAGES, count);
  }

  @Test
  public void aResumeMayOvertakeTheRefusal() throws Exception {
    assumeIsAbleTo(Lack.DELIVERY);
    ends.openInputThatIsResumedAtOnce();
    ends.openOutput();
    for (int i = 0; i < 20; i++) {
      send(message(20, i));
      awaitArrival();
    }
  }

  @Test
  public void aFullQueueRefusesAtOnce() throws Exception { // cases 47, 50, 87
    assumeIsAbleTo(Lack.QUEUE, Lack.DELIVERY);
    ends.openOutputAlone();
    byte[] message = message(largeBytes(), 1);
    StreamResult result = StreamResult.OK;
    long startNanos = System.nanoTime();
    int taken = -1;
    for (; result == StreamResult.OK && taken < MOST_MESSAGES; taken++) {
      result = ends.output.offer(ByteBuffer.wrap(message));
    }
    assertEquals("result of a write to a full queue", StreamResult.ERROR, result);
    assertTrue("no write waits", Await.sinceMs(startNanos) < timeoutMs());
    StreamStatistics statistics = ends.output.statistics();
    assertEquals("queued", taken, statistics.queuedMessages());
    assertEquals("rejected", 1, statistics.rejected());
  }

  @Test
  public void aMessageThatCouldNeverBeQueuedIsTooBig() throws Exception {
    assumeTrue("the type has a longest message", longestMessageBytes() < Integer.MAX_VALUE);
    openBoth();
    ByteBuffer longer = ByteBuffer.allocate(longestMessageBytes() + 1);
    assertEquals("one byte too much", StreamResult.TOOBIG, ends.output.offer(longer));
    assertEquals("rejected", 1, ends.output.statistics().rejected());
    send(message(longestMessageBytes(), 2));
    awaitArrival();
  }

  @Test
  public void memoryComesFromTheBudgetAndGoesBack() throws Exception {
    assumeIsAbleTo(Lack.QUEUE, Lack.DELIVERY);
    LimitedBudget budget = new LimitedBudget(5L * largeBytes());
    ends.outSink = new RecordingSink(budget);
    ends.openOutputAlone();
    byte[] message = message(largeBytes(), 1);
    int taken = 0;
    while (ends.output.offer(ByteBuffer.wrap(message)) == StreamResult.OK) {
      taken++;
      assertTrue(taken + " messages in a budget for 5", taken <= 5);
    }
    assertTrue("taken from the budget: " + budget.takenBytes(), budget.takenBytes() > 0);
    ends.output.close(0);
    await("memory given back", () -> budget.takenBytes() == 0);
  }

  @Test
  public void statisticsAddUp() throws Exception {
    openBoth();
    for (int i = 1; i <= 20; i++) {
      send(message(i, i));
    }
    assertEquals(NOTHING_LOST, ends.output.close(FLUSH_MS));
    StreamStatistics out = ends.output.statistics();
    assertEquals("messages sent", 20, out.messages());
    assertEquals("bytes sent", ends.sentBytes(), out.bytes());
    assertEquals("still queued", 0, out.queuedMessages() + out.queuedBytes());
    assertEquals("lost", 0, out.lostMessages() + out.lostBytes());
    if (!canDo(Lack.DELIVERY)) {
      return;
    }
    awaitArrival();
    assertEquals("bytes received", ends.sentBytes(), ends.input.statistics().bytes());
    assertEquals("handed over", ends.inSink.count(), ends.input.statistics().messages());
    if (canDo(Lack.PEERS)) {
      await("no peer", () -> ends.input.statistics().peers() == 0);
      await("all ended", () -> ends.output.statistics().disconnects() == out.connects());
      assertEquals("connects", 1, ends.input.statistics().connects());
      assertEquals("disconnects", 1, ends.input.statistics().disconnects());
    }
  }
}
