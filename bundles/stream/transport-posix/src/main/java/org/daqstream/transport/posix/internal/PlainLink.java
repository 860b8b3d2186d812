/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.posix.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * The bytes as they are.
 *
 * @param socket connected and non-blocking
 */
record PlainLink(SocketChannel socket) implements Link {

  @Override
  public int read(ByteBuffer into) throws IOException {
    return socket.read(into);
  }

  @Override
  public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
    return socket.write(sources, offset, length);
  }

  @Override
  public void shutdownOutput() throws IOException {
    socket.shutdownOutput();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
