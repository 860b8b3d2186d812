/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.discovery.internal;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
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
  private ExecutorService executor;
  private List<Device> latest = List.of();
  private boolean waiting;

  synchronized boolean isEmpty() {
    return told.isEmpty();
  }

  synchronized void add(DeviceListener listener) {
    told.put(listener, new HashMap<>());
    if (executor == null) {
      executor =
          Executors.newSingleThreadExecutor(task -> new Thread(task, "daqstream-discovery-tell"));
    }
  }

  synchronized void remove(DeviceListener listener) {
    told.remove(listener);
    if (told.isEmpty() && executor != null) {
      executor.shutdown();
      executor = null;
    }
  }

  /** Takes what is there now; returns at once. */
  synchronized void there(List<Device> devices) {
    latest = devices;
    if (executor != null && !waiting) {
      waiting = true;
      executor.execute(this::tellAll);
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
    } catch (RuntimeException e) {
      LOG.warn("a DeviceListener has failed", e);
    }
  }

  /** Says that nothing is there any more, and ends the thread. */
  void close() {
    ExecutorService ending;
    synchronized (this) {
      there(List.of());
      ending = executor;
      executor = null;
    }
    if (ending == null) {
      return;
    }
    ending.shutdown();
    try {
      if (!ending.awaitTermination(END_TIMEOUT_MS, TimeUnit.MILLISECONDS)) {
        ending.shutdownNow();
      }
    } catch (InterruptedException e) {
      ending.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
