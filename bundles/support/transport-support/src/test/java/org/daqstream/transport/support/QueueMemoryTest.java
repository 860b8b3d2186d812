/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.support;

import static org.junit.Assert.assertEquals;

import java.nio.ByteBuffer;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.testing.LimitedBudget;
import org.junit.Test;

public class QueueMemoryTest {

  private static final int PAGE = 64 * 1024;
  private static final OutgoingQueue.Limits LIMITS =
      new OutgoingQueue.Limits(1000, 1 << 30, 1 << 30);

  private static OutgoingQueue queue(LimitedBudget budget) {
    return new OutgoingQueue(LIMITS, Framing.NONE, () -> {}, budget);
  }

  @Test
  public void aQueueWithoutMemoryRefusesAndGivesBackInTheEnd() {
    LimitedBudget budget = new LimitedBudget(10L * PAGE);
    for (int round = 0; round < 3; round++) {
      OutgoingQueue queue = queue(budget);
      ByteBuffer message = ByteBuffer.allocate(PAGE);
      int accepted = 0;
      while (queue.offer(message) == StreamResult.OK) {
        accepted++;
      }
      assertEquals(10, accepted);
      assertEquals(StreamResult.NOMEM, queue.offer(message));
      queue.giveUp();
      assertEquals(0, budget.takenBytes());
    }
  }

  @Test
  public void aQueueAtRestGivesBackWhatItDoesNotKeep() {
    LimitedBudget budget = new LimitedBudget(200L * PAGE);
    sendAndRest(budget, 200);
    assertEquals(64L * PAGE, budget.takenBytes());
  }

  @Test
  public void queuesAtRestLeaveHalfOfTheBudget() {
    LimitedBudget budget = new LimitedBudget(200L * PAGE);
    for (int i = 0; i < 3; i++) {
      sendAndRest(budget, 40);
    }
    assertEquals(100L * PAGE, budget.takenBytes());
  }

  private static void sendAndRest(LimitedBudget budget, int pages) {
    OutgoingQueue queue = queue(budget);
    assertEquals(StreamResult.OK, queue.offer(ByteBuffer.allocate(pages * PAGE)));
    ByteBuffer[] views = new ByteBuffer[OutgoingQueue.GATHER_PAGES];
    for (int count = queue.gather(views); count > 0; count = queue.gather(views)) {
      queue.sent((long) count * PAGE);
    }
    queue.rest();
  }
}
