/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.host.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.daqstream.config.support.Configured;
import org.daqstream.config.support.Values;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalRegistry;
import org.daqstream.signal.api.SignalTable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes measurements of the machine it runs on. It is also the example of a signal source: get
 * the registry, open a table, write rows from a thread of its own, close the table.
 */
@Component(configurationPid = HostSource.PID)
@Designate(ocd = HostSource.Config.class)
public final class HostSource {
  static final String PID = "org.daqstream.source.host";

  private static final Logger LOG = LoggerFactory.getLogger(HostSource.class);

  @ObjectClassDefinition(
      name = "daqstream host source",
      description = "Measurements of the machine the runtime runs on")
  @interface Config {
    @AttributeDefinition(
        name = "Rate (Hz)",
        description = "Rows per second; the period is rounded to whole nanoseconds",
        min = "1",
        max = "1000")
    int rateHz() default 10;

    @AttributeDefinition(
        name = "Groups",
        description = "What is measured",
        options = {
          @Option(label = "CPU load, total and per core", value = "cpu"),
          @Option(label = "Memory used and available", value = "memory"),
          @Option(label = "Network throughput per device", value = "network"),
          @Option(label = "Disk throughput per device", value = "disk"),
          @Option(label = "Load average", value = "load"),
          @Option(label = "Temperatures", value = "temperature")
        })
    String[] groups() default {"cpu", "memory", "network", "disk", "load", "temperature"};
  }

  /** A configuration that was found good: the distance of two rows and what is measured. */
  record Settings(long deltaNanos, Set<Group> groups) {
    static Settings of(Values values) {
      return new Settings(
          Math.round(1e9 / values.integer("rateHz")), Group.of(values.list("groups")));
    }

    SignalDescriptor domain() {
      return SignalDescriptor.linearTime("host/time", deltaNanos);
    }
  }

  private final SignalRegistry registry;
  private final Path root;
  private final Configured<Settings> configured =
      new Configured<>(Config.class, PID, "nothing is published", LOG, Settings::of);
  private SignalTable table; // null until a configuration can be used
  private final Map<Group, Measurement> measurements = new EnumMap<>(Group.class);
  private Sampler sampler;

  /** Starts to publish, as {@link Config} says. */
  @Activate
  public HostSource(@Reference SignalRegistry registry, Map<String, Object> properties) {
    this(registry, properties, Path.of("/"));
  }

  HostSource(SignalRegistry registry, Map<String, ?> properties, Path root) {
    this.registry = registry;
    this.root = root;
    configured.take(properties, this::use);
  }

  private void use(Settings settings) {
    if (table == null) {
      table = registry.openTable(settings.domain());
    } else {
      sampler.stop();
      if (!settings.domain().equals(table.domain())) {
        table.updateDomain(settings.domain());
      }
    }
    for (Group group : Group.values()) {
      boolean open = measurements.containsKey(group);
      if (open && !settings.groups().contains(group)) {
        close(group);
      } else if (!open && settings.groups().contains(group)) {
        open(group);
      }
    }
    sampler = new Sampler(measurements, settings.deltaNanos());
  }

  private void open(Group group) {
    try {
      measurements.put(group, group.open(root, table));
    } catch (IOException e) {
      LOG.info("{}: this host gives no {}: {}", PID, group.key(), e.getMessage());
    } catch (IllegalArgumentException e) {
      LOG.error("{}: cannot publish {}: {}", PID, group.key(), e.getMessage());
    }
  }

  private void close(Group group) {
    measurements.remove(group).close();
  }

  /** Changes rate and groups; the signals of a group that stays are not withdrawn. */
  @Modified
  void modified(Map<String, ?> properties) {
    configured.take(properties, this::use);
  }

  @Deactivate
  void deactivate() {
    if (table != null) {
      sampler.stop();
      measurements.keySet().stream().toList().forEach(this::close);
      table.close();
    }
  }
}
