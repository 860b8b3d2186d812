/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.socket.support;

import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection of a {@link ListeningInput}, called by its thread only. What it throws ends this
 * connection and no other.
 */
final class InputPeer implements FrameDecoder.Receiver {
  private static final Logger LOG = LoggerFactory.getLogger(InputPeer.class);

  private static final int CLOSE_DRAIN_BYTES = 1024 * 1024;

  /** Behind a large message there is probably another one, best read to its place, too. */
  private static final int BYTES_AFTER_REST = 4096;

  final SocketLink link;

  /** When the two sides have to have come to terms. */
  long greetUntilNanos;

  /** Whether the sink knows it. */
  boolean greeted;

  SelectionKey key;
  String address = "";

  /** In the sink; 0 before the handshake. */
  long id;

  private final FrameDecoder decoder; // null: chunks as they come
  private final ListeningInput input;
  private final ByteBuffer[] withRest = new ByteBuffer[2];

  /** Takes a connection over, before its handshake. */
  InputPeer(SocketLink link, FrameDecoder decoder, ListeningInput input) {
    this.link = link;
    this.decoder = decoder;
    this.input = input;
  }

  /**
   * Reads once, without waiting, and hands over what has come, also what came before a fault, which
   * makes the connection of no use any more; false when the other side has closed.
   */
  boolean read() throws IOException {
    ReadChunks.Chunk chunk = input.chunks.current();
    ByteBuffer bytes = chunk.bytes.clear();
    ByteBuffer rest = decoder == null || !link.isPlain() ? null : decoder.restOfMessage();
    if (rest != null) {
      return readRest(chunk, rest);
    }
    try {
      return link.read(bytes) >= 0 && !link.inputEnded();
    } finally {
      chunk.bytes.flip();
      take(chunk);
    }
  }

  /** The rest of a large message goes to its place. */
  private boolean readRest(ReadChunks.Chunk chunk, ByteBuffer rest) throws IOException {
    withRest[0] = rest;
    withRest[1] = chunk.bytes.limit(Math.min(chunk.bytes.limit(), BYTES_AFTER_REST));
    long count = link.socket().read(withRest);
    decoder.restRead(chunk.bytes.flip(), this);
    take(chunk);
    return count >= 0;
  }

  private void take(ReadChunks.Chunk chunk) throws ProtocolException {
    boolean mayLend = input.chunks.mayLend();
    try {
      if (decoder != null) {
        decoder.decode(chunk.bytes, mayLend ? chunk : null, this);
      } else if (chunk.bytes.hasRemaining()) {
        handOver(chunk, mayLend);
      }
    } finally {
      input.chunks.next();
    }
  }

  /** A poorly filled chunk is copied to its exact size, so that small ones cost little memory. */
  private void handOver(ReadChunks.Chunk chunk, boolean mayLend) {
    int count = chunk.bytes.limit();
    if (mayLend) {
      message(chunk.lend(0, count), chunk.release, false);
    } else {
      byte[] exact = new byte[count];
      chunk.bytes.get(exact);
      message(ByteBuffer.wrap(exact), null, false);
    }
  }

  @Override
  public void message(ByteBuffer message, Runnable release, boolean more) {
    input.handOver(this, message, release, more);
  }

  /**
   * Closes with FIN; gives the bytes of a message that is not complete, or -1 when none was begun.
   * Unread bytes would turn the FIN into a reset, so some are read first.
   */
  long close(ByteBuffer rubbish) {
    try (link) {
      link.shutdownOutput();
      int left = CLOSE_DRAIN_BYTES;
      int count;
      do {
        rubbish.clear();
        count = link.read(rubbish);
        left -= count;
      } while (count > 0 && left > 0);
    } catch (ClosedChannelException e) {
      LOG.trace("closed already", e);
    } catch (IOException e) {
      LOG.debug("closing a peer", e);
    }
    return decoder == null ? -1 : decoder.close();
  }
}
