/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.posix.internal;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.daqstream.stream.api.CloseResult;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.api.spi.TransportOutput;
import org.daqstream.testing.Await;
import org.junit.Test;

/** Peers that speak TLS as the JDK's blocking sockets do, or not at all. */
public class PosixTlsPeersTest extends TlsBench {

  private static final String[] VERSIONS = {"TLSv1.2", "TLSv1.3"};

  /** TLS of the JDK on a plain socket that stays accessible. */
  private SSLSocket secure(Socket plain, String version) throws Exception {
    SSLSocket socket =
        (SSLSocket)
            CERTIFICATES
                .context()
                .getSocketFactory()
                .createSocket(plain, "127.0.0.1", input.boundPort(), true);
    socket.setEnabledProtocols(new String[] {version});
    socket.startHandshake();
    return socket;
  }

  @Test
  public void plainPeersAndGarbageDoNoHarm() throws Exception {
    listen("127.0.0.1");
    Random random = new Random(5);
    for (int i = 0; i < 40; i++) {
      byte[] garbage = i == 0 ? Posix.text("GET / HTTP/1.1\r\n\r\n").array() : random(2000, i);
      if (i % 3 == 1) { // looks like a record of a handshake
        ByteBuffer.wrap(garbage).put((byte) 22).putShort((short) 0x0301).putShort((short) 300);
        garbage[5] = (byte) random.nextInt(25);
      }
      Socket socket = connectPlain();
      try {
        socket.getOutputStream().write(garbage);
        socket.shutdownOutput();
      } catch (IOException e) {
        assertTrue("ended meanwhile", garbage.length > 0);
      }
      int ended = i + 1;
      Await.until("ended " + i, () -> input.statistics().rejected() == ended);
    }
    assertEquals(List.of(), sink.up());
    assertAlive();
  }

  @Test
  public void silentPeersAreLetGo() throws Exception {
    listen("127.0.0.1", "handshakeTimeoutMs", 300L, "maxPeers", 3L);
    long startNanos = System.nanoTime();
    for (int i = 0; i < 3; i++) {
      connectPlain();
    }
    for (Socket socket : sockets) {
      assertTrue(
          "alert or nothing, then the end", socket.getInputStream().readAllBytes().length < 50);
    }
    assertTrue(Await.sinceMs(startNanos) >= 290);
    Await.until("counted", () -> input.statistics().rejected() == 3);
    assertAlive();
  }

  @Test
  public void aDiallerGivesASilentListenerUp() throws Exception {
    try (ServerSocket silent = Posix.listen(0)) {
      TransportOutput output = dial("127.0.0.1", silent.getLocalPort(), "connectTimeoutMs", 200L);
      sockets.add(silent.accept());
      sockets.add(silent.accept());
      assertTrue(output.statistics().lastError().contains("no connection within 200 ms"));
    }
  }

  @Test
  public void garbageInsideASessionEndsItsPeerOnly() throws Exception {
    listen("127.0.0.1");
    for (String version : VERSIONS) {
      int before = sink.down().size();
      Socket plain = connectPlain();
      SSLSocket socket = secure(plain, version);
      socket.getOutputStream().write(Posix.text("good").array());
      Await.until("good bytes", () -> sink.up().size() == before + 1);
      plain.getOutputStream().write(random(3000, 9));
      Await.until("peer down", () -> sink.down().size() == before + 1);
      long id = sink.up().get(before);
      assertArrayEquals(Posix.text("good").array(), sink.bytes(id));
    }
    assertAlive();
  }

  @Test
  public void aCutConnectionIsToldFromAnEnd() throws Exception {
    listen("127.0.0.1");
    Socket plain = connectPlain();
    SSLSocket socket = secure(plain, "TLSv1.3");
    socket.getOutputStream().write(Posix.text("half a sen").array());
    plain.shutdownOutput();
    Await.until("peer down", () -> sink.down().size() == 1);
    assertTrue(sink.down().get(0).startsWith("cut off"));
    assertEquals(10, sink.byteCount());
  }

  @Test
  public void writersOfTheJdkAreUnderstood() throws Exception {
    listen("127.0.0.1");
    byte[] sent = random(3_000_000, 4);
    for (String version : VERSIONS) {
      int before = sink.down().size();
      SSLSocket socket = secure(connectPlain(), version);
      socket.getOutputStream().write(sent);
      socket.close();
      Await.until("peer down", () -> sink.down().size() == before + 1);
      assertEquals("closed by peer", sink.down().get(before));
      assertArrayEquals(sent, sink.bytes(sink.up().get(before)));
    }
  }

  private SSLServerSocket server(String version) throws Exception {
    SSLServerSocket server =
        (SSLServerSocket)
            CERTIFICATES
                .context()
                .getServerSocketFactory()
                .createServerSocket(0, 5, Posix.LOOPBACK);
    server.setEnabledProtocols(new String[] {version});
    server.setSoTimeout(20_000);
    return server;
  }

  @Test
  public void readersOfTheJdkUnderstandUs() throws Exception {
    byte[] sent = random(3_000_000, 6);
    for (String version : VERSIONS) {
      try (SSLServerSocket server = server(version)) {
        TransportOutput output = dial("127.0.0.1", server.getLocalPort());
        output.offer(ByteBuffer.wrap(sent));
        try (Socket reader = server.accept()) {
          reader.setSoTimeout(20_000);
          reader.getOutputStream().write(new byte[50_000]); // talks, and is not listened to
          assertArrayEquals(sent, reader.getInputStream().readNBytes(sent.length));
          Thread closing = new Thread(() -> output.close(FLUSH_MS), "test-close");
          closing.start();
          assertEquals("a proper end", -1, reader.getInputStream().read());
          closing.join(FLUSH_MS);
        }
        assertEquals(3_000_000, output.statistics().bytes());
      }
    }
  }

  @Test
  public void aReaderThatEndsIsFollowedByTheNextWithoutLoss() throws Exception {
    for (String version : VERSIONS) {
      try (SSLServerSocket server = server(version)) {
        Await.until("peers before are down", () -> outSink.down().size() == outSink.up().size());
        int before = outSink.down().size();
        TransportOutput output = dial("127.0.0.1", server.getLocalPort());
        output.offer(Posix.text("0"));
        try (Socket reader = server.accept()) {
          assertEquals('0', reader.getInputStream().read());
        }
        Await.until("peer down", () -> outSink.down().size() == before + 1);
        output.offer(Posix.text("12"));
        try (Socket reader = server.accept()) {
          assertArrayEquals(Posix.text("12").array(), reader.getInputStream().readNBytes(2));
        }
        output.close(0);
        assertEquals(0, output.statistics().lostMessages());
      }
    }
  }

  @Test
  public void aReaderThatNeverReadsIsReported() throws Exception {
    try (SSLServerSocket server = server("TLSv1.3")) {
      TransportOutput output = dial("127.0.0.1", server.getLocalPort(), "queueBytes", 20_000_000L);
      SSLSocket reader = (SSLSocket) server.accept();
      sockets.add(reader);
      reader.startHandshake();
      for (int i = 0; i < 15; i++) {
        assertEquals(StreamResult.OK, output.offer(ByteBuffer.allocate(1_000_000)));
      }
      long startNanos = System.nanoTime();
      CloseResult result = output.close(200);
      assertTrue(Await.sinceMs(startNanos) < 1500);
      assertEquals(StreamResult.TIMEDOUT, result.result());
      assertEquals(15, output.statistics().messages() + result.lostMessages());
      assertEquals(15_000_000, output.statistics().bytes() + result.lostBytes());
    }
  }
}
