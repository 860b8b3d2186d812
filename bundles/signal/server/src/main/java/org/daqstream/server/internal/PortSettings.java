/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal;

/**
 * Where a server listens, as configured.
 *
 * @param host address or name, {@link #ALL} for all addresses of the machine
 * @param port of the WebSocket, 0 for any that is free
 * @param controlPort told to clients for commands by HTTP, 0 for any that is free
 * @param sendBufferBytes of each socket, 0 for what the system has
 */
record PortSettings(String host, int port, int controlPort, int sendBufferBytes) {
  static final String HOST = "host";
  static final String PORT = "port";
  static final String CONTROL_PORT = "controlPort";

  static final String ALL = "";

  boolean isForAll() {
    return host.equals(ALL);
  }
}
