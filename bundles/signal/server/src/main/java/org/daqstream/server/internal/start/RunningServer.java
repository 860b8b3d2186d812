/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.start;

import java.net.InetSocketAddress;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.daqstream.server.api.ClientStatus;
import org.daqstream.server.api.ServerMonitor;
import org.daqstream.server.internal.web.Ports;
import org.daqstream.signal.api.sink.SignalSink;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A server whose ports are open, together with its services. */
final class RunningServer {
  private static final Logger LOG = LoggerFactory.getLogger(RunningServer.class);

  private final ServerInstance instance;
  private final ServiceRegistration<?> sink;
  private final ServiceRegistration<?> monitor;
  private final Map<String, Object> properties;
  private String access; // who may read

  /** Starts a server with a configuration; a failure leaves nothing behind. */
  RunningServer(
      BundleContext context, String name, Shared shared, ServerSettings settings, Ports ports)
      throws Exception {
    instance = new ServerInstance(settings, ports, shared);
    List<InetSocketAddress> addresses = instance.addresses();
    String path = settings.path();
    boolean isTls = settings.ports().tls() != null;
    String[] endpoints = {
      (isTls ? "wss://" : "ws://") + ClientStatus.hostAndPort(addresses.get(0)) + path,
      (isTls ? "https://" : "http://") + ClientStatus.hostAndPort(addresses.get(1)) + path
    };
    sink = context.registerService(SignalSink.class, instance.sink(), null);
    properties = Map.of(ServerMonitor.NAME, name, ServerMonitor.ENDPOINTS, endpoints);
    access = settings.whoMayRead();
    monitor =
        context.registerService(
            ServerMonitor.class, instance.monitor(name, List.of(endpoints)), withAccess());
    if (addresses.size() > 2) {
      LOG.info("metrics are on port {}", addresses.get(2).getPort());
    }
    LOG.info("listening on {} and {}: {}", endpoints[0], endpoints[1], access);
  }

  private Dictionary<String, Object> withAccess() {
    Map<String, Object> all = new HashMap<>(properties);
    all.put(ServerMonitor.ACCESS, access);
    return FrameworkUtil.asDictionary(all);
  }

  /** Takes over what can change under connected clients, and tells whether that was all. */
  boolean takeOver(ServerSettings settings) {
    if (!instance.canTakeOver(settings)) {
      return false;
    }
    instance.reconfigure(settings);
    if (!access.equals(settings.whoMayRead())) {
      access = settings.whoMayRead();
      monitor.setProperties(withAccess());
      LOG.info("from now on: {}", access);
    }
    return true;
  }

  /** Where it listens: first the streaming port, then the control port. */
  List<InetSocketAddress> addresses() {
    return instance.addresses();
  }

  ServerSettings settings() {
    return instance.settings();
  }

  /** Disconnects clients and ends; waits for that. */
  void stop() {
    monitor.unregister();
    try {
      instance.stop();
    } catch (Exception e) {
      LOG.warn("stopping the server failed", e);
    }
    sink.unregister();
    LOG.info("stopped");
  }
}
