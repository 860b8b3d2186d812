/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest.karaf;

import static org.junit.Assert.assertEquals;

import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.ConfigurationAdmin;

/** What there was in Karaf before the installation, and is to be there again after it. */
final class Baseline {
  private static final int CALM_LOOKS = 6;
  private static final int CALM_LOOK_MS = 500;

  /** Before every test, for each takes back what it has brought. */
  private static final Set<String> CALM = new TreeSet<>();

  private final BundleContext context;
  private final ConfigurationAdmin configurations;
  private final Set<String> before;

  Baseline(BundleContext context, ConfigurationAdmin configurations) throws Exception {
    this.context = context;
    this.configurations = configurations;
    if (CALM.isEmpty()) {
      CALM.addAll(whenCalm());
    }
    before = new TreeSet<>(CALM);
  }

  /** Waits until Karaf is calm: it opens ports and starts their threads when it seems to be up. */
  private Set<String> whenCalm() throws Exception {
    Object port =
        configurations
            .getConfiguration("org.apache.karaf.shell", "?")
            .getProperties()
            .get("sshPort");
    Wait.until(
        "ssh",
        () ->
            traces().contains("socket tcp port " + port)
                || traces().contains("socket tcp6 port " + port));
    Set<String> last = traces();
    for (int looks = 0; looks < CALM_LOOKS; looks++) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(CALM_LOOK_MS));
      Set<String> now = traces();
      looks = now.equals(last) ? looks : -1;
      last = now;
    }
    return last;
  }

  /** What the user has taken away since. */
  void forget(String part) {
    before.removeIf(trace -> trace.contains(part));
  }

  /** Waits until nothing is left of what came since; fails when something is gone. */
  void assertNothingLeftBehind() throws Exception {
    Wait.untilNothing(this::leftBehind);
    Set<String> missing = new TreeSet<>(before);
    missing.removeAll(traces());
    missing.removeIf(trace -> trace.startsWith("thread "));
    assertEquals("gone although it was there before", Set.of(), missing);
  }

  private String leftBehind() throws Exception {
    Set<String> left = traces();
    left.removeAll(before);
    return String.join(", ", left);
  }

  private Set<String> traces() throws Exception {
    Set<String> traces = Traces.now(context);
    for (var configuration : configurations.listConfigurations(null)) {
      traces.add("configuration " + configuration.getPid());
    }
    return traces;
  }
}
