/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.base.support;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.Test;

public final class SampleRingTest {
  private static boolean put(SampleRing ring, ByteBuffer view, int source, int number, int ints) {
    int bytes = SampleRing.LENGTH_BYTES + (2 + ints) * Integer.BYTES;
    long claim = ring.claim(bytes);
    if (claim == SampleRing.NO_ROOM) {
      return false;
    }
    ring.place(view, claim, bytes);
    view.putInt(source).putInt(number);
    for (int i = 0; i < ints; i++) {
      view.putInt(number + i);
    }
    assertEquals(0, view.remaining());
    ring.commit(claim, bytes, true);
    return true;
  }

  @Test
  public void entriesComeAsTheyWerePutFromManyThreads() {
    SampleRing ring = new SampleRing(10_000);
    int sources = 4;
    int most = 30_000;
    long[] taken = new long[sources];
    long[] refused = new long[sources];
    List<Worker> workers = new ArrayList<>();
    for (int source = 0; source < sources; source++) {
      int own = source;
      workers.add(
          Worker.start(
              "ring-test " + source,
              self -> {
                Random random = new Random(own);
                ByteBuffer view = ring.newView();
                for (int number = 0; number < most; number++) {
                  if (!put(ring, view, own, number, random.nextInt(100))) {
                    refused[own]++;
                    self.rest(1_000);
                  }
                }
              }));
    }
    int[] last = {-1, -1, -1, -1};
    while (true) {
      boolean isOver = workers.stream().allMatch(worker -> worker.join(1));
      for (ByteBuffer entry = ring.peek(); entry != null; entry = ring.peek()) {
        int source = entry.getInt();
        int number = entry.getInt();
        assertTrue(number > last[source]);
        last[source] = number;
        for (int i = 0; entry.hasRemaining(); i++) {
          assertEquals(number + i, entry.getInt());
        }
        taken[source]++;
        ring.next();
      }
      ring.reopen();
      if (isOver) {
        break;
      }
    }
    for (int source = 0; source < sources; source++) {
      assertEquals(most, taken[source] + refused[source]);
      assertTrue(taken[source] > 0);
    }
    assertEquals(0, ring.usedBytes());
  }

  @Test
  public void whenItIsFullItTakesNothingUntilHalfIsFree() {
    SampleRing ring = new SampleRing(1_000);
    ByteBuffer view = ring.newView();
    int count = 0;
    while (put(ring, view, 0, count, 21)) {
      count++;
    }
    assertEquals(10, count);
    for (int i = 0; i < 4; i++) {
      ring.peek();
      ring.next();
      ring.reopen();
      assertTrue("" + i, !put(ring, view, 0, 0, 0));
    }
    ring.peek();
    ring.next();
    ring.reopen();
    assertTrue(put(ring, view, 0, 0, 21));
  }

  @Test
  public void anEntryThatIsTakenBackIsPassedOverAndOneThatIsNotReadyWaitedFor() {
    SampleRing ring = new SampleRing(1_000);
    ByteBuffer view = ring.newView();
    long bad = ring.claim(30);
    long slow = ring.claim(30);
    assertTrue(put(ring, view, 7, 0, 0));
    ring.commit(bad, 30, false);
    assertNull(ring.peek());
    ring.commit(slow, 30, true);
    assertEquals(26, ring.peek().remaining());
    ring.next();
    assertEquals(7, ring.peek().getInt());
  }

  @Test
  public void nothingIsAllocated() {
    SampleRing ring = new SampleRing(100_000);
    ByteBuffer view = ring.newView();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 20; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 1_000; i++) {
        put(ring, view, 0, i, 10);
        ring.peek();
        ring.next();
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertNotEquals(Long.MAX_VALUE, least);
    assertTrue(least + " bytes", least < 1_000);
  }
}
