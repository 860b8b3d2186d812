/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.example.heap;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.List;
import java.util.Map;
import org.daqstream.testing.Await;
import org.daqstream.testing.RecordingRegistry;
import org.junit.Test;

/** What the source publishes, without a server. */
public class HeapSourceTest {
  private final RecordingRegistry registry = new RecordingRegistry();

  @Test
  public void theHeapIsPublishedUntilTheSourceStops() throws Exception {
    HeapSource source = new HeapSource(registry, Map.of("periodMs", 1));
    Await.until("two samples", () -> registry.count("heap/used") >= 2);
    double percent = registry.last("heap/used");
    assertTrue("in per cent: " + percent, percent > 0 && percent <= 100);
    source.configure(Map.of("periodMs", -1));
    assertEquals("a bad value changes nothing", List.of("heap/time", "heap/used"), registry.ids());
    source.stop();
    assertEquals(List.of(), registry.ids());
  }
}
