/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.web;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.daqstream.config.support.RefusedException;

/**
 * The listening sockets of a server that is to be, bound before the one it replaces has to go. Who
 * takes one closes it; {@link #close} closes the others.
 */
public final class Ports implements AutoCloseable {
  private static final int ACCEPT_QUEUE = 512;

  private final PortSettings settings;
  private final Map<String, ServerSocketChannel> bound = new HashMap<>();

  public Ports(PortSettings settings) {
    this.settings = settings;
  }

  /**
   * Binds the ports, except those that a running server of ours holds, and tells whether all are
   * bound; refuses the key of one that cannot be had.
   */
  public boolean bindBeside(List<InetSocketAddress> ours) {
    boolean all = true;
    for (String key : keys()) {
      try {
        bound.put(key, bind(key));
      } catch (RefusedException e) {
        if (ours.stream().noneMatch(address -> holds(address, port(key)))) {
          throw e;
        }
        all = false;
      }
    }
    return all;
  }

  private List<String> keys() {
    return settings.hasMetricsPort()
        ? List.of(PortSettings.PORT, PortSettings.CONTROL_PORT, PortSettings.METRICS_PORT)
        : List.of(PortSettings.PORT, PortSettings.CONTROL_PORT);
  }

  /** The socket of a port, which is bound now if it was not before. */
  ServerSocketChannel take(String key) {
    ServerSocketChannel socket = bound.remove(key);
    return socket == null ? bind(key) : socket;
  }

  private int port(String key) {
    return switch (key) {
      case PortSettings.PORT -> settings.port();
      case PortSettings.CONTROL_PORT -> settings.controlPort();
      default -> settings.metricsPort();
    };
  }

  private boolean holds(InetSocketAddress ours, int port) {
    if (ours.getPort() != port) {
      return false;
    }
    InetSocketAddress theirs = new InetSocketAddress(ours.getHostString(), port);
    try {
      InetAddress wanted = address();
      return wanted == null
          || wanted.isAnyLocalAddress()
          || theirs.getAddress().isAnyLocalAddress()
          || theirs.getAddress().equals(wanted);
    } catch (UnknownHostException e) {
      return false;
    }
  }

  /** Null for all. */
  private InetAddress address() throws UnknownHostException {
    return settings.isForAll() ? null : InetAddress.getByName(settings.host());
  }

  private ServerSocketChannel bind(String key) {
    int port = port(key);
    try {
      ServerSocketChannel socket = ServerSocketChannel.open();
      try {
        socket.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        socket.bind(new InetSocketAddress(address(), port), ACCEPT_QUEUE);
        return socket;
      } catch (IOException e) {
        socket.close();
        throw e;
      }
    } catch (IOException e) {
      checkHost();
      throw new RefusedException(
          key, port, "cannot listen on host '" + settings.host() + "': " + e.getMessage());
    }
  }

  /** Looks whether it is the host that cannot be listened on, whatever the port. */
  private void checkHost() {
    if (settings.isForAll()) {
      return;
    }
    String reason = null;
    try (ServerSocket probe = new ServerSocket()) {
      probe.bind(new InetSocketAddress(address(), 0));
    } catch (UnknownHostException e) {
      reason = "is no known address or host name";
    } catch (IOException e) {
      reason = "is no address of this machine: " + e.getMessage();
    }
    if (reason != null) {
      throw new RefusedException(PortSettings.HOST, settings.host(), reason);
    }
  }

  @Override
  public void close() {
    for (ServerSocketChannel socket : bound.values()) {
      try {
        socket.close();
      } catch (IOException e) {
        throw new IllegalStateException("a socket that nobody uses cannot be closed", e);
      }
    }
    bound.clear();
  }
}
