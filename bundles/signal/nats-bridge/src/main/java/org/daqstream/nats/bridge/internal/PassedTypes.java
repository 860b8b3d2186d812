/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.writer.SignalWriter;
import org.daqstream.signal.api.writer.SignalWriterFactory;
import org.daqstream.signal.api.writer.UnsupportedSignalException;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/**
 * Has imported signals pass through this runtime whose data type has no writer here: as long as
 * there is none, a factory of the lowest ranking makes one of what their publisher says of it. For
 * any thread.
 */
@Component(service = PassedTypes.class)
public final class PassedTypes {
  /** Property of the factories that are made here. */
  static final String PASSED = "org.daqstream.nats.passed";

  private final BundleContext context;

  /** By the id of the signal here. */
  private final Map<String, PassedWriter> writers = new ConcurrentHashMap<>();

  private final Object lock = new Object();
  private final Map<Object, List<String>> installed = new HashMap<>(); // under the lock
  private final Map<String, String> typeOf = new HashMap<>(); // of signals; under the lock

  /** Factories that are there; only by who holds {@link #changes}. */
  private final Map<String, ServiceRegistration<?>> passing = new HashMap<>();

  private final Object changes = new Object();
  private boolean isEnded; // under the lock

  /** With nothing to pass. */
  @Activate
  public PassedTypes(BundleContext context) {
    this.context = context;
  }

  /** A writer's factory came. */
  @Reference(
      service = SignalWriterFactory.class,
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      target = "(!(" + PASSED + "=true))",
      updated = "addFactory")
  void addFactory(SignalWriterFactory factory, Map<String, Object> properties) {
    synchronized (lock) {
      installed.put(id(properties), strings(properties.get(SignalWriterFactory.SIGNAL_DATATYPE)));
    }
    adjust();
  }

  /** It is gone. */
  void removeFactory(SignalWriterFactory factory, Map<String, Object> properties) {
    synchronized (lock) {
      installed.remove(id(properties));
    }
    adjust();
  }

  private static Object id(Map<String, Object> properties) {
    return properties.get(Constants.SERVICE_ID);
  }

  private static List<String> strings(Object property) {
    if (property instanceof String[] several) {
      return List.of(several);
    }
    if (property instanceof Iterable<?> several) {
      Set<String> strings = new HashSet<>();
      several.forEach(each -> strings.add(String.valueOf(each)));
      return List.copyOf(strings);
    }
    return property == null ? List.of() : List.of(property.toString());
  }

  /** A signal is to be published with an id. */
  void add(String signalId, SignalAnnouncement announced) {
    PassedWriter writer = new PassedWriter(announced.sampleBytes(), announced.definition());
    if (writer.equals(writers.put(signalId, writer))) {
      return;
    }
    synchronized (lock) {
      typeOf.put(signalId, announced.value().dataType());
    }
    adjust();
  }

  /** It is not published any more. */
  void remove(String signalId) {
    if (writers.remove(signalId) == null) {
      return;
    }
    synchronized (lock) {
      typeOf.remove(signalId);
    }
    adjust();
  }

  private Set<String> wanted() {
    synchronized (lock) {
      Set<String> types = isEnded ? new HashSet<>() : new HashSet<>(typeOf.values());
      installed.values().forEach(types::removeAll);
      return types;
    }
  }

  /** Registers and unregisters, which calls others, so not under the lock of what they call. */
  private void adjust() {
    synchronized (changes) {
      Set<String> types = wanted();
      for (String each : types) {
        if (!passing.containsKey(each)) {
          passing.put(each, register(each));
        }
      }
      for (String each : Set.copyOf(passing.keySet())) {
        if (!types.contains(each)) {
          passing.remove(each).unregister();
        }
      }
    }
  }

  private ServiceRegistration<?> register(String dataType) {
    return context.registerService(
        SignalWriterFactory.class,
        new Factory(writers),
        FrameworkUtil.asDictionary(
            Map.of(
                SignalWriterFactory.SIGNAL_DATATYPE,
                dataType,
                Constants.SERVICE_RANKING,
                Integer.MIN_VALUE,
                PASSED,
                true)));
  }

  private record Factory(Map<String, PassedWriter> writers) implements SignalWriterFactory {
    @Override
    public SignalWriter create(SignalDescriptor descriptor) throws UnsupportedSignalException {
      PassedWriter writer = writers.get(descriptor.signalId());
      if (writer == null) {
        throw UnsupportedSignalException.of(
            descriptor, "a type without a writer here", "only imported signals pass");
      }
      return writer;
    }
  }

  /** Takes the factories back. */
  @Deactivate
  void stop() {
    synchronized (lock) {
      isEnded = true;
    }
    adjust();
  }
}
