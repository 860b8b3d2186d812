/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.ops.internal;

import java.util.List;
import java.util.Locale;
import org.daqstream.ops.api.Metric;
import org.daqstream.ops.api.Metric.Bucket;
import org.daqstream.ops.api.Metric.Sample;

/** Metrics as Prometheus reads them: text exposition format 0.0.4. */
final class PrometheusText {
  static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  /** Beyond this a double does not hold every whole number. */
  private static final double EXACT_MAX = 0x1p53;

  private final StringBuilder text = new StringBuilder(16 * 1024);

  private PrometheusText() {}

  static String of(List<Metric> metrics) {
    PrometheusText page = new PrometheusText();
    metrics.forEach(page::metric);
    return page.text.toString();
  }

  private void metric(Metric metric) {
    text.append("# HELP ").append(metric.name()).append(' ').append(escaped(metric.help()));
    text.append("\n# TYPE ")
        .append(metric.name())
        .append(' ')
        .append(metric.type().name().toLowerCase(Locale.ROOT))
        .append('\n');
    for (Sample sample : metric.samples()) {
      if (metric.type() == Metric.Type.HISTOGRAM) {
        histogram(metric, sample);
      } else {
        line(metric, "", sample, null, sample.value());
      }
    }
  }

  private void histogram(Metric metric, Sample sample) {
    long count = 0;
    for (Bucket bucket : sample.buckets()) {
      line(metric, "_bucket", sample, number(bucket.bound()), (double) bucket.count());
      count = bucket.count();
    }
    line(metric, "_sum", sample, null, sample.value());
    line(metric, "_count", sample, null, (double) count);
  }

  private void line(Metric metric, String suffix, Sample sample, String bound, double value) {
    text.append(metric.name()).append(suffix);
    char separator = '{';
    for (int i = 0; i < metric.labelNames().size(); i++) {
      label(separator, metric.labelNames().get(i), sample.labelValues().get(i));
      separator = ',';
    }
    if (bound != null) {
      label(separator, "le", bound);
      separator = ',';
    }
    if (separator == ',') {
      text.append('}');
    }
    text.append(' ').append(number(value)).append('\n');
  }

  private void label(char separator, String name, String value) {
    text.append(separator).append(name).append("=\"");
    text.append(escaped(value).replace("\"", "\\\"")).append('"');
  }

  private static String escaped(String raw) {
    return raw.replace("\\", "\\\\").replace("\n", "\\n");
  }

  private static String number(double value) {
    if (value == Double.POSITIVE_INFINITY) {
      return "+Inf";
    }
    if (value == Math.rint(value) && Math.abs(value) <= EXACT_MAX) {
      return String.valueOf((long) value);
    }
    return String.valueOf(value);
  }
}
