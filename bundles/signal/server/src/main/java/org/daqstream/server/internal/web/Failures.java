/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.web;

import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Wrong logins by address, of IPv6 by network: after some of them an address has to wait, longer
 * each time, and is told so at once, for whoever waits on a connection holds up others. Any thread.
 */
final class Failures {
  static final int FREE = 5;
  static final int ADDRESSES_MAX = 4_096;
  private static final long LONGEST_S = 30;
  private static final long FORGOTTEN_S = 600;

  private final LongSupplier nanoTime;
  private final Map<InetAddress, Entry> entries = new LinkedHashMap<>();

  private record Entry(int count, long atNanos) {}

  Failures(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** Seconds that an address has to wait before it is looked at again; 0 if it need not. */
  synchronized long waitS(InetAddress address) {
    Entry entry = entries.get(Networks.of(address));
    if (entry == null || entry.count < FREE) {
      return 0;
    }
    long delayS = Math.min(LONGEST_S, 1L << Math.min(entry.count - FREE, 5));
    long passedNanos = nanoTime.getAsLong() - entry.atNanos;
    long leftNanos = TimeUnit.SECONDS.toNanos(delayS) - passedNanos;
    return leftNanos <= 0 ? 0 : TimeUnit.NANOSECONDS.toSeconds(leftNanos) + 1;
  }

  /** Counts a wrong login. */
  synchronized void failed(InetAddress address) {
    long now = nanoTime.getAsLong();
    Entry before = entries.remove(Networks.of(address));
    boolean isForgotten =
        before == null || now - before.atNanos > TimeUnit.SECONDS.toNanos(FORGOTTEN_S);
    entries.put(Networks.of(address), new Entry(isForgotten ? 1 : before.count + 1, now));
    if (entries.size() > ADDRESSES_MAX) { // the one that failed longest ago
      entries.remove(entries.keySet().iterator().next());
    }
  }

  /** Somebody of this address is known. */
  synchronized void succeeded(InetAddress address) {
    entries.remove(Networks.of(address));
  }

  synchronized int count() {
    return entries.size();
  }
}
