/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.daqstream.itest.LiveRuntime.await;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The launcher as a user has it: a process, its output, its folders and its exit code. */
public class LauncherIT {
  private static final long SOON_MS = 20_000;

  @Rule public TemporaryFolder folder = new TemporaryFolder();

  private Path home;

  @Before
  public void createHome() throws IOException {
    home = folder.newFolder().toPath();
  }

  @Test
  public void saysWhereItListensAndEndsCleanlyOnSigterm() throws Exception {
    Distribution.configureServer(home, Distribution.FREE_PORTS);
    try (RunningProcess instance = Distribution.start(home)) {
      Distribution.Endpoints endpoints = Distribution.awaitListening(instance, 0);
      assertTrue("signals: " + endpoints.signals(), endpoints.signals() > 5);
      instance.terminate();
      assertEquals(0, instance.awaitExit(SOON_MS));
      assertFree(endpoints.ws().getPort());
      assertFree(endpoints.http().getPort());
    }
  }

  private static void assertFree(int port) throws IOException {
    new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
  }

  @Test
  public void bundleInDeployGoesLiveIsUpdatedAndLeavesWhileClientsStay() throws Exception {
    Distribution.configureServer(home, Distribution.FREE_PORTS);
    Path work = folder.newFolder().toPath();
    try (RunningProcess instance = Distribution.start(home)) {
      Distribution.Endpoints endpoints = Distribution.awaitListening(instance, 0);
      Path jar = home.resolve("deploy/one.jar");
      try (SignalClient client =
          new SignalClient(endpoints.ws().toString(), endpoints.http().toString())) {
        OneSignalBundle.write(jar, "one/first", work);
        awaitSignal(client, "available", "one/first");
        OneSignalBundle.write(jar, "one/second", work);
        awaitSignal(client, "unavailable", "one/first");
        awaitSignal(client, "available", "one/second");
        Files.delete(jar);
        awaitSignal(client, "unavailable", "one/second");
      }
    }
  }

  /** The log takes events' package if there is one: it must not be restarted with all others. */
  @Test
  public void packageThatTheLogCouldUseRestartsNothing() throws Exception {
    Distribution.configureServer(home, Distribution.FREE_PORTS);
    Path work = folder.newFolder().toPath();
    try (RunningProcess instance = Distribution.start(home)) {
      Distribution.Endpoints endpoints = Distribution.awaitListening(instance, 0);
      try (SignalClient client =
          new SignalClient(endpoints.ws().toString(), endpoints.http().toString())) {
        writeExport(home.resolve("deploy/event.jar"), "org.osgi.service.event;version=\"1.4\"");
        OneSignalBundle.write(home.resolve("deploy/one.jar"), "one/first", work);
        awaitSignal(client, "available", "one/first");
        OneSignalBundle.write(home.resolve("deploy/one.jar"), "one/second", work);
        awaitSignal(client, "available", "one/second");
      }
    }
  }

  private static void writeExport(Path jar, String exported) throws IOException {
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.putValue("Manifest-Version", "1.0");
    attributes.putValue("Bundle-ManifestVersion", "2");
    attributes.putValue("Bundle-SymbolicName", "exporter");
    attributes.putValue("Export-Package", exported);
    try (OutputStream file = Files.newOutputStream(jar)) {
      new JarOutputStream(file, manifest).close();
    }
  }

  private static void awaitSignal(SignalClient client, String method, String signalId)
      throws InterruptedException {
    client.await(
        method + " with " + signalId,
        packet -> packet.is(method) && SignalClient.ids(packet).contains(signalId));
  }

