/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.posix.internal;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.daqstream.socket.support.Addresses;

/**
 * Connects: resolves the name anew each time and tries each address in order. Blocks its caller,
 * the thread that owns the selector.
 */
final class Dialler {

  private static final int LOOK_MS = 50;

  private final PosixParameters parameters;
  private final Resolver resolver;
  private final Link.Factory links;
  private final Selector selector;
  private final BooleanSupplier finished;

  /**
   * Creates a dialler.
   *
   * @param finished whether to give up; looked at every {@value #LOOK_MS} ms
   */
  Dialler(
      PosixParameters parameters,
      Resolver resolver,
      Link.Factory links,
      Selector selector,
      BooleanSupplier finished) {
    this.parameters = parameters;
    this.resolver = resolver;
    this.links = links;
    this.selector = selector;
    this.finished = finished;
  }

  /**
   * Tries once.
   *
   * @return a connection ready for data, or null when there is no point any more
   * @throws IOException why no address could be connected: the last one's cause
   */
  Link connect() throws IOException {
    IOException failure = null;
    for (InetAddress address : resolver.resolve(parameters.hostname(), parameters.family())) {
      SocketChannel channel = SocketChannel.open(parameters.family());
      Link link = null;
      try {
        link = connect(channel, new InetSocketAddress(address, parameters.port()));
        return link;
      } catch (IOException e) {
        failure = e;
      } finally {
        if (link == null) {
          channel.close();
          selector.selectNow(); // lets go of the closed channel's key
        }
      }
    }
    throw failure == null ? new IOException("no address") : failure;
  }

  private Link connect(SocketChannel channel, InetSocketAddress address) throws IOException {
    long untilNanos =
        System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(parameters.connectTimeoutMs());
    channel.configureBlocking(false);
    SelectionKey key = channel.register(selector, SelectionKey.OP_CONNECT);
    boolean connected = channel.connect(address);
    while (!connected) {
      if (!mayWait(untilNanos)) {
        return null;
      }
      connected = channel.finishConnect();
    }
    Addresses.refuseItself(channel);
    Link link = links.link(channel);
    boolean ready = false;
    try {
      ready = link.handshake();
      while (!ready) {
        key.interestOps(link.interestOps());
        if (!mayWait(untilNanos)) {
          return null;
        }
        ready = link.handshake();
      }
    } finally {
      if (!ready) {
        link.close(); // tells the other side why
      }
    }
    key.interestOps(0);
    return link;
  }

  /** Waits a while for the channel; false when there is no point any more. */
  private boolean mayWait(long untilNanos) throws IOException {
    if (finished.getAsBoolean()) {
      return false;
    }
    if (System.nanoTime() - untilNanos >= 0) {
      throw new SocketTimeoutException(
          "no connection within " + parameters.connectTimeoutMs() + " ms");
    }
    selector.select(ready -> {}, LOOK_MS);
    return true;
  }
}
