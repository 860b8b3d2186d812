/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import static org.daqstream.itest.LiveRuntime.await;
import static org.junit.Assert.assertEquals;
import static org.ops4j.pax.exam.CoreOptions.bundle;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import javax.inject.Inject;
import org.apache.felix.hc.api.execution.HealthCheckExecutionOptions;
import org.apache.felix.hc.api.execution.HealthCheckExecutor;
import org.apache.felix.hc.api.execution.HealthCheckSelector;
import org.daqstream.itest.plugin.CounterSource;
import org.daqstream.itest.plugin.Observer;
import org.daqstream.itest.plugin.OwnTransport;
import org.daqstream.itest.plugin.StampedWriterFactory;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.SignalRegistry;
import org.daqstream.signal.api.SignalState;
import org.daqstream.stream.api.StreamRegister;
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
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.service.cm.ConfigurationAdmin;

/** A plug-in that is updated fifty times leaves none of its class loaders behind, used or not. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class ClassLoadersIT {
  private static final int UPDATES = 50;
  private static final String STAMPED = "hot/stamped";
  private static final String COUNTED = "counted/value";

  @Inject private BundleContext context;

  @Inject private ConfigurationAdmin configurationAdmin;

  @Inject private SignalRegistry registry;

  @Inject private StreamRegister streams;

  @Inject private HealthCheckExecutor health;

  private final HttpClient http = HttpClient.newHttpClient();
  private CountingClient client;

  @Configuration
  public Option[] runtime() {
    return FelixRuntime.withHealthChecks();
  }

  @Before
  public void connect() throws Exception {
    configure("org.daqstream.server", Map.of("host", "127.0.0.1", "port", 0, "controlPort", 0));
    configure("org.daqstream.ops", Map.of("sampleIntervalMs", 100));
    await("server on loopback", () -> LiveRuntime.endpoints(context) != null);
    client = new CountingClient(LiveRuntime.endpoints(context), new Timeline());
  }

  @After
  public void disconnect() {
    client.close();
  }

  private void configure(String pid, Map<String, Object> values) throws IOException {
    configurationAdmin
        .getConfiguration(pid, "?")
        .updateIfDifferent(FrameworkUtil.asDictionary(values));
  }

  @Test
  public void writersWithoutClients() throws Exception {
    withHot(() -> await(STAMPED, () -> isAvailable(STAMPED)));
  }

  @Test
  public void writersUnderAClient() throws Exception {
    withHot(() -> receive(STAMPED));
  }

  private void withHot(Use use) throws Exception {
    CounterSource hot =
        new CounterSource(
            registry, "hot", "plain", DataTypes.INT64, "stamped", StampedWriterFactory.DATA_TYPE);
    try {
      updated(this::writer, use);
    } finally {
      hot.close();
    }
  }

  private PluginJar writer(int version) {
    return PluginJar.writer("loader-writer", version, 0, "");
  }

  @Test
  public void sourcesWithoutClients() throws Exception {
    updated(this::source, () -> await(COUNTED, () -> isAvailable(COUNTED)));
  }

  @Test
  public void sourcesUnderAClient() throws Exception {
    updated(this::source, () -> receive(COUNTED));
  }

  private PluginJar source(int version) {
    return PluginJar.source("loader-source", version);
  }

  private void receive(String signalId) throws Exception {
    client.awaitNews("available " + signalId);
    client.subscribeOnly(signalId);
    client.awaitSamples(signalId, 1);
  }

  @Test
  public void transportsWithoutModules() throws Exception {
    updated(
        this::transport,
        () -> await(OwnTransport.TYPE, () -> streams.types().contains(OwnTransport.TYPE)));
  }

  @Test
  public void transportsUnderModules() throws Exception {
    streams.deploy(
        "loaders",
        Modules.manifest(
            Modules.instance("talker", "data", OwnTransport.TYPE, "out", "{}"),
            Modules.instance("listener", "data", OwnTransport.TYPE, "in", "{}")));
    try (Modules modules = new Modules(context, "talker", "listener")) {
      updated(
          this::transport,
          () -> {
            await(OwnTransport.TYPE, () -> streams.types().contains(OwnTransport.TYPE));
            modules.tell("talker", "close 0");
            modules.tell("listener", "close 0");
            modules.tell("talker", "out", Modules.OK);
            modules.tell("listener", "in", Modules.OK);
            modules.awaitEvent("listener", "data hi");
            modules.tell("talker", "write x", Modules.OK);
          });
    } finally {
      streams.undeploy("loaders");
    }
  }

  private PluginJar transport(int version) {
    return PluginJar.transport("loader-transport", version);
  }

  @Test
  public void bundlesThatUseShellMetricsAndHealth() throws Exception {
    updated(
        version -> PluginJar.observer("loader-observer", version),
        () -> {
          await("use of the observer", () -> page(Observer.PATH).endsWith("used"));
          await(
              "health check",
              () ->
                  !health
                      .execute(
                          HealthCheckSelector.names(Observer.CHECK),
                          new HealthCheckExecutionOptions().setForceInstantExecution(true))
                      .isEmpty());
        });
  }

  /** Something that may throw. */
  private interface Use {
    void run() throws Exception;
  }

  private void updated(IntFunction<PluginJar> version, Use use) throws Exception {
    List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
    Bundle bundle = context.installBundle("test:loaders", version.apply(1).open());
    try {
      bundle.start();
      for (int next = 2; next <= UPDATES + 1; next++) {
        use.run();
        loaders.add(new WeakReference<>(bundle.adapt(BundleWiring.class).getClassLoader()));
        bundle.update(version.apply(next).open());
      }
      use.run();
      assertEquals(UPDATES, loaders.size());
      await(
          "end of the old class loaders",
          () -> {
            System.gc();
            long left = loaders.stream().filter(loader -> loader.get() != null).count();
            System.out.println("class loaders of " + bundle.getSymbolicName() + " left: " + left);
            return left == 0;
          });
    } finally {
      bundle.uninstall();
    }
  }

  private boolean isAvailable(String signalId) {
    return registry.signals().stream()
        .filter(SignalState::available)
        .anyMatch(state -> state.descriptor().signalId().equals(signalId));
  }

  private String page(String path) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(LiveRuntime.endpoints(context)[1]).resolve(path)).build();
    return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
  }
}
