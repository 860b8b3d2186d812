/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.nng.internal;

import static org.junit.Assert.assertEquals;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.daqstream.stream.api.CloseResult;
import org.daqstream.stream.api.StreamException;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.api.spi.TransportOutput;
import org.daqstream.testing.Await;
import org.daqstream.testing.RecordingSink;
import org.junit.After;
import org.junit.Rule;
import org.junit.rules.TemporaryFolder;

/** Byte scripts play the C pullers of an output. */
abstract class PlayedPullers {
  static final CloseResult NOTHING_LOST = new CloseResult(StreamResult.OK, 0, 0);
  static final long FLUSH_MS = 20_000;

  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  final NngTransport transport = new NngTransport();
  final RecordingSink sink = new RecordingSink();
  private final List<Socket> sockets = new ArrayList<>();
  final List<ServerSocket> servers = new ArrayList<>();
  ServerSocket server;

  @After
  public void close() throws IOException {
    transport.deactivate();
    for (Socket socket : sockets) {
      socket.close();
    }
    for (ServerSocket each : servers) {
      each.close();
    }
    assertEquals("", sink.failure());
  }

  ServerSocket listen(int port) throws IOException {
    server = Nng.server(port);
    servers.add(server);
    return server;
  }

  TransportOutput open(String url, Object... more) throws StreamException {
    return transport.openOutput("i", Nng.out(Nng.dial(url, more)), sink);
  }

  TransportOutput openLazy(int port, Object... more) throws StreamException {
    List<Object> options = new ArrayList<>(List.of("lazy", true));
    options.addAll(Arrays.asList(more));
    return open(Nng.url(port), options.toArray());
  }

  TransportOutput openLazyToServer(Object... more) throws Exception {
    return openLazy(listen(0).getLocalPort(), more);
  }

  Socket accept() throws IOException {
    Socket socket = server.accept();
    socket.setSoTimeout(20_000);
    sockets.add(socket);
    return socket;
  }

  /** A connection with the greetings exchanged. */
  Socket puller() throws IOException {
    int before = sink.up().size();
    Socket socket = accept();
    assertEquals(Nng.PUSH_GREETING, Nng.readHex(socket, 8));
    Nng.sendHex(socket, Nng.PULL_GREETING);
    Await.until("peer up", () -> sink.up().size() == before + 1);
    return socket;
  }

  static byte[] readMessage(Socket socket) throws IOException {
    DataInputStream in = new DataInputStream(socket.getInputStream());
    byte[] payload = new byte[Math.toIntExact(in.readLong())];
    in.readFully(payload);
    return payload;
  }

  static String readText(Socket socket) throws IOException {
    return new String(readMessage(socket), StandardCharsets.US_ASCII);
  }

  static void offer(TransportOutput output, String text) {
    assertEquals(StreamResult.OK, output.offer(Nng.text(text)));
  }

  static byte[] random(int length, int seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }
}
