/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import org.daqstream.testing.Certificates;
import org.junit.Test;

/** Encrypted connections: who is trusted, and under which name. */
public class TlsTest {
  private static final int LIMIT_MS = 20_000;
  private static final Certificates CERTIFICATES = Certificates.instance();

  private static ScriptedServer server(String name, ScriptedServer.Script script) throws Exception {
    return server(name, "", script);
  }

  /** With the certificate of a name; wants one that the authority vouches for, if told to. */
  private static ScriptedServer server(String name, String want, ScriptedServer.Script script)
      throws Exception {
    SSLServerSocket socket =
        (SSLServerSocket)
            CERTIFICATES
                .context(name)
                .getServerSocketFactory()
                .createServerSocket(0, 1, InetAddress.getLoopbackAddress());
    socket.setNeedClientAuth(want.equals("need"));
    return new ScriptedServer(socket, script);
  }

  private static TlsOptions trusting(String... pins) {
    return new TlsOptions(CERTIFICATES.file("ca.crt"), Set.of(pins), "", "");
  }

  private static void handshakeFails(ServerLine line) {
    assertThrows(IOException.class, line::head);
  }

  private static String failure(StreamingClient.Builder builder) {
    try (StreamingClient client = builder.timeouts(LIMIT_MS, LIMIT_MS).noReconnect().open()) {
      return assertThrows(IOException.class, () -> client.awaitConnected(LIMIT_MS)).getMessage();
    }
  }

  /** Each byte of it is in time. */
  @Test
  public void handshakeThatNeverEndsIsGivenUp() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(
                line -> {
                  line.send(new byte[] {22, 3, 3, 64, 0}); // the head of a large record
                  while (true) {
                    line.send(new byte[1]);
                    LockSupport.parkNanos(20_000_000);
                  }
                });
        StreamingClient client =
            StreamingClient.at("wss://127.0.0.1:" + server.port())
                .tls(trusting())
                .timeouts(500, 500)
                .noReconnect()
                .open()) {
      assertThrows(IOException.class, () -> client.awaitConnected(LIMIT_MS));
      assertEquals("the connection was given up", client.failure());
    }
  }

  @Test
  public void samplesComeThroughTls() throws Exception {
    Received received = new Received();
    try (ScriptedServer server =
            server(
                "server",
                line -> {
                  line.greet("1.2.0", "t", "v");
                  line.answer(line.expect("subscribe", "v"), "[true]");
                  line.linearTime(1, "t", 10);
                  line.signal(2, "v", Documents.value("v", "t", "real64", 0));
                  line.pair(1, 0, 1000);
                  line.data(2, Packets.doubles(1.5, 2.5));
                  line.untilLeft();
                });
        StreamingClient client =
            StreamingClient.at("wss://127.0.0.1:" + server.port()).tls(trusting()).open()) {
      client.subscribe("v", received);
      received.awaitSamples(1);
      assertEquals(1010, received.blocks().get(0).tick(1));
    }
  }

  private static String refused(String name, TlsOptions options) throws Exception {
    try (ScriptedServer server = server(name, TlsTest::handshakeFails)) {
      return failure(StreamingClient.at("wss://127.0.0.1:" + server.port()).tls(options));
    }
  }

  @Test
  public void whatIsWrongWithACertificateIsOneSentence() throws Exception {
    String unknown = "the certificate of CN=server is issued by CN=ca, which is not trusted";
    assertEquals(unknown, refused("server", TlsOptions.NONE));
    assertEquals(
        "the certificate of CN=stranger is signed by itself, which is not trusted",
        refused("stranger", trusting()));
    assertEquals(
        "the certificate of CN=elsewhere is for device.example, not for 127.0.0.1",
        refused("elsewhere", trusting()));
    String expired = refused("expired", trusting());
    assertTrue(expired, expired.startsWith("the certificate of CN=expired expired on 20"));
    String early = refused("early", trusting());
    assertTrue(
        early, early.startsWith("the certificate of CN=early is not valid before 2048-01-01"));
    try (ScriptedServer server = server("server", TlsTest::handshakeFails)) {
      assertEquals(unknown, failure(StreamingClient.at("daq.lts://127.0.0.1:" + server.port())));
    }
  }

  /** As OpenSSL makes it. */
  private static String pin(String name) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    byte[] key = CERTIFICATES.certificate(name + ".crt").getPublicKey().getEncoded();
    return "sha256/" + Base64.getEncoder().encodeToString(digest.digest(key));
  }

  private static void connects(String name, TlsOptions options) throws Exception {
    try (ScriptedServer server =
            server(
                name,
                line -> {
                  line.greet("1.2.0", "t", "v");
                  line.untilLeft();
                });
        StreamingClient client =
            StreamingClient.at("wss://127.0.0.1:" + server.port()).tls(options).open()) {
      client.awaitConnected(LIMIT_MS);
    }
  }

  @Test
  public void aPinnedKeyIsEnoughUnlessAnAuthorityIsNamed() throws Exception {
    TlsOptions pinned = new TlsOptions("", Set.of(pin("stranger"), pin("elsewhere")), "", "");
    connects("stranger", pinned);
    connects("elsewhere", pinned); // the name does not count
    String other = refused("server", pinned);
    assertEquals(
        "the certificate of CN=server has another key than the pinned one: " + pin("server"),
        other);
    String expired = refused("expired", new TlsOptions("", Set.of(pin("expired")), "", ""));
    assertTrue(expired, expired.contains("expired on"));
    connects("server", trusting(pin("server")));
    String both = refused("stranger", trusting(pin("stranger")));
    assertTrue(both, both.contains("is not trusted"));
  }

  @Test
  public void aClientShowsItsCertificateAndIsToldWhenItHasNone() throws Exception {
    ScriptedServer.Script greets =
        line -> {
          line.greet("1.2.0", "t", "v");
          line.untilLeft();
        };
    TlsOptions own =
        new TlsOptions(
            CERTIFICATES.file("ca.crt"),
            Set.of(),
            CERTIFICATES.file("client.crt"),
            CERTIFICATES.file("client.key"));
    try (ScriptedServer server = server("server", "need", greets);
        StreamingClient client =
            StreamingClient.at("wss://127.0.0.1:" + server.port()).tls(own).open()) {
      client.awaitConnected(LIMIT_MS);
    }
    try (ScriptedServer server = server("server", "need", TlsTest::handshakeFails)) {
      String why = failure(StreamingClient.at("wss://127.0.0.1:" + server.port()).tls(trusting()));
      assertTrue(why, why.startsWith("the other side "));
    }
  }

  @Test
  public void filesThatCannotBeReadAreNamed() {
    TlsOptions options = new TlsOptions("/none", Set.of(), "", "");
    String why = assertThrows(IOException.class, options::context).getMessage();
    assertEquals("trusted certificates '/none': no such file", why);
    assertThrows(IllegalArgumentException.class, () -> new TlsOptions("", Set.of(), "a", ""));
  }

  @Test
  public void aServerWithoutTlsIsNoServerForIt() throws Exception {
    try (ScriptedServer server =
        new ScriptedServer(
            line -> {
              line.send("HTTP/1.1 400 Bad Request\r\n\r\n");
              line.close();
            })) {
      String why = failure(StreamingClient.at("wss://127.0.0.1:" + server.port()).tls(trusting()));
      assertTrue(why, !why.isEmpty() && !why.contains(SSLException.class.getName()));
    }
  }
}
