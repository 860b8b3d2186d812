/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.gateway.internal;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.daqstream.client.StreamingClient;
import org.daqstream.discovery.api.Device;
import org.daqstream.discovery.api.DeviceListener;
import org.daqstream.security.api.Authenticator;
import org.daqstream.server.api.ServerMonitor;
import org.daqstream.server.internal.start.Servers;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalRegistry;
import org.daqstream.signal.api.sink.SignalSink;
import org.daqstream.signal.api.writer.SignalWriterFactory;
import org.daqstream.signal.registry.internal.SignalCatalogue;
import org.daqstream.testing.Await;
import org.daqstream.testing.FakeContext;
import org.daqstream.writer.binary.internal.BinaryWriterFactory;
import org.daqstream.writer.numeric.internal.NumericWriterFactory;
import org.daqstream.writer.struct.internal.StructWriterFactory;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.ManagedService;

/** A registry with a server and gateways, as they are in a runtime of their own. */
final class TestRuntime implements AutoCloseable {
  private static final List<String> TYPES =
      List.of("int8", "int16", "int32", "int64", "uint16", "uint64", "real32", "real64");

  private final SignalCatalogue catalogue = new SignalCatalogue();
  private final FakeContext context = new FakeContext();
  private final BundleContext bundle = withId(context.get(), UUID.randomUUID().toString());
  private final Map<String, RemoteDevice> devices = new HashMap<>();
  private final Map<String, Object> serverSettings = new HashMap<>();
  private PeerGateway peers = new PeerGateway(catalogue, bundle);
  private List<Object> links = List.of();
  private Servers servers;
  private SignalSink sink;
  private int port;

