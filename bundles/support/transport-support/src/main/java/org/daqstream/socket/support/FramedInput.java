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

  /**
   * What peers may ask for.
   *
   * @param peers see {@link ListeningInput}
   * @param handshakeMs see there
   * @param messageBytes longest message; a peer that announces a longer one is disconnected
   * @param partialBytes most memory for messages of which a part has come, of all peers together; a
   *     peer that needs more is disconnected
   */
  public record Limits(int peers, int handshakeMs, int messageBytes, long partialBytes) {}

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
   * @param limits for its peers
   * @param chunkBytes how much is read at once
   * @param sink takes the messages
   * @throws IOException from the system
   */
  public FramedInput(
      String name,
      ListenSocket socket,
      Link.Factory links,
      Framing framing,
      Limits limits,
      int chunkBytes,
      InputSink sink)
      throws IOException {
    super(name, socket, links, limits.peers, limits.handshakeMs, sink);
    this.framing = framing;
    this.messageBytes = limits.messageBytes;
    this.chunks = new ReadChunks(chunkBytes);
    this.partials = new FrameDecoder.Partials(limits.partialBytes);
  }

  @Override
  protected InputPeer welcome(Link link) {
    return new FramedPeer(link, new FrameDecoder(framing, messageBytes, buffers, partials), this);
  }
}
