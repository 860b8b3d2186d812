/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.ops.internal;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.daqstream.ops.api.Metric;
import org.daqstream.ops.api.Metric.Sample;

/** How fast counters grew between the last two samplings; one thread. */
final class Rates {
  private Map<Series, Double> before = Map.of();
  private Map<Series, Double> last = Map.of();
  private double seconds;
  private long lastNanos;

  private record Series(Definition definition, List<String> labelValues) {}

  /** Takes the next sampling. */
  void update(Metrics metrics, long nanos) {
    final Map<Series, Double> counters = new HashMap<>();
    metrics
        .byDefinition()
        .forEach(
            (definition, samples) -> {
              if (definition.type == Metric.Type.COUNTER) {
                for (Sample sample : samples) {
                  counters.put(new Series(definition, sample.labelValues()), sample.value());
                }
              }
            });
    before = last;
    last = counters;
    seconds = (nanos - lastNanos) / 1e9;
    lastNanos = nanos;
  }

  /** Increase per second; empty for what is new, or began again. */
  OptionalDouble perSecond(Definition definition, List<String> labelValues) {
    final Series series = new Series(definition, labelValues);
    final Double from = before.get(series);
    final Double to = last.get(series);
    return from == null || to == null || to < from || seconds <= 0
        ? OptionalDouble.empty()
        : OptionalDouble.of((to - from) / seconds);
  }
}
