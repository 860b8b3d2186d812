/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.socket.support;

import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.regex.Pattern;

/**
 * An endpoint of TCP.
 *
 * @param host name or address
 * @param port 0 to 65535
 * @param family of the addresses wanted; null for any
 */
public record HostAndPort(String host, int port, ProtocolFamily family) implements Endpoint {
  private static final Pattern LITERAL = Pattern.compile("[0-9.]+|.*:.*");

  @Override
  public String text() {
    return host + ":" + port;
  }

  @Override
  public boolean isLiteral() {
    return LITERAL.matcher(host).matches();
  }

  @Override
  public List<SocketAddress> resolve(Resolver resolver) throws UnknownHostException {
    return resolver.resolve(host, family, port);
  }
}
