/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import io.nats.client.Connection;
import java.util.Map;
import org.daqstream.config.support.Configured;
import org.daqstream.config.support.Values;
import org.daqstream.nats.support.NatsLink;
import org.daqstream.signal.api.SignalRegistry;
import org.daqstream.signal.api.relay.SignalRelay;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Publishes signals from NATS here for each configuration; without one it does nothing. */
@Component(
    immediate = true,
    service = {},
    configurationPid = SignalImporter.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = ImportConfig.class, factory = true)
public final class SignalImporter {
  static final String PID = "org.daqstream.nats.import";

  private static final long END_MS = 2_000;
  private static final Logger LOG = LoggerFactory.getLogger(SignalImporter.class);

  private final SignalRegistry registry;
  private final BundleContext context;
  private final ImportedPaths paths;
  private final PassedTypes types;
  private final String name;
  private final Configured<ImportSettings> configured;
  private Running running; // null until a configuration can be used
  private ServiceRegistration<SignalRelay> relay;

  /** Begins to connect. */
  @Activate
  public SignalImporter(
      @Reference SignalRegistry registry,
      @Reference ImportedPaths paths,
      @Reference PassedTypes types,
      BundleContext context,
      Map<String, Object> properties) {
    this.registry = registry;
    this.context = context;
    this.paths = paths;
    this.types = types;
    name = Values.nameOf(PID, properties).orElse("nats");
    configured =
        new Configured<>(
            ImportConfig.class,
            PID,
            "nothing is published by it",
            LOG,
            values -> ImportSettings.of(values, name));
    modified(properties);
  }

  /** Begins anew with other values. */
  @Modified
  void modified(Map<String, ?> properties) {
    configured.take(properties, this::use);
  }

  private void use(ImportSettings wanted) {
    if (configured.settings().filter(wanted::equals).isPresent()) {
      return;
    }
    stop();
    Running made = new Running(name, wanted, registry, paths, types, LookPace.NORMAL);
    running = made;
    relay = context.registerService(SignalRelay.class, () -> made.signals.status().relay(), null);
  }

  /** Withdraws the signals, and ends. */
  @Deactivate
  void stop() {
    if (running != null) {
      relay.unregister();
      running.close();
      running = null;
    }
  }

  /** One life of an import with its connection. */
  static final class Running implements NatsLink.Listener, AutoCloseable {
    final NatsImport signals;
    private final long queueBytes;
    private final NatsLink link;

    Running(
        String name,
        ImportSettings settings,
        SignalRegistry registry,
        ImportedPaths paths,
        PassedTypes types,
        LookPace pace) {
      queueBytes = settings.holdBytes();
      signals = new NatsImport(name, settings, registry, paths, types, System::nanoTime, pace);
      link = new NatsLink("daqstream-nats-import-link " + name, settings.server(), this);
      link.start();
    }

    @Override
    public void connected(Connection connection, String server) {
      signals.connected(new NatsWire(connection, server, queueBytes));
    }

    @Override
    public void disconnected(String why) {
      signals.disconnected(why);
    }

    @Override
    public void problem(String text) {
      signals.problem(text);
    }

    /** Waits some seconds at most. */
    @Override
    public void close() {
      signals.close();
      link.close(END_MS);
    }
  }
}
