/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.daqstream.server.api.ServerMonitor;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/** What tests ask the runtime that they run in. */
final class LiveRuntime {
  private static final int TIMEOUT_S = 30;

  private LiveRuntime() {}

  /** Waits for something, and fails when it takes too long or throws. */
  static void await(String what, Callable<Boolean> condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_S);
    try {
      while (!condition.call()) {
        if (System.nanoTime() > deadline) {
          throw new AssertionError("no " + what + " within " + TIMEOUT_S + " s");
        }
        LockSupport.parkNanos(10_000_000);
      }
    } catch (Exception e) {
      throw new AssertionError(what, e);
    }
  }

  /**
   * The configured server; null while there is none or only that with the defaults, which also
   * listens on this machine until it has its configuration.
   */
  static ServiceReference<ServerMonitor> server(BundleContext context) {
    try {
      return context
          .getServiceReferences(
              ServerMonitor.class,
              "(&(daqstream.endpoints=ws://127.0.0.1:*)(!(daqstream.endpoints=ws://127.0.0.1:7414/)))")
          .stream()
          .findFirst()
          .orElse(null);
    } catch (InvalidSyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Session and command URL of the configured server; null while there is none. */
  static String[] endpoints(BundleContext context) {
    ServiceReference<ServerMonitor> server = server(context);
    return server == null ? null : (String[]) server.getProperty(ServerMonitor.ENDPOINTS);
  }

  /** One that must be installed. */
  static Bundle bundle(BundleContext context, String symbolicName) {
    return Arrays.stream(context.getBundles())
        .filter(bundle -> symbolicName.equals(bundle.getSymbolicName()))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no bundle " + symbolicName));
  }
}
