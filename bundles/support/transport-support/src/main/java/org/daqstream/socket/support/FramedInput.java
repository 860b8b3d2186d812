/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.socket.support;

import java.io.IOException;
import org.daqstream.stream.api.spi.InputSink;
import org.daqstream.transport.support.Framing;

/** An input of messages behind their lengths; those that come together are lent where they lie. */
public final class FramedInput extends ListeningInput {

  private final Framing framing;
  private final int messageBytes;

  // Reading thread only.
  final ReadChunks chunks;
  private final MessageBuffers buffers = new MessageBuffers();
  private final FrameDecoder.Partials partials;

  /**
   * Prepares the thread.
   *
   * @param name of the thread
   * @param socket bound; closed on failure
   * @param links makes connections of accepted channels; what they read is the socket's as it is
   * @param framing in front of each message
   * @param parameters of the stream
   * @param chunkBytes how much is read at once
   * @param sink takes the messages
   * @throws IOException from the system
   */
  public FramedInput(
      String name,
      ListenSocket socket,
      Link.Factory links,
      Framing framing,
      SocketParameters parameters,
      int chunkBytes,
      InputSink sink)
      throws IOException {
    super(name, socket, links, parameters, sink);
    this.framing = framing;
    this.messageBytes = parameters.maxMessageBytes();
    this.chunks = new ReadChunks(chunkBytes);
    this.partials = new FrameDecoder.Partials(parameters.partialBytes());
  }

  @Override
  protected InputPeer welcome(Link link) {
    return new FramedPeer(link, new FrameDecoder(framing, messageBytes, buffers, partials), this);
  }
}
