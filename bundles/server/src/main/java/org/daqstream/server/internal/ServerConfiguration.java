/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal;

import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

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
  private static final int FRAME_BYTES_MAX = 65_535;

  /**
   * Checks configured values.
   *
   * @param values from Config Admin, strings or numbers; absent ones have their defaults
   * @throws ConfigurationException for the first value that cannot be used
   */
  static ServerConfiguration of(Map<String, ?> values) throws ConfigurationException {
    return new ServerConfiguration(
        text(values, HOST, ""),
        number(values, PORT, 7414, 0, 65_535),
        number(values, CONTROL_PORT, 7438, 0, 65_535),
        path(values),
        number(values, "frameBytes", FRAME_BYTES_MAX, 256, FRAME_BYTES_MAX),
        number(values, "sendBufferBytes", 0, 0, 1 << 30),
        origins(values),
        limits(values));
  }

  private static ServerLimits limits(Map<String, ?> values) throws ConfigurationException {
    return new ServerLimits(
        number(values, RING_BYTES, 16 << 20, 1 << 20, 1 << 30),
        number(values, "clients", 1_000, 1, 100_000),
        number(values, "clientsPerAddress", 1_000, 1, 100_000),
        number(values, "pendingConnections", 256, 1, 100_000),
        number(values, "messageBytes", 1 << 20, 1_024, 16 << 20),
        number(values, "pendingBytes", 16 << 20, 1 << 16, 1 << 30),
        number(values, "requestBytes", 1 << 20, 1_024, 16 << 20),
        number(values, "requestTimeoutMs", 10_000, 100, 3_600_000),
        number(values, "closeTimeoutMs", 2_000, 100, 60_000),
        number(values, "aliveIntervalMs", 0, 0, 60_000),
        number(values, "pingIntervalMs", 30_000, 0, 3_600_000));
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

  private static String text(Map<String, ?> values, String key, String fallback) {
    final Object value = values.get(key);
    return value == null ? fallback : value.toString().strip();
  }

  private static String path(Map<String, ?> values) throws ConfigurationException {
    final String path = text(values, "path", "/");
    if (!PATH.matcher(path).matches()) {
      throw new ConfigurationException(
          "path", path, "must start with one '/' and go on with letters, digits and / . _ ~ -");
    }
    return path;
  }

  private static int number(Map<String, ?> values, String key, int fallback, int low, int high)
      throws ConfigurationException {
    final String text = text(values, key, String.valueOf(fallback));
    try {
      final long value = Long.parseLong(text);
      if (value >= low && value <= high) {
        return (int) value;
      }
    } catch (NumberFormatException e) {
      // Told below, together with what is allowed.
    }
    throw new ConfigurationException(
        key, text, "must be a whole number from " + low + " to " + high);
  }

  private static Set<String> origins(Map<String, ?> values) {
    final Object value = values.get("allowedOrigins");
    final Collection<?> entries;
    if (value instanceof Object[] array) {
      entries = Arrays.asList(array);
    } else if (value instanceof Collection<?> collection) {
      entries = collection;
    } else {
      entries = Arrays.asList((value == null ? "*" : value.toString()).split(","));
    }
    return entries.stream()
        .map(entry -> entry.toString().strip())
        .filter(entry -> !entry.isEmpty())
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
