/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.daqstream.testing.Needs;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The archives, unpacked and used as somebody does who installs them. */
public class DistributionIT {
  private static final Path ARCHIVES = Path.of(System.getProperty("daqstream.archives"));
  private static final long SOON_MS = 60_000;

  /** Libraries without a jar of their own. */
  private static final Set<String> EMBEDDED =
      Set.of(
          "asm",
          "asm-analysis",
          "asm-commons",
          "asm-tree",
          "asm-util",
          "compiler",
          "jnats",
          "parquet-format-structures",
          "runtime",
          "wasm",
          "zstd-jni");

  private static final Pattern PURL = Pattern.compile("\"purl\" : \"pkg:maven/[^/]+/([^@]+)@");

  @Rule public TemporaryFolder folder = new TemporaryFolder();

  private Path installed;
  private Path home;

  @Before
  public void unpack() throws Exception {
    Path root = folder.getRoot().toPath();
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path archive = archive(".tar.gz");
    assertEquals(0, call(List.of("tar", "xzf", archive.toString())).code());
    installed = root.resolve(archive.getFileName().toString().replace(".tar.gz", ""));
    home = folder.newFolder("home").toPath();
  }

  private static Path archive(String suffix) throws IOException {
    try (Stream<Path> files = Files.list(ARCHIVES)) {
      List<Path> found = files.filter(file -> file.toString().endsWith(suffix)).toList();
      assertEquals(suffix + " in " + found, 1, found.size());
      return found.get(0);
    }
  }

  /** How a command ended and what it printed. */
  private record Result(int code, List<String> lines) {
    void assertSays(int expectedCode, String text) {
      assertEquals(lines.toString(), expectedCode, code);
      assertTrue(lines.toString(), String.join("\n", lines).contains(text));
    }
  }

  private Result call(List<String> command) throws Exception {
    return call(command, Map.of());
  }

  private Result call(List<String> command, Map<String, String> environment) throws Exception {
    try (RunningProcess process =
        RunningProcess.start(folder.getRoot().toPath(), command, environment)) {
      return new Result(process.awaitExit(SOON_MS), process.lines());
    }
  }

  private List<String> command(List<String> shell, String... args) {
    List<String> command = new ArrayList<>(shell);
    command.addAll(
        List.of(installed.resolve("bin/daqstream").toString(), "--home", home.toString()));
    command.addAll(List.of(args));
    return command;
  }

  @Test
  public void archivesAreWholeAndOneLikeTheOther() throws Exception {
    for (String name :
        List.of(
            "bin/daqstream",
            "bundles/org.daqstream.server.jar",
            "conf/org.daqstream.server.cfg",
            "deploy/README.txt",
            "docker/Dockerfile",
            "lib/daqstream.jar",
            "systemd/daqstream.service",
            "LICENSE",
            "NOTICE",
            "THIRD-PARTY.txt")) {
      assertTrue(name, Files.isRegularFile(installed.resolve(name)));
    }
    try (ZipFile zip = new ZipFile(archive(".zip").toFile());
        Stream<Path> files = Files.walk(installed)) {
      Set<String> zipped =
          zip.stream()
              .filter(entry -> !entry.isDirectory())
              .map(entry -> entry.getName().substring(entry.getName().indexOf('/') + 1))
              .collect(Collectors.toCollection(TreeSet::new));
      Set<String> unpacked =
          files
              .filter(Files::isRegularFile)
              .map(file -> installed.relativize(file).toString())
              .collect(Collectors.toCollection(TreeSet::new));
      assertEquals(unpacked, zipped);
    }
    for (String suffix : List.of(".tar.gz", ".zip")) {
      byte[] bytes = Files.readAllBytes(archive(suffix));
      String sum = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
      String said = Files.readString(archive(suffix + ".sha256"));
      assertEquals(sum + " *" + archive(suffix).getFileName(), said.strip());
    }
  }

