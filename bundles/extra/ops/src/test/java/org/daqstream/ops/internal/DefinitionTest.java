/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.ops.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.daqstream.ops.api.Metric;
import org.junit.Test;

/** The names that dashboards are built on. */
public class DefinitionTest {
  private static String row(Definition metric) {
    return "| `%s` | %s | %s | %s. |"
        .formatted(
            metric.metricName,
            metric.type.name().toLowerCase(Locale.ROOT),
            String.join(", ", metric.labels),
            metric.help);
  }

  @Test
  public void readmeHasEveryMetricAndNoOther() throws Exception {
    List<String> documented =
        Files.readAllLines(Path.of("README.md")).stream()
            .filter(line -> line.startsWith("| `daqstream_"))
            .toList();
    List<String> defined = Arrays.stream(Definition.values()).map(DefinitionTest::row).toList();
    assertEquals(
        "the table of metrics in bundles/extra/ops/README.md must have exactly these rows:\n"
            + String.join("\n", defined)
            + "\n",
        defined,
        documented);
  }

  @Test
  public void namesFollowTheConventionsOfPrometheus() {
    for (Definition metric : Definition.values()) {
      String name = metric.metricName;
      assertTrue(name, name.matches("daqstream(_[a-z]+)+"));
      assertEquals(name, metric.type == Metric.Type.COUNTER, name.endsWith("_total"));
      metric.labels.forEach(label -> assertTrue(label, label.matches("[a-z]+(_[a-z]+)*")));
      assertEquals(name, metric.labels.size(), metric.labels.stream().distinct().count());
    }
    assertEquals(
        Definition.values().length,
        Arrays.stream(Definition.values()).map(each -> each.metricName).distinct().count());
  }
}
