/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import static org.junit.Assert.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.daqstream.itest.plugin.EveryKindSource;
import org.daqstream.itest.plugin.SceneSource;
import org.daqstream.testing.Needs;
import org.junit.BeforeClass;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/**
 * The viewer of the launcher in Chromium: {@code viewer/viewer.mjs}. Screenshots are left in {@code
 * target/viewer/screenshots}.
 */
public class ViewerIT {
  private static final long TIMEOUT_MS = 600_000;
  private static final List<String> FILES =
      List.of(
          ".npmrc",
          "package.json",
          "package-lock.json",
          "viewer.mjs",
          "pictures.mjs",
          "page.mjs",
          "scene.mjs",
          "kinds.mjs",
          "views.mjs",
          "access.mjs",
          "secure.mjs",
          "fake.mjs");
  private static final String GONE = "prefix = gone\nrateHz = 100\n";
  private static Path scripts;

  @Rule public TemporaryFolder folder = new TemporaryFolder();

  @BeforeClass
  public static void installScripts() throws Exception {
    Needs.program("node", "nodejs");
    Needs.program("npm", "npm");
    Needs.program("chromium", "chromium");
    Path source = Path.of(System.getProperty("daqstream.node")).resolveSibling("viewer");
    scripts = Path.of(System.getProperty("daqstream.work"), "viewer");
    Files.createDirectories(scripts);
    for (String file : FILES) {
      Files.write(scripts.resolve(file), Files.readAllBytes(source.resolve(file)));
    }
    try (RunningProcess install = RunningProcess.start(scripts, List.of("npm", "ci"))) {
      Needs.that(
          install.awaitExit(TIMEOUT_MS) == 0,
          "the npm packages of itest/viewer: " + String.join(" ", install.lines()));
    }
  }

  @Test
  public void whatIsPublishedIsSeenInTheBrowser() throws Exception {
    Path home = folder.newFolder().toPath();
    Path exact = writeSources(home);
    Distribution.configureServer(home, Distribution.FREE_PORTS);
    Path deploy = Files.createDirectories(home.resolve("deploy"));
    deploy(deploy, PluginJar.source("every.kind", 1, EveryKindSource.class));
    deploy(deploy, PluginJar.source("scene", 1, SceneSource.class));
    RunningProcess instance = Distribution.start(home);
    try {
      Distribution.Endpoints endpoints = Distribution.awaitListening(instance, 0);
      // The second one is to be found where the first one was.
      String samePorts =
          "host = 127.0.0.1\nport = %d\ncontrolPort = %d\n"
              .formatted(endpoints.ws().getPort(), endpoints.http().getPort());
      try (RunningProcess viewer = script("viewer.mjs", endpoints, exact.toString())) {
        if (said(viewer, "REMOVE")) {
          Files.delete(source(home, "gone"));
        }
        if (said(viewer, "BACK")) {
          simulator(home, "gone", GONE);
        }
        if (said(viewer, "SWAP")) {
          String writer = "org.daqstream.writer.numeric.jar";
          Files.copy(
              Distribution.FOLDER.resolve("bundles").resolve(writer), deploy.resolve(writer));
        }
        if (said(viewer, "KILL")) {
          instance.close();
          Distribution.configureServer(home, samePorts);
        }
        if (said(viewer, "START")) {
          instance = Distribution.start(home);
        }
        succeeds(viewer);
      }
    } finally {
      instance.close();
    }
  }

  @Test
  public void serverWithPathOfItsOwnIsFound() throws Exception {
    Path home = folder.newFolder().toPath();
    Distribution.configureServer(home, Distribution.FREE_PORTS + "path = /measured/here\n");
    try (RunningProcess instance = Distribution.start(home)) {
      Distribution.Endpoints endpoints = Distribution.awaitListening(instance, 0);
      assertEquals("/measured/here", endpoints.http().getPath());
      try (RunningProcess viewer =
          script("viewer.mjs", endpoints, "", "the first signal is drawn soon")) {
        succeeds(viewer);
      }
    }
  }

  /** With the certificate that a user makes for a start. */
  @Test
  public void thePageBehindTlsAndALogin() throws Exception {
    Path home = folder.newFolder().toPath();
    Files.createDirectories(home.resolve("conf"));
    simulator(home, "sine", "prefix = sine\nrateHz = 1000\nfrequencyHz = 2\n");
    Distribution.said(home, "tls:create", "--host", "localhost");
    Path tls = home.resolve("tls");
    Distribution.configureServer(
        home,
        "login = needed\ntls.certificate = %s\ntls.key = %s\n"
                .formatted(tls.resolve("server.crt"), tls.resolve("server.key"))
            + Distribution.FREE_PORTS);
    try (RunningProcess instance = Distribution.start(home)) {
      URI page = Distribution.awaitListening(instance, 0).http();
      String token = Distribution.said(home, "token:create", "--role", "reader").get(0);
      List<String> command =
          List.of("node", "secure.mjs", page.toString(), scripts.resolve("screenshots").toString());
      try (RunningProcess viewer =
          RunningProcess.start(scripts, command, Map.of("DAQSTREAM_TOKEN", token))) {
        succeeds(viewer);
      }
      assertEquals(List.of(), instance.lines(line -> line.contains(token)));
    }
  }

