/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.socket.support;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** The bytes as they are. */
public class PlainLink implements SocketLink {
  private final SocketChannel socket;

  /** Takes a connection over, connected and non-blocking. */
  public PlainLink(SocketChannel socket) {
    this.socket = socket;
  }

  /** As a {@link SocketLink.Factory}. */
  public static PlainLink of(SocketChannel socket, Endpoint endpoint) {
    return new PlainLink(socket);
  }

  @Override
  public final SocketChannel socket() {
    return socket;
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    return socket.read(into);
  }

  @Override
  public final int write(ByteBuffer source) throws IOException {
    return socket.write(source);
  }

  @Override
  public final long write(ByteBuffer[] sources, int offset, int length) throws IOException {
    return socket.write(sources, offset, length);
  }

  @Override
  public final void shutdownOutput() throws IOException {
    socket.shutdownOutput();
  }

  @Override
  public final void close() throws IOException {
    socket.close();
  }
}
