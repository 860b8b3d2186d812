/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * When publishers were heard last. A time in which nobody can be heard counts for nothing. Under
 * the lock of the import.
 */
final class Publishers {
  /** Behind the name of one that says that it ends. */
  static final String GONE = "\ngone";

  private static final long LATELY_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long ANSWER_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long CLEAR_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final int MOST = 10_000;
  private static final int NAME_CHARS = 200;

  private final LongSupplier nanoTime;
  private final long timeoutNanos;
  private final long forgetNanos;
  private long clearedNanos;
  private final Map<String, Long> heardNanos = new HashMap<>();

  /**
   * With none.
   *
   * @param timeoutNanos after how long one counts as gone
   * @param forgetNanos after how long nothing is left of it
   */
  Publishers(LongSupplier nanoTime, long timeoutNanos, long forgetNanos) {
    this.nanoTime = nanoTime;
    this.timeoutNanos = timeoutNanos;
    this.forgetNanos = forgetNanos;
    clearedNanos = nanoTime.getAsLong();
  }

  /** One says that it is there; whether it was thought to be gone. */
  boolean heard(String publisher) {
    if (!hasRoomFor(publisher)) {
      return false;
    }
    boolean wasAlive = isAlive(publisher);
    heardNanos.put(publisher, nanoTime.getAsLong());
    return !wasAlive;
  }

  /** One says that it ends. */
  void gone(String publisher) {
    heardNanos.remove(publisher);
  }

  /** Anybody may say anything. */
  private boolean hasRoomFor(String publisher) {
    if (publisher.length() > NAME_CHARS) {
      return false;
    }
    if (heardNanos.size() < MOST || heardNanos.containsKey(publisher)) {
      return true;
    }
    long time = nanoTime.getAsLong();
    if (time - clearedNanos > CLEAR_NANOS) { // not for each stranger
      clearedNanos = time;
      heardNanos.keySet().removeIf(each -> !isAlive(each));
    }
    return heardNanos.size() < MOST;
  }

  boolean isAlive(String publisher) {
    Long heard = heardNanos.get(publisher);
    return heard != null && nanoTime.getAsLong() - heard <= timeoutNanos;
  }

  /** Whether one has been heard lately, and so is no leftover. */
  boolean isHeardLately(String publisher) {
    return isAlive(publisher) && nanoTime.getAsLong() - heardNanos.get(publisher) <= LATELY_NANOS;
  }

  /** Whether one that was heard before has not been heard lately. */
  boolean isBack(String publisher) {
    return heardNanos.containsKey(publisher) && !isHeardLately(publisher);
  }

  /** Whether one has been heard since a moment of {@link System#nanoTime}. */
  boolean isHeardSince(String publisher, long nanos) {
    Long heard = heardNanos.get(publisher);
    return heard != null && heard - nanos > 0;
  }

  /** Whether one has said nothing since it was asked at a moment. */
  boolean isMissed(String publisher, long askedNanos) {
    return nanoTime.getAsLong() - askedNanos > ANSWER_NANOS && !isHeardSince(publisher, askedNanos);
  }

  /** Forgets those of long ago. */
  void sweep() {
    long time = nanoTime.getAsLong();
    heardNanos.values().removeIf(heard -> time - heard > forgetNanos);
  }

  /** All who were there may have gone on while nobody could be heard, and are waited for anew. */
  void resume(long silentNanos) {
    long time = nanoTime.getAsLong();
    heardNanos.replaceAll(
        (publisher, heard) ->
            time - heard <= timeoutNanos + silentNanos ? time : heard + silentNanos);
  }
}
