/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import static org.daqstream.itest.LiveRuntime.await;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.daqstream.itest.plugin.CommandedModule;
import org.daqstream.stream.api.StreamInfo;
import org.daqstream.stream.api.StreamRegister;
import org.daqstream.stream.api.StreamStatistics;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/** Module bundles that do as they are told, see {@link CommandedModule}. */
final class Modules implements AutoCloseable {
  /** Numbers of results, as commands give them. */
  static final String OK = "0";

  static final String TIMEDOUT = "2";
  static final String ERROR = "3";
  static final String NOTSUP = "12";

  private final BundleContext context;
  private final List<Bundle> installed = new ArrayList<>();

  /** Installs a module for each instance. */
  Modules(BundleContext context, String... instances) throws Exception {
    this.context = context;
    for (String instance : instances) {
      install(instance);
    }
  }

  void install(String instance) throws Exception {
    Bundle bundle = context.installBundle("test:" + instance, PluginJar.module(instance).open());
    installed.add(bundle);
    bundle.start();
  }

  /** What the module answers. */
  @SuppressWarnings("unchecked")
  String tell(String instance, String command) throws Exception {
    await("module " + instance, () -> reference(instance) != null);
    ServiceReference<?> reference = reference(instance);
    return ((UnaryOperator<String>) context.getService(reference)).apply(command);
  }

  /** Tells and expects the answer. */
  void tell(String instance, String command, String answer) throws Exception {
    assertEquals(instance + " " + command, answer, tell(instance, command));
  }

  /** Opens both ends of a connection and waits until it is up. */
  void connect(String dialler, String listener) throws Exception {
    tell(listener, "in", OK);
    tell(dialler, "out", OK);
    tell(listener, "event", "up");
    tell(dialler, "event", "up");
  }

  /** Of the only stream of an instance. */
  static StreamStatistics statistics(StreamRegister register, String instance) {
    return register.streams().stream()
        .filter(stream -> stream.instance().equals(instance))
        .findFirst()
        .map(StreamInfo::statistics)
        .orElseThrow();
  }

  /** Skips others, such as the end of a connection before the end of its stream. */
  void awaitEvent(String instance, String wanted) throws Exception {
    String event;
    do {
      event = tell(instance, "event");
      assertFalse("no '" + wanted + "'", event.equals("null"));
    } while (!event.equals(wanted));
  }

  /** Any bundle of the framework. */
  Bundle bundle(String symbolicName) {
    return Arrays.stream(context.getBundles())
        .filter(bundle -> symbolicName.equals(bundle.getSymbolicName()))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no bundle " + symbolicName));
  }

  private ServiceReference<?> reference(String instance) throws InvalidSyntaxException {
    ServiceReference<?>[] references =
        context.getAllServiceReferences(null, "(" + CommandedModule.MODULE + "=" + instance + ")");
    return references == null ? null : references[0];
  }

  /** Parameters of the type posix on loopback, for both directions. */
  static String posix(int port) {
    return "{\"type\":\"tcp\",\"domain\":\"IPv4\",\"hostname\":\"127.0.0.1\",\"port\":\"%d\"}"
        .formatted(port);
  }

  /** Parameters of the type nng on loopback. */
  static String nng(String mode, String protocol, int port) {
    return "{\"mode\":\"%s\",\"protocol\":\"%s\",\"connection_string\":\"tcp://127.0.0.1:%d\"}"
        .formatted(mode, protocol, port);
  }

  /** A manifest's part for an instance with one stream. */
  static String instance(
      String instance, String stream, String type, String direction, String parameters) {
    return """
        "%s":{"streams":{"%s":{"type":"%s","direction":"%s","parameters":%s}}}
        """
        .formatted(instance, stream, type, direction, parameters);
  }

  static String manifest(String... instances) {
    return "{\"instanceSpecs\":{" + String.join(",", instances) + "}}";
  }

  static int freePort() throws Exception {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  /** Removes the modules. */
  @Override
  public void close() throws BundleException {
    for (Bundle bundle : installed) {
      bundle.uninstall();
    }
  }
}