  @Test
  public void oneManifestStartsTheCamerasAndTheirCollector() throws Exception {
    Distribution.configureServer(home, Distribution.FREE_PORTS);
    Path sample = Distribution.FOLDER.resolve("etc/streams/cameras.json.sample");
    String manifest = Files.readString(sample).replace("5555", String.valueOf(Modules.freePort()));
    Path dropped = Files.createDirectories(home.resolve("etc/streams")).resolve("cameras.json");
    try (RunningProcess instance = Distribution.start(home)) {
      URI metrics = Distribution.awaitListening(instance, 0).http().resolve("/metrics");
      Files.writeString(dropped, manifest);
      for (int camera = 1; camera <= 3; camera++) {
        String sends = "example-camera-" + camera + ": sends";
        instance.awaitLine(0, line -> line.contains(sends), SOON_MS);
      }
      String received =
          "daqstream_stream_messages_total\\{instance=\"example-collector\",.*} [1-9]\\d*";
      await("frames", () -> page(metrics).lines().anyMatch(line -> line.matches(received)));
      await(
          "three cameras",
          () ->
              instance
                      .lines(
                          line ->
                              line.contains("is there")
                                  && line.contains("example-collector: camera "))
                      .size()
                  == 3);
      Files.delete(dropped);
      instance.awaitLine(0, line -> line.contains("cameras.json is gone"), SOON_MS);
      assertEquals(List.of(), instance.lines(LauncherIT::isError));
    }
  }

  private static String page(URI uri) throws IOException {
    try (InputStream page = uri.toURL().openStream()) {
      return new String(page.readAllBytes(), UTF_8);
    }
  }

  @Test
  public void portThatIsNoNumberIsSaidInOneLineAndCanBeCorrected() throws Exception {
    assertRefused("port", "seven", "port = seven\ncontrolPort = 0\n");
  }

