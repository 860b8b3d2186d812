/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.launcher;

import java.util.List;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/**
 * Asks the signal registry how many signals are offered. The registry's interface belongs to a
 * bundle, so that the launcher can only call it by reflection.
 */
record SignalCount(BundleContext context) {
  private static final String REGISTRY = "org.daqstream.signal.api.SignalRegistry";

  private static final int STEP_MS = 50;
  private static final int SETTLED_MS = 250;
  private static final int SETTLE_TIMEOUT_MS = 2_000;

  /** Blocks until sources that have just started have published what they have, or gives up. */
  void awaitSettled() throws InterruptedException {
    int last = -1;
    for (int waitedMs = 0, sameMs = 0;
        sameMs < SETTLED_MS && waitedMs < SETTLE_TIMEOUT_MS;
        waitedMs += STEP_MS) {
      int now = available();
      sameMs = now == last ? sameMs + STEP_MS : 0;
      last = now;
      Thread.sleep(STEP_MS);
    }
  }

  /** How many signals are available to clients, domain signals included; 0 without a registry. */
  int available() {
    ServiceReference<?> reference = context.getServiceReference(REGISTRY);
    Object registry = reference == null ? null : context.getService(reference);
    if (registry == null) {
      return 0;
    }
    try {
      ClassLoader api = registry.getClass().getClassLoader();
      List<?> signals =
          (List<?>) Class.forName(REGISTRY, true, api).getMethod("signals").invoke(registry);
      int count = 0;
      for (Object signal : signals) {
        Object descriptor = call(signal, "descriptor");
        if ((boolean) call(signal, "available") && (boolean) call(descriptor, "isPublic")) {
          count++;
        }
      }
      return count;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("the service " + REGISTRY + " has another version", e);
    } finally {
      context.ungetService(reference);
    }
  }

  private static Object call(Object target, String method) throws ReflectiveOperationException {
    return target.getClass().getMethod(method).invoke(target);
  }
}
