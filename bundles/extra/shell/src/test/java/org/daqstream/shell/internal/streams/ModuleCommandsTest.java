/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal.streams;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.daqstream.shell.internal.CommandException;
import org.daqstream.shell.internal.StubServices;
import org.daqstream.stream.api.module.ModuleHost;
import org.daqstream.stream.api.module.ModuleStatus;
import org.daqstream.stream.api.module.ModuleTraffic;
import org.junit.Test;

public class ModuleCommandsTest {
  private final StubServices services = new StubServices();
  private final List<String> stopped = new ArrayList<>();

  private void host(long refused, String... instances) {
    Instant since = Instant.parse("2026-11-30T10:00:00Z");
    List<ModuleTraffic> traffic = new ArrayList<>();
    for (String instance : instances) {
      traffic.add(new ModuleTraffic(instance, "remote", "python3", since, 12, 65_536, 3, 99, 1));
    }
    services.moduleHosts.add(
        new ModuleHost() {
          @Override
          public List<ModuleStatus> modules() {
            return List.of();
          }

          @Override
          public List<ModuleTraffic> traffic() {
            return traffic;
          }

          @Override
          public long refused() {
            return refused;
          }

          @Override
          public boolean requestStop(String instance) {
            stopped.add(instance);
            return instance.equals("echo");
          }
        });
  }

  @Test
  public void modulesOfAllHostsAreListed() throws Exception {
    host(2, "echo");
    host(0, "counter");
    assertEquals(
        """
        INSTANCE  KIND    PROGRAM  SINCE                 RECEIVED    BYTES  SENT  BYTES  LOST
        counter   remote  python3  2026-11-30T10:00:00Z        12  65.5 kB     3   99 B     1
        echo      remote  python3  2026-11-30T10:00:00Z        12  65.5 kB     3   99 B     1
        """,
        services.run(ModuleCommands.traffic(services)));
    assertEquals("2 were turned away; the log says why\n", services.err());
  }

  @Test
  public void noneIsSaid() throws Exception {
    assertEquals("", services.run(ModuleCommands.traffic(services)));
    assertEquals("none is connected\n", services.err());
    host(0, "echo");
    services.run(ModuleCommands.traffic(services), "camera");
    assertEquals("none of 1 modules\n", services.err());
  }

  @Test
  public void aModuleIsAskedToEnd() throws Exception {
    host(0, "echo");
    assertEquals("asked to end: echo\n", services.run(ModuleCommands.stop(services), "echo"));
    CommandException e =
        assertThrows(
            CommandException.class, () -> services.run(ModuleCommands.stop(services), "other"));
    assertEquals(
        "there is no module 'other' that could be asked; module:traffic lists those",
        e.getMessage());
    assertEquals(List.of("echo", "other"), stopped);
  }
}
