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
import org.daqstream.signal.api.Range;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalTable;
import org.daqstream.signal.api.Unit;
import org.daqstream.testing.RecordingRegistry;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public final class MeasurementTest {
  private static final long SECOND = 1_000_000_000L;

  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  private final RecordingRegistry registry = new RecordingRegistry();
  private final SignalTable table =
      registry.openTable(SignalDescriptor.linearTime("host/time", SECOND));
  private FakeHost host;

  @Before
  public void makeHost() throws IOException {
    host = new FakeHost(folder.getRoot().toPath());
  }

  private Measurement open(Group group) throws IOException {
    return group.open(host.root(), table);
  }

  @Test
  public void cpuLoadIsTheBusyShareInTotalAndPerCore() throws IOException {
    try (Measurement cpu = open(Group.CPU)) {
      cpu.sample(0, 0);
      assertEquals("a rate needs two samples", List.of(), registry.samples("host/cpu/load"));
      host.cpu(1075, 525);
      cpu.sample(SECOND, SECOND);
      assertEquals(37.5, registry.last("host/cpu/load"), 1e-9);
      assertEquals(75, registry.last("host/cpu/0/load"), 1e-9);
      assertEquals(0, registry.last("host/cpu/1/load"), 1e-9);
      assertEquals(SECOND, registry.samples("host/cpu/load").get(0).tick());
      assertEquals(Unit.PERCENT, registry.descriptor("host/cpu/load").unit());
      assertEquals(new Range(0, 100), registry.descriptor("host/cpu/0/load").range());
    }
    assertEquals("closed", List.of("host/time"), registry.ids());
  }

  @Test
  public void cpuLoadThatIsNotKnownGivesNoRow() throws IOException {
    try (Measurement cpu = open(Group.CPU)) {
      cpu.sample(0, 0);
      cpu.sample(SECOND, SECOND);
      assertEquals("no tick went by", List.of(), registry.samples("host/cpu/load"));
    }
  }

  @Test
  public void memoryIsInBytesAndPercent() throws IOException {
    try (Measurement memory = open(Group.MEMORY)) {
      memory.sample(5, 0);
      double total = 24684084 * 1024.0;
      double available = 24318888 * 1024.0;
      assertEquals(available, registry.last("host/memory/available"), 0);
      assertEquals(total - available, registry.last("host/memory/used"), 0);
      assertEquals(100 * available / total, registry.last("host/memory/availablePercent"), 1e-9);
      assertEquals(100 - 100 * available / total, registry.last("host/memory/usedPercent"), 1e-9);
      assertEquals(new Range(0, total), registry.descriptor("host/memory/used").range());
      assertEquals(Unit.BYTE, registry.descriptor("host/memory/used").unit());
    }
  }

  @Test
  public void memoryWithoutTheFieldIsAClearError() throws IOException {
    host.write("proc/meminfo", "MemTotal: 12 kB\n");
    IOException e = assertThrows(IOException.class, () -> open(Group.MEMORY));
    assertEquals("proc/meminfo: MemTotal or MemAvailable is missing", e.getMessage());
  }

  @Test
  public void networkThroughputIsBytesPerSecondPerDevice() throws IOException {
    try (Measurement network = open(Group.NETWORK)) {
      network.sample(0, 0);
      host.network("eth0", 61675384 + 3000, 400639 + 500);
      network.sample(2 * SECOND, 2 * SECOND);
      assertEquals(1500, registry.last("host/network/eth0/received"), 1e-9);
      assertEquals(250, registry.last("host/network/eth0/transmitted"), 1e-9);
      assertEquals(0, registry.last("host/network/lo/received"), 1e-9);
      assertEquals(new Range(0, 125e6), registry.descriptor("host/network/eth0/received").range());
      assertEquals("no link", null, registry.descriptor("host/network/lo/received").range());
    }
  }

  @Test
  public void networkDevicesComeAndGo() throws IOException {
    try (Measurement network = open(Group.NETWORK)) {
      network.sample(0, 0);
      host.network("wlan0", 0, 0);
      network.sample(SECOND, SECOND);
      assertTrue(registry.ids().contains("host/network/wlan0/received"));
      assertTrue("not gone for long", registry.ids().contains("host/network/eth0/received"));
      network.sample(2 * SECOND, 2 * SECOND);
      assertFalse(registry.ids().contains("host/network/eth0/received"));
      assertFalse(registry.ids().contains("host/network/eth0/transmitted"));
      assertTrue(registry.ids().contains("host/network/lo/received"));
      host.network("eth0", 10, 0);
      network.sample(3 * SECOND, 3 * SECOND);
      host.network("eth0", 20, 0);
      network.sample(4 * SECOND, 4 * SECOND);
      assertEquals("back again", 10, registry.last("host/network/eth0/received"), 1e-9);
    }
  }

  @Test
  public void diskThroughputCountsSectorsOf512BytesOnWholeDisksOnly() throws IOException {
    try (Measurement disk = open(Group.DISK)) {
      disk.sample(0, 0);
      host.disk(2291330 + 100, 469224 + 8);
      disk.sample(SECOND, SECOND);
      assertEquals(51200, registry.last("host/disk/vda/read"), 1e-9);
      assertEquals(4096, registry.last("host/disk/vda/write"), 1e-9);
      assertEquals(
          List.of("host/disk/vda/read", "host/disk/vda/write", "host/time"), registry.ids());
    }
  }

  @Test
  public void loadAveragesAreReadAsTheyStand() throws IOException {
    try (Measurement load = open(Group.LOAD)) {
      load.sample(0, 0);
      assertEquals(1.02, registry.last("host/load/1min"), 1e-12);
      assertEquals(0.62, registry.last("host/load/5min"), 1e-12);
      assertEquals(12.26, registry.last("host/load/15min"), 1e-12);
    }
  }

  @Test
  public void temperaturesAreReadOnceASecondAndHeld() throws IOException {
    try (Measurement temperature = open(Group.TEMPERATURE)) {
      temperature.sample(0, 0);
      assertEquals(48.5, registry.last("host/temperature/x86_pkg_temp"), 1e-12);
      assertEquals(-1.25, registry.last("host/temperature/coretemp/Package_id_0"), 1e-12);
      assertEquals(47, registry.last("host/temperature/coretemp/temp2"), 1e-12);
      host.write("sys/class/thermal/thermal_zone0/temp", "50000\n");
      temperature.sample(SECOND / 2, SECOND / 2);
      assertEquals(48.5, registry.last("host/temperature/x86_pkg_temp"), 1e-12);
      temperature.sample(SECOND, SECOND);
      assertEquals(50, registry.last("host/temperature/x86_pkg_temp"), 1e-12);
      host.write("sys/class/thermal/thermal_zone0/temp", "");
      temperature.sample(2 * SECOND, 2 * SECOND);
      assertTrue(Double.isNaN(registry.last("host/temperature/x86_pkg_temp")));
    }
  }

  @Test
  public void sensorsOfOneNameGetDifferentIds() throws IOException {
    host.write("sys/class/thermal/thermal_zone1/type", "x86_pkg_temp\n");
    host.write("sys/class/thermal/thermal_zone1/temp", "1000\n");
    try (Measurement temperature = open(Group.TEMPERATURE)) {
      temperature.sample(0, 0);
      assertEquals(1, registry.last("host/temperature/x86_pkg_temp-2"), 1e-12);
    }
  }

  @Test
  public void aSystemWithoutProcGivesWhatTheJavaRuntimeKnows() throws IOException {
    Files.delete(host.root().resolve("proc/stat"));
    try (Measurement cpu = open(Group.CPU);
        Measurement memory = open(Group.MEMORY);
        Measurement load = open(Group.LOAD)) {
      cpu.sample(0, 0);
      memory.sample(0, 0);
      load.sample(0, 0);
      double usedPercent = registry.last("host/memory/usedPercent");
      assertTrue(usedPercent + " %", usedPercent > 0 && usedPercent < 100);
      assertTrue(registry.last("host/memory/used") > 1e6);
      assertTrue(registry.last("host/load/1min") >= 0);
      assertTrue(registry.ids().contains("host/cpu/load"));
    }
    assertEquals("closed", List.of("host/time"), registry.ids());
  }
}
