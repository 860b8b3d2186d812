/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.mdns;

import static org.junit.Assert.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.Test;

public class MdnsEngineTest {
  private static final InterfaceFilter LOOPBACK =
      new InterfaceFilter(Set.of("127.0.0.1"), Set.of(), false);

  /** What is wrong with a packet or with us ends neither the thread nor what comes next. */
  @Test
  public void aFaultDoesNotEndIt() throws Exception {
    CountDownLatch lived = new CountDownLatch(1);
    try (MdnsEngine engine =
        new MdnsEngine(LOOPBACK, List.of(DnsName.of("_x._tcp.local")), found -> {})) {
      engine.start();
      engine.found(
          found -> {
            throw new IllegalStateException("a fault");
          });
      engine.found(found -> lived.countDown());
      assertTrue(lived.await(20, TimeUnit.SECONDS));
    }
  }
}
