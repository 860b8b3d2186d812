/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import static org.daqstream.itest.LiveRuntime.await;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.inject.Inject;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.felix.hc.api.Result;
import org.apache.felix.hc.api.execution.HealthCheckExecutionOptions;
import org.apache.felix.hc.api.execution.HealthCheckExecutionResult;
import org.apache.felix.hc.api.execution.HealthCheckExecutor;
import org.apache.felix.hc.api.execution.HealthCheckSelector;
import org.daqstream.ops.api.MetricSource;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.service.cm.ConfigurationAdmin;

/** A runtime under observation: by HTTP, by JMX, by Felix Health Checks. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class OperationsIT {
  private static final String SIGNAL = "host/memory/used";

  @Inject private BundleContext context;

  @Inject private ConfigurationAdmin configurationAdmin;

  @Inject private MetricSource metrics;

  @Inject private HealthCheckExecutor health;

  private final HttpClient http = HttpClient.newHttpClient();
  private final MBeanServer jmx = ManagementFactory.getPlatformMBeanServer();
  private static final Pattern CLIENT =
      Pattern.compile("daqstream_client_info\\{server=\"default\",client=\"(client-\\d+)\"");

  private SignalClient client;
  private String clientName;

  @Configuration
  public Option[] runtime() {
    return FelixRuntime.withHealthChecks();
  }

  @Before
  public void connect() throws Exception {
    configurationAdmin
        .getConfiguration("org.daqstream.server", "?")
        .updateIfDifferent(
            FrameworkUtil.asDictionary(Map.of("host", "127.0.0.1", "port", 0, "controlPort", 0)));
    configure("org.daqstream.ops", Map.of("sampleIntervalMs", 100));
    configure("org.daqstream.source.host", Map.of("rateHz", 100)); // one block of many is timed
    await("server on loopback", () -> LiveRuntime.endpoints(context) != null);
    client = new SignalClient(LiveRuntime.endpoints(context)[0], LiveRuntime.endpoints(context)[1]);
    await("subscription", () -> client.command("subscribe", SIGNAL).equals("200 Succeeded"));
    await("client", () -> CLIENT.matcher(page("/metrics")).find());
    Matcher named = CLIENT.matcher(page("/metrics"));
    assertTrue(named.find());
    clientName = named.group(1);
    assertFalse("a secret", page("/metrics").contains(client.streamId()));
  }

  @After
  public void disconnect() throws Exception {
    client.close();
    await("client gone", () -> !page("/metrics").contains("\"" + clientName + "\""));
  }

  private void configure(String pid, Map<String, Object> values) throws IOException {
    configurationAdmin
        .getConfiguration(pid, "?")
        .updateIfDifferent(FrameworkUtil.asDictionary(values));
  }

  private String page(String path) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(LiveRuntime.endpoints(context)[1]).resolve(path)).build();
    HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
    return response.statusCode() + "\n" + response.body();
  }

  private void awaitLine(String pattern) throws Exception {
    await(pattern, () -> page("/metrics").lines().anyMatch(line -> line.matches(pattern)));
  }

  @Test
  public void pageTellsOfServerClientAndSignal() throws Exception {
    String id = clientName;
    assertTrue(page("/metrics").startsWith("200\n# HELP daqstream_server_up "));
    awaitLine("daqstream_server_clients\\{server=\"default\"\\} 1");
    awaitLine(
        "daqstream_client_info\\{server=\"default\",client=\""
            + id
            + "\",address=\"127.0.0.1:\\d+\",profile=\"\\w+\",user_agent=\"daqstream/itest\"\\} 1");
    awaitLine("daqstream_client_delivered_packets_total\\{.*client=\"" + id + "\"\\} [1-9]\\d*");
    awaitLine("daqstream_signal_blocks_total\\{signal=\"" + SIGNAL + "\",.*\"accepted\"\\} \\d+");
    awaitLine("daqstream_signal_packets_total\\{.*signal=\"" + SIGNAL + "\"\\} [1-9]\\d*");
    awaitLine("daqstream_server_publish_seconds_count\\{server=\"default\"\\} [1-9]\\d*");
    assertEquals("daqstream_server_up", metrics.metrics().get(0).name());
  }

  private Set<String> beans(String pattern) throws Exception {
    return jmx.queryNames(new ObjectName(pattern), null).stream()
        .map(ObjectName::toString)
        .collect(Collectors.toSet());
  }

  @Test
  public void beansComeAndGoWithTheClientsAndWithTheBundle() throws Exception {
    String bean = "org.daqstream:type=Client,server=default,client=" + clientName;
    await(bean, () -> beans(bean).size() == 1);
    await(
        "rate of " + bean,
        () -> {
          Object sent = jmx.getAttribute(new ObjectName(bean), "SentBytes");
          return sent instanceof Long number && number > 0;
        });
    client.close();
    await("end of " + bean, () -> beans(bean).isEmpty());
    Bundle ops = LiveRuntime.bundle(context, "org.daqstream.ops");
    String location = ops.getLocation();
    ops.uninstall();
    assertEquals(Set.of(), beans("org.daqstream:*"));
    await(
        "end of the thread",
        () ->
            Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("daqstream-ops")));
    assertTrue(page("/metrics").startsWith("400\n"));
    context.installBundle(location).start();
    await("beans", () -> !beans("org.daqstream:type=Server,*").isEmpty());
  }

  @Test
  public void pageMovesAndWrongValuesAreRefusedWhileTheClientStays() throws Exception {
    configure("org.daqstream.ops", Map.of("path", "/other/metrics", "sampleIntervalMs", 100));
    await("page elsewhere", () -> page("/other/metrics").startsWith("200\n"));
    assertTrue(page("/metrics").startsWith("400\n"));
    configure("org.daqstream.ops", Map.of("path", "/metrics", "sampleIntervalMs", "often"));
    configure("org.daqstream.ops", Map.of("path", "/third", "sampleIntervalMs", 100));
    await("page back", () -> page("/third").startsWith("200\n"));
    assertTrue("not in between", page("/metrics").startsWith("400\n"));
    configure("org.daqstream.ops", Map.of("sampleIntervalMs", 100));
    awaitLine("daqstream_client_info\\{.*client=\"" + clientName + "\".*");
  }

  private Map<String, Result> check() {
    List<HealthCheckExecutionResult> results =
        health.execute(
            HealthCheckSelector.tags("signal"),
            new HealthCheckExecutionOptions().setForceInstantExecution(true));
    return results.stream()
        .collect(
            Collectors.toMap(
                result -> result.getHealthCheckMetadata().getName(),
                HealthCheckExecutionResult::getHealthCheckResult));
  }

  @Test
  public void healthChecksAreExecutedByFelix() throws Exception {
    awaitListenerCheck(Result.Status.OK);
    assertEquals(
        Set.of(
            "daqstream listener",
            "daqstream lag",
            "daqstream events",
            "daqstream signals",
            "daqstream recorders",
            "daqstream certificates"),
        check().keySet());
    check()
        .forEach(
            (name, result) -> assertEquals(name + result, Result.Status.OK, result.getStatus()));
    configure("org.daqstream.ops.health", Map.of("servers", "default, second"));
    awaitListenerCheck(Result.Status.CRITICAL);
    String complaint = check().get("daqstream listener").toString();
    assertTrue(complaint, complaint.contains("server second does not listen (key servers)"));
    configure("org.daqstream.ops.health", Map.of());
    awaitListenerCheck(Result.Status.OK);
  }

  /** All six checks are there, and this one says so. */
  private void awaitListenerCheck(Result.Status status) throws Exception {
    await(
        "six checks, the listener " + status,
        () -> {
          Map<String, Result> results = check();
          return results.size() == 6 && results.get("daqstream listener").getStatus() == status;
        });
  }
}
