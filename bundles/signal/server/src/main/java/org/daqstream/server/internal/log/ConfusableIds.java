/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.log;

import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Ids of signals that users of the openDAQ SDK cannot have side by side. It makes a {@code #} of
 * each {@code /}, and it looks a signal up by the end of its id: with {@code rpm} and {@code
 * motor/rpm} at one server either may be refused or stay without data (seen with SDK 3.40.3). Any
 * thread.
 */
final class ConfusableIds {
  /** By their ids as the SDK has them, read backwards: what ends alike then begins alike. */
  private final NavigableMap<String, String> signalIds = new TreeMap<>();

  private static String backwards(String signalId) {
    return new StringBuilder(signalId.replace('/', '#')).reverse().toString();
  }

  /** Adds an id; gives one of those before it that it is confused with, or {@code null}. */
  synchronized String add(String signalId) {
    String key = backwards(signalId);
    String other = find(key);
    signalIds.putIfAbsent(key, signalId);
    return other;
  }

  synchronized void remove(String signalId) {
    signalIds.remove(backwards(signalId), signalId);
  }

  private String find(String key) {
    String longer = signalIds.ceilingKey(key);
    if (longer != null && longer.startsWith(key)) {
      return signalIds.get(longer);
    }
    String prefix = key;
    String shorter = signalIds.lowerKey(prefix);
    while (shorter != null && !key.startsWith(shorter)) {
      prefix = key.substring(0, commonChars(key, shorter)); // nothing longer can be its beginning
      shorter = signalIds.floorKey(prefix);
    }
    return shorter == null ? null : signalIds.get(shorter);
  }

  private static int commonChars(String one, String other) {
    int i = 0;
    while (i < Math.min(one.length(), other.length()) && one.charAt(i) == other.charAt(i)) {
      i++;
    }
    return i;
  }
}
