/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import static org.daqstream.itest.LiveRuntime.await;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.inject.Inject;
import org.apache.felix.service.command.CommandProcessor;
import org.junit.After;
import org.junit.Before;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.ConfigurationAdmin;

/** A runtime with all bundles, and its Gogo. */
abstract class ShellBench {
  static final int TIMEOUT_S = 20;

  @Inject BundleContext context;

  @Inject ConfigurationAdmin configurationAdmin;

  @Inject CommandProcessor processor;

  final ExecutorService background = Executors.newCachedThreadPool();

  @Configuration
  public Option[] runtime() {
    return FelixRuntime.withAllBundles();
  }

  /** What the command printed. */
  String run(String line) throws Exception {
    return GogoSession.run(processor, line);
  }

  JsonNode json(String line) throws Exception {
    return new ObjectMapper().readTree(run(line + " --json"));
  }

  /** What the user reads of a command that fails. */
  String refused(String line) {
    return assertThrows(line, Exception.class, () -> run(line)).getMessage();
  }

  @Before
  public void listenOnEphemeralPorts() throws Exception {
    configurationAdmin
        .getConfiguration("org.daqstream.server", "?")
        .updateIfDifferent(
            FrameworkUtil.asDictionary(Map.of("host", "127.0.0.1", "port", 0, "controlPort", 0)));
    await("server on loopback", () -> LiveRuntime.endpoints(context) != null);
    await("commands", () -> commands().size() >= 15);
  }

  @After
  public void endBackground() throws Exception {
    background.shutdownNow();
    assertTrue(background.awaitTermination(TIMEOUT_S, TimeUnit.SECONDS));
  }

  List<String> commands() throws Exception {
    ServiceReference<?>[] references =
        context.getAllServiceReferences(
            null, "(|(osgi.command.scope=signal)(osgi.command.scope=stream))");
    return references == null
        ? List.of()
        : Arrays.stream(references)
            .filter(each -> each.getBundle().getSymbolicName().equals("org.daqstream.shell"))
            .map(
                each ->
                    each.getProperty("osgi.command.scope")
                        + ":"
                        + each.getProperty("osgi.command.function"))
            .toList();
  }

  static java.util.stream.Stream<JsonNode> stream(JsonNode array) {
    return java.util.stream.StreamSupport.stream(array.spliterator(), false);
  }
}
