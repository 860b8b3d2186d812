/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.nng.internal;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Host name to addresses; blocks. */
@FunctionalInterface
interface Resolver {

  /**
   * Resolves a name.
   *
   * @return at least one address
   */
  InetAddress[] resolve(String hostname) throws UnknownHostException;
}
