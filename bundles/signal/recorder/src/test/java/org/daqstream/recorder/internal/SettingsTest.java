/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recorder.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.daqstream.config.support.Values;
import org.junit.Test;

public final class SettingsTest {
  static Settings settings(Map<String, ?> keys) {
    return Settings.of(Values.of(SignalRecorder.Config.class, keys), Path.of("/home"));
  }

  private static String refusal(Object... keysAndValues) {
    Map<String, Object> keys = new HashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      keys.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return assertThrows(IllegalArgumentException.class, () -> settings(keys)).getMessage();
  }

  @Test
  public void aRecorderNeedsNoKey() {
    Settings settings = settings(Map.of());
    assertEquals(Path.of("/home/recordings"), settings.folder());
    assertEquals("parquet", settings.format());
    assertEquals(Settings.Start.ALWAYS, settings.start());
  }

  @Test
  public void whatDoesNotFitTogetherIsRefused() {
    assertEquals("key keepHours = '3' needs retention = delete", refusal("keepHours", 3));
    assertEquals(
        "key format = '../x' must be the ending of file names, parquet say",
        refusal("format", "../x"));
  }
}
