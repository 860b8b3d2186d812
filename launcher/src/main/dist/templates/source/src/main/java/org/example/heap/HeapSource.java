/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.example.heap;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;
import org.daqstream.signal.api.SignalRegistry;
import org.daqstream.signal.api.Unit;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * The signal {@code heap/used}: how much of its memory the runtime uses. The file {@code
 * conf/org.example.heap.cfg} configures it.
 */
@Component(configurationPid = "org.example.heap")
@Designate(ocd = HeapSource.Config.class)
public final class HeapSource {

  /** The configuration with its defaults. */
  @ObjectClassDefinition(name = "Heap source")
  @interface Config {
    /** Distance of samples. */
    int periodMs() default 100;

    /** Any type whose writer takes single numbers. */
    String dataType() default "real64";
  }

  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final SignalPort port;

  @Activate
  public HeapSource(@Reference SignalRegistry registry, Config config) {
    SignalDescriptor used =
        SignalDescriptor.value("heap/used", config.dataType())
            .name("Heap used")
            .unit(Unit.PERCENT)
            .range(0, 100)
            .build();
    port = registry.open(SignalDescriptor.explicitTime("heap/time"), used);
    timer.scheduleAtFixedRate(this::sample, 0, config.periodMs(), TimeUnit.MILLISECONDS);
  }

  private void sample() {
    Runtime runtime = Runtime.getRuntime();
    double usedBytes = runtime.totalMemory() - runtime.freeMemory();
    port.write(
        ChronoUnit.NANOS.between(Instant.EPOCH, Instant.now()),
        100 * usedBytes / runtime.maxMemory());
  }

  /** Also called before the component starts anew with another configuration. */
  @Deactivate
  void stop() throws InterruptedException {
    timer.shutdown();
    timer.awaitTermination(1, TimeUnit.SECONDS);
    port.close();
  }
}
