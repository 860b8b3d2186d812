/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.socket.support;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.daqstream.testing.Await;
import org.daqstream.testing.Certificates;
import org.junit.Test;

/** What comes right behind a handshake. */
public class TlsLinkTest {
  private static final String GREETING = "hello";

  @Test
  public void theGreetingOfAListenerWithoutTicketsIsRead() throws Exception {
    SSLContext context = Certificates.instance().context("server");
    context.getServerSessionContext().setSessionTimeout((int) TimeUnit.DAYS.toSeconds(8));
    try (SSLServerSocket listener =
            (SSLServerSocket)
                context
                    .getServerSocketFactory()
                    .createServerSocket(0, 1, InetAddress.getLoopbackAddress());
        SocketChannel channel =
            SocketChannel.open(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.getLocalPort()))) {
      CompletableFuture<Void> end = new CompletableFuture<>();
      CompletableFuture<Void> greeter = CompletableFuture.runAsync(() -> greet(listener, end));
      channel.configureBlocking(false);
      SSLEngine engine = Certificates.instance().context("").createSSLEngine("127.0.0.1", 1);
      engine.setUseClientMode(true);
      engine.beginHandshake();
      TlsLink link = new TlsLink(channel, engine, () -> null);
      ByteBuffer into = ByteBuffer.allocate(SocketLink.READ_BYTES);
      Await.until("the handshake", () -> isShaken(link));
      Await.until("the greeting", () -> hasRead(link, into));
      assertEquals(GREETING, UTF_8.decode(into.flip()).toString());
      end.complete(null);
      greeter.join();
    }
  }

  private static boolean isShaken(TlsLink link) {
    try {
      return link.handshake();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean hasRead(TlsLink link, ByteBuffer into) {
    try {
      assertTrue(link.read(into) >= 0);
      return into.position() == GREETING.length();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void greet(SSLServerSocket listener, CompletableFuture<Void> end) {
    try (SSLSocket socket = (SSLSocket) listener.accept()) {
      socket.getOutputStream().write(GREETING.getBytes(UTF_8));
      end.join();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
