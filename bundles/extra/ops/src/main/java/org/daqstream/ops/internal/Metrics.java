/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.ops.internal;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.daqstream.ops.api.Metric;
import org.daqstream.ops.api.Metric.Bucket;
import org.daqstream.ops.api.Metric.Sample;

/** The samples of one collection, in the making; one thread. */
final class Metrics {
  private final Map<Definition, List<Sample>> samples = new EnumMap<>(Definition.class);

  /** Adds a value; the labels are those of the definition, in its order. */
  void add(Definition definition, double value, String... labelValues) {
    add(definition, value, List.of(), labelValues);
  }

  /** Adds a number that a double holds exactly up to 2^53. */
  void add(Definition definition, long value, String... labelValues) {
    add(definition, (double) value, List.of(), labelValues);
  }

  void add(Definition definition, double value, List<Bucket> buckets, String... labelValues) {
    if (labelValues.length != definition.labels.size()) {
      throw new IllegalArgumentException(definition + " has the labels " + definition.labels);
    }
    samples
        .computeIfAbsent(definition, key -> new ArrayList<>())
        .add(new Sample(List.of(labelValues), value, buckets));
  }

  List<Metric> toList() {
    return samples.entrySet().stream()
        .map(
            entry -> {
              Definition of = entry.getKey();
              return new Metric(of.metricName, of.type, of.help, of.labels, entry.getValue());
            })
        .toList();
  }

  /** The samples by what they are measured of. */
  Map<Definition, List<Sample>> byDefinition() {
    return samples;
  }
}
