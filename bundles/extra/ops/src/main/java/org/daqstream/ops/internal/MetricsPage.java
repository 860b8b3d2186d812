/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.ops.internal;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.daqstream.server.api.HttpPage;

/** The page that Prometheus reads. */
final class MetricsPage implements HttpPage {
  private final Supplier<Metrics> metrics;
  private final Readers readers;

  MetricsPage(Supplier<Metrics> metrics, Readers readers) {
    this.metrics = metrics;
    this.readers = readers;
  }

  @Override
  public String refusal(InetAddress reader) {
    return readers.contains(reader)
        ? null
        : "metrics are not for " + reader.getHostAddress() + " (key metricsFrom)";
  }

  @Override
  public String contentType() {
    return PrometheusText.CONTENT_TYPE;
  }

  @Override
  public byte[] body() {
    return PrometheusText.of(metrics.get().toList()).getBytes(StandardCharsets.UTF_8);
  }
}
