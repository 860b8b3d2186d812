/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.posix.internal;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.daqstream.socket.support.InputPeer;
import org.daqstream.socket.support.ListeningInput;
import org.daqstream.stream.api.spi.InputSink;

/** A listener that reads one chunk at a time and never sends a byte of its own. */
final class PosixInput extends ListeningInput {

  private static final int BACKLOG = 128;

  private final PosixParameters parameters;
  private final Link.Factory links;
  private final int boundPort;
  private final ChunkPool pool;
  private ChunkPool.Chunk chunk; // reading thread only
  private long partialBytes; // reading thread only

  private PosixInput(
      String name,
      ServerSocketChannel listener,
      PosixParameters parameters,
      Link.Factory links,
      InputSink sink)
      throws IOException {
    super(
        "stream-" + parameters.type() + "-in-" + name,
        listener,
        parameters.maxPeers(),
        parameters.handshakeTimeoutMs(),
        sink);
    this.parameters = parameters;
    this.links = links;
    this.boundPort = ((InetSocketAddress) listener.getLocalAddress()).getPort();
    this.pool = new ChunkPool(parameters.chunkBytes());
    this.chunk = pool.take();
  }

  /** Binds to the first address of the host that can be bound; blocks for name resolution. */
  static PosixInput bind(
      String name,
      PosixParameters parameters,
      Resolver resolver,
      Link.Factory links,
      InputSink sink)
      throws IOException {
    IOException failure = new BindException("no address");
    for (InetAddress address : resolver.resolve(parameters.hostname(), parameters.family())) {
      ServerSocketChannel listener = ServerSocketChannel.open(parameters.family());
      try {
        listener.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        listener.configureBlocking(false);
        listener.bind(new InetSocketAddress(address, parameters.port()), BACKLOG);
        return new PosixInput(name, listener, parameters, links, sink);
      } catch (IOException e) {
        listener.close();
        failure = e;
      }
    }
    throw failure;
  }

  @Override
  public int boundPort() {
    return boundPort;
  }

  @Override
  protected InputPeer welcome(SocketChannel channel) throws IOException {
    channel.configureBlocking(false);
    channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
    FrameReader frames = parameters.framed() ? new FrameReader(parameters.maxMessageBytes()) : null;
    return new Peer(links.link(channel), frames, this);
  }

  /** What to read into; empty. */
  ByteBuffer chunk() {
    return chunk.bytes;
  }

  /** Hands over what the chunk holds, and leaves an empty one. */
  void deliver(Peer peer) {
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

  /** Hands over the messages that are complete with what the chunk holds, and empties it. */
  void deliverFrames(Peer peer, FrameReader frames) throws IOException {
    ByteBuffer filled = chunk.bytes.flip();
    partialBytes -= frames.heldBytes();
    try {
      ByteBuffer message = frames.next(filled);
      while (message != null) {
        handOver(peer, message, null, frames.isWhole(filled));
        message = frames.next(filled);
      }
    } finally {
      filled.clear();
      partialBytes += frames.heldBytes();
    }
    if (partialBytes > parameters.partialBytes()) {
      throw new IOException(
          "incomplete messages of all peers exceed " + parameters.partialBytes() + " bytes");
    }
  }

  /** A peer is gone with so much of a message. */
  void free(long heldBytes) {
    partialBytes -= heldBytes;
  }
}
