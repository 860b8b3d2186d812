/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.ops.api;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Is told all metrics every few seconds (configuration {@code org.daqstream.ops}, key {@code
 * sampleIntervalMs}); register it as a service. The first call comes within one interval.
 */
@ConsumerType
public interface MetricListener {
  /**
   * Takes the metrics. Called by one thread at a time, not always the same one; it may block for a
   * moment, which delays the other listeners only. What it throws is logged.
   *
   * @param metrics immutable; what is missing in comparison with the call before does not exist any
   *     more
   */
  void sampled(List<Metric> metrics);
}
