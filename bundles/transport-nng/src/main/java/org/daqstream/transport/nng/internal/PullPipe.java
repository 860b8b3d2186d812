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
import org.daqstream.transport.nng.internal.MessageBuffers.Message;

/** One connection of an input. Reading thread only. */
final class PullPipe implements Receiver {

  /** Takes the messages of all connections. */
  @FunctionalInterface
  interface Inbox {
    void message(PullPipe pipe, Message message);
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
   * @param chunk a direct buffer, free to use
   * @return false when the pusher has closed
   */
  boolean read(ByteBuffer chunk) throws IOException {
    ByteBuffer rest = decoder.restOfMessage();
    if (rest == null) {
      return decode(channel.read(chunk.clear()), chunk);
    }
    withRest[0] = rest;
    withRest[1] = chunk.clear().limit(BYTES_AFTER_REST);
    long count = channel.read(withRest);
    decoder.restRead(this);
    return decode(count, chunk);
  }

  private boolean decode(long count, ByteBuffer chunk) throws IOException {
    decoder.decode(chunk.flip(), this);
    return count >= 0;
  }

  @Override
  public void message(Message message) {
    inbox.message(this, message);
  }

  /** Closes the connection; see {@link FrameDecoder#close}. */
  long close(ByteBuffer rubbish) {
    Channels.closeWithFin(channel, rubbish);
    return decoder.close();
  }
}
