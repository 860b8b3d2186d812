/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.web;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.net.InetAddress;
import java.util.Set;
import org.daqstream.security.api.Identity;
import org.junit.Test;

/** How many sessions there are, and whose end first. */
public class SessionsTest {
  private static final InetAddress ADDRESS = InetAddress.getLoopbackAddress();

  private final KnownPeople people = new KnownPeople();
  private final Sessions sessions = new Sessions(() -> 0);

  private String begin(String reference) {
    Identity identity = new Identity(reference, reference, Set.of());
    return sessions.begin(new Visitor(identity, people, null), 1, ADDRESS);
  }

  private boolean isThere(String id) {
    return sessions.find(id, 1, ADDRESS).isPresent();
  }

  @Test
  public void whoBeginsManyEndsHisOwn() {
    String other = begin("other");
    String first = begin("many");
    String second = begin("many");
    for (int i = 2; i <= Sessions.OWN_MAX; i++) {
      begin("many");
    }
    assertFalse(isThere(first));
    assertTrue(isThere(second));
    assertTrue(isThere(other));
    assertEquals(1 + Sessions.OWN_MAX, sessions.count());
  }

  @Test
  public void ofAllTheOldestEnds() {
    String first = begin("first");
    for (int i = 0; i < Sessions.SESSIONS_MAX; i++) {
      begin("person " + i);
    }
    assertFalse(isThere(first));
    assertEquals(Sessions.SESSIONS_MAX, sessions.count());
  }
}
