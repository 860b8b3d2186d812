/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.support;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import io.nats.client.Connection;
import io.nats.client.Subscription;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.daqstream.testing.Await;
import org.daqstream.testing.Certificates;
import org.daqstream.testing.NatsServer;
import org.daqstream.tls.support.NamedFile;
import org.daqstream.tls.support.TlsFiles;
import org.junit.After;
import org.junit.Test;

/** With a real server. */
public class NatsLinkTest {
  private static final String CLIENT = "linktest";

  private final List<String> told = new CopyOnWriteArrayList<>();
  private NatsLink link;
  private int failAt = -1; // lines that were told

  @After
  public void nothingIsLeft() {
    if (link != null) {
      assertTrue("closed in time", link.close(3_000));
    }
    Await.noThread(CLIENT);
    Await.noThread("nats-");
  }

  private void open(NatsOptions.Builder options) {
    link =
        new NatsLink(
            "nats-link",
            options.clientName(CLIENT).build(),
            new NatsLink.Listener() {
              @Override
              public void connected(Connection connection, String server) {
                told.add("up " + server);
                if (told.size() == failAt) {
                  throw new IllegalStateException("a fault");
                }
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

  private static NatsOptions.Builder to(String urls) {
    return NatsOptions.to(NatsOptions.servers(urls));
  }

  private void awaitTold(int count, String beginning) {
    Await.until(
        count + " times " + beginning,
        () -> {
          return told.stream().filter(line -> line.startsWith(beginning)).count() >= count;
        });
  }

  @Test
  public void killedServerIsFoundAgainEachTime() throws Exception {
    try (NatsServer server = NatsServer.core()) {
      open(to(server.url()));
      awaitTold(1, "up one at nats://127.0.0.1:" + server.port());
      assertEquals(1024 * 1024, link.maxPayloadBytes());
      for (int i = 1; i <= 3; i++) {
        assertNotNull(link.connection());
        server.kill();
        awaitTold(i, "down ");
        assertNull(link.connection());
        awaitTold(i, "problem nats://127.0.0.1:" + server.port() + ": Connection refused");
        server.start();
        awaitTold(i + 1, "up ");
      }
      link.connection().publish("any", "x".getBytes(UTF_8));
      link.connection().flush(Duration.ofSeconds(10));
    }
  }

  @Test
  public void anotherServerOfTheListTakesOver() throws Exception {
    try (NatsServer one = NatsServer.core();
        NatsServer two = NatsServer.core()) {
      open(to(one.url() + ", " + two.url()));
      awaitTold(1, "up ");
      boolean first = told.get(0).endsWith(":" + one.port());
      (first ? one : two).kill();
      awaitTold(1, "up one at nats://127.0.0.1:" + (first ? two : one).port());
    }
  }

  @Test
  public void clusterTellsOfItsOtherServers() throws Exception {
    List<NatsServer> servers = NatsServer.cluster(3);
    try {
      Await.until(
          "routes",
          () ->
              servers.get(0).log().contains("JetStream cluster new metadata")
                  || servers.stream().anyMatch(each -> each.log().contains("metadata leader")));
      open(to(servers.get(0).url()));
      awaitTold(1, "up n0");
      Await.until("others", () -> link.connection().getServerInfo().getConnectURLs().size() == 3);
      servers.get(0).kill();
      awaitTold(2, "up n");
    } finally {
      for (NatsServer server : servers) {
        server.close();
      }
    }
  }

  @Test
  public void faultOfTheUserCostsThatConnection() throws Exception {
    try (NatsServer server = NatsServer.core()) {
      failAt = 1;
      open(to(server.url()));
      awaitTold(2, "up ");
      assertTrue(told.toString(), told.get(1).startsWith("down "));
      assertTrue(told.toString(), told.get(1).contains("a fault"));
    }
  }

  @Test
  public void limitIsReadFromTheServer() throws Exception {
    try (NatsServer server = NatsServer.with("max_payload: 5000\n")) {
      open(to(server.url()));
      awaitTold(1, "up ");
      assertEquals(5000, link.maxPayloadBytes());
    }
  }

  @Test
  public void silentServerIsNoticed() throws Exception {
    try (NatsServer server = NatsServer.core()) {
      open(to(server.url()).pingMs(200).connectTimeoutMs(500));
      awaitTold(1, "up ");
      server.pause(true);
      awaitTold(1, "down ");
      server.pause(false);
      awaitTold(2, "up ");
    }
  }

  @Test
  public void wrongPasswordIsTriedAgainAndNeverTold() throws Exception {
    try (NatsServer server =
        NatsServer.with("authorization { user: \"u\", password: \"secret-1\" }\n")) {
      open(to(server.url()).user("u", "secret-2").connectTimeoutMs(60_000));
      awaitTold(1, "problem nats://127.0.0.1:" + server.port() + ": ");
      assertTrue(told.toString(), told.get(0).contains("Authorization Violation"));
      assertFalse(told + " " + link, (told + " " + link).contains("secret"));
      assertTrue(link.close(3_000));
      told.clear();
      open(to(server.url()).user("u", "secret-1"));
      awaitTold(1, "up ");
    }
  }

  @Test
  public void tokenIsSent() throws Exception {
    try (NatsServer server = NatsServer.with("authorization { token: \"secret-1\" }\n")) {
      open(to(server.url()).token("secret-1"));
      awaitTold(1, "up ");
    }
  }

  @Test
  public void refusedSubjectIsAProblem() throws Exception {
    String permissions =
        "authorization { users: [{ user: u, password: p, permissions: { publish: \"a.>\" }}] }\n";
    try (NatsServer server = NatsServer.with(permissions)) {
      open(to(server.url()).user("u", "p"));
      awaitTold(1, "up ");
      link.connection().publish("b", new byte[1]);
      awaitTold(1, "problem the server says: Permissions Violation for Publish to");
      assertNotNull(link.connection());
    }
  }

  @Test
  public void droppedMessagesAreCounted() throws Exception {
    try (NatsServer server = NatsServer.core()) {
      open(to(server.url()));
      awaitTold(1, "up ");
      Connection connection = link.connection();
      Subscription slow = connection.subscribe("s");
      slow.setPendingLimits(10, 1_000_000);
      for (int i = 0; i < 1000; i++) {
        connection.publish("s", new byte[10]);
      }
      connection.flush(Duration.ofSeconds(10));
      Await.until("990 dropped", () -> link.droppedMessages() == 990);
      awaitTold(1, "problem messages come faster");
      server.kill();
      awaitTold(1, "down ");
      assertEquals(990, link.droppedMessages());
    }
  }

  @Test
  public void closingBeforeAnyServerIsThereIsQuick() throws Exception {
    NatsServer.need();
    open(to("nats://127.0.0.1:1"));
    awaitTold(1, "problem ");
    assertTrue(link.close(1_000));
  }

  @Test
  public void closingWhileAServerIsSilentIsQuick() throws Exception {
    NatsServer.need();
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      open(to("nats://127.0.0.1:" + silent.getLocalPort()).connectTimeoutMs(60_000));
      silent.accept();
      assertTrue(link.close(3_000));
    }
  }

  private static NatsServer tls(String more) throws Exception {
    Certificates files = Certificates.instance();
    return NatsServer.with(
        "tls { cert_file: \"%s\", key_file: \"%s\", ca_file: \"%s\" %s }\n"
            .formatted(
                files.file("server.crt"), files.file("server.key"), files.file("ca.crt"), more));
  }

  private static TlsFiles trust(String certificate, String own) {
    Certificates files = Certificates.instance();
    return TlsFiles.pem(
        own.isEmpty() ? NamedFile.NONE : new NamedFile("certificateFile", files.file(own + ".crt")),
        own.isEmpty() ? NamedFile.NONE : new NamedFile("privateKeyFile", files.file(own + ".key")),
        new NamedFile("trustFile", files.file(certificate)));
  }

  @Test
  public void tlsWithACertificateOfTheClient() throws Exception {
    try (NatsServer server = tls(", verify: true")) {
      open(to("tls://localhost:" + server.port()).tls(trust("ca.crt", "client"), true));
      awaitTold(1, "up ");
      assertTrue(link.close(3_000));
      told.clear();
      open(to("tls://localhost:" + server.port()).tls(trust("ca.crt", ""), true));
      awaitTold(1, "problem ");
      assertFalse(told.toString(), told.toString().contains("up "));
    }
  }

  @Test
  public void strangerIsNotTrusted() throws Exception {
    try (NatsServer server = tls("")) {
      open(to("tls://localhost:" + server.port()).tls(trust("stranger.crt", ""), true));
      awaitTold(1, "problem ");
      assertTrue(told.toString(), told.get(0).contains("certificate"));
    }
  }

  @Test
  public void certificateForAnotherNameIsRefusedUnlessNotVerified() throws Exception {
    Certificates files = Certificates.instance();
    try (NatsServer server =
        NatsServer.with(
            "tls { cert_file: \"%s\", key_file: \"%s\" }\n"
                .formatted(files.file("elsewhere.crt"), files.file("elsewhere.key")))) {
      open(to("tls://localhost:" + server.port()).tls(trust("ca.crt", ""), true));
      awaitTold(1, "problem ");
      assertTrue(told.toString(), told.get(0).contains("device.example"));
      assertTrue(link.close(3_000));
      open(to("tls://localhost:" + server.port()).tls(trust("ca.crt", ""), false));
      awaitTold(1, "up ");
    }
  }
}
