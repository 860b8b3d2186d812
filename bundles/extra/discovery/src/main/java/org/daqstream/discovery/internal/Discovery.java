/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.discovery.internal;

import static org.osgi.service.component.annotations.ReferenceCardinality.MULTIPLE;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.daqstream.config.support.Configured;
import org.daqstream.discovery.api.Device;
import org.daqstream.discovery.api.DeviceBrowser;
import org.daqstream.discovery.api.DeviceListener;
import org.daqstream.mdns.FoundInstance;
import org.daqstream.mdns.MdnsEngine;
import org.daqstream.mdns.Publication;
import org.daqstream.server.api.ServerMonitor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The component: announces every streaming server that is there, and finds those of others. There
 * are sockets and a thread only while there is something to announce or somebody who looks.
 */
@Component(configurationPid = Discovery.PID, immediate = true)
@Designate(ocd = Discovery.Config.class)
public final class Discovery implements DeviceBrowser {
  static final String PID = "org.daqstream.discovery";

  private static final Logger LOG = LoggerFactory.getLogger(Discovery.class);
  private static final long ANSWER_TIMEOUT_MS = 2_000;

  /** Keys, defaults and meanings; the values are checked by {@link Settings}. */
  @ObjectClassDefinition(
      name = "daqstream discovery",
      description = "Announces streaming servers by mDNS and finds those of others.")
  @interface Config {
    @AttributeDefinition(
        name = "Announce",
        description = "Whether the streaming servers of this runtime are announced")
    boolean announce() default true;

    @AttributeDefinition(
        name = "Browse",
        description = "Whether devices on the network are looked for when somebody asks")
    boolean browse() default true;

    @AttributeDefinition(
        name = "Name",
        description = "Name of the device for people, at most 200 bytes; empty for the host name")
    String name() default "";

    @AttributeDefinition(
        name = "Instance name",
        description =
            "Name of the announcement, at most 63 bytes; empty for <manufacturer>_<serialNumber>")
    String instanceName() default "";

    @AttributeDefinition(
        name = "Manufacturer",
        description = "Manufacturer, at most 200 bytes; empty for 'daqstream'")
    String manufacturer() default "";

    @AttributeDefinition(
        name = "Model",
        description = "Model, at most 200 bytes; empty for 'streaming server'")
    String model() default "";

    @AttributeDefinition(
        name = "Serial number",
        description =
            "Serial number, at most 200 bytes; clients take devices with the same manufacturer and"
                + " serial number for one. Empty for <host name>-<port>")
    String serialNumber() default "";

    @AttributeDefinition(
        name = "Properties",
        description =
            "Further properties as key=value, 'location=Lab 3' say; at most 30, of at most 255"
                + " bytes each and 6000 bytes together")
    String[] properties() default {};

    @AttributeDefinition(
        name = "Interfaces",
        description =
            "Network interfaces to use, by name or address; with '!' before it one is left out;"
                + " empty for all that can multicast")
    String[] interfaces() default {};

    @AttributeDefinition(
        name = "IPv6",
        description = "Whether IPv6 is used and IPv6 addresses are announced")
    boolean ipv6() default true;
  }

  private final String hostName = HostName.get();
  private final Listeners listeners = new Listeners();
  private final Map<ServerMonitor, ServerEndpoint> servers = new LinkedHashMap<>();
  private final CountDownLatch closed = new CountDownLatch(1);

  private final Configured<Settings> configured =
      new Configured<>(Config.class, PID, "discovery is off", LOG, Settings::of);

  /** Absent until there is a configuration that can be used. */
  private Optional<Settings> settings = Optional.empty();

  private MdnsEngine engine;
  private boolean browsing;
  private int askers;

  @Activate
  public Discovery(Map<String, Object> properties) {
    modified(properties);
  }

  /** Takes another configuration; what it does not change stays announced. */
  @Modified
  void modified(Map<String, Object> properties) {
    configured.take(properties, this::use);
  }

  private synchronized void use(Settings changed) {
    settings = Optional.of(changed);
    if (engine != null) {
      engine.use(changed.interfaces());
    }
    apply();
  }

