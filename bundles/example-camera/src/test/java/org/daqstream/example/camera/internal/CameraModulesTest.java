/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.example.camera.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;

import java.util.List;
import java.util.Map;
import org.daqstream.testing.Configs;
import org.daqstream.testing.FakeClient;
import org.junit.Test;

public class CameraModulesTest {

  private static CameraModules modules(Map<String, Object> values) {
    return new CameraModules(Configs.of(CameraModules.Config.class, values));
  }

  @Test
  public void valuesOutOfBoundsAreRefused() {
    assertEquals(7, CameraModules.number("k", () -> 7, 7, 9));
    for (int refused : new int[] {6, 10}) {
      String message =
          assertThrows(
                  IllegalArgumentException.class,
                  () -> CameraModules.number("k", () -> refused, 7, 9))
              .getMessage();
      assertEquals("k = " + refused + ": must be a whole number from 7 to 9", message);
    }
  }

  @Test
  public void withAWrongConfigurationThereAreNoCameras() {
    for (Map<String, Object> wrong :
        List.<Map<String, Object>>of(
            Map.of("framesPerSecond", 1001), Map.of("frameBytes", 7), Map.of("frameBytes", "x"))) {
      CameraModules modules = modules(wrong);
      FakeClient client = new FakeClient();
      modules.bindStreams(client);
      modules.unbindStreams(client);
      assertFalse(client.wasCalled());
    }
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
