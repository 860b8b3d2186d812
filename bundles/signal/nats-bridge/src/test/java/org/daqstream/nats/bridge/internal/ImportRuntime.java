/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.daqstream.nats.support.NatsOptions;
import org.daqstream.signal.api.SignalRegistry;
import org.daqstream.signal.api.sink.SignalSink;
import org.daqstream.signal.api.writer.SignalWriterFactory;
import org.daqstream.signal.registry.internal.SignalCatalogue;
import org.daqstream.testing.Await;
import org.daqstream.writer.binary.internal.BinaryWriterFactory;
import org.daqstream.writer.numeric.internal.NumericWriterFactory;
import org.daqstream.writer.struct.internal.StructWriterFactory;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;

/** A runtime that imports: a registry with a sink behind it, and what belongs to the bundle. */
final class ImportRuntime implements AutoCloseable {
  static final List<String> NUMERIC =
      List.of(
          "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "real32",
          "real64");

  /** A quick one. */
  static final LookPace PACE = new LookPace(100, 200, 500);

  final SignalCatalogue catalogue = new SignalCatalogue();
  final TakingSink sink;
  final ImportedPaths paths;
  final PassedTypes types;
  private final AtomicLong ids = new AtomicLong();
  private final Map<SignalWriterFactory, Map<String, Object>> factories = new HashMap<>();
  private final List<Runnable> ends = new ArrayList<>();

  /** With writers of numbers, structs and bytes. */
  ImportRuntime(Predicate<String> wanted) {
    this("here", wanted);
  }

  /** One with an id. */
  ImportRuntime(String id, Predicate<String> wanted) {
    paths = new ImportedPaths(id);
    sink = new TakingSink(wanted);
    types = new PassedTypes(context());
    call(catalogue, "start");
    addFactory(new NumericWriterFactory(), NUMERIC);
    addFactory(new StructWriterFactory(), List.of("struct"));
    addFactory(new BinaryWriterFactory(), List.of("binary"));
    call(catalogue, "addSink", sink);
  }

  SignalRegistry registry() {
    return catalogue;
  }

  /** Settings that have some patience. */
  static ImportSettings settings(long fillMs) {
    return settings("nats://127.0.0.1:1", fillMs, 0, "", List.of("**"), 1_000, 60_000);
  }

  static ImportSettings settings(
      String url,
      long fillMs,
      long historyMs,
      String prefix,
      List<String> signals,
      int maxSignals,
      long timeoutMs) {
    return new ImportSettings(
        NatsOptions.to(NatsOptions.servers(url))
            .clientName("test-import")
            .backoffMaxMs(500)
            .build(),
        new Subjects("test"),
        signals,
        prefix,
        maxSignals,
        timeoutMs * 1_000_000,
        historyMs,
        fillMs * 1_000_000,
        1 << 26);
  }

  NatsImport start(ImportSettings settings, FakeNats nats) {
    NatsImport made =
        new NatsImport("test", settings, catalogue, paths, types, System::nanoTime, PACE);
    ends.add(made::close);
    made.connected(nats.wire());
    return made;
  }

  SignalImporter.Running start(ImportSettings settings) {
    SignalImporter.Running made =
        new SignalImporter.Running("test", settings, catalogue, paths, types, PACE);
    ends.add(made::close);
    return made;
  }

  /** Has the runtime's signals go further. */
  void addSink(SignalSink more) {
    call(catalogue, "addSink", more);
    ends.add(() -> call(catalogue, "removeSink", more));
  }

  void awaitSignal(String signalId) {
    Await.until("signal " + signalId, () -> sink.value(signalId) != null);
  }

  void addFactory(SignalWriterFactory factory, List<String> dataTypes) {
    Map<String, Object> properties =
        Map.of(
            "service.id",
            ids.incrementAndGet(),
            SignalWriterFactory.SIGNAL_DATATYPE,
            dataTypes.toArray(String[]::new));
    factories.put(factory, properties);
    call(catalogue, "addWriterFactory", factory, properties);
    types.addFactory(factory, properties);
  }

  void removeFactory(SignalWriterFactory factory) {
    Map<String, Object> properties = factories.remove(factory);
    call(catalogue, "removeWriterFactory", factory, properties);
    types.removeFactory(factory, properties);
  }

  /** One in which writers' factories reach the registry. */
  private BundleContext context() {
    return (BundleContext)
        Proxy.newProxyInstance(
            ImportRuntime.class.getClassLoader(),
            new Class<?>[] {BundleContext.class},
            (proxy, method, arguments) ->
                method.getName().equals("registerService")
                    ? register((SignalWriterFactory) arguments[1], (Dictionary<?, ?>) arguments[2])
                    : null);
  }

  private ServiceRegistration<?> register(SignalWriterFactory factory, Dictionary<?, ?> given) {
    Map<String, Object> properties = new HashMap<>(Map.of("service.id", ids.incrementAndGet()));
    FrameworkUtil.asMap(given).forEach((key, value) -> properties.put((String) key, value));
    call(catalogue, "addWriterFactory", factory, properties);
    return (ServiceRegistration<?>)
        Proxy.newProxyInstance(
            ImportRuntime.class.getClassLoader(),
            new Class<?>[] {ServiceRegistration.class},
            (proxy, method, arguments) -> {
              call(catalogue, "removeWriterFactory", factory, properties);
              return null;
            });
  }

  /** What the component runtime would call. */
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

  @Override
  public void close() {
    ends.forEach(Runnable::run);
    call(catalogue, "close");
  }
}