  /** Names of the jars without ".jar", but the launcher's own. */
  private Set<String> jars() throws IOException {
    try (Stream<Path> bundles = Files.list(installed.resolve("bundles"));
        Stream<Path> lib = Files.list(installed.resolve("lib"));
        Stream<Path> java = Files.list(installed.resolve("libraries/java"))) {
      return Stream.concat(bundles, Stream.concat(lib, java))
          .map(jar -> jar.getFileName().toString())
          .filter(name -> name.endsWith(".jar"))
          .map(name -> name.replace(".jar", ""))
          .filter(name -> !name.equals("daqstream"))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  /** What is in there, with libraries that are inside bundles of ours. */
  private Set<String> components() throws IOException {
    Set<String> components = jars();
    components.addAll(EMBEDDED);
    return components;
  }

  @Test
  public void noticesNameEveryLibrary() throws Exception {
    String notices = Files.readString(installed.resolve("THIRD-PARTY.txt"));
    for (String jar : components()) {
      if (!jar.startsWith("org.daqstream.")) {
        assertTrue(jar + " is not in THIRD-PARTY.txt", notices.contains("\n" + jar + " "));
      }
    }
  }

  @Test
  public void billOfMaterialsNamesEveryLibraryAndNothingElse() throws Exception {
    Needs.that(
        System.getProperty("daqstream.network").equals("offline=false"),
        "Maven to be online, which makes the bill of materials only then");
    String bill = Files.readString(archive(".cdx.json"));
    Set<String> components =
        PURL.matcher(bill)
            .results()
            .map(component -> component.group(1))
            .filter(name -> !name.equals("org.daqstream.launcher"))
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(components(), components);
    assertEquals(-1, Files.mismatch(archive(".cdx.json"), installed.resolve("daqstream.cdx.json")));
  }

  @Test
  public void startStatusCommandsAndStopInTheSystemsShell() throws Exception {
    List<String> shell = List.of("sh");
    serveInTheBackground(shell, () -> operateBundle(shell));
  }

  /** As in Alpine Linux. */
  @Test
  public void startStatusCommandsAndStopInBusybox() throws Exception {
    Needs.program("busybox", "busybox");
    serveInTheBackground(List.of("busybox", "sh"), () -> {});
  }

  private interface Operation {
    void run() throws Exception;
  }

  private void serveInTheBackground(List<String> shell, Operation operation) throws Exception {
    Distribution.configureServer(home, Distribution.FREE_PORTS);
    call(command(shell, "status")).assertSays(3, "not running in " + home);
    call(command(shell, "stop")).assertSays(0, "not running in " + home);
    try {
      call(command(shell, "start")).assertSays(0, "listening on ws://127.0.0.1:");
      call(command(shell, "start")).assertSays(3, "already running in " + home);
      call(command(shell, "run")).assertSays(3, home.toString());
      call(command(shell, "status")).assertSays(0, "listening on ws://127.0.0.1:");
      call(command(shell, "felix:lb", "-s", "daqstream.server"))
          .assertSays(0, "org.daqstream.server");
      call(command(shell, "shell", "lb nosuch; lb -s scr")).assertSays(0, "felix.scr");
      call(command(shell, "signal:nosuch")).assertSays(1, "signal:nosuch");
      operation.run();

      long pid = Long.parseLong(Files.readString(home.resolve("var/pid")).strip());
      ProcessHandle.of(pid).orElseThrow().destroyForcibly();
      ProcessHandle.of(pid).ifPresent(process -> process.onExit().join());
      call(command(shell, "status")).assertSays(1, "has died");
      call(command(shell, "start")).assertSays(0, "listening on ws://127.0.0.1:");
    } finally {
      call(command(shell, "stop")).assertSays(0, "stopped");
    }
    call(command(shell, "status")).assertSays(3, "not running in " + home);
    call(command(shell, "felix:lb")).assertSays(3, "not running in " + home);
    String log = Files.readString(home.resolve("log/daqstream.log"));
    assertTrue(log, log.contains("daqstream: no longer listening on ws://127.0.0.1:"));
  }

  /** As one line and as words. */
  private void operateBundle(List<String> shell) throws Exception {
    Path jar = folder.newFile().toPath();
    OneSignalBundle.write(jar, "one/first", folder.newFolder().toPath());
    Result installation = call(command(shell, "shell", "install " + jar.toUri()));
    installation.assertSays(0, "Bundle ID: ");
    String id = installation.lines().get(0).replaceAll("\\D", "");
    call(command(shell, "shell", "start " + id)).assertSays(0, "");
    call(command(shell, "signal:list", "one/")).assertSays(0, "one/first");
    OneSignalBundle.write(jar, "one/second", folder.newFolder().toPath());
    call(command(shell, "shell", "update " + id)).assertSays(0, "");
    call(command(shell, "signal:list", "one/")).assertSays(0, "one/second");
    call(command(shell, "shell", "headers " + id)).assertSays(0, "Bundle-ManifestVersion = 2");
    call(command(shell, "felix:stop", id)).assertSays(0, "");
    call(command(shell, "felix:lb")).assertSays(0, id + "|Resolved");
    call(command(shell, "shell", "uninstall " + id)).assertSays(0, "");
    call(command(shell, "shell", "stop " + id)).assertSays(1, "there is no such bundle");
    assertEquals(
        "what is logged meanwhile is not for the user",
        List.of(),
        call(command(shell, "shell", "stop org.daqstream.writer.numeric")).lines());
    awaitInLog("no writer"); // it comes only when no other takes its place soon
    assertFalse(Files.exists(home.resolve("var/fallback.log")));
  }

  private void awaitInLog(String text) throws IOException {
    long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    String log = "";
    while (!log.contains(text)) {
      assertTrue(log, System.nanoTime() - deadlineNanos < 0);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
      log = Files.readString(home.resolve("log/daqstream.log"));
    }
  }

  @Test
  public void startThatFailsSaysWhy() throws Exception {
    Files.delete(installed.resolve("bundles/jetty-io.jar"));
    Distribution.configureServer(home, Distribution.FREE_PORTS);
    call(command(List.of("sh"), "start")).assertSays(3, "org.eclipse.jetty.io");
    call(command(List.of("sh"), "status")).assertSays(3, "not running in " + home);
  }

  @Test
  public void startWithoutAServerIsNotASuccess() throws Exception {
    Distribution.configureServer(home, "port = seven\n");
    String why = "no server is listening: org.daqstream.server: key port = 'seven' must be ";
    String where = home.resolve("conf/org.daqstream.server.cfg") + " is read again";
    try {
      Result start = call(command(List.of("sh"), "start"));
      start.assertSays(1, why);
      start.assertSays(1, where);
      assertEquals(start.lines().toString(), 1, start.lines().size());
      call(command(List.of("sh"), "status")).assertSays(1, why);
    } finally {
      call(command(List.of("sh"), "stop")).assertSays(0, "stopped");
    }
  }

  @Test
  public void valuesComeFromTheEnvironmentInBothFormats() throws Exception {
    Path conf = Files.createDirectory(home.resolve("conf"));
    Path json = conf.resolve("org.daqstream.source.simulator-json.cfg.json");
    Files.writeString(
        conf.resolve("org.daqstream.server.cfg.json"),
        """
        // Comments are allowed.
        {"host": "$[env:DQ_HOST]", "port:Integer": 0, "controlPort": "$[env:DQ_NONE;default=0]"}
        """);
    Files.writeString(json, "{\"prefix\": \"$[env:DQ_NAME]/json\", \"signals\": 1}");
    Files.writeString(
        conf.resolve("org.daqstream.source.simulator-cfg.cfg"),
        "prefix = $[env:DQ_NAME]/µ\nsignals = $[prop:dq.signals]\n");
    Map<String, String> environment =
        Map.of(
            "DQ_HOST", "127.0.0.1",
            "DQ_NAME", "here",
            "DAQSTREAM_JAVA_OPTS", "-XX:+UseSerialGC -Ddq.signals=2");
    try (RunningProcess instance =
        RunningProcess.start(home, command(List.of("sh")), environment)) {
      Distribution.Endpoints endpoints = Distribution.awaitListening(instance, 0);
      assertEquals("127.0.0.1", endpoints.ws().getHost());
      try (SignalClient client =
          new SignalClient(endpoints.ws().toString(), endpoints.http().toString())) {
        assertTrue(
            client.available().toString(),
            client.available().containsAll(List.of("here/µ/1", "here/json/0")));
        Files.writeString(json, "{\"prefix\": \"here/json\",\n \"signals\" 2}");
        instance.awaitLine(0, line -> line.contains(json + ", line 2"), SOON_MS);
        Files.writeString(json, "{\"prefix\": \"here/json\", \"signals\": \"two\"}");
        instance.awaitLine(0, line -> line.contains("signals") && isError(line), SOON_MS);
        assertEquals(2, instance.lines(DistributionIT::isError).size());
        Files.writeString(json, "{\"prefix\": \"here/json\", \"signals\": 2}");
        awaitAvailable(client, "here/json/1");
      }
    }
  }

  private static void awaitAvailable(SignalClient client, String signal)
      throws InterruptedException {
    client.await(
        "available with " + signal,
        packet -> packet.is("available") && SignalClient.ids(packet).contains(signal));
  }

  private static boolean isError(String line) {
    return line.contains("ERROR") || line.contains("Exception");
  }

  /** The folder of the program is not writable for it. */
  @Test
  public void runsAsAnUnprivilegedUser() throws Exception {
    Distribution.configureServer(home, Distribution.FREE_PORTS);
    List<String> user = List.of();
    if (System.getProperty("user.name").equals("root")) {
      String nobody = "65534";
      user = List.of("setpriv", "--reuid", nobody, "--regid", nobody, "--clear-groups", "sh");
      assertEquals(0, call(List.of("chown", "-R", nobody, home.toString())).code());
    } else {
      System.out.println("not started by root: the user of the tests runs it");
    }
    try (RunningProcess instance = RunningProcess.start(home, command(user))) {
      assertTrue(Distribution.awaitListening(instance, 0).signals() > 5);
      assertEquals(List.of(), instance.lines(DistributionIT::isError));
      call(command(user, "status")).assertSays(0, "listening on");
      call(command(user, "felix:lb")).assertSays(0, "daqstream server");
      instance.terminate();
      assertEquals(0, instance.awaitExit(SOON_MS));
    }
  }

  @Test
  public void requestsThatAreNoneDoNotFillTheLog() throws Exception {
    Distribution.configureServer(home, Distribution.FREE_PORTS);
    try (RunningProcess instance = RunningProcess.start(home, command(List.of("sh")))) {
      URI ws = Distribution.awaitListening(instance, 0).ws();
      for (int i = 0; i < 50; i++) {
        assertRefused(ws, "GET /none HTTP/1.1\r\nHost: a:b:c\r\n\r\n");
        assertRefused(ws, "GET /none HTTP/1.1\r\nHost: [::\r\n\r\n");
        assertRefused(ws, "\u0001\r\n\r\n");
      }
      instance.terminate();
      assertEquals(0, instance.awaitExit(SOON_MS));
      List<String> lines =
          instance.lines(line -> line.contains("jetty") || line.matches("\\S+ \\s*at .*"));
      assertEquals(List.of(), lines);
    }
  }

  private static void assertRefused(URI server, String request) throws IOException {
    try (Socket socket = new Socket(server.getHost(), server.getPort())) {
      socket.setSoTimeout((int) SOON_MS);
      socket.getOutputStream().write(request.getBytes(US_ASCII));
      String answer = new String(socket.getInputStream().readNBytes(12), US_ASCII);
      assertTrue(request + answer, answer.startsWith("HTTP/1.1 400"));
    }
  }
}
