/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.posix.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.daqstream.socket.support.InputPeer;
import org.daqstream.socket.support.Link;
import org.daqstream.socket.support.ListenSocket;
import org.daqstream.socket.support.ListeningInput;
import org.daqstream.stream.api.spi.InputSink;

/** A listener that reads one chunk at a time and never sends a byte of its own. */
final class PosixInput extends ListeningInput {

  private final ChunkPool pool;
  private ChunkPool.Chunk chunk; // reading thread only

  PosixInput(
      String name,
      ListenSocket socket,
      Link.Factory links,
      PosixParameters parameters,
      InputSink sink)
      throws IOException {
    super(name, socket, links, parameters.sockets(), sink);
    this.pool = new ChunkPool(parameters.chunkBytes());
    this.chunk = pool.take();
  }

  @Override
  protected InputPeer welcome(Link link) {
    return new Peer(link);
  }

  /** Hands over what the chunk holds, and leaves an empty one. */
  private void deliver(Peer peer) {
    ByteBuffer filled = chunk.bytes.flip();
    if (filled.limit() >= filled.capacity() / 2) {
      Runnable release = chunk.release;
      chunk = pool.take();
      handOver(peer, filled, release, false);
    } else {
      byte[] exact = new byte[filled.limit()];
      filled.get(exact).clear();
      handOver(peer, ByteBuffer.wrap(exact), null, false);
    }
  }

  /** A connection of the input. For its reading thread only. */
  private final class Peer extends InputPeer {

    Peer(Link link) {
      super(link);
    }

    @Override
    protected boolean read() throws IOException {
      try {
        return link.read(chunk.bytes) >= 0 && !link.inputEnded();
      } finally {
        if (chunk.bytes.position() > 0) { // also what came before the end or a fault
          deliver(this);
        }
      }
    }

    @Override
    protected long end() {
      return -1; // bytes without borders
    }
  }
}
