/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.example.camera.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;

import java.util.List;
import java.util.Map;
import org.daqstream.testing.FakeClient;
import org.daqstream.testing.LogLines;
import org.junit.Test;

public class CameraModulesTest {

  private static CameraModules modules(Map<String, Object> values) {
    return new CameraModules(values);
  }

  @Test
  public void theRuleOfAllComponentsHolds() throws Exception {
    LogLines.clear();
    CameraModules modules =
        modules(Map.of("framesPerSecond", "1000 ", "frameBytes", "", "frame", 1));
    assertEquals(
        List.of(
            "WARN org.daqstream.example.camera: key 'frame' is not known; known are"
                + " framesPerSecond, frameBytes"),
        LogLines.all());
    FakeClient client = new FakeClient();
    modules.bindStreams(client);
    assertEquals("out frames", client.nextCall());
    assertEquals("write 1 of 65536", client.nextCall());
    modules.modified(Map.of("framesPerSecond", "fast", "frameBytes", "9"));
    assertEquals("the old configuration stays", "write 1 of 65536", client.nextCall());
    assertEquals(
        List.of(
            "ERROR org.daqstream.example.camera: key framesPerSecond = 'fast' must be a whole"
                + " number from 1 to 1000; the old configuration stays"),
        LogLines.with("ERROR"));
    modules.modified(Map.of("framesPerSecond", 1000, "frameBytes", " 9"));
    String call = client.nextCall();
    while (call.equals("write 1 of 65536")) {
      call = client.nextCall();
    }
    assertEquals("write 1 of 9", call);
    modules.unbindStreams(client);
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
