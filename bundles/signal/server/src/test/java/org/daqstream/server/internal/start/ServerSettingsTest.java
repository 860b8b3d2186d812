/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.start;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.daqstream.config.support.RefusedException;
import org.daqstream.server.internal.Await;
import org.daqstream.server.internal.Peer;
import org.daqstream.server.internal.web.PortSettings;
import org.daqstream.testing.Certificates;
import org.daqstream.testing.Configs;
import org.junit.Test;

/** A value that cannot be used is told with its key, itself and what is allowed. */
public class ServerSettingsTest {
  private static final Map<String, int[]> RANGES = new TreeMap<>();

  static {
    RANGES.put("port", new int[] {0, 65_535});
    RANGES.put("controlPort", new int[] {0, 65_535});
    RANGES.put("frameBytes", new int[] {256, 65_535});
    RANGES.put("sendBufferBytes", new int[] {0, 1 << 30});
    RANGES.put("ringBytes", new int[] {1 << 20, 1 << 30});
    RANGES.put("clients", new int[] {1, 100_000});
    RANGES.put("clientsPerAddress", new int[] {1, 100_000});
    RANGES.put("pendingConnections", new int[] {1, 100_000});
    RANGES.put("pendingPerAddress", new int[] {1, 100_000});
    RANGES.put("messageBytes", new int[] {1_024, 16 << 20});
    RANGES.put("unfinishedBytes", new int[] {1 << 16, 1 << 30});
    RANGES.put("pendingBytes", new int[] {1 << 16, 1 << 30});
    RANGES.put("requestBytes", new int[] {1_024, 16 << 20});
    RANGES.put("requestTimeoutMs", new int[] {100, 3_600_000});
    RANGES.put("closeTimeoutMs", new int[] {100, 60_000});
    RANGES.put("aliveIntervalMs", new int[] {0, 60_000});
    RANGES.put("pingIntervalMs", new int[] {0, 3_600_000});
  }

  private static void expectRefused(String key, Object value, String allowed) {
    RefusedException e =
        assertThrows(
            key + " = " + value,
            RefusedException.class,
            () -> TestServer.configuration(Map.of(key, value)));
    String message = e.getMessage();
    assertTrue(message, message.startsWith("key " + key + " = '" + value + "' "));
    assertTrue(message, message.contains(allowed));
    assertTrue("one line: " + message, message.indexOf('\n') < 0);
  }

  @Test
  public void numbersOutsideTheirRangeAreRefused() throws Exception {
    for (Map.Entry<String, int[]> each : RANGES.entrySet()) {
      String key = each.getKey();
      int low = each.getValue()[0];
      int high = each.getValue()[1];
      String allowed = "from " + low + " to " + high;
      expectRefused(key, low - 1, allowed);
      expectRefused(key, high + 1, allowed);
      expectRefused(key, Long.MAX_VALUE, allowed);
      expectRefused(key, Long.MIN_VALUE, allowed);
      TestServer.configuration(Map.of(key, low));
      TestServer.configuration(withRoom(key, high));
      TestServer.configuration(withRoom(key, " " + high + " "));
    }
  }

  /** Values that go together. */
  private static Map<String, Object> withRoom(String key, Object value) {
    return key.equals("messageBytes") || key.equals("requestBytes")
        ? Map.of(key, value, "unfinishedBytes", 16 << 20)
        : Map.of(key, value);
  }

  @Test
  public void valuesThatContradictEachOtherAreRefused() {
    expectRefused("messageBytes", 9 << 20, "must not be more than key unfinishedBytes = 8388608");
    expectRefused("requestBytes", 9 << 20, "must not be more than key unfinishedBytes = 8388608");
    expectRefused("controlPort", 7414, "must be another one than key port");
    TestServer.configuration(Map.of("port", 0, "controlPort", 0));
  }

  @Test
  public void whatIsNoWholeNumberIsRefused() {
    for (String key : RANGES.keySet()) {
      for (Object value : List.of("many", "1.5", "1e3", "0x10", "1 000", 1000.5, true)) {
        expectRefused(key, value, "must be a whole number");
      }
    }
  }

  @Test
  public void pathThatIsNoPathIsRefused() throws Exception {
    for (String path :
        List.of("", "stream", "//host/", "/a b", "/a?b", "/a#b", "/%20", "/\u00e4")) {
      expectRefused("path", path, "must ");
    }
    for (String path : List.of("/", "/stream", "/a/b-c_d.e~1/")) {
      assertEquals(path, TestServer.configuration(Map.of("path", path)).path());
    }
  }

