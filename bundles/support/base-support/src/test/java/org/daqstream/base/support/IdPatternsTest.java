/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.base.support;

import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.List;
import org.junit.Test;

public final class IdPatternsTest {
  private static boolean wants(String glob, String signalId) {
    return new IdPatterns(List.of("never", glob)).wants(signalId);
  }

  @Test
  public void wildcardsStandForText() {
    assertTrue(wants("**", "a/b"));
    assertTrue(wants("a/*", "a/b"));
    assertFalse(wants("a/*", "a/b/c"));
    assertTrue(wants("a/**", "a/b/c"));
    assertTrue(wants("a/?", "a/b"));
    assertFalse(wants("a?b", "a/b"));
    assertTrue(wants("a.b(*)", "a.b(1)"));
    assertFalse(wants("a.b", "aXb"));
    assertFalse(new IdPatterns(List.of()).wants("a"));
  }
}
