/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.host.internal;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The devices that a kernel file lists, by name: one is opened when it is first seen and closed
 * when it has been missing for two seconds.
 *
 * @param <D> what is kept for a device
 */
final class KernelDevices<D extends KernelDevices.Device> {
  /** How long a device may be missing; a list that changes while it is read can skip one. */
  static final long GONE_NANOS = 2_000_000_000L;

  /** What is kept for a device. */
  interface Device {
    /** Withdraws its signals. */
    void close();
  }

  private static final class Entry<D> {
    final D device;
    long lastSeenNanos;

    Entry(D device) {
      this.device = device;
    }
  }

  private final Function<String, D> opener;
  private final Map<String, Entry<D>> entries = new LinkedHashMap<>();

  /** Starts without devices; the opener gives {@code null} for a name that is of no interest. */
  KernelDevices(Function<String, D> opener) {
    this.opener = opener;
  }

  /** The device of a name, or {@code null} if it is of no interest. */
  D seen(String name, long nowNanos) {
    Entry<D> entry = entries.computeIfAbsent(name, key -> new Entry<>(opener.apply(key)));
    entry.lastSeenNanos = nowNanos;
    return entry.device;
  }

  void closeGone(long nowNanos) {
    closeIf(entry -> nowNanos - entry.lastSeenNanos >= GONE_NANOS);
  }

  void close() {
    closeIf(entry -> true);
  }

  private void closeIf(Predicate<Entry<D>> which) {
    entries
        .values()
        .removeIf(
            entry -> {
              boolean closed = which.test(entry);
              if (closed && entry.device != null) {
                entry.device.close();
              }
              return closed;
            });
  }
}
