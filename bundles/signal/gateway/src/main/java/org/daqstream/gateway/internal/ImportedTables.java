/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.gateway.internal;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.daqstream.client.RemoteSignal;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalRegistry;

/** What of a device is published: a table here for each of its tables. Under the lock of a link. */
final class ImportedTables {
  private final SignalRegistry registry;
  private final LocalNames names;
  private final Predicate<String> mayPublish;
  private final BiConsumer<ImportedSignal, String> lost;

  /** By the id of the domain here. */
  private final Map<String, ImportedTable> tables = new HashMap<>();

  /**
   * With no tables.
   *
   * @param mayPublish whether signals and domains may have an id here
   * @param lost told of a signal that was published and cannot be any more, and why
   */
  ImportedTables(
      SignalRegistry registry,
      LocalNames names,
      Predicate<String> mayPublish,
      BiConsumer<ImportedSignal, String> lost) {
    this.registry = registry;
    this.names = names;
    this.mayPublish = mayPublish;
    this.lost = lost;
  }

  /**
   * Publishes a signal, or what has changed of it, unless it comes from here.
   *
   * @throws IllegalArgumentException when it cannot be published, with the reason
   */
  void publish(ImportedSignal signal, RemoteSignal remote) {
    if (remote.isDomain() || names.comesBack(remote.descriptor())) {
      return;
    }
    if (remote.domain() == null) {
      throw new IllegalArgumentException("the device tells no domain of it");
    }
    SignalDescriptor value = names.value(remote.descriptor());
    SignalDescriptor domain = names.domain(remote.domain());
    check(domain);
    check(value);
    ImportedTable table = tableOf(domain, signal);
    if (signal.table() != null && signal.table() != table) {
      withdraw(signal);
    }
    try {
      signal.publish(table, value);
    } finally {
      if (table.signals().isEmpty()) {
        close(table);
      }
    }
  }

  private void check(SignalDescriptor here) {
    if (!mayPublish.test(here.signalId())) {
      throw new IllegalArgumentException(
          "its role may not publish " + DeviceLink.shown(here.signalId()));
    }
  }

  private ImportedTable tableOf(SignalDescriptor domain, ImportedSignal wanting) {
    ImportedTable known = tables.get(domain.signalId());
    if (known != null && known.takes(domain)) {
      if (!known.domain().equals(domain)) {
        known.update(domain);
      }
      return known;
    }
    Map<ImportedSignal, SignalDescriptor> siblings = new HashMap<>();
    if (known != null) {
      known.signals().forEach(each -> siblings.put(each, each.port().descriptor()));
      siblings.keySet().forEach(ImportedSignal::withdraw);
      siblings.remove(wanting);
      close(known);
    }
    try {
      ImportedTable table = new ImportedTable(registry.openTable(domain));
      tables.put(domain.signalId(), table);
      siblings.forEach((each, value) -> move(each, table, value));
      return table;
    } catch (IllegalArgumentException | IllegalStateException e) {
      siblings.keySet().forEach(each -> lost.accept(each, e.getMessage()));
      throw e;
    }
  }

  /** Publishes a signal again; somebody else may have got its id meanwhile. */
  private void move(ImportedSignal signal, ImportedTable table, SignalDescriptor value) {
    try {
      signal.publish(table, value);
    } catch (IllegalArgumentException | IllegalStateException e) {
      lost.accept(signal, e.getMessage());
    }
  }

  /** Takes a signal back, and its table when it was the last one. */
  void withdraw(ImportedSignal signal) {
    ImportedTable table = signal.table();
    signal.withdraw();
    if (table != null && table.left(signal)) {
      close(table);
    }
  }

  private void close(ImportedTable table) {
    tables.remove(table.domain().signalId());
    table.close();
  }

  /** Takes all back. */
  void close() {
    List.copyOf(tables.values()).forEach(this::close);
  }
}
