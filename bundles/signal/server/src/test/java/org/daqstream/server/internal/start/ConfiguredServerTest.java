/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.start;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.daqstream.server.api.ServerMonitor;
import org.daqstream.server.internal.Dialogue;
import org.daqstream.server.internal.Peer;
import org.daqstream.testing.Certificates;
import org.daqstream.testing.Configs;
import org.daqstream.testing.FakeContext;
import org.daqstream.testing.LogLines;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** What a change of configuration does to a running server and the client that is connected. */
public class ConfiguredServerTest {
  private static final String FILE = "/conf/org.daqstream.server.cfg";

  private static final Map<String, Object> EMPTIED =
      Map.of("felix.fileinstall.filename", "file:" + FILE);

  private static final Map<String, Object> WHOLE =
      Configs.with(EMPTIED, "host", "localhost", "port", "0", "controlPort", "0");

  private final FakeContext context = new FakeContext();
  private final ConfiguredServer server =
      new ConfiguredServer(context.get(), Servers.PID, new Shared());

  @Before
  public void forgetLog() {
    LogLines.clear();
  }

  @After
  public void stop() {
    server.stop();
    assertEquals(List.of(), context.services());
  }

  private List<String> endpoints() {
    return context.services().stream()
        .filter(ServerMonitor.class::isInstance)
        .flatMap(monitor -> ((ServerMonitor) monitor).endpoints().stream())
        .toList();
  }

  private int port(int which) {
    return URI.create(endpoints().get(which)).getPort();
  }

  /** Connects a client, refuses a configuration and looks whether the client noticed. */
  private void assertRefused(String line, Map<String, Object> configuration) throws Exception {
    List<String> before = endpoints();
    LogLines.clear();
    try (Peer client = Peer.connect(port(0))) {
      server.take(configuration);
      assertEquals(before, endpoints());
      Dialogue.expectNothing(client);
    }
    assertEquals(
        List.of("ERROR org.daqstream.server: " + line + "; the old configuration stays"),
        LogLines.all());
  }

  private static Map<String, Object> without(Map<String, Object> values, String key) {
    Map<String, Object> rest = Configs.with(values);
    rest.remove(key);
    return rest;
  }

  @Test
  public void theRuleOfAllComponentsHolds() throws Exception {
    server.take(Configs.with(WHOLE, "port", "0\t", "controlPort", "0 ", "clients", "", "prot", 1));
    assertEquals(
        List.of("WARN org.daqstream.server: key 'prot' is not known; did you mean 'port'?"),
        LogLines.all());
    assertRefused(
        "key port = 'seven' must be a whole number from 0 to 65535",
        Configs.with(WHOLE, "port", "seven", "prot", 1));
  }

  @Test
  public void anEmptiedFileChangesNothing() throws Exception {
    server.take(WHOLE);
    assertRefused("there is no key in " + FILE, EMPTIED);
    assertRefused("there is no key in " + FILE, Configs.with(EMPTIED, "\ufeff# host", "x"));
  }

  @Test
  public void halfAFileChangesNothing() throws Exception {
    server.take(Configs.with(WHOLE, "host", ServerSettings.LOCAL));
    String missing = "key host is missing in " + FILE + ", '*' is for all addresses";
    assertRefused(missing, without(WHOLE, "host"));
    assertRefused(missing, Configs.with(WHOLE, "host", ""));
    assertRefused(missing, Configs.with(EMPTIED, "port", "7414"));
    assertRefused(
        "key host = '::' must be '*' for all addresses", Configs.with(WHOLE, "host", "::"));
  }

  @Test
  public void whoHadToLogInHasToUntilItIsSaid() throws Exception {
    server.take(Configs.with(WHOLE, "login", "needed"));
    server.take(WHOLE);
    assertEquals(
        List.of(
            "ERROR org.daqstream.server: key login is missing in "
                + FILE
                + ", 'none' is for nobody needs one; the old configuration stays"),
        LogLines.all());
    try (Peer peer = new Peer(port(0))) {
      Dialogue.assertRefused(401, peer.upgrade("/"));
    }
    server.take(Configs.with(WHOLE, "login", "none"));
    server.take(WHOLE);
    Peer.connect(port(0)).close();
  }

