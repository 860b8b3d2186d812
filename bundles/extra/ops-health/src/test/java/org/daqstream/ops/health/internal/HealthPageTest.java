/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.ops.health.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.daqstream.config.support.Readers;
import org.daqstream.server.api.HttpPage;
import org.daqstream.testing.FakeContext;
import org.junit.Test;

/** The page with all checks. */
public class HealthPageTest {
  private final Map<String, HealthCheck> checks = new LinkedHashMap<>();
  private long nanos;
  private int executions;

  private HealthPage page() {
    return new HealthPage(checks, Readers.of("healthFrom", List.of()), () -> nanos);
  }

  private void add(String name, Result.Status status, String message) {
    checks.put(
        name,
        () -> {
          executions++;
          return new Result(status, message);
        });
  }

  private static void expect(int status, String text, HttpPage page) {
    byte[] body = page.body();
    assertEquals(text, new String(body, StandardCharsets.UTF_8));
    assertEquals(status, page.status(body));
  }

  @Test
  public void theWorstDecides() {
    add("a", Result.Status.OK, "fine");
    expect(200, "OK\na: OK\n", page());
    add("b", Result.Status.WARN, "signal\nx");
    expect(200, "WARN\na: OK\nb: WARN\n  signal\ufffdx\n", page());
    add("c", Result.Status.CRITICAL, "no server");
    add("d", Result.Status.WARN, "y");
    expect(
        503,
        "CRITICAL\na: OK\nb: WARN\n  signal\ufffdx\nc: CRITICAL\n  no server\nd: WARN\n  y\n",
        page());
    add("c", Result.Status.HEALTH_CHECK_ERROR, "?");
    assertEquals(503, page().status(page().body()));
  }

  @Test
  public void checksAreExecutedOnceASecondAtMost() {
    add("a", Result.Status.OK, "fine");
    HealthPage page = page();
    page.body();
    nanos += TimeUnit.MILLISECONDS.toNanos(900);
    page.body();
    assertEquals(1, executions);
    nanos += TimeUnit.MILLISECONDS.toNanos(200);
    page.body();
    assertEquals(2, executions);
  }

  @Test
  public void itIsForThisMachineUnlessConfigured() throws Exception {
    InetAddress other = InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, 7});
    assertNull(page().refusal(InetAddress.getLoopbackAddress()));
    assertNotNull(page().refusal(other));
    Readers all = Readers.of("healthFrom", List.of("*"));
    assertNull(new HealthPage(checks, all, () -> nanos).refusal(other));
  }

  @Test
  public void itComesAndGoesWithItsPath() {
    FakeContext context = new FakeContext();
    Health health = new Health(context.get(), Map.of());
    HttpPage page =
        (HttpPage) context.services().stream().filter(HttpPage.class::isInstance).findFirst().get();
    assertEquals("no server", 503, page.status(page.body()));
    health.modified(Map.of("path", ""));
    assertEquals(0, context.services().stream().filter(HttpPage.class::isInstance).count());
    health.stop();
  }
}
