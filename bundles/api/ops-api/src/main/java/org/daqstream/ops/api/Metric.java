/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.ops.api;

import java.util.List;

/**
 * A quantity that is measured, with its present values: one for each client, signal or whatever it
 * is measured of.
 *
 * @param name as on the Prometheus page, with the unit as its end, {@code
 *     daqstream_server_sent_bytes_total} say
 * @param type how the values are to be read
 * @param help what it is, one sentence without line breaks
 * @param labelNames what the values of the samples' labels are
 * @param samples the values
 */
public record Metric(
    String name, Type type, String help, List<String> labelNames, List<Sample> samples) {
  /** Copies the lists. */
  public Metric {
    labelNames = List.copyOf(labelNames);
    samples = List.copyOf(samples);
  }

  /** How values are to be read. */
  public enum Type {
    /** Never goes back, as long as what it is measured of exists. */
    COUNTER,
    /** Goes up and down. */
    GAUGE,
    /** How often a quantity was within which bounds. */
    HISTOGRAM
  }

  /**
   * One value.
   *
   * @param labelValues as many as there are label names; any characters
   * @param value for a histogram the sum of all that was observed
   * @param buckets of a histogram, else empty; with ascending bounds, the last one's is infinite
   */
  public record Sample(List<String> labelValues, double value, List<Bucket> buckets) {
    /** Copies the lists. */
    public Sample {
      labelValues = List.copyOf(labelValues);
      buckets = List.copyOf(buckets);
    }
  }

  /**
   * Observations up to a bound.
   *
   * @param bound the largest value that is counted here
   * @param count observations that were not larger, those of all smaller buckets included
   */
  public record Bucket(double bound, long count) {}
}
