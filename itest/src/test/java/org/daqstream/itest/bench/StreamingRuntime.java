/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.jar.JarFile;
import org.apache.felix.framework.FrameworkFactory;
import org.daqstream.itest.FelixRuntime;
import org.daqstream.server.api.ServerMonitor;
import org.daqstream.signal.api.SignalRegistry;
import org.daqstream.signal.api.relay.RelayStatus;
import org.daqstream.signal.api.relay.SignalRelay;
import org.daqstream.signal.api.sink.SignalSink;
import org.daqstream.stream.api.StreamRegister;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.launch.Framework;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.util.tracker.ServiceTracker;

/**
 * The bundles of a real runtime in an embedded Felix, without sources. The framework gives out the
 * signal and stream APIs of the class path, so the benchmark uses them as a plug-in does.
 */
final class StreamingRuntime implements AutoCloseable {
  /** The server's default. */
  static final int RING_BYTES = 128 << 20;

  private static final Set<String> API_BUNDLES =
      Set.of(
          "org.daqstream.server.api.jar",
          "org.daqstream.signal.api.jar",
          "org.daqstream.stream.api.jar");
  private static final String SOURCES_PREFIX = "org.daqstream.source.";
  private static final String CONFIGURATION_API = "org.osgi.service.cm;version=1.6.1";
  private static final long START_TIMEOUT_MS = 20_000;
  private static final String HOST = "127.0.0.1";

  private final Framework framework;
  private final SignalRegistry registry;
  private final StreamRegister streams;
  private final ServerMonitor server;
  private ServerMonitor tlsServer;

  /** Starts everything and waits until the server listens. */
  StreamingRuntime() throws Exception {
    this("bench-framework");
  }

  /**
   * Starts everything and waits until the server listens.
   *
   * @param storage name of a folder, for each that runs at the same time another one
   */
  StreamingRuntime(String storage) throws Exception {
    System.setProperty("org.ops4j.pax.logging.DefaultServiceLog.level", "WARN");
    framework =
        new FrameworkFactory()
            .newFramework(
                Map.of(
                    Constants.FRAMEWORK_STORAGE,
                    Path.of("target", storage).toAbsolutePath().toString(),
                    Constants.FRAMEWORK_STORAGE_CLEAN,
                    Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT,
                    Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA,
                    exported()));
    framework.start();
    List<Bundle> installed = new ArrayList<>();
    for (Path jar : FelixRuntime.bundleJars()) {
      if (isNeeded(jar)) {
        installed.add(
            framework.getBundleContext().installBundle(jar.toAbsolutePath().toUri().toString()));
      }
    }
    for (Bundle bundle : installed) {
      bundle.start();
    }
    service(ConfigurationAdmin.class)
        .getConfiguration("org.daqstream.server", "?")
        .update(
            properties(
                Map.of(
                    "clients",
                    20_000,
                    "clientsPerAddress",
                    20_000,
                    "pendingConnections",
                    1_000,
                    "pendingPerAddress",
                    1_000,
                    "allowedOrigins",
                    "*"))); // the plain page that the viewer is compared with is of another server
    registry = service(SignalRegistry.class);
    streams = service(StreamRegister.class);
    server = awaitServer(uri -> uri.getPort() != 7414); // the one with the defaults
  }

  /** The packages of the API bundles, as these export them. */
  private static String exported() throws IOException {
    List<String> packages = new ArrayList<>(List.of(CONFIGURATION_API));
    for (Path jar : FelixRuntime.bundleJars()) {
      if (API_BUNDLES.contains(jar.getFileName().toString())) {
        try (JarFile file = new JarFile(jar.toFile())) {
          packages.add(file.getManifest().getMainAttributes().getValue(Constants.EXPORT_PACKAGE));
        }
      }
    }
    return String.join(",", packages);
  }

  private static boolean isNeeded(Path jar) {
    String name = jar.getFileName().toString();
    return !API_BUNDLES.contains(name) && !name.startsWith(SOURCES_PREFIX);
  }

