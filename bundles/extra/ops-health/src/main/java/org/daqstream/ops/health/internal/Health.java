/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.ops.health.internal;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.felix.hc.api.HealthCheck;
import org.daqstream.config.support.Configured;
import org.daqstream.recorder.api.Recorder;
import org.daqstream.server.api.HttpPage;
import org.daqstream.server.api.ServerMonitor;
import org.daqstream.signal.api.SignalRegistry;
import org.daqstream.stream.api.StreamRegister;
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
 * The component: registers the health checks. A configuration that cannot be used is said in one
 * line, and the old one stays.
 */
@Component(
    configurationPid = Health.PID,
    immediate = true,
    service = {})
@Designate(ocd = Health.Config.class)
public final class Health {
  static final String PID = "org.daqstream.ops.health";

  private static final Logger LOG = LoggerFactory.getLogger(Health.class);

  private static final String EVENTS = "daqstream events";
  private static final String RECORDERS = "daqstream recorders";

  /** Checks that compare with what they saw before. */
  private static final Set<String> COUNTING = Set.of(EVENTS, RECORDERS);

  /** The executor looks so often, so that there is a last minute to tell of. */
  private static final long EVENTS_INTERVAL_S = 10;

  /** Keys, defaults and meanings; the values are checked by {@link Settings}. */
  @ObjectClassDefinition(
      name = "daqstream health checks",
      description = "From when on the health checks with the tag 'signal' complain")
  @interface Config {
    @AttributeDefinition(
        name = "Servers",
        description = "Names of the streaming servers that must listen; empty: at least one")
    String[] servers() default {};

    @AttributeDefinition(
        name = "Lag, warning (%)",
        description = "Part of the log that a client is behind, from which there is a warning",
        min = "1",
        max = "100")
    int lagWarnPercent() default 50;

    @AttributeDefinition(
        name = "Lag, critical (%)",
        description =
            "Part of the log that a client is behind, from which that is critical; not less than"
                + " for the warning. At 100 it is disconnected",
        min = "1",
        max = "100")
    int lagCriticalPercent() default 90;

    @AttributeDefinition(
        name = "Disconnects, warning",
        description = "Clients of a server that left in the last minute, from which there is one",
        min = "1",
        max = "1000000")
    int disconnectsWarn() default 10;

    @AttributeDefinition(
        name = "Certificate, warning (days)",
        description = "Rest of a certificate's life from which there is a warning",
        min = "1",
        max = "3650")
    int certificateWarnDays() default 30;

    @AttributeDefinition(
        name = "Path",
        description =
            "Path of a page with the checks on the ports of every streaming server, status 503 if"
                + " one is critical; empty for none")
    String path() default "/health";

    @AttributeDefinition(
        name = "Health from",
        description =
            "Addresses or networks (192.0.2.0/24) that may read the page; empty for this machine"
                + " only, '*' for all")
    String[] healthFrom() default {};
  }

  private final BundleContext context;
  private final Configured<Settings> configured =
      new Configured<>(Config.class, PID, "there are no health checks", LOG, Settings::of);

  @Reference(policy = ReferencePolicy.DYNAMIC, fieldOption = FieldOption.UPDATE)
  final List<ServerMonitor> servers = new CopyOnWriteArrayList<>();

  @Reference(policy = ReferencePolicy.DYNAMIC, fieldOption = FieldOption.UPDATE)
  final List<SignalRegistry> signals = new CopyOnWriteArrayList<>();

  @Reference(policy = ReferencePolicy.DYNAMIC, fieldOption = FieldOption.UPDATE)
  final List<StreamRegister> streams = new CopyOnWriteArrayList<>();

  @Reference(policy = ReferencePolicy.DYNAMIC, fieldOption = FieldOption.UPDATE)
  final List<Recorder> recorders = new CopyOnWriteArrayList<>();

  private final LastMinute lastMinute = new LastMinute();
  private final List<ServiceRegistration<?>> registrations = new ArrayList<>();

  @Activate
  public Health(BundleContext context, Map<String, Object> properties) {
    this.context = context;
    modified(properties);
  }

  @Modified
  void modified(Map<String, Object> properties) {
    configured.take(properties, this::use);
  }

  private void use(Settings settings) {
    stop();
    Map<String, HealthCheck> checks = new LinkedHashMap<>();
    checks.put("daqstream listener", new ListenerCheck(servers, settings.servers()));
    checks.put("daqstream lag", new LagCheck(servers, settings));
    checks.put(EVENTS, new EventsCheck(servers, settings, lastMinute, System::nanoTime));
    checks.put("daqstream signals", new SignalsCheck(signals));
    checks.put(RECORDERS, new RecordersCheck(recorders, System::nanoTime));
    checks.put(
        "daqstream certificates", new CertificateCheck(streams, settings, Clock.systemUTC()));
    checks.forEach(
        (name, check) ->
            register(
                name,
                check,
                COUNTING.contains(name)
                    ? Map.of(HealthCheck.ASYNC_INTERVAL_IN_SEC, EVENTS_INTERVAL_S)
                    : Map.of()));
    if (!settings.path().isEmpty()) {
      registrations.add(
          context.registerService(
              HttpPage.class,
              new HealthPage(checks, settings.readers(), System::nanoTime),
              FrameworkUtil.asDictionary(
                  Map.of(HttpPage.PATH, settings.path(), HttpPage.KIND, "health"))));
    }
  }

  private void register(String name, HealthCheck check, Map<String, Object> more) {
    Map<String, Object> properties = new HashMap<>(more);
    properties.put(HealthCheck.NAME, name);
    properties.put(HealthCheck.TAGS, new String[] {"signal", "daqstream"});
    registrations.add(
        context.registerService(HealthCheck.class, check, FrameworkUtil.asDictionary(properties)));
  }

  /** Takes checks and page back; called by DS. */
  @Deactivate
  void stop() {
    registrations.forEach(ServiceRegistration::unregister);
    registrations.clear();
  }
}