  /** One command for pictures of the main states, to be looked at. */
  @Test
  public void picturesOfTheMainStates() throws Exception {
    Path home = folder.newFolder().toPath();
    Files.createDirectories(home.resolve("conf"));
    simulator(
        home,
        "sine",
        "prefix = sine\nsignals = 4\nrateHz = 10000\nfrequencyHz = 2\nphaseStepDegrees = 60\n");
    simulator(
        home, "square", "prefix = square\nrateHz = 10000\nfrequencyHz = 50\nwaveform = square\n");
    simulator(home, "gappy", "prefix = gappy\ngapEverySeconds = 3\ngapMs = 400\n");
    Distribution.configureServer(home, Distribution.FREE_PORTS);
    deploy(
        Files.createDirectories(home.resolve("deploy")),
        PluginJar.source("scene", 1, SceneSource.class));
    try (RunningProcess instance = Distribution.start(home)) {
      Distribution.Endpoints endpoints = Distribution.awaitListening(instance, 0);
      try (RunningProcess pictures = script("pictures.mjs", endpoints)) {
        succeeds(pictures);
      }
    }
  }

  /** Starts a script on the page at the root of a server. */
  private static RunningProcess script(
      String name, Distribution.Endpoints endpoints, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("node", name));
    command.add(endpoints.http().resolve("/").toString());
    command.add(scripts.resolve("screenshots").toString());
    command.addAll(List.of(arguments));
    return RunningProcess.start(scripts, command);
  }

  private static void succeeds(RunningProcess script) throws Exception {
    int exit = script.awaitExit(TIMEOUT_MS);
    script.lines().forEach(System.out::println);
    assertEquals(String.join("\n", script.lines()), 0, exit);
  }

  private static void deploy(Path folder, PluginJar plugin) throws IOException {
    try (InputStream jar = plugin.open()) {
      Files.write(folder.resolve(plugin.name() + ".jar"), jar.readAllBytes());
    }
  }

  /** Whether the script said so, and did not end before. */
  private static boolean said(RunningProcess viewer, String word) throws Exception {
    String line =
        viewer.awaitLine(0, each -> each.equals(word) || each.contains("Error"), TIMEOUT_MS);
    return line.equals(word);
  }

  /** Sources of known signals; returns the file whose every sample is known. */
  private static Path writeSources(Path home) throws IOException {
    Path conf = Files.createDirectories(home.resolve("conf"));
    simulator(home, "a", "prefix = sine\nsignals = 4\nrateHz = 10000\nfrequencyHz = 2\n");
    simulator(home, "b", "prefix = count\nsignals = 2\nwaveform = counter\ndataType = int64\n");
    simulator(home, "gone", GONE);
    for (int i = 0; i < 5; i++) {
      simulator(home, "m" + i, "prefix = many%d\nsignals = 1000\nrateHz = 2\n".formatted(i));
    }
    Path recordings = Files.createDirectories(home.resolve("recordings"));
    Files.writeString(
        conf.resolve("org.daqstream.source.file-rec.cfg"),
        "path = recordings\nprefix = rec\nabsoluteTime = true\nscanMs = 100\n");
    Files.writeString(recordings.resolve("names.csv"), hostileNames());
    return Files.writeString(recordings.resolve("exact.csv"), exactSamples());
  }

  private static void simulator(Path home, String name, String text) throws IOException {
    Files.writeString(source(home, name), text);
  }

  private static Path source(Path home, String name) {
    return home.resolve("conf").resolve("org.daqstream.source.simulator-" + name + ".cfg");
  }

  /** Distances of 1 ns to 40 ms, values with all the digits that a double has. */
  private static String exactSamples() {
    Random random = new Random(15);
    StringBuilder csv = new StringBuilder("t [ns],v [V]\n");
    long ns = 1_795_000_000_000_000_001L;
    for (int i = 0; i < 6_000; i++) {
      csv.append(ns).append(',').append(0.001 + random.nextDouble()).append('\n');
      ns += i % 10 == 0 ? 1 : 1 + random.nextInt(40_000_000);
    }
    return csv.toString();
  }

  private static String hostileNames() {
    StringBuilder csv =
        new StringBuilder(
            "t [ns],<img src=x onerror=alert(1)>,\u202eevil,\"\"\"><script>alert(2)</script>\"\n");
    for (int i = 0; i < 1_000; i++) {
      csv.append(1_795_000_000_000_000_000L + i * 50_000_000L);
      csv.append(",").append(i).append(",").append(-i).append(",").append(i % 7).append('\n');
    }
    return csv.toString();
  }
}
