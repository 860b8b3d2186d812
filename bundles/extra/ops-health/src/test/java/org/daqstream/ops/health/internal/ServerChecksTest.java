/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.ops.health.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.daqstream.config.support.Values;
import org.daqstream.server.api.ServerEvent;
import org.daqstream.server.api.ServerMonitor;
import org.junit.After;
import org.junit.Test;

/** What is said of servers and their clients. */
public class ServerChecksTest {
  private final List<ServerMonitor> servers = new ArrayList<>();
  private final FakeServer server = new FakeServer("bench");
  private final AtomicLong clock = new AtomicLong();

  public ServerChecksTest() {
    servers.add(server);
  }

  @After
  public void closeServer() throws Exception {
    server.close();
  }

  private static Settings settings(Map<String, ?> values) {
    return Settings.of(Values.of(Health.Config.class, values));
  }

  private static void assertSays(HealthCheck check, Result.Status status, String... words) {
    Result result = check.execute();
    assertEquals(result.toString(), status, result.getStatus());
    for (String word : words) {
      assertTrue(result.toString(), result.toString().contains(word));
    }
  }

  @Test
  public void aServerThatListensIsWell() {
    assertSays(
        new ListenerCheck(servers, List.of("bench")),
        Result.Status.OK,
        "server bench listens on ws://0.0.0.0:");
  }

  @Test
  public void aServerThatIsNotThereIsNamed() {
    servers.clear();
    assertSays(new ListenerCheck(servers, List.of()), Result.Status.CRITICAL, "no server listens");
    assertSays(
        new ListenerCheck(servers, List.of("bench", "other")),
        Result.Status.CRITICAL,
        "server bench, other does not listen (key servers)");
  }

  @Test
  public void aPortThatTakesNoConnectionIsNamed() throws Exception {
    server.close();
    assertSays(
        new ListenerCheck(servers, List.of()),
        Result.Status.CRITICAL,
        "server bench: ws://0.0.0.0:" + server.socket.getLocalPort() + "/ takes no connection");
  }

  @Test
  public void aServerThatHangsIsCritical() {
    server.hangs = true;
    assertSays(
        new ListenerCheck(servers, List.of()), Result.Status.CRITICAL, "bench does not answer");
    assertSays(
        new LagCheck(servers, settings(Map.of())), Result.Status.WARN, "bench does not answer");
  }

  @Test
  public void slowClientsAreNamedWithTheKey() {
    LagCheck check =
        new LagCheck(servers, settings(Map.of("lagWarnPercent", 40, "lagCriticalPercent", 80)));
    server.addClient("quick", 39);
    assertSays(check, Result.Status.OK, "1 clients, the log of 1048576 bytes is used by 39 %");
    server.addClient("slow", 40);
    assertSays(
        check,
        Result.Status.WARN,
        "slow at 127.0.0.1:4711 (scope/1) is behind by 40 % of the log"
            + " (key lagWarnPercent = 40)");
    server.addClient("lost", 80);
    assertSays(
        check,
        Result.Status.CRITICAL,
        "(scope/1) is behind by 80 % of the log (key lagCriticalPercent = 80)",
        "slow at ");
  }

  private EventsCheck events(Map<String, ?> values) {
    return new EventsCheck(servers, settings(values), new LastMinute(), clock::get);
  }

  private void passSeconds(int seconds) {
    clock.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
  }

  @Test
  public void onlyTheLastMinuteCounts() {
    server.events.put(ServerEvent.DISCONNECTED, 100L);
    EventsCheck check = events(Map.of("disconnectsWarn", 5));
    assertSays(check, Result.Status.OK, "0 clients left in the last 0 s");
    passSeconds(30);
    server.events.put(ServerEvent.DISCONNECTED, 104L);
    assertSays(check, Result.Status.OK, "4 clients left in the last 30 s");
    passSeconds(20);
    server.events.put(ServerEvent.DISCONNECTED, 105L);
    assertSays(
        check,
        Result.Status.WARN,
        "server bench: 5 clients left in the last 50 s (key disconnectsWarn = 5)");
    passSeconds(40);
    assertSays(check, Result.Status.OK, "1 clients left in the last 60 s");
    passSeconds(300);
    assertSays(check, Result.Status.OK, "0 clients left in the last 300 s");
  }

  @Test
  public void whatAYoungServerDidCountsFromItsStart() {
    server.startedAt = Instant.now().minusSeconds(20);
    server.events.put(ServerEvent.DISCONNECTED, 7L);
    assertSays(events(Map.of("disconnectsWarn", 7)), Result.Status.WARN, "7 clients left");
  }

  @Test
  public void everyLossIsAWarning() {
    EventsCheck check = events(Map.of());
    check.execute();
    passSeconds(10);
    server.events.put(ServerEvent.TOO_SLOW, 1L);
    server.events.put(ServerEvent.BLOCK_TOO_LARGE, 2L);
    server.events.put(ServerEvent.REFUSED, 3L);
    server.events.put(ServerEvent.NOT_ACCEPTED, 4L);
    server.events.put(ServerEvent.MALFORMED, 5L);
    assertSays(
        check,
        Result.Status.WARN,
        "1 clients were too slow and lost their connection in the last 10 s",
        "2 blocks were too large",
        "3 connections were refused",
        "4 connections could not be accepted");
    passSeconds(70);
    assertSays(check, Result.Status.OK);
  }

  @Test
  public void aServerThatComesBackBeginsAnew() throws Exception {
    EventsCheck check = events(Map.of("disconnectsWarn", 5));
    server.events.put(ServerEvent.DISCONNECTED, 100L);
    check.execute();
    passSeconds(10);
    servers.clear();
    try (FakeServer next = new FakeServer("bench")) {
      servers.add(next);
      assertSays(check, Result.Status.OK, "0 clients left");
    }
  }
}
