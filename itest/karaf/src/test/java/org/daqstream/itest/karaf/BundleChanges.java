/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest.karaf;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.SynchronousBundleListener;

/** What becomes of the bundles that are there now and are still there later. */
final class BundleChanges implements SynchronousBundleListener, AutoCloseable {
  private static final Map<Integer, String> DISTURBING =
      Map.of(
          BundleEvent.STOPPING, "stopped",
          BundleEvent.UNRESOLVED, "refreshed",
          BundleEvent.UPDATED, "updated");

  private final BundleContext context;
  private final Map<Bundle, Set<String>> changes = new TreeMap<>();

  BundleChanges(BundleContext context) {
    this.context = context;
    context.addBundleListener(this);
  }

  @Override
  public synchronized void bundleChanged(BundleEvent event) {
    String what = DISTURBING.get(event.getType());
    if (what != null) {
      changes.computeIfAbsent(event.getBundle(), bundle -> new TreeSet<>()).add(what);
    }
  }

  /** The bundles that were stopped, refreshed or updated although nobody removed them. */
  synchronized List<String> disturbed() {
    return changes.entrySet().stream()
        .filter(entry -> context.getBundle(entry.getKey().getBundleId()) != null)
        .map(entry -> entry.getKey().getSymbolicName() + " was " + entry.getValue())
        .toList();
  }

  @Override
  public void close() {
    context.removeBundleListener(this);
  }
}
