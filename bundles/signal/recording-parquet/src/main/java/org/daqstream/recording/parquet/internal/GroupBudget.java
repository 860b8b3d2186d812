/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.parquet.internal;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How large row groups may get, so that those of all files that are written at the same time fit
 * into memory together. Any thread.
 */
final class GroupBudget {
  /** Beyond that readers gain nothing. */
  static final long MOST_BYTES = 16 << 20;

  /** Below that a file is mostly footer. */
  static final long LEAST_BYTES = 128 << 10;

  /** A row group is there up to three times, as values, encoded and compressed. */
  private static final int PART_OF_HEAP = 10;

  private final long bytes;
  private final AtomicInteger files = new AtomicInteger();

  GroupBudget() {
    this(Runtime.getRuntime().maxMemory());
  }

  GroupBudget(long heapBytes) {
    bytes = heapBytes / PART_OF_HEAP;
  }

  void enter() {
    files.incrementAndGet();
  }

  void leave() {
    files.decrementAndGet();
  }

  /** How large a row group gets now. */
  long groupBytes() {
    return Math.max(LEAST_BYTES, Math.min(MOST_BYTES, bytes / Math.max(1, files.get())));
  }
}
