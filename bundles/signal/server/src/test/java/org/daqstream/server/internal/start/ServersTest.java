/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.start;

import static org.junit.Assert.assertEquals;

import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import org.daqstream.server.api.ServerMonitor;
import org.daqstream.server.internal.Await;
import org.daqstream.testing.Configs;
import org.daqstream.testing.FakeContext;
import org.daqstream.testing.LogLines;
import org.junit.After;
import org.junit.Test;
import org.osgi.framework.FrameworkUtil;
import org.osgi.service.cm.ManagedServiceFactory;

/** Configurations come and go, one without a name and others with one. */
public class ServersTest {
  private static final String B = Servers.PID + "~b";
  private static final Map<String, Object> FREE_PORTS =
      Map.of("host", "127.0.0.1", "port", 0, "controlPort", 0);

  private final FakeContext context = new FakeContext();
  private final Servers component = new Servers(context.get());

  @After
  public void stop() throws InterruptedException {
    component.stop();
    assertEquals(List.of(), context.services());
  }

  private ManagedServiceFactory named() {
    return context.services().stream()
        .filter(ManagedServiceFactory.class::isInstance)
        .map(ManagedServiceFactory.class::cast)
        .findFirst()
        .orElseThrow();
  }

  private static Dictionary<String, Object> configuration(Object... keysAndValues) {
    return FrameworkUtil.asDictionary(Configs.with(FREE_PORTS, keysAndValues));
  }

  private void awaitServers(String... names) {
    Await.until(List.of(names).toString(), () -> List.of(names).equals(names()));
  }

  private List<String> names() {
    return context.services().stream()
        .filter(ServerMonitor.class::isInstance)
        .map(monitor -> ((ServerMonitor) monitor).name())
        .sorted()
        .toList();
  }

  @Test
  public void aServerWithANameRunsBesideTheOneWithout() throws Exception {
    LogLines.clear();
    component.configure(configuration());
    named().updated(B, configuration());
    awaitServers("b", "default");
    named().deleted(B);
    awaitServers("default");
    component.configure(null);
    named().updated(B, configuration("port", "many"));
    named().updated(B, configuration());
    awaitServers("b", "default");
    assertEquals(
        List.of(
            "WARN org.daqstream.server: the configuration is gone; the server goes on with it until"
                + " a restart",
            "ERROR org.daqstream.server~b: key port = 'many' must be a whole number from 0 to"
                + " 65535; the server is not started"),
        LogLines.all());
  }

  @Test
  public void whereThereAreNamesThereIsNoServerByDefault() throws Exception {
    named().updated(B, configuration());
    component.configure(null);
    named().updated(Servers.PID + "~c", configuration());
    awaitServers("b", "c");
  }
}
