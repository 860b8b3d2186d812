/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.nng.internal;

import java.io.Closeable;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What both directions do with channels. */
final class Channels {

  private static final Logger LOG = LoggerFactory.getLogger(Channels.class);

  private static final int CLOSE_DRAIN_BYTES = 1024 * 1024;

  private Channels() {}

  /** A new non-blocking channel that can connect to an address. */
  static SocketChannel open(SocketAddress address) throws IOException {
    SocketChannel channel =
        address instanceof UnixDomainSocketAddress
            ? SocketChannel.open(StandardProtocolFamily.UNIX)
            : SocketChannel.open();
    try {
      prepare(channel);
      return channel;
    } catch (IOException e) {
      closeQuietly(channel);
      throw e;
    }
  }

  /** Sets the options of a connection. */
  static void prepare(SocketChannel channel) throws IOException {
    channel.configureBlocking(false);
    if (channel.supportedOptions().contains(StandardSocketOptions.TCP_NODELAY)) {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
    }
  }

  /**
   * Sends the greeting, which a new connection always has room for.
   *
   * @throws IOException when it was not sent in full
   */
  static void greet(SocketChannel channel, int protocol) throws IOException {
    if (channel.write(Greeting.of(protocol)) < Greeting.BYTES) {
      throw new IOException("greeting not sent");
    }
  }

  /** Unread bytes would turn the close into a reset, so some are read first. */
  static void closeWithFin(SocketChannel channel, ByteBuffer rubbish) {
    try (channel) {
      channel.shutdownOutput();
      int left = CLOSE_DRAIN_BYTES;
      int count;
      do {
        rubbish.clear();
        count = channel.read(rubbish);
        left -= count;
      } while (count > 0 && left > 0);
    } catch (ClosedChannelException e) {
      LOG.trace("closed already", e);
    } catch (IOException e) {
      LOG.debug("closing a connection", e);
    }
  }

  static void closeQuietly(Closeable channel) {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        LOG.debug("closing", e);
      }
    }
  }
}
