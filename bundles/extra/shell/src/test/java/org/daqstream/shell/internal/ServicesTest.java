/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal;

import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import org.junit.Test;

/** How commands that run on and on wait. */
public class ServicesTest {
  private static final long HOUR_MS = 3_600_000;

  @Test(timeout = 20_000)
  public void commandsDoNotWaitForABundleThatStops() throws InterruptedException {
    Services services = new Services(null);
    services.pause(1);
    assertTrue(services.isActive());
    Thread stops = new Thread(services::deactivate);
    stops.start();
    services.pause(HOUR_MS);
    assertFalse(services.isActive());
    stops.join();
  }
}
