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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.daqstream.server.api.ServerEvent;
import org.junit.Before;
import org.junit.Test;

/** The dashboard in the documents asks for metrics, labels and events that there are. */
public class DashboardTest {
  private static final Pattern METRIC =
      Pattern.compile("(daqstream_[a-z_]+?)(?:_bucket)?(?:[{](.*?)[}])?(?=[\\[), ]|\"|$)");

  private static final Pattern LABEL = Pattern.compile("([a-z_]+)(?:=~|=)\\\\\"(.*?)\\\\\"");

  private final Map<String, List<String>> labels = new HashMap<>();
  private String dashboard;

  @Before
  public void read() throws Exception {
    dashboard = Files.readString(Path.of("../../../docs/grafana-dashboard.json"));
    Arrays.stream(Definition.values()).forEach(each -> labels.put(each.metricName, each.labels));
  }

  @Test
  public void everyMetricAndLabelExists() {
    Set<String> seen = new HashSet<>();
    Matcher metric = METRIC.matcher(dashboard);
    while (metric.find()) {
      String name = metric.group(1);
      assertTrue(name, labels.containsKey(name));
      seen.add(name);
      Matcher label = LABEL.matcher(String.valueOf(metric.group(2)));
      while (label.find()) {
        assertTrue(metric.group(), labels.get(name).contains(label.group(1)));
      }
    }
    assertTrue("it shows something: " + seen, seen.size() >= 10);
    assertTrue(seen.toString(), seen.contains(Definition.CLIENT_LAG_SECONDS.metricName));
    assertTrue(seen.toString(), seen.contains(Definition.CLIENT_HOLES.metricName));
    assertTrue(seen.toString(), seen.contains(Definition.CLIENT_CONTRACT.metricName));
  }

  @Test
  public void everyEventExists() {
    Set<String> events = new TreeSet<>();
    Matcher event = Pattern.compile("event=\\\\\"(.*?)\\\\\"").matcher(dashboard);
    while (event.find()) {
      events.add(ServerEvent.valueOf(event.group(1).toUpperCase(Locale.ROOT)).name());
    }
    assertEquals(Set.of("GAP", "TOO_SLOW"), events);
  }
}
