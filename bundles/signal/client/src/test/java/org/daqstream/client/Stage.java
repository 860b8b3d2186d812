/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client;

import java.io.IOException;
import java.util.function.UnaryOperator;

/** A scripted server and its one client, which does not connect again. */
final class Stage implements AutoCloseable {
  final ScriptedServer server;
  final StreamingClient client;

  /** The server waits behind its script until the client has left. */
  Stage(ScriptedServer.Script script) throws IOException {
    this(script, client -> client);
  }

  /** With more for the client. */
  Stage(ScriptedServer.Script script, UnaryOperator<StreamingClient.Builder> settings)
      throws IOException {
    server =
        new ScriptedServer(
            line -> {
              script.play(line);
              line.untilLeft();
            });
    client = settings.apply(StreamingClient.at(server.address())).noReconnect().open();
  }

  /** What comes of a signal. */
  Received subscribe(String signalId) {
    Received received = new Received();
    client.subscribe(signalId, received);
    return received;
  }

  @Override
  public void close() throws IOException {
    try {
      client.close();
    } finally {
      server.close();
    }
  }
}
