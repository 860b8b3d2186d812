/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.daqstream.server.internal.start.TestServer.DELTA;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import org.daqstream.server.api.HttpPage;
import org.daqstream.server.api.ServerEvent;
import org.daqstream.server.internal.Await;
import org.daqstream.server.internal.Dialogue;
import org.daqstream.server.internal.Peer;
import org.daqstream.server.internal.start.TestServer;
import org.daqstream.signal.api.WriteResult;
import org.daqstream.signal.api.sink.SignalTap;
import org.daqstream.signal.api.sink.TableTap;
import org.daqstream.testing.Certificates;
import org.daqstream.testing.LogLines;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;

/** Both ports inside TLS: who gets in, and that those who are in get everything. */
public class TlsTest {
  @Rule public final Timeout timeout = Timeout.seconds(90);

  private static final Certificates CERTIFICATES = Certificates.instance();
  private static final int BLOCK = 1_000;

  private final double[] block = new double[BLOCK];

  private void write(SignalTap signal, long row) {
    for (int i = 0; i < BLOCK; i++) {
      block[i] = row + i;
    }
    assertEquals(WriteResult.ACCEPTED, signal.accept(row, row * DELTA, null, block, 0, BLOCK));
  }

  /** Reads the counter of signal 2 up to its end, and makes sure that nothing is missing. */
  private static void expectCounter(Peer peer, long from, long end) throws Exception {
    long next = from;
    while (next < end) {
      Peer.Packet packet = peer.read();
      if (packet.signo() == 2 && packet.payload() != null) {
        ByteBuffer payload = packet.payload();
        while (payload.hasRemaining()) {
          assertEquals((double) next++, payload.getDouble(), 0);
        }
      }
    }
  }

  @Test
  public void bothPortsServeBothInsideTlsAndNothingElse() throws Exception {
    try (TlsServer tls = new TlsServer()) {
      for (int port : new int[] {tls.server.port(), tls.server.controlPort()}) {
        TlsServer.peer(port).greeted().close();
        String answer = TlsServer.peer(port).post("{}");
        assertTrue(answer, answer.startsWith("HTTP/1.1 4"));
        try (Peer plain = new Peer(port)) {
          assertThrows(IOException.class, () -> plain.upgrade("/"));
        }
      }
    }
  }

  @Test
  public void aClientThatReadsLateGetsEveryByteInOrder() throws Exception { // promise 1
    try (TlsServer tls = new TlsServer("sendBufferBytes", 128 * 1024)) {
      TableTap table = tls.server.table("time");
      SignalTap v = TestServer.signal(table, "v");
      int blocks = 1_200; // 9.6 MB: more than the sockets, less than the log
      try (Peer late = tls.subscriber("time", "v", 64 * 1024);
          Peer reader = tls.subscriber("time", "v", 0)) {
        for (int i = 0; i < blocks; i++) {
          write(v, (long) i * BLOCK);
        }
        expectCounter(reader, 0, (long) blocks * BLOCK);
        expectCounter(late, 0, (long) blocks * BLOCK);
        late.send(0x89, new byte[] {1, 2, 3}, true);
        assertEquals(0xA, late.readFrame().opcode());
      }
    }
  }

  @Test
  public void aRecordThatTheSocketTookInPartLeavesWithNothingBehindIt() throws Exception {
    try (TlsServer tls = new TlsServer("sendBufferBytes", 32 * 1024)) {
      TableTap table = tls.server.table("time");
      SignalTap v = TestServer.signal(table, "v");
      try (Peer late = tls.subscriber("time", "v", 32 * 1024)) {
        long row = 0;
        while (!isBlocked(tls.server)) {
          write(v, row);
          row += BLOCK;
          tls.server.awaitTurn();
        }
        expectCounter(late, 0, row);
      }
    }
  }

  private static boolean isBlocked(TestServer server) {
    CompletableFuture<Boolean> blocked = new CompletableFuture<>();
    server
        .fanOut()
        .submit(
            () -> blocked.complete(server.fanOut().clients().all().get(0).output().isBlocked()));
    return blocked.join();
  }

  @Test
  public void aTakerOfSmallFramesGetsThemAtOnce() throws Exception {
    try (TlsServer tls = new TlsServer()) {
      TableTap table = tls.server.table("time");
      SignalTap v = TestServer.signal(table, "v");
      try (Peer peer = tls.subscriber("time", "v", 0)) {
        for (int i = 0; i < 50; i++) {
          v.accept(i, i * DELTA, null, new double[] {i}, 0, 1);
          expectCounter(peer, i, i + 1);
        }
      }
    }
  }

