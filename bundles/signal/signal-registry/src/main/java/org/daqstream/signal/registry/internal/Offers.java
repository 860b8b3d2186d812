/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.registry.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.sink.SignalSink;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the sinks have been told. Brings tables and signals together with sinks and writer
 * factories, whichever comes or goes. Every change goes through the structure queue, so all sinks
 * see the same order and the state here belongs to one thread at a time.
 */
final class Offers {
  private static final Logger LOG = LoggerFactory.getLogger(Offers.class);

  private final StructureQueue queue = new StructureQueue();
  private final WriterFactories factories;
  private final MissingWriters missing;
  private final List<BoundSink> sinks = new ArrayList<>();
  private final Map<PublishedTable, OfferedTable> tables = new LinkedHashMap<>();

  Offers(Timer timer) {
    factories = new WriterFactories(timer);
    missing = new MissingWriters(timer, queue::later);
  }

  StructureQueue queue() {
    return queue;
  }

  /** A sink as a key: compared by identity, whatever the sink itself thinks of equality. */
  static final class BoundSink {
    final SignalSink sink;

    BoundSink(SignalSink sink) {
      this.sink = sink;
    }

    @Override
    public String toString() {
      return Origin.of(sink);
    }
  }

  /** Calls a sink, and goes on if it fails: then the answer is {@code null}. */
  static <T> T ask(BoundSink sink, String what, Supplier<T> call) {
    try {
      T answer = call.get();
      if (answer == null) {
        LOG.warn("Sink {} returned null for {}; it is passed over", sink, what);
      }
      return answer;
    } catch (RuntimeException | LinkageError e) {
      LOG.warn("Sink {} failed to {}; it is passed over", sink, what, e);
      return null;
    }
  }

  /** Tells a sink, and goes on if it fails. */
  static void tell(BoundSink sink, String what, Runnable call) {
    try {
      call.run();
    } catch (RuntimeException | LinkageError e) {
      LOG.warn("Sink {} failed to {}", sink, what, e);
    }
  }

  void tableOpened(PublishedTable table) {
    queue.execute(
        () -> {
          OfferedTable offered = new OfferedTable(table, factories, missing);
          tables.put(table, offered);
          sinks.forEach(offered::openAt);
        });
  }

  void tableClosed(PublishedTable table) {
    queue.execute(
        () -> {
          OfferedTable offered = tables.remove(table);
          if (offered != null) {
            offered.close();
          }
        });
  }

  void signalOpened(PublishedSignal signal) {
    queue.execute(() -> atTable(signal.table(), table -> table.openSignal(signal)));
  }

  void signalClosed(PublishedSignal signal) {
    queue.execute(() -> atTable(signal.table(), table -> table.closeSignal(signal)));
  }

  /** Returns when the sinks know, so that the writing thread's next block comes after it. */
  void update(PublishedSignal signal, SignalDescriptor descriptor) {
    queue.executeAndWait(
        "the update of signal " + descriptor.signalId(),
        () -> atTable(signal.table(), table -> table.updateSignal(signal, descriptor)));
  }

  /** Returns when the sinks know, so that the writing thread's next block comes after it. */
  void updateDomain(PublishedTable table, SignalDescriptor domain) {
    queue.executeAndWait(
        "the update of domain signal " + domain.signalId(),
        () -> atTable(table, offered -> offered.updateDomain(domain)));
  }

  private void atTable(PublishedTable table, Consumer<OfferedTable> change) {
    OfferedTable offered = tables.get(table);
    if (offered != null) { // else it was closed meanwhile
      change.accept(offered);
    }
  }

  void sinkCame(SignalSink sink) {
    queue.execute(
        () -> {
          BoundSink bound = new BoundSink(sink);
          sinks.add(bound);
          tables.values().forEach(table -> table.openAt(bound));
        });
  }

  @SuppressWarnings("ReferenceEquality") // a sink is a service object, not a value
  void sinkLeft(SignalSink sink) {
    queue.execute(
        () -> {
          for (BoundSink bound : List.copyOf(sinks)) {
            if (bound.sink == sink) {
              sinks.remove(bound);
              tables.values().forEach(table -> table.closeAt(bound));
            }
          }
        });
  }

  void factoryCame(WriterFactories.Installed installed) {
    if (installed.dataTypes().isEmpty()) {
      LOG.warn(
          "Writer factory {} is ignored: it has no service property signal.datatype",
          installed.name());
    }
    queue.execute(() -> factories.add(installed));
    offerWaiting(installed);
  }

  void factoryChanged(WriterFactories.Installed installed) {
    queue.execute(
        () -> {
          factories.remove(installed.serviceId());
          factories.add(installed);
          forEachSignal(signal -> signal.factoryChanged(installed));
        });
    offerWaiting(installed);
  }

  void factoryLeft(WriterFactories.Installed installed) {
    queue.execute(
        () -> {
          factories.remove(installed.serviceId());
          forEachSignal(signal -> signal.factoryLeft(installed.serviceId()));
        });
  }

  /**
   * A newcomer takes the signals that wait for it and leaves alone those that run. Each is a change
   * of its own, so that other changes need not wait for all of them when it is slow.
   */
  private void offerWaiting(WriterFactories.Installed installed) {
    queue.execute(
        () ->
            tables.forEach(
                (table, offered) ->
                    offered
                        .ports()
                        .forEach(port -> queue.later(() -> factoryCame(table, port, installed)))));
    queue.execute(() -> {}); // behind them
  }

  private void factoryCame(
      PublishedTable table, PublishedSignal port, WriterFactories.Installed installed) {
    atTable(table, offered -> offered.factoryCame(port, installed));
  }

  private void forEachSignal(Consumer<OfferedSignal> change) {
    tables.values().forEach(table -> table.signals().forEach(change));
  }
}
