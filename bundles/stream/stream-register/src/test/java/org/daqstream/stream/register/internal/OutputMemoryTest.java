/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.register.internal;

import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import org.daqstream.stream.api.StreamResult;
import org.junit.Test;

public class OutputMemoryTest {

  private static final int OWN = OutputMemory.OWN_BYTES;

  private final OutputMemory memory = new OutputMemory(1000);
  private final OutputMemory.Budget greedy = memory.budget();
  private final OutputMemory.Budget modest = memory.budget();

  @Test
  public void whatOneHoldsBeyondItsOwnIsSharedWithTheOthers() {
    assertTrue(greedy.take(OWN + 1000));
    assertFalse(greedy.take(1));
    assertTrue("its own", modest.take(OWN));
    assertFalse(modest.take(1));
    greedy.giveBack(200);
    assertTrue(modest.take(200));
    assertFalse(modest.take(1));
    modest.giveBack(OWN + 200);
    assertTrue(greedy.take(200));
    assertFalse(greedy.take(1));
  }

  @Test
  public void itIsScarceWhenMoreThanHalfOfItIsTaken() {
    greedy.take(OWN + 500);
    assertFalse(modest.isScarce());
    greedy.take(1);
    assertTrue(modest.isScarce());
  }

  @Test
  public void whatAnEndedOutputStillHoldsCountsNoMore() {
    greedy.take(OWN + 1000);
    greedy.end();
    assertTrue(modest.take(OWN + 1000));
    greedy.giveBack(1000);
    assertFalse(modest.take(1));
    assertFalse("has ended", greedy.take(1));
  }

  @Test
  public void anOutputsBudgetEndsWithItHoweverItEnds() throws Exception {
    Bench bench = new Bench();
    InstanceClient camera = bench.client("camera");
    int out = camera.openOutput("out");
    assertTrue(bench.transport.lastOutput().sink.budget().take(1));
    camera.close(out);
    assertFalse(bench.transport.lastOutput().sink.budget().take(1));
    camera.openOutput("out");
    bench.register.remove(bench.transport);
    assertFalse(bench.transport.lastOutput().sink.budget().take(1));
  }

  @Test
  public void anOutputThatNeverOpenedHoldsNothing() {
    Bench bench = new Bench();
    bench.transport.duringOpen =
        () -> {
          throw new IllegalStateException("late");
        };
    Bench.assertFails(StreamResult.ERROR, () -> bench.client("camera").openOutput("out"));
    assertFalse(bench.transport.lastOutput().sink.budget().take(1));
  }
}