  @Test
  public void aPeerThatAsksForNewKeysAgainAndAgainHarmsNobody() throws Exception {
    try (TlsServer tls = new TlsServer("sendBufferBytes", 64 * 1024)) {
      TableTap table = tls.server.table("time");
      SignalTap v = TestServer.signal(table, "v");
      try (Peer late = tls.subscriber("time", "v", 64 * 1024);
          Peer reader = tls.subscriber("time", "v", 0)) {
        for (int i = 0; i < 600; i++) {
          write(v, (long) i * BLOCK);
          if (i % 10 == 0) {
            ((SSLSocket) late.socket).startHandshake(); // TLS 1.3: update of keys, to be answered
          }
        }
        expectCounter(reader, 0, 600L * BLOCK);
        expectCounter(late, 0, 600L * BLOCK);
      }
    }
  }

  @Test
  public void certificatesOfClientsAreAskedForAsConfigured() throws Exception {
    String trust = CERTIFICATES.file("ca.crt");
    try (TlsServer tls = new TlsServer("tls.clientCertificates", "need", "tls.trust", trust)) {
      accepted(tls, "client");
      refused(tls, "");
      refused(tls, "stranger");
      refused(tls, "expired");
      refused(tls, "early");
    }
    try (TlsServer tls = new TlsServer("tls.clientCertificates", "want", "tls.trust", trust)) {
      accepted(tls, "client");
      accepted(tls, "");
    }
    try (TlsServer tls = new TlsServer()) {
      accepted(tls, "stranger"); // nobody looks
    }
  }

  private static void accepted(TlsServer tls, String own) throws Exception {
    SSLContext context = TlsServer.context(own);
    new Peer(TlsServer.socket(context, tls.server.port(), 0)).greeted().close();
  }

  private static void refused(TlsServer tls, String own) throws Exception {
    long before = tls.server.statistics().count(ServerEvent.REFUSED);
    SSLContext context = TlsServer.context(own);
    try (Peer peer = new Peer(TlsServer.socket(context, tls.server.port(), 0))) {
      assertThrows(own, IOException.class, peer::greeted);
    }
    Await.until("refused", () -> tls.server.statistics().count(ServerEvent.REFUSED) > before);
    assertEquals(0, tls.server.guard().clientCount());
  }

  @Test
  public void aNewCertificateIsTakenAndNobodyIsDropped() throws Exception {
    LogLines.clear();
    try (TlsServer tls = new TlsServer()) {
      TableTap table = tls.server.table("time");
      SignalTap v = TestServer.signal(table, "v");
      try (Peer peer = tls.subscriber("time", "v", 0)) {
        write(v, 0);
        tls.put("elsewhere");
        Await.until("reloaded", () -> subject(tls).equals("CN=elsewhere"));
        tls.putFile("stranger.key", "own.key");
        Await.until("said", () -> !LogLines.with("goes on with what was read before").isEmpty());
        assertEquals("CN=elsewhere", subject(tls));
        write(v, BLOCK);
        expectCounter(peer, 0, 2L * BLOCK);
      }
    }
  }

  private static String subject(TlsServer tls) {
    try (SSLSocket socket = TlsServer.socket(TlsServer.context(""), tls.server.port(), 0)) {
      X509Certificate own = (X509Certificate) socket.getSession().getPeerCertificates()[0];
      return own.getSubjectX500Principal().getName();
    } catch (Exception e) {
      throw new AssertionError("no handshake", e);
    }
  }

  /** Of one address; whoever comes from another one, before or behind them, notices nothing. */
  @Test
  public void halfHandshakesByTheThousandHarmNobody() throws Exception {
    try (TlsServer tls = new TlsServer("requestTimeoutMs", 600_000)) {
      TableTap table = tls.server.table("time");
      SignalTap v = TestServer.signal(table, "v");
      byte[] hello = hello();
      List<Socket> half = new ArrayList<>();
      try (Peer peer = tls.subscriber("time", "v", 0)) {
        for (int i = 0; i < 1_000; i++) {
          Socket socket = fromSecondAddress(tls);
          half.add(socket);
          OutputStream out = socket.getOutputStream();
          out.write(hello, 0, i % 3 == 0 ? hello.length / 2 : hello.length);
          write(v, (long) i * BLOCK);
          expectCounter(peer, (long) i * BLOCK, (i + 1L) * BLOCK);
        }
        TlsServer.peer(tls.server.port()).greeted().close();
        Await.until("only its own were displaced", () -> tls.server.guard().waitingCount() == 600);
        assertEquals(400, tls.server.statistics().count(ServerEvent.REFUSED));
      } finally {
        for (Socket socket : half) {
          socket.close();
        }
      }
    }
  }

  private static Socket fromSecondAddress(TlsServer tls) throws IOException {
    InetAddress second = InetAddress.getByAddress(new byte[] {127, 0, 0, 2});
    return new Socket(InetAddress.getLoopbackAddress(), tls.server.port(), second, 0);
  }

