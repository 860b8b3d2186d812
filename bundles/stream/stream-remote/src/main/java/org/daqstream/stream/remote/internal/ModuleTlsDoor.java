/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.remote.internal;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.daqstream.socket.support.HostAndPort;
import org.daqstream.socket.support.SocketLink;
import org.daqstream.socket.support.TlsLinks;
import org.daqstream.socket.support.TlsParameters;
import org.daqstream.stream.api.StreamDirection;

/** TCP with TLS. */
final class ModuleTlsDoor extends ModuleDoor {
  private final Settings.TlsListener settings;
  private TlsLinks links;

  ModuleTlsDoor(Settings.TlsListener settings) {
    this.settings = settings;
  }

  @Override
  ServerSocketChannel bind() throws IOException {
    links =
        new TlsLinks(
            "modules",
            StreamDirection.IN,
            new TlsParameters(settings.certificate(), settings.key(), settings.ca(), false, false));
    ServerSocketChannel channel = ServerSocketChannel.open();
    try {
      channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      return channel.bind(new InetSocketAddress(settings.host(), settings.port()));
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  @Override
  ModuleGate.Caller caller(SocketChannel socket) throws IOException {
    InetSocketAddress remote = (InetSocketAddress) socket.getRemoteAddress();
    String address = remote.getAddress().getHostAddress() + ":" + remote.getPort();
    return new ModuleGate.Caller(address, "", true);
  }

  @Override
  SocketLink link(SocketChannel socket) throws IOException {
    socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
    return links.link(socket, new HostAndPort(settings.host(), settings.port(), null));
  }

  @Override
  public String toString() {
    return settings.host() + ":" + settings.port() + " with TLS";
  }
}
