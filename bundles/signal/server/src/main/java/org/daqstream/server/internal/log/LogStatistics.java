/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.log;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.daqstream.base.support.LimitedLog;
import org.daqstream.server.api.ServerStatus.PublishCost;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is counted of publishing: what it costs, and what the log does not take. Any thread. */
public final class LogStatistics {
  private static final Logger LOG = LoggerFactory.getLogger(LogStatistics.class);

  private final LimitedLog tooLarge = new LimitedLog(LOG::warn, 1);
  private final AtomicLongArray publishCounts = new AtomicLongArray(Long.SIZE);
  private final AtomicLong publishNanos = new AtomicLong();

  void blockTooLarge(String signalId, long bytes) {
    tooLarge.say(
        () ->
            "a block of %s bytes of signal %s is dropped: larger than the log takes (key ringBytes)"
                .formatted(bytes, signalId));
  }

  public long tooLargeCount() {
    return tooLarge.count();
  }

  /** A publisher was held up so long by a block. */
  void published(long nanos) {
    publishNanos.addAndGet(Math.max(0, nanos));
    publishCounts.incrementAndGet(Long.SIZE - Long.numberOfLeadingZeros(Math.max(0, nanos)));
  }

  /** How long publishers were held up by blocks, all times together. */
  public long publishNanos() {
    return publishNanos.get();
  }

  /** How often so long, in steps of powers of two: those that were met. */
  public List<PublishCost> publishCosts() {
    List<PublishCost> steps = new ArrayList<>();
    for (int i = 0; i < publishCounts.length(); i++) {
      if (publishCounts.get(i) > 0) {
        steps.add(new PublishCost(1L << i, publishCounts.get(i)));
      }
    }
    return steps;
  }
}
