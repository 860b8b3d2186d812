/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.remote.internal;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.daqstream.base.support.ProblemLog;
import org.daqstream.socket.support.SocketLink;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where modules connect. Used by the thread of the hub. */
abstract class ModuleDoor {
  private static final Logger LOG = LoggerFactory.getLogger(ModuleDoor.class);

  private ServerSocketChannel channel; // null: not open

  /** Begins to listen unless it does; what is wrong is said once. */
  final void open(Selector selector, ProblemLog problems) {
    if (channel != null) {
      return;
    }
    try {
      ServerSocketChannel bound = bind();
      bound.configureBlocking(false);
      bound.register(selector, SelectionKey.OP_ACCEPT, this);
      channel = bound;
      LOG.info("modules connect at {}", this);
      problems.clear();
    } catch (IOException | UnsupportedOperationException e) {
      problems.say("modules cannot connect at " + this + ": " + e);
    }
  }

  /** A connection that has come, non-blocking; null for none. */
  final SocketChannel accept() throws IOException {
    SocketChannel socket = channel.accept();
    if (socket != null) {
      socket.configureBlocking(false);
    }
    return socket;
  }

  abstract ServerSocketChannel bind() throws IOException;

  abstract ModuleGate.Caller caller(SocketChannel socket) throws IOException;

  abstract SocketLink link(SocketChannel socket) throws IOException;

  /** Listens no more. */
  void close() {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      LOG.warn("{} cannot be closed", this, e);
    }
  }

  /** Whether it listens. */
  final boolean isOpen() {
    return channel != null;
  }
}
