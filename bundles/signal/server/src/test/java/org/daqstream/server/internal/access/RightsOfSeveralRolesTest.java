/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.access;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.Test;

public class RightsOfSeveralRolesTest {
  private static Rights role(String see, String subscribe) {
    return new Rights(globs(see), globs(subscribe), Globs.NONE, Set.of());
  }

  private static Globs globs(String glob) {
    return new Globs(glob.isEmpty() ? List.of() : List.of(glob));
  }

  @Test
  public void whatOneRoleShowsAnotherDoesNotLetSubscribe() {
    Rights both = role("a/**", "**").and(role("b/**", ""));
    assertTrue(both.sees("a/x"));
    assertTrue(both.sees("b/x"));
    assertTrue(both.subscribes("a/x"));
    assertFalse(both.subscribes("b/x"));
    assertFalse(both.subscribes("c/x"));
  }

  @Test
  public void whatAnyRoleLetsSubscribeIsSubscribed() {
    Rights all = role("a/**", "**").and(role("b/**", "")).and(role("**", "b/1"));
    assertTrue(all.subscribes("a/x"));
    assertTrue(all.subscribes("b/1"));
    assertFalse(all.subscribes("b/2"));
    assertEquals(role("**", "**").and(Rights.NONE), role("**", "**"));
  }
}
