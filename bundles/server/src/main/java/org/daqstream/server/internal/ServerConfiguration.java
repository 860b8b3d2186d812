/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.daqstream.config.support.RefusedException;
import org.daqstream.config.support.Values;

/** The checked values of {@link StreamingServer.Config}. */
record ServerConfiguration(
    String host,
    int port,
    int controlPort,
    String path,
    int frameBytes,
    int sendBufferBytes,
    Set<String> allowedOrigins,
    ServerLimits limits) {
  static final String HOST = "host";
  static final String PORT = "port";
  static final String CONTROL_PORT = "controlPort";
  static final String RING_BYTES = "ringBytes";
  private static final Pattern PATH = Pattern.compile("/(?!/)[A-Za-z0-9/._~-]*");

  /** Checks configured values. */
  static ServerConfiguration of(Values values) {
    return new ServerConfiguration(
        values.text(HOST),
        values.integer(PORT),
        values.integer(CONTROL_PORT),
        path(values.text("path")),
        values.integer("frameBytes"),
        values.integer("sendBufferBytes"),
        new TreeSet<>(values.list("allowedOrigins")),
        limits(values));
  }

  private static String path(String path) {
    if (!PATH.matcher(path).matches()) {
      throw new RefusedException(
          "path", path, "must start with one '/' and go on with letters, digits and / . _ ~ -");
    }
    return path;
  }

  private static ServerLimits limits(Values values) {
    return new ServerLimits(
        values.integer(RING_BYTES),
        values.integer("clients"),
        values.integer("clientsPerAddress"),
        values.integer("pendingConnections"),
        values.integer("messageBytes"),
        values.integer("pendingBytes"),
        values.integer("requestBytes"),
        values.integer("requestTimeoutMs"),
        values.integer("closeTimeoutMs"),
        values.integer("aliveIntervalMs"),
        values.integer("pingIntervalMs"));
  }

  /** Whether clients can stay connected when this configuration replaces the other. */
  boolean keepsConnections(ServerConfiguration other) {
    return host.equals(other.host)
        && port == other.port
        && controlPort == other.controlPort
        && path.equals(other.path)
        && frameBytes == other.frameBytes
        && sendBufferBytes == other.sendBufferBytes
        && limits.ringBytes() == other.limits.ringBytes();
  }
}
