/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.web;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Map;
import org.daqstream.server.internal.fanout.ServerStatistics;
import org.daqstream.server.internal.start.TestServer;
import org.junit.Before;
import org.junit.Test;

/** Clients are counted in and out, in all and for each address. */
public class ConnectionGuardTest {
  private static final InetSocketAddress ONE = address(1, 1);
  private static final InetSocketAddress ONE_AGAIN = address(1, 2);
  private static final InetSocketAddress OTHER = address(2, 1);

  private ConnectionGuard guard;

  private static InetSocketAddress address(int lastByte, int port) {
    try {
      return new InetSocketAddress(
          InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) lastByte}), port);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @Before
  public void allowTwoOfAnAddressAndThreeInAll() {
    guard =
        new ConnectionGuard(
            new ServerStatistics(),
            TestServer.limits(Map.of("clients", 3, "clientsPerAddress", 2)));
  }

  @Test
  public void whoEntersBeyondALimitIsToldSo() {
    assertNull(guard.entered(ONE));
    assertNull(guard.refusal(ONE_AGAIN));
    assertNull(guard.entered(ONE_AGAIN));
    assertNotNull("checked before", guard.refusal(ONE));
    assertNotNull("came in at the same time", guard.entered(ONE));
    guard.left(ONE);
    assertNull(guard.entered(OTHER));
    assertNotNull(guard.entered(OTHER));
    assertEquals(4, guard.clientCount());
  }

  @Test
  public void whoLeavesMakesRoom() {
    guard.entered(ONE);
    guard.entered(ONE_AGAIN);
    guard.left(ONE);
    assertNull(guard.entered(ONE));
    guard.left(ONE);
    guard.left(ONE_AGAIN);
    assertEquals(0, guard.clientCount());
  }
}
