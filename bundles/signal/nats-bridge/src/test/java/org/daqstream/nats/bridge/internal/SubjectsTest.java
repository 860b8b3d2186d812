/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.Test;

public class SubjectsTest {
  private static final Subjects SUBJECTS = new Subjects("hall.a");

  @Test
  public void slashesBecomeDotsAndWhatIsNotPlainIsEscaped() {
    assertEquals("hall.a.data.host.cpu.load", SUBJECTS.data("host/cpu/load"));
    assertEquals("=.Dev=201.a=2Eb", Subjects.key("/Dev 1/a.b"));
    assertEquals("a.=.b.=", Subjects.key("a//b/"));
    assertEquals("=2A.=3E.=3D.=C2=B0C", Subjects.key("*/>/=/\u00B0C"));
    assertEquals("hall.a.data.>", SUBJECTS.allData());
    assertEquals("daqstream_hall_a", SUBJECTS.bucket());
  }

  @Test
  public void everyIdHasAKeyOfItsOwnAndComesBackFromIt() {
    Random random = new Random(7);
    String characters = "ab/./ *>=%_-\u00E9\u4E2D\uD83D\uDE00A0";
    int[] points = characters.codePoints().toArray();
    Map<String, String> ids = new HashMap<>();
    for (int i = 0; i < 50_000; i++) {
      StringBuilder id = new StringBuilder();
      for (int length = 1 + random.nextInt(8); length > 0; length--) {
        id.appendCodePoint(points[random.nextInt(points.length)]);
      }
      String key = Subjects.key(id.toString());
      assertTrue(key, key.matches("[A-Za-z0-9_=-]+([.][A-Za-z0-9_=-]+)*"));
      assertEquals(id.toString(), Subjects.signalId(key));
      String before = ids.put(key, id.toString());
      assertTrue(key, before == null || before.equals(id.toString()));
    }
  }

  @Test
  public void whatNoIdMakesIsRefused() {
    for (String key : List.of("a=2", "a=2e", "a=", "=41", "a=FF", "a=G1", "a..b", ".a", "a b")) {
      assertThrows(key, IllegalArgumentException.class, () -> Subjects.signalId(key));
    }
  }
}
