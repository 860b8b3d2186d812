/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.example.collector.internal;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.daqstream.stream.api.StreamClient;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** Runs a {@link Collector} for each instance of the manifest whose name starts as said below. */
@Component(
    immediate = true,
    service = {})
public final class CollectorModules {
  private final Map<StreamClient, Collector> collectors = new ConcurrentHashMap<>();

  @Reference(
      target = "(" + StreamClient.STREAM_INSTANCE + "=example-collector*)",
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC)
  void bindStreams(StreamClient streams) {
    Collector collector = new Collector(streams);
    collectors.put(streams, collector);
    collector.start();
  }

  void unbindStreams(StreamClient streams) {
    collectors.remove(streams).stop();
  }
}
