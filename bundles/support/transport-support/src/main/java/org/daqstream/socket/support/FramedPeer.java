/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.socket.support;

import java.io.IOException;
import java.nio.ByteBuffer;

/** One connection of a framed input. Reading thread only. */
final class FramedPeer extends InputPeer implements FrameDecoder.Receiver {

  /** Behind a large message there is probably another one, best read to its place, too. */
  private static final int BYTES_AFTER_REST = 4096;

  private final FrameDecoder decoder;
  private final FramedInput input;
  private final ByteBuffer[] withRest = new ByteBuffer[2];

  FramedPeer(Link link, FrameDecoder decoder, FramedInput input) {
    super(link);
    this.decoder = decoder;
    this.input = input;
  }

  @Override
  protected boolean read() throws IOException {
    ReadChunks chunks = input.chunks;
    ByteBuffer chunk = chunks.current().bytes.clear();
    ByteBuffer rest = decoder.restOfMessage();
    long count;
    if (rest == null) {
      count = link.read(chunk);
      chunk.flip();
    } else {
      withRest[0] = rest;
      withRest[1] = chunk.limit(Math.min(chunk.limit(), BYTES_AFTER_REST));
      count = link.socket().read(withRest);
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
  protected long end() {
    return decoder.close();
  }
}