  /** Starts or stops a bundle. */
  void setRunning(String symbolicName, boolean running) throws BundleException {
    for (Bundle bundle : framework.getBundleContext().getBundles()) {
      if (bundle.getSymbolicName().equals(symbolicName)) {
        if (running) {
          bundle.start();
        } else {
          bundle.stop();
        }
      }
    }
  }

  /** Of a server on any ports. */
  private static Dictionary<String, Object> properties(Map<String, Object> more) {
    Map<String, Object> all = new HashMap<>(more);
    all.putAll(Map.of("host", HOST, "port", 0, "controlPort", 0, "ringBytes", RING_BYTES));
    return FrameworkUtil.asDictionary(all);
  }

  /** Opens one more server, inside TLS. */
  void openTls(String certificateFile, String keyFile) throws Exception {
    service(ConfigurationAdmin.class)
        .createFactoryConfiguration("org.daqstream.server", "?")
        .update(properties(Map.of("tls.certificate", certificateFile, "tls.key", keyFile)));
    tlsServer = awaitServer(uri -> uri.getScheme().equals("wss"));
  }

  Endpoint tlsEndpoint() {
    return new Endpoint(HOST, uri(tlsServer).getPort(), true);
  }

  /** Has the signals of another one published here. */
  void importFrom(Endpoint device, String prefix) throws Exception {
    configure(
        "org.daqstream.client",
        Map.of("address", "ws://" + device.host() + ":" + device.port(), "prefix", prefix));
  }

  /** How the relay of signals goes, of which there is one. */
  RelayStatus relay() throws InterruptedException {
    return service(SignalRelay.class).status();
  }

  /** Installs and starts a bundle that is left out otherwise. */
  void install(String jarName) throws BundleException {
    for (Path jar : FelixRuntime.bundleJars()) {
      if (jar.getFileName().toString().equals(jarName)) {
        framework.getBundleContext().installBundle(jar.toAbsolutePath().toUri().toString()).start();
      }
    }
  }

  /** Makes one more of something, until the configuration is deleted. */
  Configuration configure(String factoryPid, Map<String, Object> properties) throws Exception {
    Configuration configuration =
        service(ConfigurationAdmin.class).createFactoryConfiguration(factoryPid, "?");
    configuration.update(FrameworkUtil.asDictionary(properties));
    return configuration;
  }

  /** Has all signals go to a sink, until that is unregistered. */
  ServiceRegistration<SignalSink> register(SignalSink sink) {
    return framework.getBundleContext().registerService(SignalSink.class, sink, null);
  }

  SignalRegistry registry() {
    return registry;
  }

  /** The server as operating tools see it. */
  ServerMonitor server() {
    return server;
  }

  StreamRegister streams() {
    return streams;
  }

  Endpoint endpoint() {
    return new Endpoint(HOST, uri(server).getPort());
  }

  private <T> T service(Class<T> type) throws InterruptedException {
    ServiceTracker<T, T> tracker = new ServiceTracker<>(framework.getBundleContext(), type, null);
    tracker.open();
    T service = tracker.waitForService(START_TIMEOUT_MS);
    if (service == null) {
      throw new IllegalStateException("there is no " + type.getName());
    }
    return service;
  }

  /** The server may start with defaults first and again with the configuration. */
  private ServerMonitor awaitServer(Predicate<URI> isMeant) throws Exception {
    BundleContext context = framework.getBundleContext();
    long deadline = System.nanoTime() + START_TIMEOUT_MS * 1_000_000;
    while (System.nanoTime() < deadline) {
      for (ServiceReference<ServerMonitor> reference :
          context.getServiceReferences(ServerMonitor.class, null)) {
        ServerMonitor found = context.getService(reference);
        if (found != null && isMeant.test(uri(found))) {
          return found;
        }
      }
      Pause.millis(10);
    }
    throw new IllegalStateException("the server does not listen");
  }

  private static URI uri(ServerMonitor server) {
    return URI.create(server.endpoints().get(0));
  }

  @Override
  public void close() {
    try {
      framework.stop();
      framework.waitForStop(START_TIMEOUT_MS);
    } catch (BundleException | InterruptedException e) {
      throw new IllegalStateException("the framework does not stop", e);
    }
  }
}
