/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.support;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.nats.client.Connection;
import io.nats.client.ConnectionListener.Events;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.daqstream.testing.Await;
import org.daqstream.testing.Certificates;
import org.daqstream.testing.CuttingProxy;
import org.daqstream.testing.NatsServer;
import org.daqstream.tls.support.NamedFile;
import org.daqstream.tls.support.TlsFiles;
import org.junit.After;
import org.junit.Test;

/** Connections that end at any byte, from the first of the greeting on. */
public class CutLinkTest {
  private static final String CLIENT = "cutlinktest";
  private static final String INFO =
      "INFO {\"server_id\":\"x\",\"version\":\"2.10.0\",\"proto\":1,\"headers\":true,"
          + "\"max_payload\":1048576}\r\n";
  private static final int CONNECTIONS = 60;
  private static final int QUICK_MS = 5_000; // less than the time-out of an attempt

  private final List<String> told = new CopyOnWriteArrayList<>();
  private NatsLink link;

  @After
  public void nothingIsLeft() {
    assertTrue("closed in time", link.close(5_000));
    Await.noThread(CLIENT);
    Await.noThread("nats-");
  }

  private void open(NatsOptions.Builder options) {
    link =
        new NatsLink(
            "nats-link",
            options.clientName(CLIENT).backoffMaxMs(50).build(),
            new NatsLink.Listener() {
              @Override
              public void connected(Connection connection, String server) {
                told.add("up " + server);
              }

              @Override
              public void disconnected(String why) {
                told.add("down " + why);
              }

              @Override
              public void problem(String text) {
                told.add("problem " + text);
              }
            });
    link.start();
  }

  private static NatsOptions.Builder to(String url) {
    return NatsOptions.to(NatsOptions.servers(url));
  }

  private void assertOutlives(CuttingProxy proxy) throws Exception {
    Await.until("connects again", 120_000, () -> proxy.connections() >= CONNECTIONS);
    proxy.calm();
    Await.until("up", () -> isUp());
    link.connection().flush(Duration.ofSeconds(10));
    long ups = told.stream().filter(line -> line.startsWith("up ")).count();
    long downs = told.stream().filter(line -> line.startsWith("down ")).count();
    assertEquals("each that came goes", ups - 1, downs);
  }

  private boolean isUp() {
    Connection now = link.connection();
    return now != null && now.getStatus() == Connection.Status.CONNECTED;
  }

  @Test
  public void plain() throws Exception {
    try (NatsServer server = NatsServer.core();
        CuttingProxy proxy = new CuttingProxy(server.port(), System.nanoTime())) {
      open(to("nats://127.0.0.1:" + proxy.port()));
      assertOutlives(proxy);
    }
  }

  @Test
  public void insideTls() throws Exception {
    Certificates files = Certificates.instance();
    String tls =
        "tls { cert_file: \"%s\", key_file: \"%s\" }\n"
            .formatted(files.file("server.crt"), files.file("server.key"));
    TlsFiles trust =
        TlsFiles.pem(
            NamedFile.NONE, NamedFile.NONE, new NamedFile("trustFile", files.file("ca.crt")));
    try (NatsServer server = NatsServer.with(tls);
        CuttingProxy proxy = new CuttingProxy(server.port(), System.nanoTime())) {
      open(to("tls://localhost:" + proxy.port()).tls(trust, true));
      assertOutlives(proxy);
    }
  }

  @Test
  public void endAfterTheGreetingIsNoticedAtOnce() throws Exception {
    NatsServer.need();
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      open(to("nats://127.0.0.1:" + server.getLocalPort()).connectTimeoutMs(60_000));
      long startNanos = System.nanoTime();
      for (int i = 0; i < 3; i++) {
        greetAndEnd(server);
      }
      assertTrue("at once", Await.sinceMs(startNanos) < QUICK_MS);
      String said = "problem nats://127.0.0.1:%d: the server has ended the connection";
      Await.until("told", () -> told.contains(said.formatted(server.getLocalPort())));
      assertEquals(told.toString(), 1, told.size());
    }
  }

  private static void greetAndEnd(ServerSocket server) throws IOException {
    try (Socket client = server.accept()) {
      client.getOutputStream().write(INFO.getBytes(US_ASCII));
      client.getInputStream().read();
      while (client.getInputStream().available() > 0) { // or it would be a reset
        client.getInputStream().skip(client.getInputStream().available());
      }
    }
  }

  @Test
  public void whoUsesAConnectionCanGiveItUp() throws Exception {
    try (NatsServer server = NatsServer.core()) {
      open(to(server.url()));
      Await.until("up", () -> isUp());
      Connection first = link.connection();
      link.giveUp(first, "it is odd");
      Await.until("another", () -> isUp() && link.connection() != first);
      assertTrue(told.toString(), told.contains("down it is odd"));
    }
  }

  @Test
  public void endIsToldOnce() throws Exception {
    try (NatsServer server = NatsServer.core()) {
      open(to(server.url()));
      Await.until("up", () -> isUp());
      server.kill();
      Await.until("down", () -> told.stream().anyMatch(line -> line.startsWith("down ")));
      assertFalse(told.toString(), told.get(1).startsWith("problem "));
    }
  }

  @Test
  public void anAddressThatDoesNotAnswerIsNotTheEndOfTheNext() throws Exception {
    try (NatsServer server = NatsServer.core()) {
      open(to(server.url()));
      LinkEvents events = new LinkEvents(() -> {});
      events.connectionEvent(null, Events.DISCONNECTED);
      assertTrue(events.isEnded());
      events.connectionEvent(null, Events.CONNECTED);
      assertFalse(events.isEnded());
    }
  }
}
