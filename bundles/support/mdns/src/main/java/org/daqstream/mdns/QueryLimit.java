/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.mdns;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** How many answers go to single hosts, so that nobody can make us flood another. */
final class QueryLimit {
  private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final int OF_ALL = 75;
  private static final int OF_ONE = 25;

  private final Map<InetAddress, Integer> answered = new HashMap<>();
  private long sinceNanos;
  private int total;

  /** Whether this host may get another answer now. */
  boolean take(InetAddress host, long nowNanos) {
    if (total == 0 || nowNanos - sinceNanos >= SECOND_NANOS) {
      answered.clear();
      total = 0;
      sinceNanos = nowNanos;
    }
    if (total >= OF_ALL || answered.getOrDefault(host, 0) >= OF_ONE) {
      return false;
    }
    total++;
    answered.merge(host, 1, Integer::sum);
    return true;
  }
}
