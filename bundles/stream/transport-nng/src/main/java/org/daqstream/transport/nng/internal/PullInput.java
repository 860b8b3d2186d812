/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.nng.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.daqstream.socket.support.InputPeer;
import org.daqstream.socket.support.ListeningInput;
import org.daqstream.stream.api.spi.InputSink;

/** A puller: takes the messages of any number of pushers. */
final class PullInput extends ListeningInput {

  private static final int RUBBISH_BYTES = 16 * 1024;

  private final ListenSocket socket;
  private final int boundPort;
  private final String url;
  private final NngParameters parameters;

  // Reading thread only.
  private final ReadChunks chunks = new ReadChunks();
  private final ByteBuffer rubbish = ByteBuffer.allocateDirect(RUBBISH_BYTES);
  private final MessageBuffers buffers = new MessageBuffers();
  private final FrameDecoder.Partials partials;

  private PullInput(
      String name, ListenSocket socket, String url, NngParameters parameters, InputSink sink)
      throws IOException {
    super(
        "stream-nng-in-" + name,
        socket.channel(),
        parameters.maxPeers(),
        parameters.handshakeTimeoutMs(),
        sink);
    this.socket = socket;
    this.boundPort = socket.boundPort();
    this.url = url;
    this.parameters = parameters;
    this.partials = new FrameDecoder.Partials(parameters.partialBytes());
  }

  /** Binds; blocks for name resolution. */
  static PullInput bind(
      String name, SpAddress address, NngParameters parameters, Resolver resolver, InputSink sink)
      throws IOException {
    ListenSocket socket = ListenSocket.bind(address, resolver);
    try {
      return new PullInput(name, socket, address.url(), parameters, sink);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  @Override
  public int boundPort() {
    return boundPort;
  }

  @Override
  protected InputPeer welcome(SocketChannel channel) throws IOException {
    Channels.prepare(channel);
    Channels.greet(channel, Greeting.PULL);
    FrameDecoder decoder =
        new FrameDecoder(socket.isIpc(), parameters.maxMessageBytes(), buffers, partials);
    return new PullPipe(channel, decoder, this);
  }

  @Override
  protected String address(SocketChannel channel) throws IOException {
    return socket.isIpc() ? url : super.address(channel);
  }

  /** With the file of a Unix-domain socket. */
  @Override
  protected void closeListener(ServerSocketChannel channel) throws IOException {
    socket.close();
  }

  ReadChunks chunks() {
    return chunks;
  }

  /** To read what nobody wants. */
  ByteBuffer rubbish() {
    return rubbish;
  }
}
