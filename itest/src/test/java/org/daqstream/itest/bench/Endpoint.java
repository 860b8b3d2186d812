/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest.bench;

/**
 * Where a server listens.
 *
 * @param host name or address
 * @param port TCP port
 * @param tls whether inside TLS
 */
record Endpoint(String host, int port, boolean tls) {
  Endpoint(String host, int port) {
    this(host, port, false);
  }
}
