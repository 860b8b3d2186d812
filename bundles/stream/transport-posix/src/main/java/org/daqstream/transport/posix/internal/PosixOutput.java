/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.posix.internal;

import java.io.IOException;
import java.util.List;
import org.daqstream.socket.support.DiallingOutput;
import org.daqstream.socket.support.Link;
import org.daqstream.socket.support.OutputPeer;
import org.daqstream.socket.support.Resolver;
import org.daqstream.stream.api.spi.OutputSink;
import org.daqstream.transport.support.OutgoingQueue;

/** A dialler with one peer; what is queued goes to it as it lies. */
final class PosixOutput extends DiallingOutput<OutputPeer> {

  private final OutgoingQueue queue;

  PosixOutput(
      String name,
      PosixParameters parameters,
      Resolver resolver,
      Link.Factory links,
      OutputSink sink)
      throws IOException {
    super(
        "stream-" + parameters.type() + "-out-" + name,
        List.of(parameters.endpoint()),
        new Patience(
            parameters.sockets().connectTimeoutMs(), 0, parameters.sockets().backoffMaxMs()),
        resolver,
        links,
        sink);
    this.queue =
        new OutgoingQueue(
            parameters.queue(), parameters.type().framing(), this::wake, sink.budget());
  }

  @Override
  protected OutgoingQueue queue() {
    return queue;
  }

  @Override
  protected OutputPeer welcome(Link link) {
    return new OutputPeer(link);
  }

  @Override
  protected boolean write(OutputPeer peer) throws IOException {
    long count = queue.writeTo(peer.link());
    if (count == 0) {
      peer.block();
    }
    return count > 0;
  }

  @Override
  protected void left(OutputPeer peer) {
    queue.dropBegun();
  }
}
