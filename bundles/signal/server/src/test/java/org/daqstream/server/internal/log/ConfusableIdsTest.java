/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.log;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.Test;

/** Ids that the openDAQ SDK takes one for another. */
public class ConfusableIdsTest {
  private final ConfusableIds ids = new ConfusableIds();

  @Test
  public void idsThatEndAlikeAreConfused() {
    assertNull(ids.add("motor/rpm"));
    assertNull(ids.add("motor/rpm2"));
    assertEquals("motor/rpm", ids.add("rpm"));
    assertEquals("rpm", ids.add("xrpm"));
    assertNull(ids.add("motor"));
  }

  @Test
  public void slashAndHashAreTheSame() {
    assertNull(ids.add("a/b"));
    assertEquals("a/b", ids.add("a#b"));
    ids.remove("a#b");
    assertEquals("the first one stays", "a/b", ids.add("a#b"));
  }

  @Test
  public void whatLeftIsForgotten() {
    assertNull(ids.add("a/b"));
    ids.remove("a/b");
    assertNull(ids.add("b"));
  }

  @Test
  public void findsWhatComparingAllFinds() {
    Random random = new Random(10);
    List<String> known = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      StringBuilder id = new StringBuilder();
      for (int length = 1 + random.nextInt(9); length > 0; length--) {
        id.append("ab/#".charAt(random.nextInt(4)));
      }
      String signalId = id.toString();
      boolean confused = known.stream().anyMatch(other -> isConfused(signalId, other));
      assertEquals(signalId + " " + known, confused, ids.add(signalId) != null);
      if (!confused && known.size() <= 20) {
        known.add(signalId);
      } else if (!known.contains(signalId)) {
        ids.remove(signalId);
      }
    }
  }

  private static boolean isConfused(String one, String other) {
    String a = one.replace('/', '#');
    String b = other.replace('/', '#');
    return a.endsWith(b) || b.endsWith(a);
  }
}
