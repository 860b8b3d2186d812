/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import static org.junit.Assert.assertTrue;

import org.junit.Test;

/** The {@link NatsSoak}, for some seconds. */
public class NatsSoakIT {
  private static final long BLOCKS = 60_000;

  @Test
  public void everyRowComesOnce() throws Exception { // NATS section 6
    assertTrue("what is printed is well", NatsSoak.run(BLOCKS, System.nanoTime()));
  }
}
