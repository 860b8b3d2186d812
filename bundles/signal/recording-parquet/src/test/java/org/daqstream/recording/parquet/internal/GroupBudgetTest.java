/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.parquet.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import org.junit.Test;

public final class GroupBudgetTest {
  private static final long HEAP_BYTES = 256 << 20;

  @Test
  public void allFilesTogetherTakeAPartOfTheHeap() {
    GroupBudget budget = new GroupBudget(HEAP_BYTES);
    for (int files = 1; files <= 200; files++) {
      budget.enter();
      assertTrue(files + " files", files * budget.groupBytes() <= HEAP_BYTES / 10);
    }
    assertEquals(HEAP_BYTES / 10 / 200, budget.groupBytes());
    for (int files = 200; files > 1; files--) {
      budget.leave();
    }
    assertEquals(GroupBudget.MOST_BYTES, budget.groupBytes());
  }

  @Test
  public void rowGroupsDoNotGetTooSmall() {
    GroupBudget budget = new GroupBudget(HEAP_BYTES);
    for (int files = 0; files < 1000; files++) {
      budget.enter();
    }
    assertEquals(GroupBudget.LEAST_BYTES, budget.groupBytes());
  }
}
