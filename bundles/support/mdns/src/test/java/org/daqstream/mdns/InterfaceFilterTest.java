/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.mdns;

import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import org.junit.Test;

/** Interfaces are taken and left out by name and by address. */
public class InterfaceFilterTest {
  private static final List<InetAddress> ADDRESSES =
      List.of(FakeLink.address("10.0.0.1"), FakeLink.address("fe80::1"));

  private static boolean accepts(Set<String> used, Set<String> leftOut) {
    return new InterfaceFilter(used, leftOut, true).accepts("eth0", ADDRESSES);
  }

  @Test
  public void allAreUsedByDefault() {
    assertTrue(accepts(Set.of(), Set.of()));
  }

  @Test
  public void onlyTheNamedOnesAreUsed() {
    assertTrue(accepts(Set.of("eth0"), Set.of()));
    assertTrue(accepts(Set.of("10.0.0.1"), Set.of()));
    assertTrue(accepts(Set.of(InterfaceFilter.text(FakeLink.address("fe80::1"))), Set.of()));
    assertFalse(accepts(Set.of("eth1"), Set.of()));
  }

  @Test
  public void leftOutOnesAreNot() {
    assertFalse(accepts(Set.of(), Set.of("eth0")));
    assertFalse(accepts(Set.of("eth0"), Set.of("10.0.0.1")));
    assertTrue(accepts(Set.of(), Set.of("docker0")));
  }
}
