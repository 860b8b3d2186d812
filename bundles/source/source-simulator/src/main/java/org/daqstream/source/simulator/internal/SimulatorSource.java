/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.simulator.internal;

import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.daqstream.base.support.SteadyClock;
import org.daqstream.base.support.Worker;
import org.daqstream.config.support.Configured;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;
import org.daqstream.signal.api.SignalRegistry;
import org.daqstream.signal.api.SignalTable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Publishes a table of simulated signals for each configuration; without one it does nothing. */
@Component(
    configurationPid = SimulatorSource.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = SimulatorSource.Config.class, factory = true)
public final class SimulatorSource {
  static final String PID = "org.daqstream.source.simulator";

  private static final Logger LOG = LoggerFactory.getLogger(SimulatorSource.class);

  @ObjectClassDefinition(
      name = "daqstream simulator source",
      description = "A table of signals whose every sample is known")
  @interface Config {
    @AttributeDefinition(
        name = "Prefix",
        description = "Signals are named prefix/0, prefix/1 …, their domain prefix/time")
    String prefix() default "simulator";

    @AttributeDefinition(
        name = "Signals",
        description = "Number of signals in the table",
        min = "1",
        max = "1000")
    int signals() default 1;

    @AttributeDefinition(
        name = "Waveform",
        description = "sine, ramp and square follow the time, noise and counter the row",
        options = {
          @Option(label = "Sine", value = "sine"),
          @Option(label = "Ramp", value = "ramp"),
          @Option(label = "Square", value = "square"),
          @Option(label = "Noise", value = "noise"),
          @Option(label = "Counter: 0, 1, 2 …", value = "counter")
        })
    String waveform() default "sine";

    @AttributeDefinition(
        name = "Data type",
        description = "Integers take the nearest value in their range; a counter wraps around",
        options = {
          @Option(label = "int8", value = "int8"),
          @Option(label = "uint8", value = "uint8"),
          @Option(label = "int16", value = "int16"),
          @Option(label = "uint16", value = "uint16"),
          @Option(label = "int32", value = "int32"),
          @Option(label = "uint32", value = "uint32"),
          @Option(label = "int64", value = "int64"),
          @Option(label = "uint64", value = "uint64"),
          @Option(label = "real32", value = "real32"),
          @Option(label = "real64", value = "real64")
        })
    String dataType() default "real64";

    @AttributeDefinition(
        name = "Rate (Hz)",
        description = "Samples per second of each signal",
        min = "1",
        max = "1000000")
    int rateHz() default 1000;

    @AttributeDefinition(
        name = "Block (samples)",
        description = "Samples written at once; 0 for about 10 ms",
        min = "0",
        max = "100000")
    int blockSamples() default 0;

    @AttributeDefinition(
        name = "Frequency (Hz)",
        description = "Of sine, ramp and square",
        min = "0",
        max = "1000000")
    double frequencyHz() default 1;

    @AttributeDefinition(
        name = "Amplitude",
        description = "Greatest distance from the offset; not for the counter",
        min = "-1e30",
        max = "1e30")
    double amplitude() default 1;

    @AttributeDefinition(
        name = "Offset",
        description = "Middle of the values; not for the counter",
        min = "-1e30",
        max = "1e30")
    double offset() default 0;

    @AttributeDefinition(
        name = "Phase step (degrees)",
        description = "How far each signal runs ahead of the one before it",
        min = "-360",
        max = "360")
    double phaseStepDegrees() default 0;

    @AttributeDefinition(
        name = "Gap every (s)",
        description = "Leaves samples out at whole multiples of this time; 0 for never",
        min = "0",
        max = "86400")
    int gapEverySeconds() default 0;

    @AttributeDefinition(
        name = "Gap (ms)",
        description = "How long samples are left out; less than the distance of gaps",
        min = "0",
        max = "86400000")
    int gapMs() default 100;

    @AttributeDefinition(
        name = "Rate change every (s)",
        description = "Changes between the rate and half of it; 0 for never",
        min = "0",
        max = "86400")
    int rateChangeEverySeconds() default 0;
  }

  private final SignalRegistry registry;
  private final LongSupplier clock;
  private final Configured<Settings> configured =
      new Configured<>(Config.class, PID, "nothing is published", LOG, Settings::of);
  private SignalTable table; // null until a configuration can be used
  private Simulation simulation;
  private Worker worker;

  /** Starts to publish, as {@link Config} says. */
  @Activate
  public SimulatorSource(@Reference SignalRegistry registry, Map<String, Object> properties) {
    this(registry, properties, new SteadyClock());
  }

  /** The clock gives nanoseconds since 1970-01-01. */
  SimulatorSource(SignalRegistry registry, Map<String, ?> properties, LongSupplier clock) {
    this.registry = registry;
    this.clock = clock;
    configured.take(properties, this::use);
  }

  private void use(Settings wanted) {
    if (table == null) {
      table = openTable(wanted);
      start(wanted, 0);
      return;
    }
    Settings before = configured.settings().orElseThrow();
    SignalTable same = table;
    worker.stop();
    Settings now = before;
    try {
      apply(wanted, before);
      now = wanted;
    } finally {
      start(now, table == same ? simulation.row() : 0);
    }
  }

  private SignalTable openTable(Settings wanted) {
    SignalTable opened = registry.openTable(wanted.timeline().domain(wanted.domainId(), 1));
    try {
      adjustPorts(opened, wanted);
      return opened;
    } catch (RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  /** Makes the ports those of the settings; ports that stay are not withdrawn. */
  private static void adjustPorts(SignalTable table, Settings wanted) {
    List<SignalPort> ports = List.copyOf(table.ports());
    for (int i = 0; i < Math.max(ports.size(), wanted.signals()); i++) {
      if (i >= wanted.signals()) {
        ports.get(i).close();
        continue;
      }
      SignalDescriptor descriptor = wanted.descriptor(i);
      if (i >= ports.size()) {
        table.open(descriptor);
      } else if (!descriptor.equals(ports.get(i).descriptor())) {
        ports.get(i).update(descriptor);
      }
    }
  }

  private void start(Settings settings, long row) {
    simulation = new Simulation(settings, table, row, clock.getAsLong());
    Simulation started = simulation;
    String prefix = settings.prefix();
    worker =
        Worker.start(
            "daqstream-simulator-" + prefix,
            self ->
                self.repeat(
                    () -> started.step(clock.getAsLong()),
                    fault ->
                        LOG.error(
                            "simulator {}: a block was not written, next try in 1 s",
                            prefix,
                            fault)));
  }

  /** Changes the signals; those whose id stays are not withdrawn unless their data type changes. */
  @Modified
  void modified(Map<String, ?> properties) {
    configured.take(properties, this::use);
  }

  private void apply(Settings wanted, Settings before) {
    if (wanted.prefix().equals(before.prefix())) {
      try {
        adjustPorts(table, wanted);
      } catch (RuntimeException e) {
        adjustPorts(table, before);
        throw e;
      }
    } else {
      SignalTable opened = openTable(wanted);
      table.close();
      table = opened;
    }
  }

  @Deactivate
  void deactivate() {
    if (table != null) {
      worker.stop();
      table.close();
    }
  }
}
