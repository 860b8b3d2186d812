/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.socket.support;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * A bound listener, TCP or Unix-domain; the latter's file goes with it.
 *
 * @param file {@code null} for TCP
 * @param text the endpoint's
 */
record ListenSocket(ServerSocketChannel channel, Path file, String text) {
  private static final int BACKLOG = 128;

  /**
   * Binds to the first address that can be bound; blocks for name resolution.
   *
   * @throws IOException why none can be bound: the last one's cause
   */
  static ListenSocket bind(Endpoint endpoint, Resolver resolver) throws IOException {
    IOException failure = new BindException("no address");
    for (SocketAddress candidate : endpoint.resolve(resolver)) {
      try {
        return candidate instanceof UnixDomainSocketAddress ipc
            ? bindFile(ipc, endpoint.text())
            : new ListenSocket(bind(candidate), null, endpoint.text());
      } catch (IOException e) {
        failure = e;
      }
    }
    throw failure;
  }

  private static ListenSocket bindFile(UnixDomainSocketAddress address, String text)
      throws IOException {
    try {
      return new ListenSocket(bind(address), address.getPath(), text);
    } catch (BindException e) {
      if (!isLeftOver(address)) {
        throw e;
      }
    }
    Files.delete(address.getPath());
    return new ListenSocket(bind(address), address.getPath(), text);
  }

  /** Whether the file is a socket nobody listens on, from a process that ended in a hurry. */
  private static boolean isLeftOver(UnixDomainSocketAddress address) throws IOException {
    Path path = address.getPath();
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)
        || !Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
            .isOther()) {
      return false;
    }
    try (SocketChannel probe = SocketChannel.open(address)) {
      return !probe.isConnected();
    } catch (IOException e) {
      return true;
    }
  }

  private static ServerSocketChannel bind(SocketAddress address) throws IOException {
    ServerSocketChannel channel = open(family(address));
    try {
      if (address instanceof InetSocketAddress) {
        channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      }
      channel.configureBlocking(false);
      return channel.bind(address, BACKLOG);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static ServerSocketChannel open(StandardProtocolFamily family) throws IOException {
    try {
      return ServerSocketChannel.open(family);
    } catch (UnsupportedOperationException e) { // a machine without IPv6
      throw new IOException(family + " is not supported here", e);
    }
  }

  static StandardProtocolFamily family(SocketAddress address) {
    if (!(address instanceof InetSocketAddress inet)) {
      return StandardProtocolFamily.UNIX;
    }
    return Resolver.family(inet.getAddress());
  }

  /** Who has connected, as text; those who came through a file have none. */
  String address(SocketChannel accepted) throws IOException {
    return file != null ? text : Addresses.text(accepted.getRemoteAddress());
  }

  /** The TCP port; -1 for a Unix-domain socket. */
  int boundPort() throws IOException {
    return channel.getLocalAddress() instanceof InetSocketAddress inet ? inet.getPort() : -1;
  }

  void close() throws IOException {
    channel.close();
    if (file != null) {
      Files.deleteIfExists(file);
    }
  }
}
