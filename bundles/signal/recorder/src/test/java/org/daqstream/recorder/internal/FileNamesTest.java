/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recorder.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.time.Instant;
import org.junit.Test;

public final class FileNamesTest {
  @Test
  public void namesAreSafeWhateverSignalsAreCalled() {
    assertEquals("a-b", FileNames.word("a/b"));
    assertEquals("etc-passwd", FileNames.word("../../etc/passwd"));
    assertEquals("a-b", FileNames.word("_.a:\u0000\n*?\"<>|\\b. "));
    assertEquals("x", FileNames.word("/"));
    assertEquals("Öl.druck_1", FileNames.word("Öl.druck_1"));
  }

  @Test
  public void theLongestOneHasRoomForItsWorkingFile() {
    String longest = new String(Character.toChars(0x20000)).repeat(200);
    String name = FileNames.of(longest, longest, Instant.EPOCH, Integer.MAX_VALUE, "parquet");
    String working = "_" + name + ".part";
    assertTrue(name, working.getBytes(UTF_8).length < 255);
    assertEquals(name, new String(name.getBytes(UTF_8), UTF_8));
  }
}
