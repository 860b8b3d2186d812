/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.registry.internal;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.sink.SignalTap;
import org.daqstream.signal.api.sink.TableTap;
import org.daqstream.signal.api.writer.SignalWriter;
import org.daqstream.signal.api.writer.UnsupportedSignalException;
import org.daqstream.signal.registry.internal.Offers.BoundSink;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A value signal as the sinks know it: offered as long as a factory makes writers for it. Belongs
 * to the structure queue.
 */
final class OfferedSignal {
  private static final Logger LOG = LoggerFactory.getLogger(OfferedSignal.class);

  private final PublishedSignal signal;
  private final OfferedTable table;
  private final WriterFactories factories;
  private final MissingWriters missing;
  private final Map<BoundSink, SignalTap> taps = new LinkedHashMap<>();
  private final Map<BoundSink, String> refusals = new LinkedHashMap<>();
  private WriterFactories.Installed installed; // null while the signal is not available
  private Route route; // never has taps itself
  private String toldReason = "";

  OfferedSignal(
      PublishedSignal signal,
      OfferedTable table,
      WriterFactories factories,
      MissingWriters missing) {
    this.signal = signal;
    this.table = table;
    this.factories = factories;
    this.missing = missing;
  }

  /** Looks for a writer and tells all sinks when there is one. */
  void offer() {
    WriterFactories.Choice choice = factories.choose(signal.descriptor(), null);
    tell(choice);
    offer(choice);
  }

  private void offer(WriterFactories.Choice choice) {
    installed = choice.installed();
    if (installed == null) {
      signal.route(Route.unavailable(signal.descriptor(), choice.reason()));
    } else {
      route = Route.of(signal.descriptor(), choice);
      table.taps().forEach(this::connect);
      publishRoute();
      handOverLast(taps);
    }
  }

  /** A sink came. */
  void openAt(BoundSink sink, TableTap tableTap) {
    if (installed != null) {
      connect(sink, tableTap);
      publishRoute();
      SignalTap tap = taps.get(sink);
      if (tap != null) {
        handOverLast(Map.of(sink, tap));
      }
    }
  }

  /** Gives taps that blocks can reach now what was written before. */
  private void handOverLast(Map<BoundSink, SignalTap> newTaps) {
    LastSample.Kept last = newTaps.isEmpty() ? null : signal.lastSample();
    if (last == null) {
      return;
    }
    ByteBuffer payload;
    try {
      payload =
          last.sample()
              .encodedBy(
                  factories.newWriter(installed, signal.descriptor()),
                  installed.serviceId(),
                  Route.isUnsigned64(signal.descriptor()));
    } catch (UnsupportedSignalException | RuntimeException | LinkageError e) {
      LOG.warn(
          "Signal {}: its last sample, of tick {}, is lost: {}",
          signal.signalId(),
          last.tick(),
          e.getMessage());
      return;
    }
    newTaps.forEach(
        (sink, tap) ->
            Offers.tell(
                sink,
                "take the last sample of signal " + signal.signalId(),
                () ->
                    tap.replay(
                        last.row(), last.tick(), payload.duplicate().order(payload.order()))));
  }

  private void connect(BoundSink sink, TableTap tableTap) {
    SignalDescriptor descriptor = signal.descriptor();
    SignalWriter fresh = newWriter(sink);
    if (fresh != null) {
      SignalTap tap =
          Offers.ask(
              sink, "open signal " + descriptor, () -> tableTap.openSignal(descriptor, fresh));
      if (tap == null) {
        refusals.put(sink, sink + " failed to open it");
      } else {
        taps.put(sink, tap);
        noteRefusal(sink, tap);
        Offers.tell(
            sink,
            "tell of its demand for " + descriptor,
            () -> tap.whenDemandChanges(signal::demandChanged));
      }
    }
  }

  private void noteRefusal(BoundSink sink, SignalTap tap) {
    String refusal = Offers.ask(sink, "tell of " + signal, tap::refusal);
    String before =
        refusal == null || refusal.isEmpty()
            ? refusals.remove(sink)
            : refusals.put(sink, sink + " refuses: " + refusal);
    if (refusals.containsKey(sink) && !refusals.get(sink).equals(before)) {
      LOG.warn("Signal {} is not available: {}", signal.signalId(), refusals.get(sink));
    }
  }

