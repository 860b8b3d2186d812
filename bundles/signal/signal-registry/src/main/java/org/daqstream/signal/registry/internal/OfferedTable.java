/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.registry.internal;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.sink.TableTap;
import org.daqstream.signal.registry.internal.Offers.BoundSink;

/** A table as the sinks know it. Belongs to the structure queue. */
final class OfferedTable {
  private final PublishedTable table;
  private final WriterFactories factories;
  private final MissingWriters missing;
  private final Map<BoundSink, TableTap> taps = new LinkedHashMap<>();
  private final Map<PublishedSignal, OfferedSignal> signals = new LinkedHashMap<>();

  OfferedTable(PublishedTable table, WriterFactories factories, MissingWriters missing) {
    this.table = table;
    this.factories = factories;
    this.missing = missing;
  }

  Map<BoundSink, TableTap> taps() {
    return taps;
  }

  Collection<OfferedSignal> signals() {
    return signals.values();
  }

  Collection<PublishedSignal> ports() {
    return signals.keySet();
  }

  /** A factory came for a signal that may be gone. */
  void factoryCame(PublishedSignal port, WriterFactories.Installed newcomer) {
    OfferedSignal offered = signals.get(port);
    if (offered != null) {
      offered.factoryCame(newcomer);
    }
  }

  void openAt(BoundSink sink) {
    TableTap tap = Offers.ask(sink, "open " + table, () -> sink.sink.openTable(table.domain()));
    if (tap != null) {
      taps.put(sink, tap);
      signals.values().forEach(signal -> signal.openAt(sink, tap));
    }
  }

  void closeAt(BoundSink sink) {
    signals.values().forEach(signal -> signal.closeAt(sink));
    TableTap tap = taps.remove(sink);
    if (tap != null) {
      Offers.tell(sink, "close " + table, tap::close);
    }
  }

  void close() {
    signals.values().forEach(OfferedSignal::close);
    signals.clear();
    taps.forEach((sink, tap) -> Offers.tell(sink, "close " + table, tap::close));
    taps.clear();
  }

  void openSignal(PublishedSignal signal) {
    if (!signal.isClosed()) {
      OfferedSignal offered = new OfferedSignal(signal, this, factories, missing);
      signals.put(signal, offered);
      offered.offer();
    }
  }

  void closeSignal(PublishedSignal signal) {
    OfferedSignal offered = signals.remove(signal);
    if (offered != null) {
      offered.close();
    }
  }

  void updateSignal(PublishedSignal signal, SignalDescriptor descriptor) {
    OfferedSignal offered = signals.get(signal);
    if (offered != null) {
      offered.update(descriptor);
    }
  }

  void updateDomain(SignalDescriptor domain) {
    if (!domain.equals(table.domain())) {
      table.describe(domain);
      taps.forEach(
          (sink, tap) -> Offers.tell(sink, "update " + table, () -> tap.updateDomain(domain)));
    }
  }
}
