/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The last descriptions of a signal, by epoch and number, as blocks that are still on their way may
 * need them. Under the lock of the import.
 */
final class KnownDescriptions {
  private static final int EPOCHS = 4;
  private static final int NUMBERS = 16;

  private final Map<Long, TreeMap<Integer, SignalAnnouncement>> byEpoch = new LinkedHashMap<>();
  private SignalAnnouncement latest; // null until one came
  private SignalAnnouncement asked; // the last that was found
  private long hopelessEpoch; // of which none came in time
  private boolean isHopeless;

  /** One came; whether it says anything new. */
  boolean add(SignalAnnouncement announced) {
    boolean isNews = !announced.equals(latest);
    latest = announced;
    asked = null;
    isHopeless &= announced.epoch() != hopelessEpoch;
    TreeMap<Integer, SignalAnnouncement> numbers =
        byEpoch.computeIfAbsent(announced.epoch(), epoch -> new TreeMap<>());
    numbers.put(announced.number(), announced);
    if (numbers.size() > NUMBERS) {
      numbers.pollFirstEntry();
    }
    if (byEpoch.size() > EPOCHS) {
      Iterator<Long> oldest = byEpoch.keySet().iterator();
      oldest.next();
      oldest.remove();
    }
    return isNews;
  }

  /** The one that came last; {@code null} when none did. */
  SignalAnnouncement latest() {
    return latest;
  }

  /** The one that holds for a block; {@code null} when it is not known. */
  SignalAnnouncement get(long epoch, int number) {
    if (asked != null && asked.epoch() == epoch && asked.number() == number) {
      return asked;
    }
    TreeMap<Integer, SignalAnnouncement> numbers = byEpoch.get(epoch);
    asked = numbers == null ? null : numbers.get(number);
    return asked;
  }

  boolean isDescribed(long epoch) {
    return byEpoch.containsKey(epoch);
  }

  RowTaker.Knowledge knows(long epoch, int number) {
    if (get(epoch, number) != null) {
      return RowTaker.Knowledge.KNOWN;
    }
    TreeMap<Integer, SignalAnnouncement> numbers = byEpoch.get(epoch);
    boolean isLost =
        numbers == null ? isHopeless && hopelessEpoch == epoch : number < numbers.lastKey();
    return isLost ? RowTaker.Knowledge.LOST : RowTaker.Knowledge.AWAITED;
  }

  /** None of an epoch came in time. */
  void giveUp(long epoch) {
    hopelessEpoch = epoch;
    isHopeless = true;
  }
}
