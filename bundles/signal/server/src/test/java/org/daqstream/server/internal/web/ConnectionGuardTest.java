/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.web;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
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

  private static InetSocketAddress of(String digits) throws Exception {
    return new InetSocketAddress(InetAddress.getByName(digits), 1);
  }

  @Test
  public void aNetworkOfIpv6IsOneAddress() throws Exception {
    assertNull(guard.entered(of("2001:db8:0:7::1")));
    assertNull(guard.entered(of("2001:db8:0:7:ffff::1")));
    assertNotNull("the same network", guard.refusal(of("2001:db8:0:7:1:2:3:4")));
    assertNull("the next one", guard.refusal(of("2001:db8:0:8::1")));
    guard.left(of("2001:db8:0:7::1"));
    assertNull(guard.refusal(of("2001:db8:0:7:1:2:3:4")));
  }

  @Test
  public void eachOfIpv4IsOneHoweverItIsWritten() throws Exception {
    InetAddress plain = InetAddress.getByName("192.0.2.7");
    byte[] mapped = new byte[16];
    Arrays.fill(mapped, 10, 12, (byte) 0xff);
    System.arraycopy(plain.getAddress(), 0, mapped, 12, 4);
    assertEquals(plain, Networks.of(Inet6Address.getByAddress(null, mapped, 0)));
    assertEquals(plain, Networks.of(plain));
    assertNotEquals(Networks.of(plain), Networks.of(InetAddress.getByName("192.0.2.8")));
  }
}
