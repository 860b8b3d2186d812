/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.support;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;

import java.nio.ByteBuffer;
import org.daqstream.stream.api.StreamResult;
import org.junit.Test;

public class SendMemoryTest {

  private static final int CHUNK = 64 * 1024;
  private static final int OWN_CHUNKS = SendMemory.OWN_BYTES / CHUNK;

  private final SendMemory.Pool pool = new SendMemory.Pool(10L * CHUNK);

  private static void take(SendMemory memory, int chunks) {
    for (int i = 0; i < chunks; i++) {
      assertNotNull("chunk " + i, memory.take(CHUNK));
    }
  }

  @Test
  public void whatOneHoldsBeyondItsOwnIsSharedWithTheOthers() {
    SendMemory greedy = new SendMemory(pool);
    take(greedy, OWN_CHUNKS + 10);
    assertNull(greedy.take(CHUNK));
    SendMemory modest = new SendMemory(pool);
    take(modest, OWN_CHUNKS);
    assertNull(modest.take(CHUNK));
    greedy.giveBack(2L * CHUNK);
    take(modest, 2);
    assertNull(modest.take(CHUNK));
    modest.giveBack((OWN_CHUNKS + 2L) * CHUNK);
    take(greedy, 2);
    assertNull(greedy.take(CHUNK));
  }

  @Test
  public void aQueueWithoutMemoryRefusesAndGivesBackInTheEnd() {
    for (int round = 0; round < 3; round++) {
      OutgoingQueue queue = new OutgoingQueue(1000, 1L << 30, () -> {}, new SendMemory(pool));
      ByteBuffer message = ByteBuffer.allocate(CHUNK);
      int accepted = 0;
      while (queue.offer(null, message) == StreamResult.OK) {
        accepted++;
      }
      assertEquals(OWN_CHUNKS + 10, accepted);
      assertEquals(StreamResult.NOMEM, queue.offer(null, message));
      queue.giveUp();
    }
  }

  @Test
  public void aQueueAtRestGivesBackWhatItDoesNotKeep() {
    SendMemory.Pool large = new SendMemory.Pool(200L * CHUNK);
    sendAndRest(large, 200);
    take(new SendMemory(large), OWN_CHUNKS + 150);
  }

  @Test
  public void manyQueuesAtRestLeaveHalfOfThePool() {
    SendMemory.Pool large = new SendMemory.Pool(100L * CHUNK);
    for (int i = 0; i < 10; i++) {
      sendAndRest(large, 40);
    }
    take(new SendMemory(large), OWN_CHUNKS + 50);
  }

  private static void sendAndRest(SendMemory.Pool pool, int chunks) {
    OutgoingQueue queue = new OutgoingQueue(1000, 1L << 30, () -> {}, new SendMemory(pool));
    assertEquals(StreamResult.OK, queue.offer(null, ByteBuffer.allocate(chunks * CHUNK)));
    ByteBuffer[] views = new ByteBuffer[OutgoingQueue.GATHER_CHUNKS];
    for (int count = queue.gather(views); count > 0; count = queue.gather(views)) {
      queue.sent((long) count * CHUNK);
    }
    queue.rest();
  }
}
