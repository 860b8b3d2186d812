/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.remote.internal;

import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import org.junit.Test;

public class HeldMemoryTest {
  private final HeldMemory memory = new HeldMemory(1000);
  private final HeldMemory.Part one = memory.part();
  private final HeldMemory.Part other = memory.part();

  @Test
  public void aMegabyteIsAlwaysOnesOwn() {
    assertTrue(one.take(HeldMemory.OWN_BYTES + 1000));
    assertFalse(one.take(1));
    assertTrue(other.take(HeldMemory.OWN_BYTES));
    assertFalse("the share is gone", other.take(1));
  }

  @Test
  public void whatIsGivenBackOthersMayHave() {
    assertTrue(one.take(HeldMemory.OWN_BYTES + 600));
    assertFalse(other.take(HeldMemory.OWN_BYTES + 401));
    one.giveBack(1);
    assertTrue(other.take(HeldMemory.OWN_BYTES + 401));
    one.end();
    assertTrue(other.take(599));
    assertFalse(other.take(1));
  }
}