  /** With keys of the server. */
  TestRuntime(Object... keysAndValues) {
    for (int i = 0; i < keysAndValues.length; i += 2) {
      serverSettings.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    call("start");
    addFactory(new NumericWriterFactory(), 1, TYPES);
    addFactory(new StructWriterFactory(), 2, List.of("struct"));
    addFactory(new BinaryWriterFactory(), 3, List.of("binary"));
    startServer();
  }

  private List<Object> monitors() {
    if (!has(ServerMonitor.class)) {
      return List.of();
    }
    return List.of(
        Proxy.newProxyInstance(
            TestRuntime.class.getClassLoader(),
            new Class<?>[] {ServiceReference.class},
            (proxy, method, arguments) -> null));
  }

  private BundleContext withId(BundleContext context, String id) {
    return (BundleContext)
        Proxy.newProxyInstance(
            TestRuntime.class.getClassLoader(),
            new Class<?>[] {BundleContext.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "getProperty" -> id;
                  case "getServiceReferences" -> monitors();
                  case "getService" -> monitor();
                  case "ungetService" -> true;
                  default -> method.invoke(context, arguments);
                });
  }

  private void addFactory(SignalWriterFactory factory, long id, List<String> types) {
    call(
        "addWriterFactory",
        factory,
        Map.of("service.id", id, SignalWriterFactory.SIGNAL_DATATYPE, types));
  }

  /** What the component runtime would call. */
  private void call(String name, Object... arguments) {
    call(catalogue, name, arguments);
  }

  private static void call(Object target, String name, Object... arguments) {
    try {
      for (Method method : target.getClass().getDeclaredMethods()) {
        if (method.getName().equals(name) && method.getParameterCount() == arguments.length) {
          method.setAccessible(true);
          method.invoke(target, arguments);
        }
      }
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(name, e);
    }
  }

  /** Starts a server, where one was before if there was one. */
  void startServer() {
    servers = new Servers(context.get());
    call(servers, "addTaker", peers, Map.of());
    Map<String, Object> settings = new HashMap<>(serverSettings);
    settings.putAll(Map.of("host", "127.0.0.1", "port", port, "controlPort", 0));
    try {
      service(ManagedService.class).updated(FrameworkUtil.asDictionary(settings));
    } catch (org.osgi.service.cm.ConfigurationException e) {
      throw new AssertionError(e);
    }
    Await.until("the server listens", () -> has(ServerMonitor.class));
    port = URI.create(monitor().endpoints().get(0)).getPort();
    sink =
        (SignalSink)
            context.services().stream()
                .filter(each -> each instanceof SignalSink && !(each instanceof OutgoingSignals))
                .findFirst()
                .orElseThrow();
    call("addSink", sink);
  }

  /** The registry sees the sinks of links that are there now. */
  private void bindLinks() {
    List<Object> now =
        context.services().stream().filter(OutgoingSignals.class::isInstance).toList();
    links.stream().filter(each -> !now.contains(each)).forEach(each -> call("removeSink", each));
    now.stream().filter(each -> !links.contains(each)).forEach(each -> call("addSink", each));
    links = now;
  }

  /** Has the server ask somebody who may come in. */
  void addAuthenticator(Authenticator authenticator) {
    call(servers, "addAuthenticator", authenticator, Map.of());
  }

  void stopServer() {
    call("removeSink", sink);
    call(servers, "stop");
  }

  /** Has another one take what clients publish, as when its bundle is updated. */
  void replacePeerGateway() {
    PeerGateway before = peers;
    peers = new PeerGateway(catalogue, bundle);
    call(servers, "addTaker", peers, Map.of());
    call(servers, "removeTaker", before);
    before.stop();
  }

  private List<String> agents() {
    return monitor().clients().stream().map(each -> each.userAgent()).toList();
  }

  private boolean has(Class<?> type) {
    return context.services().stream().anyMatch(type::isInstance);
  }

  private <T> T service(Class<T> type) {
    return type.cast(
        context.services().stream().filter(type::isInstance).findFirst().orElseThrow());
  }

  SignalRegistry registry() {
    return catalogue;
  }

  ServerMonitor monitor() {
    return service(ServerMonitor.class);
  }

  int port() {
    return port;
  }

  /** What the bundle that discovers would tell. */
  void find(Device device) {
    service(DeviceListener.class).found(device);
  }

  String address() {
    return "daq.lt://127.0.0.1:" + port;
  }

  StreamingClient connect() throws Exception {
    return StreamingClient.connect(address());
  }

  /** Begins to publish the signals of another runtime, or changes the configuration of it. */
  void importFrom(TestRuntime other, String name, Object... keysAndValues) {
    Map<String, Object> properties = new HashMap<>();
    properties.put("service.pid", RemoteDevice.PID + "~" + name);
    properties.put("address", other.address());
    properties.put("reconnectMinMs", 20);
    properties.put("reconnectMaxMs", 100);
    for (int i = 0; i < keysAndValues.length; i += 2) {
      properties.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    RemoteDevice known = devices.get(name);
    if (known == null) {
      devices.put(name, new RemoteDevice(catalogue, bundle, properties, this::agents));
    } else {
      known.modified(properties);
    }
    bindLinks();
  }

  /** Ids of value and domain signals that are published now. */
  List<String> ids() {
    return catalogue.signals().stream().map(each -> each.descriptor().signalId()).toList();
  }

  SignalDescriptor descriptor(String signalId) {
    return find(signalId).orElseThrow();
  }

  Optional<SignalDescriptor> find(String signalId) {
    return catalogue.signals().stream()
        .map(each -> each.descriptor())
        .filter(each -> each.signalId().equals(signalId))
        .findFirst();
  }

  void awaitSignals(String... signalIds) {
    Await.until("signals " + List.of(signalIds), () -> ids().containsAll(List.of(signalIds)));
    Await.until(
        "the server offers " + List.of(signalIds),
        () ->
            !has(ServerMonitor.class)
                || monitor().signals().stream()
                    .map(each -> each.signalId())
                    .toList()
                    .containsAll(List.of(signalIds)));
  }

  /** How many clients have subscribed to a signal of the server. */
  int subscribers(String signalId) {
    return monitor().signals().stream()
        .filter(each -> each.signalId().equals(signalId))
        .mapToInt(each -> each.subscribers())
        .sum();
  }

  @Override
  public void close() {
    new ArrayList<>(devices.values()).forEach(RemoteDevice::stop);
    bindLinks();
    stopServer();
    call("close");
  }
}
