/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.log;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.daqstream.server.api.ServerStatus.PublishCost;

/** How long publishers were held up by a block, in steps of powers of two; any thread. */
public final class PublishCosts {
  private final AtomicLongArray counts = new AtomicLongArray(Long.SIZE);
  private final AtomicLong sumNanos = new AtomicLong();

  void add(long nanos) {
    sumNanos.addAndGet(Math.max(0, nanos));
    counts.incrementAndGet(Long.SIZE - Long.numberOfLeadingZeros(Math.max(0, nanos)));
  }

  /** All times together. */
  public long sumNanos() {
    return sumNanos.get();
  }

  /** The steps that were met. */
  public List<PublishCost> steps() {
    List<PublishCost> steps = new ArrayList<>();
    for (int i = 0; i < counts.length(); i++) {
      if (counts.get(i) > 0) {
        steps.add(new PublishCost(1L << i, counts.get(i)));
      }
    }
    return steps;
  }
}