  @Test
  public void requestsBehindAHandshakeAreAnsweredByOtherThreads() throws Exception {
    Queue<String> threads = new ConcurrentLinkedQueue<>();
    try (TlsServer tls = new TlsServer()) {
      tls.server.pages.add(noting(threads), Map.of(HttpPage.PATH, "/"));
      HoldingSocket held = new HoldingSocket(tls.server.port());
      try (SSLSocket socket =
          (SSLSocket)
              TlsServer.context("")
                  .getSocketFactory()
                  .createSocket(held, "127.0.0.1", tls.server.port(), true)) {
        socket.startHandshake();
        String request = "GET / HTTP/1.1\r\nHost: localhost\r\n";
        byte[] requests =
            (request + "\r\n" + request + "Connection: close\r\n\r\n").getBytes(UTF_8);
        socket.getOutputStream().write(requests);
        held.release();
        String answers = new String(socket.getInputStream().readAllBytes(), UTF_8);
        assertEquals(answers, 3, answers.split("HTTP/1.1 200", -1).length);
      }
    }
    assertEquals(2, threads.size());
    assertFalse(threads.toString(), threads.toString().contains("handshake"));
  }

  /** A page that notes the threads on which it is asked. */
  private static HttpPage noting(Queue<String> threads) {
    return new HttpPage() {
      @Override
      public String refusal(InetAddress reader) {
        threads.add(Thread.currentThread().getName());
        return null;
      }

      @Override
      public String contentType() {
        return "text/plain";
      }

      @Override
      public byte[] body() {
        return new byte[1];
      }
    };
  }

  @Test
  public void whoDoesNotFinishItsHandshakeGoes() throws Exception {
    try (TlsServer tls = new TlsServer("requestTimeoutMs", 300, "pendingConnections", 10)) {
      byte[] hello = hello();
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), tls.server.port())) {
        socket.setSoTimeout(20_000);
        socket.getOutputStream().write(hello);
        socket.getInputStream().readAllBytes(); // ends when it is closed
        assertEquals(1, tls.server.statistics().count(ServerEvent.REFUSED));
      }
      TlsServer.peer(tls.server.port()).greeted().close();
    }
  }

  /** What a client says first. */
  private static byte[] hello() throws Exception {
    SSLEngine engine = TlsServer.context("").createSSLEngine("127.0.0.1", 1);
    engine.setUseClientMode(true);
    ByteBuffer hello = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
    engine.wrap(ByteBuffer.allocate(0), hello);
    byte[] bytes = new byte[hello.flip().remaining()];
    hello.get(bytes);
    return bytes;
  }

  @Test
  public void renegotiationEndsTheConnection() throws Exception {
    try (TlsServer tls = new TlsServer()) {
      SSLSocket socket = TlsServer.socket(TlsServer.context(""), tls.server.port(), 0);
      socket.setEnabledProtocols(new String[] {"TLSv1.2"});
      try (Peer peer = new Peer(socket).greeted()) {
        socket.startHandshake();
        peer.send(0x89, new byte[1], true);
        assertThrows(IOException.class, peer::readFrame);
      }
    }
  }

  @Test
  public void onlyTls13And12AreSpoken() throws Exception {
    try (TlsServer tls = new TlsServer()) {
      for (String protocol : new String[] {"TLSv1.3", "TLSv1.2"}) {
        SSLSocket socket = TlsServer.socket(TlsServer.context(""), tls.server.port(), 0);
        socket.setEnabledProtocols(new String[] {protocol});
        try (Peer peer = new Peer(socket).greeted()) {
          assertEquals(protocol, ((SSLSocket) peer.socket).getSession().getProtocol());
        }
      }
    }
  }

  @Test
  public void whatDoesNotGoTogetherIsRefused() {
    refused("goes with key tls.key", "tls.certificate", CERTIFICATES.file("server.crt"));
    refused("needs key tls.certificate", "tls.clientCertificates", "need");
    refused(
        "key tls.certificate = '/no.pem' cannot be used: no such file",
        "tls.certificate",
        "/no.pem",
        "tls.key",
        CERTIFICATES.file("server.key"));
    refused("needs key tls.certificate", "tls.trust", CERTIFICATES.file("ca.crt"));
    refused("with the password", "tls.keyStore", CERTIFICATES.file("server.p12"));
    refused(
        "needs key tls.trust",
        "tls.clientCertificates",
        "want",
        "tls.keyStore",
        CERTIFICATES.file("server.p12"),
        "tls.keyStorePassword",
        "changeit");
  }

  private static void refused(String words, Object... keysAndValues) {
    String why =
        assertThrows(IllegalArgumentException.class, () -> new TestServer(keysAndValues))
            .getMessage();
    assertTrue(why, why.contains(words));
  }

  @Test
  public void aKeyStoreDoesAsWell() throws Exception {
    try (TestServer server =
        new TestServer(
            "tls.keyStore", CERTIFICATES.file("server.p12"), "tls.keyStorePassword", "changeit")) {
      TlsServer.peer(server.port()).greeted().close();
      Dialogue.assertRefused(400, TlsServer.peer(server.port()).post(""));
    }
  }
}
