/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.nng.internal;

import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.daqstream.socket.support.InputPeer;
import org.daqstream.transport.nng.internal.FrameDecoder.Receiver;

/** One connection of an input. Reading thread only. */
final class PullPipe extends InputPeer implements Receiver {

  /** Behind a large message there is probably another one, best read to its place, too. */
  private static final int BYTES_AFTER_REST = 4096;

  private final SocketChannel channel;
  private final FrameDecoder decoder;
  private final PullInput input;
  private final ByteBuffer greeting = ByteBuffer.allocate(Greeting.BYTES);
  private final ByteBuffer[] withRest = new ByteBuffer[2];

  PullPipe(SocketChannel channel, FrameDecoder decoder, PullInput input) {
    this.channel = channel;
    this.decoder = decoder;
    this.input = input;
  }

  @Override
  protected boolean handshake() throws IOException {
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

  @Override
  protected boolean read() throws IOException {
    ReadChunks chunks = input.chunks();
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
    input.handOver(this, message, release, more);
  }

  @Override
  protected long close() {
    Channels.closeWithFin(channel, input.rubbish());
    return decoder.close();
  }
}
