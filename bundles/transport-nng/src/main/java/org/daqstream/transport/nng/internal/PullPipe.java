/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.nng.internal;

import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.daqstream.transport.nng.internal.FrameDecoder.Receiver;

/** One connection of an input. Reading thread only. */
final class PullPipe implements Receiver {

  /** Takes the messages of all connections. */
  @FunctionalInterface
  interface Inbox {
    void message(PullPipe pipe, ByteBuffer message, Runnable release, boolean more);
  }

  /** Behind a large message there is probably another one, best read to its place, too. */
  private static final int BYTES_AFTER_REST = 4096;

  final SocketChannel channel;
  final SelectionKey key;
  final String address;
  final long greetUntilNanos;
  private final FrameDecoder decoder;
  private final Inbox inbox;
  private ByteBuffer greeting = ByteBuffer.allocate(Greeting.BYTES); // null once it is complete
  private final ByteBuffer[] withRest = new ByteBuffer[2];
  private long peerId;

  PullPipe(
      SocketChannel channel,
      SelectionKey key,
      String address,
      long greetUntilNanos,
      FrameDecoder decoder,
      Inbox inbox) {
    this.channel = channel;
    this.key = key;
    this.address = address;
    this.greetUntilNanos = greetUntilNanos;
    this.decoder = decoder;
    this.inbox = inbox;
  }

  boolean isGreeted() {
    return greeting == null;
  }

  /** The id given when the greeting was complete. */
  long peerId() {
    return peerId;
  }

  void greeted(long id) {
    greeting = null;
    peerId = id;
  }

  /**
   * Reads on in the greeting.
   *
   * @return whether it is complete and right
   */
  boolean readGreeting() throws IOException {
    if (channel.read(greeting) < 0) {
      throw new IOException("closed before its greeting");
    }
    if (greeting.hasRemaining()) {
      return false;
    }
    String problem = Greeting.problem(greeting, Greeting.PUSH);
    if (problem != null) {
      throw new ProtocolException(problem);
    }
    return true;
  }

  /**
   * Reads once and passes on the messages that are complete now.
   *
   * @return false when the pusher has closed
   */
  boolean read(ReadChunks chunks) throws IOException {
    ByteBuffer chunk = chunks.current().bytes.clear();
    ByteBuffer rest = decoder.restOfMessage();
    long count;
    if (rest == null) {
      count = channel.read(chunk);
      chunk.flip();
    } else {
      withRest[0] = rest;
      withRest[1] = chunk.limit(BYTES_AFTER_REST);
      count = channel.read(withRest);
      decoder.restRead(chunk.flip(), this);
    }
    try {
      decoder.decode(chunk, chunks.mayLend() ? chunks.current() : null, this);
    } finally {
      chunks.next();
    }
    return count >= 0;
  }

  @Override
  public void message(ByteBuffer message, Runnable release, boolean more) {
    inbox.message(this, message, release, more);
  }

  /** Closes the connection; see {@link FrameDecoder#close}. */
  long close(ByteBuffer rubbish) {
    Channels.closeWithFin(channel, rubbish);
    return decoder.close();
  }
}
