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
 * Wrong logins by address ({@link Networks}): after some of them an address has to wait, longer
 * each time, and is told so at once, for whoever waits on a connection holds up others. Any thread.
 */
final class Failures {
  static final int FREE = 5;
  static final int ADDRESSES_MAX = 4_096;
  private static final long LONGEST_S = 30;
  private static final long FORGOTTEN_S = 600;

  private final LongSupplier nanoTime;
  private final Map<InetAddress, Entry> entries = new LinkedHashMap<>();

  /** The hash is of what was shown last. */
  private record Entry(int count, long atNanos, String hash) {}

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

  /**
   * Counts a wrong login. Who shows the same token again guesses nothing: it is a program whose
   * token was revoked, and others of its address are not to wait for it.
   *
   * @param token empty for a password, which is counted each time: to look at one may cost much
   */
  synchronized void failed(InetAddress address, String token) {
    long now = nanoTime.getAsLong();
    String hash = Hashes.base64(token);
    Entry before = entries.remove(Networks.of(address));
    boolean isForgotten =
        before == null || now - before.atNanos > TimeUnit.SECONDS.toNanos(FORGOTTEN_S);
    boolean isSame = !isForgotten && !token.isEmpty() && before.hash.equals(hash);
    int count = isForgotten ? 1 : isSame ? before.count : before.count + 1;
    entries.put(Networks.of(address), new Entry(count, isSame ? before.atNanos : now, hash));
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
