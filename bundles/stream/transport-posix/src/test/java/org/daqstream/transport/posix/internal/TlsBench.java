/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.posix.internal;

import static org.junit.Assert.assertEquals;

import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.daqstream.stream.api.CloseResult;
import org.daqstream.stream.api.StreamException;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.api.spi.TransportInput;
import org.daqstream.stream.api.spi.TransportOutput;
import org.daqstream.testing.Await;
import org.daqstream.testing.Certificates;
import org.daqstream.testing.RecordingSink;
import org.junit.After;

/** An input and an output of {@code posix-tls}, and what their tests have in common. */
abstract class TlsBench {

  static final CloseResult NOTHING_LOST = new CloseResult(StreamResult.OK, 0, 0);

  static final Certificates CERTIFICATES = Certificates.instance();
  static final long FLUSH_MS = 20_000;
  final PosixTlsTransport transport = new PosixTlsTransport();
  final RecordingSink sink = new RecordingSink();
  final RecordingSink outSink = new RecordingSink();
  final List<Socket> sockets = new ArrayList<>();
  TransportInput input;

  @After
  public final void close() throws IOException {
    transport.deactivate();
    for (Socket socket : sockets) {
      socket.close();
    }
    assertEquals("", sink.failure());
    assertEquals("", outSink.failure());
  }

  final void listen(String host, Object... more) throws StreamException {
    Map<String, Object> parameters = Posix.parameters(host, 0, more);
    parameters.putIfAbsent("certificateFile", CERTIFICATES.file("server.crt"));
    parameters.putIfAbsent("privateKeyFile", CERTIFICATES.file("server.key"));
    input = transport.openInput("i", Posix.in(parameters), sink);
  }

  final void listenForClients() throws StreamException {
    listen("127.0.0.1", "requireClientCertificate", true, "trustFile", CERTIFICATES.file("ca.crt"));
  }

  final TransportOutput dial(String host, int port, Object... more) throws StreamException {
    Map<String, Object> parameters = Posix.parameters(host, port, more);
    parameters.putIfAbsent("trustFile", CERTIFICATES.file("ca.crt"));
    return transport.openOutput("i", Posix.out(parameters), outSink);
  }

  final TransportOutput dialAs(String alias) throws StreamException {
    return dial(
        "127.0.0.1",
        input.boundPort(),
        "certificateFile",
        CERTIFICATES.file(alias + ".crt"),
        "privateKeyFile",
        CERTIFICATES.file(alias + ".key"));
  }

  final Socket connectPlain() throws IOException {
    Socket socket = new Socket(Posix.LOOPBACK, input.boundPort());
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(20_000);
    sockets.add(socket);
    return socket;
  }

  static byte[] random(int length, int seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  final void assertAlive() throws StreamException {
    int peers = sink.up().size();
    TransportOutput output = dial("127.0.0.1", input.boundPort());
    output.offer(Posix.text("alive"));
    assertEquals(NOTHING_LOST, output.close(FLUSH_MS));
    Await.until(
        "alive", () -> sink.up().size() > peers && sink.byteCount(sink.up().get(peers)) == 5);
  }
}