  @Test
  public void takenPortIsSaidInOneLineAndCanBeCorrected() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String taken = String.valueOf(other.getLocalPort());
      assertRefused("port", taken, "host = 127.0.0.1\nport = " + taken + "\ncontrolPort = 0\n");
    }
  }

  @Test
  public void unknownHostIsSaidInOneLineAndCanBeCorrected() throws Exception {
    assertRefused("host", "no.such.invalid", "host = no.such.invalid\nport = 0\ncontrolPort = 0\n");
  }

  private void assertRefused(String key, String value, String conf) throws Exception {
    Distribution.configureServer(home, conf);
    try (RunningProcess instance = Distribution.start(home)) {
      String error = instance.awaitLine(0, LauncherIT::isError, SOON_MS);
      assertTrue(error, error.contains("key " + key + " = '" + value + "'"));
      assertTrue(instance.isAlive());
      Distribution.configureServer(home, Distribution.FREE_PORTS);
      Distribution.awaitListening(instance, 0);
      assertEquals(List.of(error), instance.lines(LauncherIT::isError));
    }
  }

  private static boolean isError(String line) {
    return line.contains("ERROR") || line.contains("Exception");
  }

  @Test
  public void anEmptiedOrHalfWrittenFileOpensNothingAndDropsNobody() throws Exception {
    Distribution.configureServer(home, "\ufeffhost = localhost\nport = 0\ncontrolPort = 0\n");
    try (RunningProcess instance = Distribution.start(home)) {
      Distribution.Endpoints endpoints = Distribution.awaitListening(instance, 0);
      assertEquals("localhost", endpoints.ws().getHost());
      try (SignalClient client =
          new SignalClient(endpoints.ws().toString(), endpoints.http().toString())) {
        Distribution.configureServer(home, "");
        instance.awaitLine(0, line -> line.contains("there is no key in " + home), SOON_MS);
        Distribution.configureServer(home, "port = 0\n");
        instance.awaitLine(0, line -> line.contains("key host is missing in " + home), SOON_MS);
        Files.delete(home.resolve("conf/org.daqstream.server.cfg"));
        instance.awaitLine(0, line -> line.contains("the configuration is gone"), SOON_MS);
        OneSignalBundle.write(
            home.resolve("deploy/one.jar"), "one/first", folder.newFolder().toPath());
        awaitSignal(client, "available", "one/first");
      }
      assertEquals(2, instance.lines(LauncherIT::isError).size());
    }
    Distribution.configureServer(home, "\nport = 0\ncontrolPort = 0\n");
    try (RunningProcess instance = Distribution.start(home)) {
      assertEquals("127.0.0.1", Distribution.awaitListening(instance, 0).ws().getHost());
    }
  }

  @Test
  public void aSecondServerIsAFileBesideTheFirst() throws Exception {
    Distribution.configureServer(home, Distribution.FREE_PORTS);
    try (RunningProcess instance = Distribution.start(home)) {
      Distribution.Endpoints first = Distribution.awaitListening(instance, 0);
      Path second = home.resolve("conf/org.daqstream.server-b.cfg");
      Files.writeString(second, Distribution.FREE_PORTS);
      instance.awaitLine(
          0, line -> isListening(line) && !line.contains(first.ws().toString()), SOON_MS);
      Files.writeString(second, "port = many\n");
      instance.awaitLine(
          0, line -> line.contains("org.daqstream.server~b: key port = 'many'"), SOON_MS);
      assertEquals(1, instance.lines(LauncherIT::isError).size());
      new SignalClient(first.ws().toString(), first.http().toString()).close();
    }
  }

  private static boolean isListening(String line) {
    return line.contains("org.daqstream.server [") && line.contains("] INFO : listening on ws:");
  }

  @Test
  public void filesThatAreIgnoredAreSaid() throws Exception {
    Distribution.configureServer(home, Distribution.FREE_PORTS);
    Path conf = home.resolve("conf");
    String simulator = "org.daqstream.source.simulator-";
    Files.writeString(conf.resolve(simulator + "ab.cfg"), "prefix = ab\n");
    try (RunningProcess instance = Distribution.start(home)) {
      Distribution.Endpoints endpoints = Distribution.awaitListening(instance, 0);
      Path jar = home.resolve("deploy/broken.jar");
      Path copy = conf.resolve(simulator + "a (copy).cfg");
      Path star = conf.resolve(simulator + "a*.cfg");
      for (Path file : List.of(jar, copy, star)) {
        Files.writeString(file, "prefix = other\n");
      }
      for (Path file : List.of(jar, copy, star)) {
        instance.awaitLine(0, line -> line.contains(file + " is ignored: "), SOON_MS);
      }
      try (SignalClient client =
          new SignalClient(endpoints.ws().toString(), endpoints.http().toString())) {
        assertTrue(client.available().toString(), client.available().contains("ab/0"));
        OneSignalBundle.write(jar, "one/first", folder.newFolder().toPath());
        awaitSignal(client, "available", "one/first");
        int lines = instance.lines().size();
        Files.writeString(jar, "no jar");
        instance.awaitLine(lines, line -> line.contains(jar + " is ignored: "), SOON_MS);
        awaitSignal(client, "unavailable", "one/first");
        Path capitals = home.resolve("deploy/TWO.JAR");
        OneSignalBundle.write(capitals, "two/first", folder.newFolder().toPath());
        Path pipe = home.resolve("deploy/pipe.jar");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        instance.awaitLine(lines, line -> line.contains(pipe + " is ignored"), SOON_MS);
      }
      assertEquals(5, instance.lines(line -> line.contains(" is ignored: ")).size());
    }
  }

  @Test
  public void secondInstanceInTheSameFolderIsRefused() throws Exception {
    Distribution.configureServer(home, Distribution.FREE_PORTS);
    try (RunningProcess first = Distribution.start(home)) {
      Distribution.awaitListening(first, 0);
      try (RunningProcess second = Distribution.start(home)) {
        assertEquals(3, second.awaitExit(SOON_MS));
        assertTrue(
            second.lines().toString(),
            second.lines().stream().anyMatch(line -> line.contains(home.toString())));
      }
      assertTrue(first.isAlive());
    }
  }
}
