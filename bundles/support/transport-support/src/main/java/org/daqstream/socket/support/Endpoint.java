/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.socket.support;

import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.List;

/** What a stream listens on or dials, as configured; resolved anew each time. */
public interface Endpoint {
  /** As log lines show it. */
  String text();

  /** Name or address, without brackets; a path for what is no network. */
  String host();

  /** 0 to 65535, -1 for what is no network. */
  int port();

  /** Whether {@link #resolve} does without asking a name service, so that it does not block. */
  boolean isLiteral();

  /** The addresses to bind or connect to, in order; at least one. */
  List<SocketAddress> resolve(Resolver resolver) throws UnknownHostException;
}
