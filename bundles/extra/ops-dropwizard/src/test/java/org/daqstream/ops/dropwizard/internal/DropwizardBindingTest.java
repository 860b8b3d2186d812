/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.ops.dropwizard.internal;

import static org.junit.Assert.assertEquals;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import java.util.List;
import java.util.Set;
import org.daqstream.ops.api.Metric;
import org.daqstream.ops.api.Metric.Bucket;
import org.daqstream.ops.api.Metric.Sample;
import org.junit.Test;

/** What a Dropwizard registry holds. */
public class DropwizardBindingTest {
  private final DropwizardBinding binding = new DropwizardBinding();
  private final MetricRegistry registry = new MetricRegistry();

  private static Metric counter(String name, double value, String... labelValues) {
    final Sample sample = new Sample(List.of(labelValues), value, List.of());
    return new Metric(name, Metric.Type.COUNTER, "", List.of(labelValues), List.of(sample));
  }

  private Object value(String name) {
    return ((Gauge<?>) registry.getGauges().get(name)).getValue();
  }

  @Test
  public void gaugesComeChangeAndGo() {
    binding.bindRegistry(registry);
    binding.sampled(List.of(counter("sent", 1, "default", "a.b"), counter("all", 3)));
    assertEquals(Set.of("sent.default.a.b", "all"), registry.getNames());
    assertEquals(1.0, value("sent.default.a.b"));
    binding.sampled(List.of(counter("sent", 2, "default", "a.b"), counter("more", 4)));
    assertEquals(Set.of("sent.default.a.b", "more"), registry.getNames());
    assertEquals(2.0, value("sent.default.a.b"));
    binding.unbindRegistry(registry);
    assertEquals(Set.of(), registry.getNames());
  }

  @Test
  public void histogramHasCountAndSum() {
    binding.bindRegistry(registry);
    final Sample sample =
        new Sample(
            List.of("default"),
            0.5,
            List.of(new Bucket(1, 2), new Bucket(Double.POSITIVE_INFINITY, 3)));
    binding.sampled(
        List.of(new Metric("cost", Metric.Type.HISTOGRAM, "", List.of("server"), List.of(sample))));
    assertEquals(3.0, value("cost_count.default"));
    assertEquals(0.5, value("cost_sum.default"));
  }

  @Test
  public void aRegistryThatComesLaterIsFilledAndItsOwnMetricsStay() {
    binding.sampled(List.of(counter("all", 1)));
    final Gauge<String> own = () -> "mine";
    registry.register("all", own);
    binding.bindRegistry(registry);
    binding.sampled(List.of(counter("all", 2), counter("more", 3)));
    assertEquals("mine", value("all"));
    assertEquals(3.0, value("more"));
    binding.unbindRegistry(registry);
    assertEquals(Set.of("all"), registry.getNames());
  }

  @Test
  public void aNameThatIsTakenAtThatMomentStaysWithItsOwner() {
    final MetricRegistry crowded =
        new MetricRegistry() {
          @Override
          public <T extends com.codahale.metrics.Metric> T register(String name, T metric) {
            if (name.equals("all") && !getNames().contains(name)) {
              super.register(name, (Gauge<String>) () -> "mine"); // by another thread, say
            }
            return super.register(name, metric);
          }
        };
    binding.bindRegistry(crowded);
    binding.sampled(List.of(counter("all", 2), counter("more", 3)));
    assertEquals(Set.of("all", "more"), crowded.getNames());
    binding.unbindRegistry(crowded);
    assertEquals(Set.of("all"), crowded.getNames());
  }
}
