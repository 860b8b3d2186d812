/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.start;

import java.util.List;
import java.util.Map;
import org.daqstream.config.support.Configured;
import org.daqstream.config.support.Values;
import org.daqstream.server.internal.web.PortSettings;
import org.daqstream.server.internal.web.Ports;
import org.osgi.framework.BundleContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server with the configuration of one PID. What cannot be used is said in one line; a running
 * server then goes on with its old configuration, and its clients notice nothing. For one thread.
 */
final class ConfiguredServer {
  private static final Logger LOG = LoggerFactory.getLogger(ConfiguredServer.class);

  private final BundleContext context;
  private final String pid;
  private final Shared shared;
  private final Configured<ServerSettings> configured;
  private RunningServer running;

  ConfiguredServer(BundleContext context, String pid, Shared shared) {
    this.context = context;
    this.pid = pid;
    this.shared = shared;
    configured =
        new Configured<>(ServerConfig.class, pid, "the server is not started", LOG, this::check);
  }

  /** Takes a configuration; closes clients only for another socket or log. */
  void take(Map<String, ?> properties) {
    configured.take(properties, this::use);
  }

  private ServerSettings check(Values values) {
    ServerSettings wanted = ServerSettings.of(pid, values);
    if (running != null) {
      wanted.checkSaid(values, running.settings());
    } else if (!wanted.hostSaid()) {
      LOG.warn(
          "{}: key {} is missing in {}: only this machine can connect, '*' is for all addresses",
          pid,
          PortSettings.HOST,
          values.file().orElse("the configuration"));
    }
    return wanted;
  }

  private void use(ServerSettings wanted) {
    if (running != null && running.takeOver(wanted)) {
      LOG.info("{}: configuration taken over, clients stay", pid);
      return;
    }
    try (Ports ports = new Ports(wanted.ports())) {
      RunningServer old = running;
      if (ports.bindBeside(old == null ? List.of() : old.addresses())) {
        running = start(wanted, ports);
        stop(old);
      } else {
        replaceInPlace(wanted, ports);
      }
    }
  }

  /** With a port that stays the same the old server has to go first; it comes back on failure. */
  private void replaceInPlace(ServerSettings wanted, Ports ports) {
    ServerSettings before = running.settings();
    stop();
    try {
      running = start(wanted, ports);
    } catch (RuntimeException e) {
      try (Ports again = new Ports(before.ports())) {
        running = start(before, again);
      }
      throw e;
    }
  }

  private RunningServer start(ServerSettings settings, Ports ports) {
    try {
      return new RunningServer(context, name(), shared, settings, ports);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalArgumentException("the server does not start: " + e.getMessage(), e);
    }
  }

  /** The part that tells one factory configuration from the others. */
  private String name() {
    return pid.startsWith(Servers.PID + "~") ? pid.substring(Servers.PID.length() + 1) : "default";
  }

  /** A file that is replaced may be away for a moment, and its server must not open meanwhile. */
  void configurationGone() {
    if (configured.settings().isPresent()) {
      LOG.warn("{}: the configuration is gone; the server goes on with it until a restart", pid);
    }
  }

  /** Disconnects clients and ends. */
  void stop() {
    RunningServer old = running;
    running = null;
    stop(old);
  }

  private static void stop(RunningServer old) {
    if (old != null) {
      old.stop();
    }
  }
}
