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
import java.net.ServerSocket;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Encrypted connections: who is trusted, and under which name. */
public class TlsTest {
  private static final int LIMIT_MS = 20_000;
  private static final char[] PASSWORD = "secret".toCharArray();

  @Rule public TemporaryFolder folder = new TemporaryFolder();

  private KeyStore store;

  @Before
  public void makeCertificate() throws Exception {
    Path file = folder.getRoot().toPath().resolve("store.p12");
    Process keytool =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin/keytool").toString(),
                    "-genkeypair",
                    "-keyalg",
                    "EC",
                    "-dname",
                    "CN=device",
                    "-ext",
                    "san=ip:127.0.0.1",
                    "-alias",
                    "a",
                    "-storepass",
                    new String(PASSWORD),
                    "-keystore",
                    file.toString()))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertTrue(keytool.waitFor(LIMIT_MS, TimeUnit.MILLISECONDS));
    store = KeyStore.getInstance(file.toFile(), PASSWORD);
  }

  private ScriptedServer server(ScriptedServer.Script script) throws Exception {
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    ServerSocket socket =
        context.getServerSocketFactory().createServerSocket(0, 1, InetAddress.getLoopbackAddress());
    return new ScriptedServer(socket, script);
  }

  /** Trusts the certificate that the server has. */
  private SSLContext trusting() throws Exception {
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    trusted.setCertificateEntry("device", store.getCertificate("a"));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  private static void handshakeFails(ServerLine line) {
    assertThrows(IOException.class, line::head);
  }

  private static String failure(StreamingClient.Builder builder) {
    try (StreamingClient client = builder.timeouts(LIMIT_MS, LIMIT_MS).noReconnect().open()) {
      return assertThrows(IOException.class, () -> client.awaitConnected(LIMIT_MS)).getMessage();
    }
  }

  @Test
  public void samplesComeThroughTls() throws Exception {
    Received received = new Received();
    try (ScriptedServer server =
            server(
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

  @Test
  public void aCertificateThatNobodyTrustsIsRefused() throws Exception {
    try (ScriptedServer server = server(TlsTest::handshakeFails)) {
      String why = failure(StreamingClient.at("daq.lts://127.0.0.1:" + server.port()));
      assertTrue(why, why.contains("certification path"));
    }
  }

  @Test
  public void aCertificateForAnotherNameIsRefused() throws Exception {
    try (ScriptedServer server = server(TlsTest::handshakeFails)) {
      String why = failure(StreamingClient.at("wss://localhost:" + server.port()).tls(trusting()));
      assertTrue(why, why.contains("localhost"));
    }
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
