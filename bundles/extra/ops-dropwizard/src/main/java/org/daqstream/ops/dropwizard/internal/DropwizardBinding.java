/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.ops.dropwizard.internal;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.daqstream.ops.api.Metric;
import org.daqstream.ops.api.MetricListener;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/**
 * Keeps a gauge of every value in each {@link MetricRegistry} service, as of the last sample. The
 * name is that of the metric and the values of its labels, {@code
 * daqstream_server_events_total.default.too_slow}; a histogram has its count and its sum. Gauges
 * come and go with what they are of.
 */
@Component
public final class DropwizardBinding implements MetricListener {
  private final Map<MetricRegistry, Map<String, Value>> registries = new HashMap<>();

  /** Read by whoever reports, on threads of theirs. */
  private static final class Value implements Gauge<Double> {
    private volatile double value;

    Value(double value) {
      this.value = value;
    }

    @Override
    public Double getValue() {
      return value;
    }
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  synchronized void bindRegistry(MetricRegistry registry) {
    registries.put(registry, new HashMap<>());
  }

  synchronized void unbindRegistry(MetricRegistry registry) {
    final Map<String, Value> gauges = registries.remove(registry);
    gauges.keySet().forEach(registry::remove);
  }

  @Override
  public synchronized void sampled(List<Metric> metrics) {
    if (registries.isEmpty()) {
      return;
    }
    final Map<String, Double> values = values(metrics);
    registries.forEach((registry, gauges) -> update(registry, gauges, values));
  }

  private static void update(
      MetricRegistry registry, Map<String, Value> gauges, Map<String, Double> values) {
    for (String name : Set.copyOf(gauges.keySet())) {
      if (!values.containsKey(name)) {
        gauges.remove(name);
        registry.remove(name);
      }
    }
    values.forEach(
        (name, value) -> {
          final Value known = gauges.get(name);
          if (known != null) {
            known.value = value;
          } else {
            register(registry, gauges, name, new Value(value));
          }
        });
  }

  private static void register(
      MetricRegistry registry, Map<String, Value> gauges, String name, Value gauge) {
    try {
      if (!registry.getMetrics().containsKey(name)) {
        registry.register(name, gauge);
        gauges.put(name, gauge);
      }
    } catch (IllegalArgumentException e) {
      // Somebody else took the name just now: it is left alone, too.
    }
  }

  private static Map<String, Double> values(List<Metric> metrics) {
    final Map<String, Double> values = new HashMap<>();
    for (Metric metric : metrics) {
      for (Metric.Sample sample : metric.samples()) {
        final String of = MetricRegistry.name("", sample.labelValues().toArray(new String[0]));
        final String suffix = of.isEmpty() ? "" : "." + of;
        if (metric.type() == Metric.Type.HISTOGRAM) {
          final long count = sample.buckets().get(sample.buckets().size() - 1).count();
          values.put(metric.name() + "_count" + suffix, (double) count);
          values.put(metric.name() + "_sum" + suffix, sample.value());
        } else {
          values.put(metric.name() + suffix, sample.value());
        }
      }
    }
    return values;
  }
}
