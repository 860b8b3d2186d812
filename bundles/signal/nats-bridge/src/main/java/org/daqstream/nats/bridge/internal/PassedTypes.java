/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import java.util.ArrayList;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has imported signals pass through this runtime that no writer here takes, for their data type or
 * for what is special about them: as long as that is so, a factory of the lowest ranking makes one
 * of what their publisher says of it. For any thread.
 */
@Component(service = PassedTypes.class)
public final class PassedTypes {
  /** Property of the factories that are made here. */
  static final String PASSED = "org.daqstream.nats.passed";

  private static final Logger LOG = LoggerFactory.getLogger(PassedTypes.class);

  private final BundleContext context;

  /** By the id of the signal here. */
  private final Map<String, PassedWriter> writers = new ConcurrentHashMap<>();

  private final Object lock = new Object();
  private final Map<Object, Installed> installed = new HashMap<>(); // under the lock
  private final Map<String, SignalDescriptor> signals = new HashMap<>(); // by id; under the lock
  private long changesOfInstalled; // under the lock

  /** Signals that nobody else has a writer for, and their types. */
  private final Map<String, String> unserved = new ConcurrentHashMap<>();

  private record Installed(SignalWriterFactory factory, List<String> dataTypes) {}

  /** Factories that are there; only by who holds {@link #changes}. */
  private final Map<String, ServiceRegistration<?>> passing = new HashMap<>();

  private final Object changes = new Object();
  private volatile boolean isEnded;

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
    List<String> types = strings(properties.get(SignalWriterFactory.SIGNAL_DATATYPE));
    synchronized (lock) {
      installed.put(id(properties), new Installed(factory, types));
      changesOfInstalled++;
    }
    lookAgain(types);
  }

  /** It is gone. */
  void removeFactory(SignalWriterFactory factory, Map<String, Object> properties) {
    Installed gone;
    synchronized (lock) {
      gone = installed.remove(id(properties));
      changesOfInstalled++;
    }
    lookAgain(gone == null ? List.of() : gone.dataTypes());
  }

  /** Who serves signals of some types may have changed, and who does not is asked again. */
  private void lookAgain(List<String> types) {
    Map<String, SignalDescriptor> affected = new HashMap<>();
    synchronized (lock) {
      affected.putAll(signals);
    }
    affected.values().removeIf(each -> !types.contains(each.dataType()));
    affected.forEach(this::note);
    adjust(types);
  }

  /** Finds out, which calls plug-ins, whether a signal has a writer. */
  private void note(String signalId, SignalDescriptor value) {
    long since;
    boolean isNewer;
    do {
      List<SignalWriterFactory> factories = new ArrayList<>();
      synchronized (lock) {
        since = changesOfInstalled;
        for (Installed each : installed.values()) {
          if (each.dataTypes().contains(value.dataType())) {
            factories.add(each.factory());
          }
        }
      }
      boolean isServed = factories.stream().anyMatch(each -> isServedBy(each, value));
      synchronized (lock) {
        isNewer = since != changesOfInstalled;
        if (isServed || !value.equals(signals.get(signalId))) {
          unserved.remove(signalId);
        } else {
          unserved.put(signalId, value.dataType());
        }
      }
    } while (isNewer);
  }

  private static boolean isServedBy(SignalWriterFactory factory, SignalDescriptor value) {
    try {
      return factory.create(value) != null;
    } catch (UnsupportedSignalException | RuntimeException | LinkageError e) {
      LOG.debug("no writer for {} by {}", value.signalId(), factory, e);
      return false;
    }
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
    boolean isNews = !writer.equals(writers.put(signalId, writer));
    synchronized (lock) {
      isNews |= !announced.value().equals(signals.put(signalId, announced.value()));
    }
    if (isNews) {
      note(signalId, announced.value());
      adjust(List.of());
    }
  }

  /** It is not published any more. */
  void remove(String signalId) {
    writers.remove(signalId);
    synchronized (lock) {
      signals.remove(signalId);
    }
    if (unserved.remove(signalId) != null) {
      adjust(List.of());
    }
  }

  /** Registers and unregisters, which calls others, so not under the lock of what they call. */
  private void adjust(List<String> anew) {
    synchronized (changes) {
      Set<String> types = isEnded ? Set.of() : Set.copyOf(unserved.values());
      for (String each : anew) { // others may serve what was passed so far
        if (passing.containsKey(each)) {
          passing.remove(each).unregister();
        }
      }
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
        new Factory(writers, unserved.keySet()),
        FrameworkUtil.asDictionary(
            Map.of(
                SignalWriterFactory.SIGNAL_DATATYPE,
                dataType,
                Constants.SERVICE_RANKING,
                Integer.MIN_VALUE,
                PASSED,
                true)));
  }

  private record Factory(Map<String, PassedWriter> writers, Set<String> passed)
      implements SignalWriterFactory {
    @Override
    public SignalWriter create(SignalDescriptor descriptor) throws UnsupportedSignalException {
      PassedWriter writer = writers.get(descriptor.signalId());
      if (writer == null || !passed.contains(descriptor.signalId())) {
        throw UnsupportedSignalException.of(
            descriptor, "a type without a writer here", "only imported signals pass");
      }
      return writer;
    }
  }

  /** Takes the factories back. */
  @Deactivate
  void stop() {
    isEnded = true;
    adjust(List.of());
  }
}
