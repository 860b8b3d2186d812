/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.example.camera.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.util.Map;
import org.daqstream.testing.Configs;
import org.daqstream.testing.FakeClient;
import org.junit.Test;

public class CameraModulesTest {

  private static CameraModules modules(Map<String, Object> values) {
    return new CameraModules(Configs.of(CameraModules.Config.class, values));
  }

  private static void assertRefused(String key, int value, String rule) {
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> modules(Map.of(key, value)));
    assertEquals(
        "org.daqstream.example.camera: " + key + " = " + value + ": must be from " + rule,
        refusal.getMessage());
  }

  @Test
  public void valuesOutOfBoundsAreRefused() {
    assertRefused("framesPerSecond", 0, "1 to 1000");
    assertRefused("framesPerSecond", 1001, "1 to 1000");
    assertRefused("frameBytes", 7, "8 to 16777216");
    assertRefused("frameBytes", 16_777_217, "8 to 16777216");
  }

  @Test
  public void aCameraRunsForAsLongAsItsClientIsThere() throws Exception {
    CameraModules modules = modules(Map.of("framesPerSecond", 1000, "frameBytes", 8));
    FakeClient client = new FakeClient();
    modules.bindStreams(client);
    assertEquals("out frames", client.nextCall());
    assertEquals("write 1 of 8", client.nextCall());
    modules.unbindStreams(client);
    String last = client.nextCall();
    while (last.startsWith("write")) {
      last = client.nextCall();
    }
    assertEquals("close 1", last);
  }
}
