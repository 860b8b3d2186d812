/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.posix.internal;

import static org.junit.Assert.assertEquals;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.daqstream.socket.support.DiallingOutput;
import org.daqstream.socket.support.SocketLink;
import org.daqstream.stream.api.CloseResult;
import org.daqstream.stream.api.StreamDirection;
import org.daqstream.stream.api.StreamException;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.api.spi.TransportOutput;
import org.daqstream.testing.RecordingSink;
import org.daqstream.transport.support.ParameterReader;
import org.junit.After;

/** An output, and the server that it dials. */
abstract class PosixOutputBench {
  static final CloseResult NOTHING_LOST = new CloseResult(StreamResult.OK, 0, 0);
  static final long FLUSH_MS = 20_000;

  final AtomicInteger attempts = new AtomicInteger();
  final PosixTransport transport =
      new PosixTransport(
          host -> {
            attempts.incrementAndGet();
            return InetAddress.getAllByName(host);
          });
  final RecordingSink sink = new RecordingSink();
  final List<Socket> sockets = new ArrayList<>();
  ServerSocket server;

  @After
  public void close() throws IOException {
    transport.deactivate();
    for (Socket socket : sockets) {
      socket.close();
    }
    if (server != null) {
      server.close();
    }
    assertEquals("", sink.failure());
  }

  TransportOutput open(int port, Object... more) throws StreamException {
    return transport.openOutput("i", Posix.out(Posix.parameters("127.0.0.1", port, more)), sink);
  }

  TransportOutput openToServer(Object... more) throws Exception {
    server = Posix.listen(0);
    return open(server.getLocalPort(), more);
  }

  Socket accept() throws IOException {
    Socket socket = server.accept();
    socket.setSoTimeout(20_000);
    sockets.add(socket);
    return socket;
  }

  static String read(Socket socket, int count) throws IOException {
    byte[] bytes = new byte[count];
    new DataInputStream(socket.getInputStream()).readFully(bytes);
    return new String(bytes, StandardCharsets.US_ASCII);
  }

  DiallingOutput output(SocketLink.Factory links, RecordingSink hears) throws Exception {
    return new DiallingOutput(
        "stream-posix-out-i",
        PosixParameters.read(
            StreamType.POSIX,
            StreamDirection.OUT,
            new ParameterReader(Posix.parameters("127.0.0.1", server.getLocalPort()))),
        InetAddress::getAllByName,
        links,
        hears);
  }

  static long streamThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("stream-posix"))
        .count();
  }
}
