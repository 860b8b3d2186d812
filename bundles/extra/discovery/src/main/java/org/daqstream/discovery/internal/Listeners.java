/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.discovery.internal;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.daqstream.base.support.OrderedTasks;
import org.daqstream.discovery.api.Device;
import org.daqstream.discovery.api.DeviceListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells every listener what has changed since it was told last, by a thread of its own, so that a
 * listener that blocks holds nothing else up.
 */
final class Listeners {
  private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);
  private static final long END_TIMEOUT_MS = 1_000;

  private final Map<DeviceListener, Map<String, Device>> told = new LinkedHashMap<>();
  private final OrderedTasks calls =
      new OrderedTasks("daqstream-discovery-tell", Listeners::failed);
  private List<Device> latest = List.of();
  private boolean waiting;

  synchronized boolean isEmpty() {
    return told.isEmpty();
  }

  synchronized void add(DeviceListener listener) {
    told.put(listener, new HashMap<>());
  }

  synchronized void remove(DeviceListener listener) {
    told.remove(listener);
  }

  /** Takes what is there now; returns at once. */
  synchronized void there(List<Device> devices) {
    latest = devices;
    if (!told.isEmpty() && !waiting) {
      waiting = calls.execute(this::tellAll);
    }
  }

  private void tellAll() {
    Map<DeviceListener, Map<String, Device>> listeners;
    List<Device> devices;
    synchronized (this) {
      waiting = false;
      listeners = new LinkedHashMap<>(told);
      devices = latest;
    }
    listeners.forEach((listener, known) -> tell(listener, known, devices));
  }

  private static void tell(
      DeviceListener listener, Map<String, Device> known, List<Device> devices) {
    Map<String, Device> now = new HashMap<>();
    devices.forEach(device -> now.put(device.instance(), device));
    for (Device before : List.copyOf(known.values())) {
      if (!now.containsKey(before.instance())) {
        known.remove(before.instance());
        call(() -> listener.lost(before));
      }
    }
    now.forEach(
        (instance, device) -> {
          if (!device.equals(known.put(instance, device))) {
            call(() -> listener.found(device));
          }
        });
  }

  private static void call(Runnable listener) {
    try {
      listener.run();
    } catch (RuntimeException | Error e) {
      failed(e);
    }
  }

  private static void failed(Throwable fault) {
    LOG.warn("a DeviceListener has failed", fault);
  }

  /** Says that nothing is there any more, and ends the thread. */
  void close() {
    there(List.of());
    calls.end(END_TIMEOUT_MS);
  }
}
