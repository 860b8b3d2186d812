/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.registry.internal;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;
import org.daqstream.signal.api.WriteResult;

/** Counts a signal's blocks by outcome; one thread counts, any thread reads. */
final class BlockCounts {
  private static final WriteResult[] RESULTS = WriteResult.values();

  private final AtomicLongArray counts = new AtomicLongArray(RESULTS.length);

  @SuppressWarnings("EnumOrdinal") // an index that lives as long as the process
  void count(WriteResult result) {
    int i = result.ordinal();
    counts.setOpaque(i, counts.getPlain(i) + 1);
  }

  /** The outcomes that occurred. */
  Map<WriteResult, Long> toMap() {
    Map<WriteResult, Long> map = new EnumMap<>(WriteResult.class);
    for (int i = 0; i < RESULTS.length; i++) {
      long count = counts.getOpaque(i);
      if (count > 0) {
        map.put(RESULTS[i], count);
      }
    }
    return map;
  }

  /** Of what two sinks say of one block, that which tells more. */
  static WriteResult better(WriteResult one, WriteResult other) {
    return weight(other) > weight(one) ? other : one;
  }

  private static int weight(WriteResult result) {
    return switch (result) {
      case ACCEPTED -> 3;
      case TOO_LARGE -> 2;
      case FAILED -> 1;
      case NO_SUBSCRIBER, NO_WRITER, CLOSED -> 0;
    };
  }
}