  @Test
  public void whatWasInsideTlsStaysThereInHalfAFile() {
    Certificates certificates = Certificates.instance();
    Map<String, Object> store =
        Configs.with(
            WHOLE,
            "tls.keyStore",
            certificates.file("server.p12"),
            "tls.keyStorePassword",
            "changeit");
    Map<String, Object> mutual =
        Configs.with(
            store, "tls.clientCertificates", "need", "tls.trust", certificates.file("ca.crt"));
    server.take(mutual);
    List<String> before = endpoints();
    LogLines.clear();
    server.take(store);
    server.take(Configs.with(WHOLE, "tls.keyStore", ""));
    server.take(without(mutual, "tls.clientCertificates"));
    assertEquals(before, endpoints());
    String lines = LogLines.all().toString();
    String missing = "key %s is missing in " + FILE;
    assertTrue(lines, lines.contains(missing.formatted("tls.clientCertificates") + ", 'none'"));
    assertTrue(lines, lines.contains(missing.formatted("tls.certificate") + ", without TLS"));
    assertTrue(lines, lines.contains("' needs key tls.clientCertificates; the old"));
    assertEquals(3, LogLines.all().size());
    server.take(Configs.with(store, "tls.clientCertificates", "none"));
    server.take(store);
    assertEquals(2, LogLines.with(" is missing in ").size());
  }

  @Test
  public void aByteOrderMarkHidesNothing() {
    server.take(Configs.with(without(WHOLE, "host"), "\ufeffhost", "localhost"));
    assertEquals(List.of(), LogLines.all());
    assertTrue(endpoints().toString(), endpoints().get(0).startsWith("ws://localhost:"));
  }

  @Test
  public void aServerThatStartsFromHalfAFileIsForThisMachine() {
    server.take(without(WHOLE, "host"));
    assertTrue(endpoints().toString(), endpoints().get(0).startsWith("ws://127.0.0.1:"));
    assertEquals(
        List.of(
            "WARN org.daqstream.server: key host is missing in "
                + FILE
                + ": only this machine can connect, '*' is for all addresses"),
        LogLines.all());
    List<String> before = endpoints();
    server.take(Configs.with(without(WHOLE, "host"), "clients", 5));
    assertEquals("taken over", before, endpoints());
    assertEquals(1, LogLines.all().size());
  }

  @Test
  public void aConfigurationThatGoesTakesNothingWithIt() throws Exception {
    server.take(WHOLE);
    List<String> before = endpoints();
    try (Peer client = Peer.connect(port(0))) {
      server.configurationGone();
      assertEquals(before, endpoints());
      server.take(WHOLE);
      Dialogue.expectNothing(client);
    }
  }

  @Test
  public void aTakenPortIsNoticedBeforeAnybodyIsDisconnected() throws Exception {
    server.take(WHOLE);
    Map<String, Object> samePort = Configs.with(WHOLE, "port", port(0));
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      for (String key : List.of("port", "controlPort")) {
        int port = taken.getLocalPort();
        assertRefused(
            "key "
                + key
                + " = '"
                + port
                + "' cannot listen on host 'localhost': Address already in use",
            Configs.with(samePort, key, port));
      }
    }
    assertRefused(
        "key host = '192.0.2.1' is no address of this machine: Cannot assign requested address",
        Configs.with(samePort, "host", "192.0.2.1")); // reserved for documentation
  }

  @Test
  public void aPortThatStaysIsTakenFromTheServerBefore() throws Exception {
    server.take(WHOLE);
    int port = port(0);
    int control = port(1);
    server.take(Configs.with(WHOLE, "port", port, "path", "/stream"));
    assertEquals("ws://localhost:" + port + "/stream", endpoints().get(0));
    assertNotEquals(control, port(1));
    server.take(Configs.with(WHOLE, "port", port, "host", "127.0.0.1"));
    assertEquals("ws://127.0.0.1:" + port + "/", endpoints().get(0));
    assertEquals(List.of(), LogLines.all());
  }
}
