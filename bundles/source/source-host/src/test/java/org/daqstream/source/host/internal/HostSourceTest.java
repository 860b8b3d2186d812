/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.host.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.daqstream.config.support.RefusedException;
import org.daqstream.config.support.Values;
import org.daqstream.signal.api.Rule.Linear;
import org.daqstream.testing.Await;
import org.daqstream.testing.Configs;
import org.daqstream.testing.LogLines;
import org.daqstream.testing.RecordingRegistry;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public final class HostSourceTest {
  private static final String[] ALL = {"cpu", "memory", "network", "disk", "load", "temperature"};

  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  private final RecordingRegistry registry = new RecordingRegistry();
  private FakeHost host;
  private HostSource source;

  @Before
  public void makeHost() throws IOException {
    host = new FakeHost(folder.getRoot().toPath());
  }

  @After
  public void stop() {
    if (source != null) {
      source.deactivate();
    }
  }

  private void start(int rateHz, String... groups) {
    source = new HostSource(registry, config(rateHz, groups), host.root());
  }

  private static Map<String, Object> config(Object rateHz, String... groups) {
    return Configs.of("rateHz", rateHz, "groups", groups);
  }

  private void awaitRows(int count) {
    Await.until(count + " rows", () -> registry.count("host/memory/used") >= count);
  }

  @Test
  public void rowsStandOnTheGridAndRunForwardAtOneKilohertz() {
    start(1000, ALL);
    awaitRows(500);
    List<RecordingRegistry.Sample> rows = registry.samples("host/memory/used");
    long now = System.currentTimeMillis() * 1_000_000;
    assertTrue("near the present", Math.abs(rows.get(0).tick() - now) < 60_000_000_000L);
    for (int i = 0; i < rows.size(); i++) {
      assertEquals("on the grid", 0, rows.get(i).tick() % 1_000_000);
      assertTrue("forward", i == 0 || rows.get(i).tick() > rows.get(i - 1).tick());
    }
  }

  @Test
  public void aRateOfAnotherPeriodIsExactInItsOwnNanoseconds() {
    start(3, ALL);
    awaitRows(2);
    Linear rule = (Linear) registry.descriptor("host/time").rule();
    assertEquals(333_333_333, rule.deltaTicks());
    registry
        .samples("host/memory/used")
        .forEach(row -> assertEquals(0, row.tick() % rule.deltaTicks()));
  }

  @Test
  public void theRateChangesWithoutWithdrawingASignal() {
    start(100, ALL);
    awaitRows(1);
    source.modified(config(1000, ALL));
    int before = registry.count("host/memory/used");
    awaitRows(before + 50);
    assertEquals(List.of("update host/time"), updatesAndCloses());
    List<RecordingRegistry.Sample> rows = registry.samples("host/memory/used");
    for (int i = 1; i < rows.size(); i++) {
      assertTrue("no row twice", rows.get(i).tick() > rows.get(i - 1).tick());
    }
  }

  @Test
  public void groupsAreSwitchedWithoutTouchingTheOthers() {
    start(1000, "memory", "load");
    awaitRows(1);
    source.modified(Map.of("rateHz", "1000", "groups", "memory, temperature"));
    assertTrue(registry.ids().contains("host/temperature/x86_pkg_temp"));
    assertEquals(
        List.of("close host/load/1min", "close host/load/5min", "close host/load/15min"),
        updatesAndCloses());
    awaitRows(registry.count("host/memory/used") + 5);
  }

  @Test
  public void aRefusedConfigurationLeavesTheOldOneRunning() {
    start(1000, "memory");
    source.modified(config(1001, "memory"));
    source.modified(config(10, "memory", "fan"));
    assertEquals(List.of(), updatesAndCloses());
    awaitRows(registry.count("host/memory/used") + 5);
  }

  @Test
  public void aRefusalNamesKeyValueAndWhatIsAllowed() {
    for (Object rateHz : List.of(0, 1001, "fast")) {
      assertRefused(
          "key rateHz = '" + rateHz + "' must be a whole number from 1 to 1000",
          config(rateHz, ALL));
    }
    assertRefused(
        "key groups = 'fan' must be one of cpu, memory, network, disk, load, temperature",
        config(10, "cpu", "fan"));
  }

  @Test
  public void valuesAreReadByTheRuleOfAllComponents() {
    LogLines.clear();
    source =
        new HostSource(
            registry, Configs.of("rateHz", "1000 ", "groups", " Memory ,", "rate", 5), host.root());
    awaitRows(1);
    assertEquals(
        List.of("WARN org.daqstream.source.host: key 'rate' is not known; did you mean 'rateHz'?"),
        LogLines.all().stream().filter(line -> line.contains(" key ")).toList());
    source.modified(Configs.of("rateHz", " "));
    Linear rule = (Linear) registry.descriptor("host/time").rule();
    assertEquals("an empty number is the default", 100_000_000, rule.deltaTicks());
  }

  @Test
  public void aFirstConfigurationThatIsRefusedIsTriedAgainWhenItChanges() {
    start(0, ALL);
    assertEquals("nothing was published", List.of(), registry.events());
    source.modified(config(1001, "memory"));
    source.deactivate();
    source.modified(config(1000, "memory"));
    awaitRows(1);
  }

  private static void assertRefused(String message, Map<String, Object> config) {
    Values values = Values.of(HostSource.Config.class, config);
    assertEquals(
        message,
        assertThrows(RefusedException.class, () -> HostSource.Settings.of(values)).getMessage());
  }

  @Test
  public void aFileThatFailsForAWhileDoesNotDisturbTheOthers() throws IOException {
    start(1000, "memory", "load");
    awaitRows(1);
    host.write("proc/loadavg", "n/a\n");
    awaitRows(registry.count("host/memory/used") + 20);
    host.write("proc/loadavg", "9.5 9.5 9.5 1/91 7522\n");
    Await.until("the load is read again", () -> registry.last("host/load/1min") == 9.5);
  }

  @Test
  public void aHostWithoutSensorsStillGivesTheRest() throws IOException {
    Files.delete(host.root().resolve("proc/diskstats"));
    start(1000, "disk", "memory");
    awaitRows(5);
    assertFalse(registry.ids().toString(), registry.ids().contains("host/disk/vda/read"));
  }

  @Test
  public void deactivationEndsTheThreadAndWithdrawsEverything() {
    start(1, ALL);
    assertTrue(Await.threadRuns("daqstream-host"));
    long startNanos = System.nanoTime();
    source.deactivate();
    assertTrue("promptly", System.nanoTime() - startNanos < 900_000_000L);
    Await.noThread("daqstream-host");
    assertEquals(List.of(), registry.ids());
  }

  @Test
  public void measuresTheMachineItRunsOn() {
    source = new HostSource(registry, Map.of());
    awaitRows(2);
    assertTrue(registry.last("host/memory/used") > 0);
    Await.until("CPU load", () -> !registry.samples("host/cpu/load").isEmpty());
    double load = registry.last("host/cpu/load");
    assertTrue(load + " %", load >= 0 && load <= 100);
  }

  private List<String> updatesAndCloses() {
    return registry.events().stream().filter(event -> !event.startsWith("open")).toList();
  }
}
