/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import static org.junit.Assert.assertEquals;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.wiring.BundleWiring;

/** All bundles but one, which is worked on. */
final class OtherBundles implements SynchronousBundleListener {
  private final BundleContext context;
  private final Bundle changed;
  private final Map<String, State> before;
  private final List<String> events = new CopyOnWriteArrayList<>();

  /** With the wiring also the class loader is another one after a refresh. */
  private record State(int state, long lastModified, BundleWiring wiring) {}

  /** Watches from now on. */
  OtherBundles(BundleContext context, Bundle changed) {
    this.context = context;
    this.changed = changed;
    before = states();
    context.addBundleListener(this);
  }

  private Map<String, State> states() {
    Map<String, State> states = new HashMap<>();
    for (Bundle bundle : context.getBundles()) {
      if (!bundle.equals(changed)) {
        BundleWiring wiring = bundle.adapt(BundleWiring.class);
        states.put(
            bundle.getSymbolicName(),
            new State(bundle.getState(), bundle.getLastModified(), wiring));
      }
    }
    return states;
  }

  @Override
  public void bundleChanged(BundleEvent event) {
    if (!event.getBundle().equals(changed)) {
      events.add(event.getBundle() + " event " + event.getType());
    }
  }

  /** None was stopped, updated or refreshed. Ends the watch. */
  void assertUntouched() {
    context.removeBundleListener(this);
    assertEquals(List.of(), events);
    assertEquals(before, states());
  }
}
