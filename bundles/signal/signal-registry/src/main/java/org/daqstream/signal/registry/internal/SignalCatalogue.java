/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.registry.internal;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.daqstream.base.support.OrderedTasks;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;
import org.daqstream.signal.api.SignalRegistry;
import org.daqstream.signal.api.SignalState;
import org.daqstream.signal.api.SignalTable;
import org.daqstream.signal.api.sink.SignalSink;
import org.daqstream.signal.api.writer.SignalWriterFactory;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All published tables, with their ids kept apart; bundles see it as {@link BundleSignalRegistry}.
 */
@Component(immediate = true, service = SignalCatalogue.class)
public final class SignalCatalogue implements SignalRegistry {
  private static final Logger LOG = LoggerFactory.getLogger(SignalCatalogue.class);
  private static final long NO_BUNDLE = -1;

  private final OrderedTasks timer =
      new OrderedTasks(
          "daqstream-registry-timer", e -> LOG.error("What was to be done later failed", e));
  private final Offers offers;
  private final Set<String> signalIds = ConcurrentHashMap.newKeySet();
  private final List<PublishedTable> tables = new CopyOnWriteArrayList<>();
  private volatile boolean closed;

  /** Called by the component runtime. */
  public SignalCatalogue() {
    offers = new Offers(timer::after);
  }

  /** With another clock. */
  SignalCatalogue(Timer timer) {
    offers = new Offers(timer);
  }

  /** Begins to take what is published. */
  @Activate
  void start() {
    timer.keepThread();
    offers.queue().start();
  }

  @Override
  public SignalTable openTable(SignalDescriptor domain) {
    return openTable(domain, NO_BUNDLE);
  }

  PublishedTable openTable(SignalDescriptor domain, long bundleId) {
    DescriptorRules.checkDomain(domain);
    reserve(domain.signalId());
    PublishedTable table = new PublishedTable(this, domain, bundleId);
    tables.add(table);
    offers.tableOpened(table);
    if (closed) {
      table.close();
      throw new IllegalStateException(
          "the signal registry has stopped, signal " + domain.signalId() + " cannot open");
    }
    return table;
  }

  @Override
  public SignalPort open(SignalDescriptor domain, SignalDescriptor value) {
    return open(domain, value, NO_BUNDLE);
  }

  PublishedSignal open(SignalDescriptor domain, SignalDescriptor value, long bundleId) {
    DescriptorRules.checkValue(value);
    if (signalIds.contains(value.signalId())) {
      throw idTaken(value.signalId()); // before anybody hears of the domain
    }
    PublishedTable table = openTable(domain, bundleId);
    try {
      return table.open(value, true);
    } catch (RuntimeException e) {
      table.close();
      throw e;
    }
  }

  @Override
  public List<SignalState> signals() {
    return tables.stream().flatMap(table -> table.states().stream()).toList();
  }

  Offers offers() {
    return offers;
  }

  /** Takes an id for one signal. */
  void reserve(String signalId) {
    if (!signalIds.add(signalId)) {
      throw idTaken(signalId);
    }
  }

  private static IllegalArgumentException idTaken(String signalId) {
    return new IllegalArgumentException("signalId " + signalId + " is taken");
  }

  /** Gives an id free. */
  void release(String signalId) {
    signalIds.remove(signalId);
  }

  /** Forgets a table; its value signals' ids are free already. */
  void tableClosed(PublishedTable table) {
    tables.remove(table);
    release(table.domain().signalId());
  }

  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      unbind = "removeWriterFactory",
      updated = "updatedWriterFactory")
  void addWriterFactory(SignalWriterFactory factory, Map<String, Object> properties) {
    offers.factoryCame(WriterFactories.Installed.of(factory, properties));
  }

  void updatedWriterFactory(SignalWriterFactory factory, Map<String, Object> properties) {
    offers.factoryChanged(WriterFactories.Installed.of(factory, properties));
  }

  void removeWriterFactory(SignalWriterFactory factory, Map<String, Object> properties) {
    offers.factoryLeft(WriterFactories.Installed.of(factory, properties));
  }

  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      unbind = "removeSink")
  void addSink(SignalSink sink) {
    offers.sinkCame(sink);
  }

  void removeSink(SignalSink sink) {
    offers.sinkLeft(sink);
  }

  /** Withdraws everything; writes are answered with {@code CLOSED} from now on. */
  @Deactivate
  void close() {
    closed = true;
    tables.forEach(PublishedTable::close);
    offers.queue().stop();
    timer.forget();
    timer.letThreadGo();
  }
}
