/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.registry.internal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.writer.SignalWriter;
import org.daqstream.signal.api.writer.SignalWriterFactory;
import org.daqstream.signal.api.writer.UnsupportedSignalException;

/**
 * The installed writer factories, best first: the highest {@code service.ranking}, among equals the
 * one that came first. Belongs to the structure queue.
 */
final class WriterFactories {

  /** One installed factory service. */
  record Installed(
      SignalWriterFactory factory, long serviceId, int ranking, Set<String> dataTypes) {

    /** Reads the service properties; a service without data types serves none. */
    static Installed of(SignalWriterFactory factory, Map<String, Object> properties) {
      return new Installed(
          factory,
          properties.get("service.id") instanceof Number id ? id.longValue() : 0,
          properties.get("service.ranking") instanceof Integer ranking ? ranking : 0,
          strings(properties.get(SignalWriterFactory.SIGNAL_DATATYPE)));
    }

    private static Set<String> strings(Object property) {
      if (property instanceof String one) {
        return Set.of(one);
      }
      if (property instanceof String[] several) {
        return Set.copyOf(List.of(several));
      }
      if (property instanceof Iterable<?> several) {
        final List<String> strings = new ArrayList<>();
        several.forEach(each -> strings.add(String.valueOf(each)));
        return Set.copyOf(strings);
      }
      return Set.of();
    }

    String name() {
      return factory.getClass().getName();
    }

    /**
     * Makes a writer and tries it.
     *
     * @throws UnsupportedSignalException when the factory refuses, fails, or makes a useless writer
     */
    SignalWriter newWriter(SignalDescriptor descriptor) throws UnsupportedSignalException {
      try {
        final SignalWriter writer = factory.create(descriptor);
        Objects.requireNonNull(writer, "create returned null");
        Objects.requireNonNull(
            writer.definition().get("dataType"), "the writer's definition has no dataType");
        writer.newSample();
        if (writer.sampleBytes() < 0) {
          throw new IllegalStateException("sampleBytes is " + writer.sampleBytes());
        }
        return writer;
      } catch (UnsupportedSignalException e) {
        throw new UnsupportedSignalException(name() + " refuses: " + e.getMessage());
      } catch (RuntimeException | LinkageError e) {
        throw new UnsupportedSignalException(name() + " fails: " + e);
      }
    }
  }

  /**
   * What was found for a signal.
   *
   * @param installed where the writer is from; {@code null} when there is none
   * @param writer the writer, or {@code null}
   * @param reason why better factories, or all, were passed over; empty when none was
   */
  record Choice(Installed installed, SignalWriter writer, String reason) {}

  private final List<Installed> bestFirst = new ArrayList<>();

  void add(Installed installed) {
    bestFirst.add(installed);
    bestFirst.sort(
        Comparator.comparingInt(Installed::ranking)
            .reversed()
            .thenComparingLong(Installed::serviceId));
  }

  void remove(long serviceId) {
    bestFirst.removeIf(installed -> installed.serviceId == serviceId);
  }

  /**
   * Finds a writer.
   *
   * @param descriptor the signal
   * @param preferred asked first, because it serves the signal already; may be {@code null}
   */
  Choice choose(SignalDescriptor descriptor, Installed preferred) {
    final List<Installed> candidates = new ArrayList<>();
    for (final Installed installed : bestFirst) {
      if (installed.dataTypes.contains(descriptor.dataType())) {
        final boolean first = preferred != null && preferred.serviceId == installed.serviceId;
        candidates.add(first ? 0 : candidates.size(), installed);
      }
    }
    final List<String> reasons = new ArrayList<>();
    for (final Installed installed : candidates) {
      try {
        final SignalWriter writer = installed.newWriter(descriptor);
        return new Choice(installed, writer, String.join("; ", reasons));
      } catch (UnsupportedSignalException e) {
        reasons.add(e.getMessage());
      }
    }
    if (reasons.isEmpty()) {
      reasons.add("no writer for data type " + descriptor.dataType() + " is installed");
    }
    return new Choice(null, null, String.join("; ", reasons));
  }
}
