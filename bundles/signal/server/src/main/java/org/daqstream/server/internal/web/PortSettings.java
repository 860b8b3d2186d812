/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.web;

/**
 * Where a server listens, as configured.
 *
 * @param host address or name, {@link #ALL} for all addresses of the machine
 * @param port of the WebSocket, 0 for any that is free
 * @param controlPort told to clients for commands by HTTP, 0 for any that is free
 * @param metricsPort of pages that need a right, {@link #NONE} for none of their own, 0 for any
 *     that is free
 * @param sendBufferBytes of each socket, 0 for what the system has
 * @param tls how both ports speak TLS; null without
 */
public record PortSettings(
    String host, int port, int controlPort, int metricsPort, int sendBufferBytes, TlsTerms tls) {
  public static final String HOST = "host";
  public static final String PORT = "port";
  public static final String CONTROL_PORT = "controlPort";

  public static final String METRICS_PORT = "metricsPort";

  public static final String ALL = "";
  public static final int NONE = -1;

  boolean hasMetricsPort() {
    return metricsPort != NONE;
  }

  boolean isForAll() {
    return host.equals(ALL);
  }
}