  @Reference(
      cardinality = MULTIPLE,
      policy = DYNAMIC,
      updated = "addServer",
      unbind = "removeServer")
  void addServer(ServerMonitor server, Map<String, Object> properties) {
    Optional<ServerEndpoint> endpoint = endpoint(properties);
    synchronized (this) {
      endpoint.ifPresentOrElse(e -> servers.put(server, e), () -> servers.remove(server));
      apply();
    }
  }

  private static Optional<ServerEndpoint> endpoint(Map<String, Object> properties) {
    Object name = properties.getOrDefault(ServerMonitor.NAME, ServerEndpoint.DEFAULT);
    try {
      return properties.get(ServerMonitor.ENDPOINTS) instanceof String[] urls
          ? ServerEndpoint.of(name.toString(), List.of(urls))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      LOG.warn("server {} cannot be announced: {}", name, e.getMessage());
      return Optional.empty();
    }
  }

  synchronized void removeServer(ServerMonitor server) {
    servers.remove(server);
    apply();
  }

  @Reference(cardinality = MULTIPLE, policy = DYNAMIC, unbind = "removeListener")
  synchronized void addListener(DeviceListener listener) {
    listeners.add(listener);
    apply();
    if (engine != null) {
      engine.found(this::found);
    }
  }

  synchronized void removeListener(DeviceListener listener) {
    listeners.remove(listener);
    apply();
  }

  /** Takes everything back and ends; called by DS. */
  @Deactivate
  void deactivate() {
    closed.countDown();
    synchronized (this) {
      stopEngine();
    }
    listeners.close();
  }

  private void found(List<FoundInstance> instances) {
    listeners.there(Devices.of(instances));
  }

  /** Makes the engine do what is wanted now; the caller holds the lock. */
  private void apply() {
    List<Publication> publications = new ArrayList<>();
    if (settings.isPresent() && settings.get().announce()) {
      DeviceIdentity identity = new DeviceIdentity(settings.get(), hostName);
      servers.values().forEach(server -> publications.add(identity.publication(server)));
    }
    boolean looked =
        settings.isPresent() && settings.get().browse() && (askers > 0 || !listeners.isEmpty());
    if (closed.getCount() == 0 || (publications.isEmpty() && !looked)) {
      stopEngine();
      return;
    }
    if (engine == null && !startEngine()) {
      return;
    }
    engine.publish(publications);
    if (looked != browsing) {
      browsing = looked;
      engine.browse(looked);
      if (!looked) {
        listeners.there(List.of());
      }
    }
  }

  private boolean startEngine() {
    try {
      engine =
          new MdnsEngine(settings.orElseThrow().interfaces(), DeviceIdentity.TYPES, this::found);
      engine.start();
      return true;
    } catch (IOException e) {
      LOG.error("discovery cannot start", e);
      return false;
    }
  }

  private void stopEngine() {
    if (engine != null) {
      engine.close();
      engine = null;
      browsing = false;
      listeners.there(List.of());
    }
  }

  @Override
  public List<Device> browse(Duration duration) throws InterruptedException {
    MdnsEngine asked = ask();
    try {
      if (closed.await(duration.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new IllegalStateException("discovery is being stopped");
      }
      CompletableFuture<List<FoundInstance>> found = new CompletableFuture<>();
      asked.found(found::complete);
      return Devices.of(found.get(ANSWER_TIMEOUT_MS, TimeUnit.MILLISECONDS));
    } catch (TimeoutException | ExecutionException e) {
      throw new IllegalStateException("discovery was switched off while it was asked", e);
    } finally {
      synchronized (this) {
        askers--;
        apply();
      }
    }
  }

  private synchronized MdnsEngine ask() {
    if (settings.isEmpty() || !settings.get().browse()) {
      throw new IllegalStateException("browsing is off, see the configuration " + PID);
    }
    boolean askAgain = browsing;
    askers++;
    apply();
    if (engine == null) {
      askers--;
      throw new IllegalStateException("discovery is stopped or cannot start, see the log");
    }
    if (askAgain) {
      engine.browse(true);
    }
    return engine;
  }
}
