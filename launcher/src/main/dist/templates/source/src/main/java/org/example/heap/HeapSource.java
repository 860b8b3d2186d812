/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.example.heap;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.daqstream.config.support.Configured;
import org.daqstream.config.support.Values;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;
import org.daqstream.signal.api.SignalRegistry;
import org.daqstream.signal.api.Unit;
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
 * The signal {@code heap/used}: how much of its memory the runtime uses. The file {@code
 * conf/org.example.heap.cfg} configures it.
 */
@Component(configurationPid = HeapSource.PID)
@Designate(ocd = HeapSource.Config.class)
public final class HeapSource {
  static final String PID = "org.example.heap";

  private static final Logger LOG = LoggerFactory.getLogger(HeapSource.class);

  /** The keys. What they say here is checked, and shown by tools. */
  @ObjectClassDefinition(name = "Heap source")
  @interface Config {
    @AttributeDefinition(name = "Period (ms)", description = "Distance of samples", min = "1")
    int periodMs() default 100;

    @AttributeDefinition(description = "Any type whose writer takes single numbers")
    String dataType() default "real64";
  }

  /** A configuration that was found good. */
  record Settings(int periodMs, String dataType) {
    static Settings of(Values values) {
      return new Settings(values.integer("periodMs"), values.text("dataType"));
    }
  }

  private final SignalRegistry registry;
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final Configured<Settings> configured =
      new Configured<>(Config.class, PID, "nothing is published", LOG, Settings::of);
  private SignalPort port; // null until a configuration can be used
  private Future<?> sampling;

  @Activate
  public HeapSource(@Reference SignalRegistry registry, Map<String, Object> properties) {
    this.registry = registry;
    configure(properties);
  }

  /** Also takes what changes; when a value is bad the signal stays as it is. */
  @Modified
  void configure(Map<String, Object> properties) {
    configured.take(properties, this::publish);
  }

  private void publish(Settings settings) {
    SignalDescriptor used =
        SignalDescriptor.value("heap/used", settings.dataType())
            .name("Heap used")
            .unit(Unit.PERCENT)
            .range(0, 100)
            .build();
    if (port == null) {
      port = registry.open(SignalDescriptor.explicitTime("heap/time"), used);
    } else {
      sampling.cancel(false);
      timer.execute(() -> port.update(used)); // by the thread that writes
    }
    sampling =
        timer.scheduleAtFixedRate(this::sample, 0, settings.periodMs(), TimeUnit.MILLISECONDS);
  }

  private void sample() {
    Runtime runtime = Runtime.getRuntime();
    double usedBytes = runtime.totalMemory() - runtime.freeMemory();
    port.write(
        ChronoUnit.NANOS.between(Instant.EPOCH, Instant.now()),
        100 * usedBytes / runtime.maxMemory());
  }

  @Deactivate
  void stop() throws InterruptedException {
    timer.shutdown();
    timer.awaitTermination(1, TimeUnit.SECONDS);
    if (port != null) {
      port.close();
    }
  }
}