  @Test
  public void absentValuesHaveTheirDefaults() throws Exception {
    ServerSettings configuration = TestServer.configuration(Map.of());
    assertEquals(7414, configuration.ports().port());
    assertEquals(7438, configuration.ports().controlPort());
    assertEquals("/", configuration.path());
    assertEquals(Set.of(), configuration.web().allowedOrigins());
  }

  @Test
  public void onlyAStarOpensTheServerToAllAddresses() {
    Map<String, Object> file = Map.of("felix.fileinstall.filename", "file:/c/s.cfg");
    assertEquals("without any configuration", ServerSettings.LOCAL, host(Map.of()));
    assertEquals(PortSettings.ALL, host(Map.of("host", " * ")));
    assertEquals("not in a file", ServerSettings.LOCAL, host(Map.of("host", "")));
    assertEquals("an empty file", ServerSettings.LOCAL, host(file));
    assertEquals(ServerSettings.LOCAL, host(Configs.with(file, "port", 1)));
    assertEquals("half a line", ServerSettings.LOCAL, host(Configs.with(file, "host", "")));
    assertEquals("lab", host(Configs.with(file, "\ufeffhost", "lab")));
    assertEquals("::1", host(Configs.with(file, "host", "::1")));
    assertEquals("0.0.0.0", host(Configs.with(file, "host", "0.0.0.0")));
    for (String half : List.of("::", ":", "0", "0.0", "0.0.0", "[::]", "0:0:0:0:0:0:0:0", "0x0")) {
      expectRefused("host", half, "must be '*' for all addresses");
    }
  }

  @Test
  public void whoMayReadIsSaidInWords() {
    assertEquals("this machine only", whoMayRead());
    assertEquals("this machine only", whoMayRead("host", "localhost"));
    assertEquals("open to everyone on the network", whoMayRead("host", "*"));
    assertEquals(
        "open to everyone on the network, as role guest",
        whoMayRead("host", "*", "anonymousRole", "guest"));
    assertEquals("login needed", whoMayRead("host", "*", "login", "needed"));
    assertEquals("open to everyone on the network", whoMayReadInsideTls("want"));
    assertEquals("certificate needed", whoMayReadInsideTls("need"));
    expectRefused("anonymousRole", "a b", "must be letters, digits and . _ -");
    expectRefused("hostNames", "http://a", "must be names without scheme and port");
  }

  private static String whoMayReadInsideTls(String clientCertificates) {
    Certificates files = Certificates.instance();
    return whoMayRead(
        "host",
        "*",
        "tls.certificate",
        files.file("server.crt"),
        "tls.key",
        files.file("server.key"),
        "tls.clientCertificates",
        clientCertificates,
        "tls.trust",
        files.file("ca.crt"));
  }

  private static String whoMayRead(Object... keysAndValues) {
    return TestServer.configuration(Configs.with(Map.of(), keysAndValues)).whoMayRead();
  }

  private static String host(Map<String, ?> values) {
    return TestServer.configuration(values).ports().host();
  }

  @Test
  public void originsMayBeAnArrayACollectionOrText() throws Exception {
    for (Object value : List.of(new String[] {"a", " b"}, List.of("a", "b"), "a, b,,")) {
      assertEquals(
          Set.of("a", "b"),
          TestServer.configuration(Map.of("allowedOrigins", value)).web().allowedOrigins());
    }
  }

  private static void expectNotStarted(String key, Object value, Object... keysAndValues) {
    RefusedException e =
        assertThrows(RefusedException.class, () -> new TestServer(keysAndValues).close());
    String message = e.getMessage();
    assertTrue(message, message.startsWith("key " + key + " = '" + value + "' "));
    Await.until("its threads are gone", ServerSettingsTest::isQuiet);
  }

  private static boolean isQuiet() {
    return Thread.getAllStackTraces().keySet().stream()
        .noneMatch(thread -> thread.getName().startsWith("daqstream-"));
  }

  @Test
  public void portThatIsTakenIsNamed() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();
      expectNotStarted("port", port, "port", port);
      expectNotStarted("controlPort", port, "controlPort", port);
    }
    try (TestServer server = new TestServer()) {
      Peer.connect(server.port()).close();
    }
  }

  @Test
  public void hostThatIsUnknownOrOfAnotherMachineIsNamed() {
    expectNotStarted("host", "no-such-host.invalid", "host", "no-such-host.invalid");
    expectNotStarted("host", "192.0.2.1", "host", "192.0.2.1"); // reserved for documentation
    expectNotStarted("host", "a b", "host", "a b");
    expectNotStarted("host", "300.300.300.300", "host", "300.300.300.300");
  }
}
