/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.nng.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.daqstream.socket.support.DiallingOutput;
import org.daqstream.socket.support.Endpoint;
import org.daqstream.socket.support.Link;
import org.daqstream.socket.support.Resolver;
import org.daqstream.stream.api.StreamException;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.api.spi.OutputSink;

/**
 * A pusher: deals the queued messages to the pullers that are up, one to each in turn, passing over
 * those that take no more at the moment. Those that were meant for a puller that goes, and were not
 * begun, go to the next.
 */
final class PushOutput extends DiallingOutput<PushPipe> {

  private static final int STAGING_BYTES = 64 * 1024;

  private final FrameQueue queue;
  private final int addressCount;
  private final CompletableFuture<Void> opened = new CompletableFuture<>();

  // Sending thread only.
  private final FrameList ready = new FrameList();
  private final ByteBuffer staging = ByteBuffer.allocateDirect(STAGING_BYTES);
  private final Set<Endpoint> missed = new HashSet<>();
  private int turn;

  PushOutput(
      String name,
      List<SpAddress> addresses,
      NngParameters parameters,
      Resolver resolver,
      OutputSink sink)
      throws IOException {
    super(
        "stream-nng-out-" + name,
        addresses,
        new Patience(
            parameters.sockets().connectTimeoutMs(),
            parameters.sockets().handshakeTimeoutMs(),
            parameters.sockets().backoffMaxMs()),
        resolver,
        SpLink::pushing,
        sink);
    this.addressCount = addresses.size();
    this.queue =
        new FrameQueue(
            parameters.sockets().queue(Integer.MAX_VALUE),
            addresses.get(0).framing(),
            this::wake,
            sink.budget());
    if (parameters.lazy()) {
      opened.complete(null);
    }
  }

  /**
   * Starts dialling and waits, unless lazy, for the first address that answers.
   *
   * @throws StreamException when none does; the output is closed then
   */
  @Override
  public void start() throws StreamException {
    super.start();
    try {
      opened.get();
    } catch (ExecutionException e) {
      close(0);
      throw new StreamException(StreamResult.ERROR, e.getCause().getMessage(), e);
    } catch (InterruptedException e) {
      close(0);
      Thread.currentThread().interrupt();
      throw new StreamException(StreamResult.ERROR, "interrupted while dialling", e);
    }
  }

  @Override
  protected FrameQueue queue() {
    return queue;
  }

  @Override
  protected PushPipe welcome(Link link) {
    return new PushPipe(
        link, addressCount == 1 ? PushPipe.SOLE_WINDOW_BYTES : PushPipe.SHARED_WINDOW_BYTES);
  }

  @Override
  protected void deal(List<PushPipe> pipes) {
    queue.takeAll(ready);
    int passedOver = 0;
    while (!ready.isEmpty() && passedOver < pipes.size()) {
      turn = turn + 1 < pipes.size() ? turn + 1 : 0;
      PushPipe pipe = pipes.get(turn);
      if (pipe.hasRoom()) {
        pipe.claim(ready.removeFirst());
        passedOver = 0;
      } else {
        passedOver++;
      }
    }
  }

  @Override
  protected boolean write(PushPipe pipe) throws IOException {
    return pipe.write(queue, staging);
  }

  @Override
  protected void left(PushPipe pipe) {
    pipe.giveBack(queue, ready);
  }

  @Override
  protected void reached() {
    opened.complete(null);
  }

  @Override
  protected void missed(Endpoint endpoint, String problem, IOException cause) {
    if (cause instanceof Greeting.OtherProtocolException) {
      opened.complete(null); // somebody has greeted, though not as a puller
    } else if (missed.add(endpoint) && missed.size() == addressCount) {
      opened.completeExceptionally(new IOException(problem));
    }
  }

  @Override
  protected void ended() {
    opened.completeExceptionally(new IOException("closed while dialling"));
  }
}
