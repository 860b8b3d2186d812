/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.base.support;

import java.util.random.RandomGenerator;

/**
 * Waits between attempts to connect: doubling from 50 ms to a maximum, each shortened at random by
 * up to a half so that many writers do not come back in step. Not thread-safe.
 */
public final class Backoff {
  private static final int FIRST_MS = 50;

  private final int maxMs;
  private final RandomGenerator random;
  private int nextMs = FIRST_MS;

  /** Starts with the shortest wait. */
  public Backoff(int maxMs, RandomGenerator random) {
    this.maxMs = maxMs;
    this.random = random;
  }

  /** The next wait; the one after that is twice as long. */
  public int nextMs() {
    int base = Math.min(nextMs, maxMs);
    nextMs = Math.min(2 * base, maxMs);
    return base - random.nextInt(base / 2 + 1);
  }

  /** A connection has lasted: begin with short waits again. */
  public void reset() {
    nextMs = FIRST_MS;
  }
}
