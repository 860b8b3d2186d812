/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.host.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

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
    final String name;
    final D device;
    long lastSeenNanos;

    Entry(String name, D device) {
      this.name = name;
      this.device = device;
    }
  }

  private final Function<String, D> opener;
  private final List<Entry<D>> entries = new ArrayList<>();

  /** Starts without devices; the opener gives {@code null} for a name that is of no interest. */
  KernelDevices(Function<String, D> opener) {
    this.opener = opener;
  }

  /** The device named by the present token, or {@code null} if it is of no interest. */
  D seen(KernelFile file, long nowNanos) {
    Entry<D> entry = find(file);
    if (entry == null) {
      String name = file.token();
      entry = new Entry<>(name, opener.apply(name));
      entries.add(entry);
    }
    entry.lastSeenNanos = nowNanos;
    return entry.device;
  }

  private Entry<D> find(KernelFile file) {
    for (int i = 0; i < entries.size(); i++) {
      if (file.tokenIs(entries.get(i).name)) {
        return entries.get(i);
      }
    }
    return null;
  }

  void closeGone(long nowNanos) {
    for (int i = entries.size() - 1; i >= 0; i--) {
      if (nowNanos - entries.get(i).lastSeenNanos >= GONE_NANOS) {
        close(entries.remove(i));
      }
    }
  }

  void close() {
    entries.forEach(this::close);
    entries.clear();
  }

  private void close(Entry<D> entry) {
    if (entry.device != null) {
      entry.device.close();
    }
  }
}
