/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest.plugin;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.concurrent.atomic.AtomicInteger;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.daqstream.ops.api.MetricSource;
import org.daqstream.server.api.HttpPage;
import org.daqstream.shell.api.CommandHost;
import org.daqstream.shell.api.ShellCommand;

/** A component that has a hand in everything by which a runtime is watched. */
public final class Observer implements CommandHost, HttpPage, HealthCheck {
  /** Where its page is. */
  public static final String PATH = "/observer";

  /** Name of its check. */
  public static final String CHECK = "observer";

  private final MetricSource metrics;
  private final AtomicInteger commands = new AtomicInteger();

  /** As a component. */
  public Observer(MetricSource metrics) {
    this.metrics = metrics;
  }

  @Override
  public void add(ShellCommand command) {
    commands.incrementAndGet();
  }

  @Override
  public void remove(ShellCommand command) {
    commands.decrementAndGet();
  }

  @Override
  public String contentType() {
    return "text/plain";
  }

  /** {@code used} once everybody has called. */
  @Override
  public byte[] body() {
    boolean used = commands.get() > 0 && !metrics.metrics().isEmpty();
    return (used ? "used" : "commands " + commands).getBytes(US_ASCII);
  }

  @Override
  public Result execute() {
    return new Result(Result.Status.OK, "commands " + commands);
  }
}
