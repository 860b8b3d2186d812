/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.nng.internal;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.daqstream.socket.support.DiallingOutput;
import org.daqstream.socket.support.Endpoint;
import org.daqstream.socket.support.Resolver;
import org.daqstream.stream.api.StreamException;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.api.spi.OutputSink;

/**
 * A pusher: an output that can be opened only when there is a puller, unless it is lazy. Each
 * message goes to one of its pullers.
 */
final class PushOutput extends DiallingOutput {
  private final int addressCount;
  private final CompletableFuture<Void> opened = new CompletableFuture<>();
  private final Set<Endpoint> missed = new HashSet<>(); // sending thread only

  PushOutput(String name, NngParameters parameters, Resolver resolver, OutputSink sink)
      throws IOException {
    super(name, parameters, resolver, parameters.links(), sink);
    this.addressCount = parameters.endpoints().size();
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
  protected void reached() {
    opened.complete(null);
  }

  @Override
  protected void missed(Endpoint endpoint, String problem, IOException cause) {
    if (cause instanceof SpLink.OtherProtocolException) {
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
