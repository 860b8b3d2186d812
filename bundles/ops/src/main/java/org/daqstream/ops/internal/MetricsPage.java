/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.ops.internal;

import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.daqstream.server.api.HttpPage;

/** The page that Prometheus reads. */
final class MetricsPage implements HttpPage {
  private final Supplier<Metrics> metrics;

  MetricsPage(Supplier<Metrics> metrics) {
    this.metrics = metrics;
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
