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
    assertTrue(wants("a/***", "a/b/c"));
    assertTrue(wants("a/**?", "a/b/c") && !wants("a/**?", "a/b/"));
    assertTrue(wants("a.[b]\\E+", "a.[b]\\E+"));
    assertTrue(wants("a/**", "a/with\nline") && wants("**", "with\nline"));
    assertFalse(wants("a", "xa") || wants("a", "ax") || wants("a", ""));
    assertFalse(new IdPatterns(List.of()).wants("a") || new IdPatterns(List.of()).wants(""));
  }
}
