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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The installed writer factories, best first: the highest {@code service.ranking}, among equals the
 * one that came first. Belongs to the structure queue.
 */
final class WriterFactories {
  /** After this time the operator reads whose call it is that holds everybody up. */
  static final long SLOW_MS = 1_000;

  private static final Logger LOG = LoggerFactory.getLogger(WriterFactories.class);

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
        List<String> strings = new ArrayList<>();
        several.forEach(each -> strings.add(String.valueOf(each)));
        return Set.copyOf(strings);
      }
      return Set.of();
    }

    String name() {
      return Origin.of(factory);
    }

    /**
     * Makes a writer and tries it.
     *
     * @param timer for saying that it takes long
     * @throws UnsupportedSignalException when the factory refuses, fails, or makes a useless writer
     */
    SignalWriter newWriter(SignalDescriptor descriptor, Timer timer)
        throws UnsupportedSignalException {
      Runnable answered = timer.after(SLOW_MS, () -> warnOfSlow(descriptor.signalId()));
      try {
        SignalWriter writer = factory.create(descriptor);
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
      } finally {
        answered.run();
      }
    }

    private void warnOfSlow(String signalId) {
      LOG.warn(
          "Writer factory {} has not made a writer for signal {} within {} ms; it must not block:"
              + " until it answers nothing that is published can change",
          name(),
          signalId,
          SLOW_MS);
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

  private final Timer timer;
  private final List<Installed> bestFirst = new ArrayList<>();

  WriterFactories(Timer timer) {
    this.timer = timer;
  }

  /** Another writer of a factory. */
  SignalWriter newWriter(Installed installed, SignalDescriptor descriptor)
      throws UnsupportedSignalException {
    return installed.newWriter(descriptor, timer);
  }

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
   * Finds a writer; the preferred factory, which may be {@code null}, is asked first, because it
   * serves the signal already.
   */
  Choice choose(SignalDescriptor descriptor, Installed preferred) {
    List<Installed> candidates = new ArrayList<>();
    for (Installed installed : bestFirst) {
      if (installed.dataTypes.contains(descriptor.dataType())) {
        boolean first = preferred != null && preferred.serviceId == installed.serviceId;
        candidates.add(first ? 0 : candidates.size(), installed);
      }
    }
    List<String> reasons = new ArrayList<>();
    for (Installed installed : candidates) {
      try {
        SignalWriter writer = newWriter(installed, descriptor);
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
