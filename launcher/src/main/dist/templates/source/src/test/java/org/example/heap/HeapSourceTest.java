/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.example.heap;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.lang.annotation.Annotation;
import java.util.List;
import org.daqstream.testing.Await;
import org.daqstream.testing.RecordingRegistry;
import org.junit.Test;

/** What the source publishes, without a server. */
public class HeapSourceTest {
  private final RecordingRegistry registry = new RecordingRegistry();

  @Test
  public void theHeapIsPublishedUntilTheSourceStops() throws Exception {
    HeapSource source = new HeapSource(registry, config(1));
    Await.until("two samples", () -> registry.count("heap/used") >= 2);
    double percent = registry.last("heap/used");
    assertTrue("in per cent: " + percent, percent > 0 && percent <= 100);
    source.configure(config(-1));
    assertEquals("a bad value changes nothing", List.of("heap/time", "heap/used"), registry.ids());
    source.stop();
    assertEquals(List.of(), registry.ids());
  }

  private static HeapSource.Config config(int periodMs) {
    return new HeapSource.Config() {
      @Override
      public int periodMs() {
        return periodMs;
      }

      @Override
      public String dataType() {
        return "real64";
      }

      @Override
      public Class<? extends Annotation> annotationType() {
        return HeapSource.Config.class;
      }
    };
  }
}
