/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.ops.internal;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.daqstream.config.support.Readers;
import org.daqstream.server.api.HttpPage;

/** The page that Prometheus reads. */
record MetricsPage(Supplier<Metrics> metrics, Readers readers) implements HttpPage {
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
