/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.base.support;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertSame;

import org.junit.Test;

public class ForeignTextTest {
  @Test
  public void whatSteersOrHidesIsReplaced() {
    assertEquals(
        "a\ufffdb\ufffdc\ufffdd\ufffde\ufffdf\ufffd",
        ForeignText.plain("a\u202eb\nc\u2028d\u001be\ufefff\ud800"));
  }

  @Test
  public void wordsOfAllScriptsStayAsTheyAre() {
    String words = "温度 क्\u200dष می\u200cخواهم \ud83d\udc69\u200d\ud83d\udd2c";
    assertSame(words, ForeignText.plain(words));
  }

  @Test
  public void longTextsAreCut() {
    assertEquals("abc", ForeignText.plain("abc", 3));
    assertEquals("ab\ufffd…", ForeignText.plain("ab\tcdef", 3));
    assertEquals("a\ufffd…", ForeignText.plain("a\ud83d\udc69b", 2));
  }
}
