/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.discovery.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.daqstream.discovery.api.Device;
import org.daqstream.discovery.api.DeviceListener;
import org.daqstream.server.api.ServerMonitor;
import org.junit.After;
import org.junit.Test;

/** Two components find each other over the real loopback interface. */
public class DiscoveryTest {
  private static final long TIMEOUT_S = 20;

  /** Nobody else's, also when tests run twice at the same time. */
  private final String serialNumber = Long.toHexString(System.nanoTime());

  private final String instance = "ACME_" + serialNumber;
  private final ServerMonitor server = server();
  private final Discovery device = new Discovery(configuration(Map.of()));
  private final Discovery client = new Discovery(configuration(Map.of("announce", "false")));

  private static ServerMonitor server() {
    return (ServerMonitor)
        Proxy.newProxyInstance(
            ServerMonitor.class.getClassLoader(),
            new Class<?>[] {ServerMonitor.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "hashCode" -> System.identityHashCode(proxy);
                  case "equals" -> proxy == arguments[0];
                  default -> null;
                });
  }

  private Map<String, Object> configuration(Map<String, String> more) {
    Map<String, Object> all = new HashMap<>(more);
    all.put("interfaces", "127.0.0.1");
    all.put("manufacturer", "ACME");
    all.put("serialNumber", serialNumber);
    return all;
  }

  private static Map<String, Object> endpoints(int port) {
    return Map.of(
        ServerMonitor.NAME,
        "default",
        ServerMonitor.ENDPOINTS,
        new String[] {"ws://127.0.0.1:" + port + "/", "http://127.0.0.1:1/"});
  }

  @After
  public void leavesNoThread() throws InterruptedException {
    device.deactivate();
    client.deactivate();
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().startsWith("daqstream-discovery")) {
        thread.join(TimeUnit.SECONDS.toMillis(TIMEOUT_S));
        assertTrue(thread.toString(), !thread.isAlive());
      }
    }
  }

  private boolean sees(int port) throws InterruptedException {
    return client.browse(Duration.ofMillis(300)).stream()
        .anyMatch(found -> found.instance().equals(instance) && found.port() == port);
  }

  private void await(String what, java.util.concurrent.Callable<Boolean> condition)
      throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_S);
    while (!condition.call()) {
      assertTrue("no " + what + " within " + TIMEOUT_S + " s", System.nanoTime() < deadline);
    }
  }

  @Test
  public void serverIsFoundChangesAndGoes() throws Exception {
    device.addServer(server, endpoints(7414));
    await("device", () -> sees(7414));
    Device found =
        client.browse(Duration.ofMillis(1_500)).stream() // it has just answered
            .filter(one -> one.instance().equals(instance))
            .findFirst()
            .orElseThrow();
    assertEquals(List.of("ws://127.0.0.1:7414/"), found.urls());
    assertEquals(serialNumber, found.serialNumber());
    device.addServer(server, endpoints(7514));
    await("other port", () -> sees(7514));
    device.removeServer(server);
    await("end of the device", () -> !sees(7514));
  }

  @Test
  public void listenerIsToldWhatComesAndGoes() throws Exception {
    BlockingQueue<String> told = new LinkedBlockingQueue<>();
    DeviceListener listener =
        new DeviceListener() {
          @Override
          public void found(Device found) {
            tell("found", found);
          }

          @Override
          public void lost(Device lost) {
            tell("lost", lost);
          }

          private void tell(String what, Device one) {
            if (one.instance().equals(instance)) {
              told.add(what + " " + one.properties().getOrDefault("location", ""));
            }
            throw new IllegalStateException("a listener that fails");
          }
        };
    client.addListener(listener);
    device.addServer(server, endpoints(7414));
    assertEquals("found ", told.poll(TIMEOUT_S, TimeUnit.SECONDS));
    device.modified(configuration(Map.of("properties", "location=Lab 3")));
    assertEquals("found Lab 3", told.poll(TIMEOUT_S, TimeUnit.SECONDS));
    device.deactivate();
    assertEquals("lost Lab 3", told.poll(TIMEOUT_S, TimeUnit.SECONDS));
    client.removeListener(listener);
  }

  @Test
  public void refusedConfigurationLeavesTheOldOne() throws Exception {
    device.addServer(server, endpoints(7414));
    device.modified(configuration(Map.of("announce", "perhaps")));
    await("device", () -> sees(7414));
    device.modified(configuration(Map.of("announce", "false")));
    await("end of the device", () -> !sees(7414));
  }

  @Test
  public void browsingCanBeSwitchedOff() {
    client.modified(configuration(Map.of("browse", "false")));
    IllegalStateException e =
        assertThrows(IllegalStateException.class, () -> client.browse(Duration.ofMillis(100)));
    assertTrue(e.getMessage(), e.getMessage().contains("org.daqstream.discovery"));
  }

  @Test
  public void thereIsNoThreadWhileNobodyNeedsOne() throws Exception {
    client.browse(Duration.ofMillis(10));
    assertEquals(
        List.of(),
        Thread.getAllStackTraces().keySet().stream()
            .map(Thread::getName)
            .filter(name -> name.startsWith("daqstream-discovery"))
            .toList());
  }
}
