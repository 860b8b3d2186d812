/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.ops.health.internal;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.apache.felix.hc.api.ResultLog;
import org.daqstream.base.support.ForeignText;
import org.daqstream.config.support.Readers;
import org.daqstream.server.api.HttpPage;

/**
 * The checks for whatever asks by HTTP: the worst of all in the first line, then each with what it
 * complains of. Executed once a second at most, however many ask.
 */
final class HealthPage implements HttpPage {
  private static final long LATEST_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final int UNAVAILABLE = 503;
  private static final int LINE_CHARS = 500;

  private final Map<String, HealthCheck> checks;
  private final Readers readers;
  private final LongSupplier nanoTime;
  private byte[] latest; // under the monitor; null before anybody asked
  private long latestNanos; // under the monitor

  HealthPage(Map<String, HealthCheck> checks, Readers readers, LongSupplier nanoTime) {
    this.checks = new LinkedHashMap<>(checks);
    this.readers = readers;
    this.nanoTime = nanoTime;
  }

  @Override
  public String refusal(InetAddress reader) {
    return readers.contains(reader)
        ? null
        : "health is not for " + reader.getHostAddress() + " (key healthFrom)";
  }

  @Override
  public String contentType() {
    return "text/plain;charset=utf-8";
  }

  @Override
  public Map<String, String> headers() {
    return Map.of("Cache-Control", "no-store");
  }

  @Override
  public synchronized byte[] body() {
    long now = nanoTime.getAsLong();
    if (latest == null || now - latestNanos > LATEST_NANOS) {
      latest = text().getBytes(StandardCharsets.UTF_8);
      latestNanos = now;
    }
    return latest;
  }

  /** A warning is no reason to take anything out of service. */
  @Override
  public int status(byte[] body) {
    String first = new String(body, StandardCharsets.UTF_8).lines().findFirst().orElse("");
    return first.equals(Result.Status.OK.name()) || first.equals(Result.Status.WARN.name())
        ? 200
        : UNAVAILABLE;
  }

  private String text() {
    StringBuilder lines = new StringBuilder();
    Result.Status worst = Result.Status.OK;
    for (Map.Entry<String, HealthCheck> each : checks.entrySet()) {
      Result result = each.getValue().execute();
      Result.Status status = result.getStatus();
      worst = status.compareTo(worst) > 0 ? status : worst;
      lines.append(each.getKey()).append(": ").append(status).append('\n');
      for (ResultLog.Entry entry : result) {
        if (entry.getStatus() != Result.Status.OK) {
          lines.append("  ").append(ForeignText.plain(entry.getMessage(), LINE_CHARS)).append('\n');
        }
      }
    }
    return worst + "\n" + lines;
  }
}
