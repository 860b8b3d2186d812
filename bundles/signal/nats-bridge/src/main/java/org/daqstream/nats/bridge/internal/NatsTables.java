/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.daqstream.signal.api.RelatedSignal;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalRegistry;

/**
 * What of an import is published: a table here for each domain signal of a publisher. Under the
 * lock of the import.
 */
final class NatsTables {
  private final SignalRegistry registry;
  private final String prefix;
  private final Predicate<String> isAlive;
  private final BiConsumer<NatsSignal, String> lost;

  /** By the id of the domain here. */
  private final Map<String, NatsTable> tables = new HashMap<>();

  /**
   * With no tables.
   *
   * @param prefix in front of ids
   * @param isAlive whether a publisher has been heard lately
   * @param lost told of a signal that was published and cannot be any more, and why
   */
  NatsTables(
      SignalRegistry registry,
      String prefix,
      Predicate<String> isAlive,
      BiConsumer<NatsSignal, String> lost) {
    this.registry = registry;
    this.prefix = prefix;
    this.isAlive = isAlive;
    this.lost = lost;
  }

  /** Two slashes where prefix and id meet are one. */
  String idOf(String remoteId) {
    boolean hasTwo = prefix.endsWith("/") && remoteId.startsWith("/");
    return prefix + (hasTwo ? remoteId.substring(1) : remoteId);
  }

  private SignalDescriptor local(SignalDescriptor remote) {
    if (prefix.isEmpty()) {
      return remote;
    }
    return remote.toBuilder(idOf(remote.signalId()))
        .relatedSignals(
            remote.relatedSignals().stream()
                .map(each -> new RelatedSignal(each.type(), idOf(each.signalId())))
                .toList())
        .build();
  }

  /**
   * Publishes a signal, or what has changed of it.
   *
   * @throws IllegalArgumentException when it cannot be published, with the reason
   */
  void publish(NatsSignal signal, SignalAnnouncement announced) {
    SignalDescriptor domain = local(announced.domain());
    SignalDescriptor value = local(announced.value());
    NatsTable table = tableOf(domain, announced, signal);
    if (signal.port().table() != null && signal.port().table() != table) {
      withdraw(signal);
    }
    try {
      signal.port().publish(table, value);
    } finally {
      if (table.signals().isEmpty()) {
        close(table);
      }
    }
  }

  private NatsTable tableOf(
      SignalDescriptor domain, SignalAnnouncement announced, NatsSignal wanting) {
    NatsTable known = tables.get(domain.signalId());
    if (known != null) {
      checkPublisher(known, announced, wanting);
    }
    if (known != null && known.takes(domain)) {
      if (!known.domain().equals(domain) && !wanting.isGoingBack(announced)) {
        known.update(domain);
      }
      return known;
    }
    Map<NatsSignal, SignalDescriptor> siblings = new HashMap<>();
    if (known != null) {
      known.signals().forEach(each -> siblings.put(each, each.port().descriptor()));
      siblings.keySet().forEach(each -> each.port().close());
      siblings.remove(wanting);
      close(known);
    }
    try {
      NatsTable table = new NatsTable(registry.openTable(domain), announced.publisher());
      tables.put(domain.signalId(), table);
      siblings.forEach((each, value) -> move(each, table, value));
      return table;
    } catch (IllegalArgumentException | IllegalStateException e) {
      siblings.keySet().forEach(each -> lost.accept(each, e.getMessage()));
      throw e;
    }
  }

  /** A publisher that begins anew takes over its signals one by one; another one gets nothing. */
  private void checkPublisher(NatsTable known, SignalAnnouncement announced, NatsSignal wanting) {
    if (known.publisher().equals(announced.publisher())) {
      return;
    }
    if (!known.signals().contains(wanting) && isAlive.test(known.publisher())) {
      throw new IllegalArgumentException(
          "its domain %s is that of another publisher"
              .formatted(NatsSignals.shown(announced.domain().signalId())));
    }
    if (!wanting.isGoingBack(announced)) {
      known.setPublisher(announced.publisher());
    }
  }

  /** Publishes a signal again; somebody else may have got its id meanwhile. */
  private void move(NatsSignal signal, NatsTable table, SignalDescriptor value) {
    try {
      signal.port().publish(table, value);
    } catch (IllegalArgumentException | IllegalStateException e) {
      lost.accept(signal, e.getMessage());
    }
  }

  /** Takes a signal back, and its table when it was the last one. */
  void withdraw(NatsSignal signal) {
    NatsTable table = signal.port().table();
    signal.port().close();
    if (table != null && table.left(signal)) {
      close(table);
    }
  }

  private void close(NatsTable table) {
    tables.remove(table.domain().signalId());
    table.close();
  }

  /** Takes all back. */
  void close() {
    List.copyOf(tables.values()).forEach(this::close);
  }
}
