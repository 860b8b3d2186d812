/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.web;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import java.net.InetAddress;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.daqstream.security.api.Identity;
import org.junit.Test;

/** Sessions and wrong logins are bounded in number and time. */
public class BoundsTest {
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
  private final Sessions sessions = new Sessions(now::get);
  private final KnownPeople people = new KnownPeople();
  private int visitors;
  private final Failures failures = new Failures(now::get);

  private void pass(long seconds) {
    now.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
  }

  private static InetAddress address(String digits) throws Exception {
    return InetAddress.getAllByName(digits)[0];
  }

  /** Another one each time. */
  private Visitor somebody() {
    String name = "person " + visitors++;
    return new Visitor(new Identity(name, name, Set.of()), people, null);
  }

  @Test
  public void aSessionEndsInTime() throws Exception {
    InetAddress here = address("192.0.2.1");
    String id = sessions.begin(somebody(), 7, here);
    assertTrue(sessions.find(id, 7, here).isPresent());
    assertFalse(sessions.find(id, 8, here).isPresent());
    assertFalse(sessions.find(id, 7, address("192.0.2.2")).isPresent());
    assertFalse(sessions.find("", 7, here).isPresent());
    sessions.end(id, 8);
    pass(Sessions.LIFE_S - 1);
    assertTrue(sessions.find(id, 7, here).isPresent());
    pass(1);
    assertFalse(sessions.find(id, 7, here).isPresent());
    sessions.sweep();
    assertEquals(0, sessions.count());
  }

  @Test
  public void theOldestSessionGoesFirst() throws Exception {
    InetAddress here = address("192.0.2.1");
    String first = sessions.begin(somebody(), 7, here);
    Sessions.Session begun = sessions.find(first, 7, here).orElseThrow().session();
    String second = sessions.begin(somebody(), 7, here);
    assertNotEquals(first, second);
    for (int i = 0; i < Sessions.SESSIONS_MAX - 1; i++) {
      sessions.begin(somebody(), 7, here);
    }
    assertEquals(Sessions.SESSIONS_MAX, sessions.count());
    assertFalse(sessions.find(first, 7, here).isPresent());
    assertFalse(sessions.isAlive(begun));
    assertTrue(sessions.find(second, 7, here).isPresent());
  }

  @Test
  public void whoFailsWaitsLongerEachTime() throws Exception {
    InetAddress here = address("192.0.2.1");
    for (int i = 0; i < Failures.FREE - 1; i++) {
      failures.failed(here, "");
      assertEquals(0, failures.waitS(here));
    }
    for (long wait : new long[] {1, 2, 4, 8, 16, 30, 30}) {
      failures.failed(here, "");
      long told = failures.waitS(here);
      assertTrue(told + " for " + wait, told >= wait && told <= wait + 1);
      assertEquals(0, failures.waitS(address("192.0.2.2")));
      pass(wait);
      assertEquals(0, failures.waitS(here));
    }
    pass(601);
    failures.failed(here, "");
    assertEquals("forgotten", 0, failures.waitS(here));
    for (int i = 0; i < 10; i++) {
      failures.failed(here, "");
    }
    failures.succeeded(here);
    assertEquals(0, failures.waitS(here));
  }

  @Test
  public void whoShowsTheSameTokenAgainGuessesNothing() throws Exception {
    InetAddress here = address("192.0.2.1");
    for (int i = 0; i < 100; i++) {
      failures.failed(here, "revoked");
      assertEquals(0, failures.waitS(here));
    }
    for (int i = 1; i < Failures.FREE; i++) {
      failures.failed(here, "guess " + i);
    }
    assertTrue(failures.waitS(here) > 0);
    pass(2);
    failures.failed(here, "revoked");
    assertTrue(failures.waitS(here) > 0);
  }

  @Test
  public void aNetworkOfIpv6IsOneAddress() throws Exception {
    for (int i = 0; i < Failures.FREE; i++) {
      failures.failed(address("2001:db8:1:2::" + i), "token " + i);
    }
    assertTrue(failures.waitS(address("2001:db8:1:2:ffff::1")) > 0);
    assertEquals(0, failures.waitS(address("2001:db8:1:3::1")));
    assertEquals(1, failures.count());
  }

  @Test
  public void manyAddressesTakeLittle() throws Exception {
    for (int i = 0; i < Failures.ADDRESSES_MAX + 100; i++) {
      failures.failed(InetAddress.getByAddress(new byte[] {10, 0, (byte) (i >> 8), (byte) i}), "");
    }
    assertEquals(Failures.ADDRESSES_MAX, failures.count());
  }
}