  /** A writer of the sink's own, or {@code null} when the factory does not go on. */
  private SignalWriter newWriter(BoundSink sink) {
    try {
      return route.sized(factories.newWriter(installed, signal.descriptor()));
    } catch (UnsupportedSignalException e) {
      LOG.warn("Sink {} does not get signal {}: {}", sink, signal.signalId(), e.getMessage());
      return null;
    }
  }

  /** A sink left. */
  void closeAt(BoundSink sink) {
    refusals.remove(sink);
    SignalTap tap = taps.remove(sink);
    if (route != null) {
      publishRoute();
    }
    if (tap != null) {
      closeTap(sink, tap);
    }
  }

  private void closeTap(BoundSink sink, SignalTap tap) {
    Offers.tell(sink, "close signal " + signal.signalId(), tap::close);
  }

  private void publishRoute() {
    signal.route(
        route.with(taps.values().toArray(SignalTap[]::new), String.join("; ", refusals.values())));
  }

  /** The port was closed. */
  void close() {
    missing.settled(signal.signalId());
    withdraw("closed");
  }

  private void withdraw(String reason) {
    installed = null;
    route = null;
    signal.route(
        Route.unavailable(
            signal.descriptor(), reason)); // no new blocks to the taps that are closed now
    taps.forEach(this::closeTap);
    taps.clear();
    refusals.clear();
  }

  /** A factory came; a running signal stays where it is. */
  void factoryCame(WriterFactories.Installed newcomer) {
    if (installed == null && newcomer.dataTypes().contains(signal.descriptor().dataType())) {
      offer();
    }
  }

  /** A factory changed its properties. */
  void factoryChanged(WriterFactories.Installed changed) {
    if (installed != null && installed.serviceId() == changed.serviceId()) {
      if (changed.dataTypes().contains(signal.descriptor().dataType())) {
        installed = changed;
      } else {
        factoryLeft(changed.serviceId());
      }
    }
  }

  /** A factory is gone; the next best one takes over. */
  void factoryLeft(long serviceId) {
    if (installed != null && installed.serviceId() == serviceId) {
      withdraw("its writer left");
      offer();
    }
  }

  void update(SignalDescriptor changed) {
    SignalDescriptor before = signal.descriptor();
    if (changed.equals(before)) {
      return;
    }
    signal.describe(changed);
    WriterFactories.Choice choice = factories.choose(changed, installed);
    tell(choice);
    if (isCompatible(before, changed, choice)) {
      route = Route.of(changed, choice);
      for (Map.Entry<BoundSink, SignalTap> each : Map.copyOf(taps).entrySet()) {
        updateTap(each.getKey(), each.getValue());
      }
      publishRoute();
    } else {
      withdraw("changed");
      offer(choice);
    }
  }

  private void updateTap(BoundSink sink, SignalTap tap) {
    SignalWriter fresh = newWriter(sink);
    if (fresh == null) {
      closeAt(sink);
    } else {
      Offers.tell(
          sink, "update signal " + signal.signalId(), () -> tap.update(signal.descriptor(), fresh));
      noteRefusal(sink, tap);
    }
  }

  /**
   * Whether the sinks can keep what they have sent: the bytes mean the same to the same clients.
   */
  private boolean isCompatible(
      SignalDescriptor before, SignalDescriptor after, WriterFactories.Choice choice) {
    return installed != null
        && choice.installed() != null
        && installed.serviceId() == choice.installed().serviceId()
        && before.isPublic() == after.isPublic()
        && before.dataType().equals(after.dataType())
        && before.rule().getClass() == after.rule().getClass()
        && route.writer().sampleBytes() == choice.writer().sampleBytes()
        && wireType(route.writer()).equals(wireType(choice.writer()));
  }

  private static Object wireType(SignalWriter writer) {
    return writer.definition().get("dataType");
  }

  /** The operator reads of each reason once. */
  private void tell(WriterFactories.Choice choice) {
    if (choice.installed() == null) {
      missing.missing(signal.signalId(), choice.reason());
      return;
    }
    missing.settled(signal.signalId());
    if (!choice.reason().isEmpty() && !choice.reason().equals(toldReason)) {
      LOG.warn("Signal {} passes over a writer: {}", signal.signalId(), choice.reason());
    }
    toldReason = choice.reason();
  }
}
