/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * By which runtimes the signals have come that this one has from NATS, so that none goes in a ring.
 * It stands beside the descriptions, which stay as the source made them. For any thread.
 */
@Component(service = ImportedPaths.class)
public final class ImportedPaths {
  private static final int MOST_STEPS = 32;

  private final String runtimeId;
  private final Map<String, List<String>> paths = new ConcurrentHashMap<>();

  /** Of this runtime. */
  @Activate
  public ImportedPaths(BundleContext context) {
    this(context.getProperty(Constants.FRAMEWORK_UUID));
  }

  /** Of a runtime with an id, or without. */
  ImportedPaths(String runtimeId) {
    this.runtimeId = runtimeId == null ? UUID.randomUUID().toString() : runtimeId;
  }

  String runtimeId() {
    return runtimeId;
  }

  /** Whether a signal has been here before, or has come too long a way. */
  boolean comesBack(List<String> path) {
    return path.size() > MOST_STEPS || path.contains(runtimeId);
  }

  /** A signal is to be imported; whether no other import has one with its id. */
  boolean claim(String signalId, List<String> path) {
    return paths.putIfAbsent(signalId, List.copyOf(path)) == null;
  }

  /** A signal is imported by a way. */
  void add(String signalId, List<String> path) {
    paths.put(signalId, List.copyOf(path));
  }

  /** A signal is not imported any more. */
  void remove(String signalId) {
    paths.remove(signalId);
  }

  /** The way of a signal when it leaves this runtime. */
  List<String> onward(String signalId) {
    List<String> path = new ArrayList<>();
    path.add(runtimeId);
    path.addAll(paths.getOrDefault(signalId, List.of()));
    return path;
  }

  /** Whether a signal was imported. */
  boolean isImported(String signalId) {
    return paths.containsKey(signalId);
  }
}
