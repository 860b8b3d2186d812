/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.ops.internal;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.daqstream.config.support.Configured;
import org.daqstream.ops.api.Metric;
import org.daqstream.ops.api.MetricSource;
import org.daqstream.recorder.api.Recorder;
import org.daqstream.server.api.HttpPage;
import org.daqstream.server.api.ServerMonitor;
import org.daqstream.signal.api.SignalRegistry;
import org.daqstream.signal.api.relay.SignalRelay;
import org.daqstream.stream.api.StreamRegister;
import org.daqstream.stream.api.module.ModuleHost;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.FieldOption;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The component: asks whatever servers, registry and register there are, and shows what they say as
 * a page and as MBeans. A configuration that cannot be used is said in one line, and the old one
 * stays.
 */
@Component(configurationPid = Operations.PID, immediate = true)
@Designate(ocd = Operations.Config.class)
public final class Operations implements MetricSource {
  static final String PID = "org.daqstream.ops";

  private static final Logger LOG = LoggerFactory.getLogger(Operations.class);

  /** Keys, defaults and meanings; the values are checked by {@link Settings}. */
  @ObjectClassDefinition(
      name = "daqstream metrics",
      description = "Metrics of servers, clients, signals and streams")
  @interface Config {
    @AttributeDefinition(
        name = "Path",
        description =
            "Path of the Prometheus page on the ports of every streaming server; empty for none")
    String path() default "/metrics";

    @AttributeDefinition(
        name = "Metrics from",
        description =
            "Addresses or networks (192.0.2.0/24) that may read the page; empty for this machine"
                + " only, '*' for all")
    String[] metricsFrom() default {};

    @AttributeDefinition(
        name = "Most clients",
        description = "So many clients of a server, the oldest, have metrics of their own",
        min = "0",
        max = "100000")
    int clientsMax() default 100;

    @AttributeDefinition(
        name = "Most signals",
        description = "So many signals have metrics of their own",
        min = "0",
        max = "100000")
    int signalsMax() default 1_000;

    @AttributeDefinition(
        name = "Most streams",
        description = "So many open streams have metrics of their own",
        min = "0",
        max = "100000")
    int streamsMax() default 1_000;

    @AttributeDefinition(
        name = "MBeans",
        description = "Whether there are MBeans, named org.daqstream:type=…")
    boolean jmx() default true;

    @AttributeDefinition(
        name = "Sample interval (ms)",
        description = "Time between two samples for MBeans; the page is always of now",
        min = "100",
        max = "60000")
    int sampleIntervalMs() default 5_000;
  }

  private final BundleContext context;

  @Reference(policy = ReferencePolicy.DYNAMIC, fieldOption = FieldOption.UPDATE)
  final List<ServerMonitor> servers = new CopyOnWriteArrayList<>();

  @Reference(policy = ReferencePolicy.DYNAMIC, fieldOption = FieldOption.UPDATE)
  final List<SignalRegistry> signals = new CopyOnWriteArrayList<>();

  @Reference(policy = ReferencePolicy.DYNAMIC, fieldOption = FieldOption.UPDATE)
  final List<StreamRegister> streams = new CopyOnWriteArrayList<>();

  @Reference(policy = ReferencePolicy.DYNAMIC, fieldOption = FieldOption.UPDATE)
  final List<ModuleHost> moduleHosts = new CopyOnWriteArrayList<>();

  @Reference(policy = ReferencePolicy.DYNAMIC, fieldOption = FieldOption.UPDATE)
  final List<Recorder> recorders = new CopyOnWriteArrayList<>();

  @Reference(policy = ReferencePolicy.DYNAMIC, fieldOption = FieldOption.UPDATE)
  final List<SignalRelay> relays = new CopyOnWriteArrayList<>();

  private volatile Snapshots snapshots = new Snapshots(Metrics::new, System::nanoTime);
  private final Configured<Settings> configured =
      new Configured<>(Config.class, PID, "there are no metrics", LOG, Settings::of);
  private BeanUpdater updater;
  private ServiceRegistration<HttpPage> page;

  @Activate
  public Operations(BundleContext context, Map<String, Object> properties) {
    this.context = context;
    modified(properties);
  }

  @Modified
  void modified(Map<String, Object> properties) {
    configured.take(properties, this::use);
  }

  private void use(Settings settings) {
    stop();
    MetricCollector collector =
        new MetricCollector(
            servers, signals, streams, moduleHosts, recorders, relays, settings.limits());
    Snapshots fresh = new Snapshots(collector::collect, System::nanoTime);
    snapshots = fresh;
    if (settings.jmx()) {
      updater = new BeanUpdater(fresh::now, new Beans(ManagementFactory.getPlatformMBeanServer()));
      updater.start(settings.sampleIntervalMs());
    }
    if (!settings.path().isEmpty()) {
      page =
          context.registerService(
              HttpPage.class,
              new MetricsPage(fresh::now, settings.readers()),
              FrameworkUtil.asDictionary(
                  Map.of(HttpPage.PATH, settings.path(), HttpPage.KIND, "metrics")));
    }
  }

  /** Takes everything back; called by DS. */
  @Deactivate
  void stop() {
    if (page != null) {
      page.unregister();
      page = null;
    }
    if (updater != null) {
      updater.stop();
      updater = null;
    }
  }

  @Override
  public List<Metric> metrics() {
    return snapshots.now().toList();
  }
}
