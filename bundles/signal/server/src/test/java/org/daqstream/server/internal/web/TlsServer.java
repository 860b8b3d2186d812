/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.web;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.daqstream.server.internal.Dialogue;
import org.daqstream.server.internal.Peer;
import org.daqstream.server.internal.start.TestServer;
import org.daqstream.testing.Certificates;

/** A server that speaks TLS with files of its own, and peers of it. */
final class TlsServer implements AutoCloseable {
  private static final Certificates CERTIFICATES = Certificates.instance();

  final TestServer server;
  private final Path folder;

  TlsServer(Object... keysAndValues) throws Exception {
    folder = Files.createTempDirectory("daqstream-server");
    put("server");
    Object[] all = new Object[keysAndValues.length + 4];
    System.arraycopy(keysAndValues, 0, all, 4, keysAndValues.length);
    all[0] = "tls.certificate";
    all[1] = folder.resolve("own.crt").toString();
    all[2] = "tls.key";
    all[3] = folder.resolve("own.key").toString();
    server = new TestServer(all);
  }

  /** Gives it another certificate and its key. */
  void put(String name) throws Exception {
    putFile(name + ".crt", "own.crt");
    putFile(name + ".key", "own.key");
  }

  void putFile(String name, String as) throws Exception {
    Path fresh = folder.resolve("new");
    Files.copy(Path.of(CERTIFICATES.file(name)), fresh);
    Files.move(fresh, folder.resolve(as), StandardCopyOption.REPLACE_EXISTING);
  }

  /** Trusts the test authority, and shows the certificate of a name unless it is empty. */
  static SSLContext context(String own) throws Exception {
    return CERTIFICATES.context(own);
  }

  static SSLSocket socket(SSLContext context, int port, int receiveBufferBytes) throws Exception {
    Socket plain = new Socket();
    if (receiveBufferBytes > 0) {
      plain.setReceiveBufferSize(receiveBufferBytes);
    }
    plain.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    return (SSLSocket) context.getSocketFactory().createSocket(plain, "127.0.0.1", port, true);
  }

  /** A connection to a port, not yet upgraded. */
  static Peer peer(int port) throws Exception {
    return new Peer(socket(context(""), port, 0));
  }

  /** A client that has subscribed to a signal. */
  Peer subscriber(String domainId, String signalId, int receiveBufferBytes, String... headers)
      throws Exception {
    Peer peer = new Peer(socket(context(""), server.port(), receiveBufferBytes)).greeted(headers);
    Dialogue.assertSucceeded(peer.command(peer(server.controlPort()), "subscribe", signalId));
    Dialogue.expectSubscribed(peer, domainId, signalId);
    return peer;
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (String name : new String[] {"own.crt", "own.key"}) {
      Files.delete(folder.resolve(name));
    }
    Files.delete(folder);
  }
}
