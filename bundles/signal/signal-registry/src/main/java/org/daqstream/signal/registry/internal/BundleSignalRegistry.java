/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.registry.internal;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;
import org.daqstream.signal.api.SignalRegistry;
import org.daqstream.signal.api.SignalState;
import org.daqstream.signal.api.SignalTable;
import org.osgi.service.component.ComponentContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ServiceScope;

/**
 * The registry as one bundle sees it: what the bundle leaves open when it stops is closed for it,
 * so no signal outlives its source.
 */
@Component(scope = ServiceScope.BUNDLE)
public final class BundleSignalRegistry implements SignalRegistry {
  private final SignalCatalogue catalogue;
  private final long bundleId;
  private final Set<PublishedTable> tables = ConcurrentHashMap.newKeySet();
  private volatile boolean released;

  /** Made by DS for each bundle that uses the registry. */
  @Activate
  public BundleSignalRegistry(@Reference SignalCatalogue catalogue, ComponentContext context) {
    this(catalogue, context.getUsingBundle().getBundleId());
  }

  BundleSignalRegistry(SignalCatalogue catalogue, long bundleId) {
    this.catalogue = catalogue;
    this.bundleId = bundleId;
  }

  @Override
  public SignalTable openTable(SignalDescriptor domain) {
    return track(catalogue.openTable(domain, bundleId));
  }

  @Override
  public SignalPort open(SignalDescriptor domain, SignalDescriptor value) {
    PublishedSignal port = catalogue.open(domain, value, bundleId);
    track(port.table());
    return port;
  }

  @Override
  public List<SignalState> signals() {
    return catalogue.signals();
  }

  private PublishedTable track(PublishedTable table) {
    tables.removeIf(PublishedTable::isClosed);
    tables.add(table);
    if (released) {
      table.close();
    }
    return table;
  }

  /** Called by DS when the bundle gave the service back, at the latest when it stopped. */
  @Deactivate
  void release() {
    released = true;
    tables.forEach(PublishedTable::close);
  }
}
