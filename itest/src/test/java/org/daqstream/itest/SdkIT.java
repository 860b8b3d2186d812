/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.daqstream.itest.plugin.EveryKindSource;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/**
 * The openDAQ SDK as a client of the launcher: the scripts in {@code sdk}, run by Python with what
 * {@code sdk/requirements.txt} and {@code requirements-old.txt} name, which is installed below
 * {@code target}.
 */
public class SdkIT {
  private static final long TIMEOUT_MS = 120_000;

  /** Lines of the README: client, and the signal that it reads. */
  private static final Pattern EXAMPLE = Pattern.compile("```python\n(.*?)```", Pattern.DOTALL);

  @ClassRule public static TemporaryFolder runtime = new TemporaryFolder();
  @Rule public TemporaryFolder folder = new TemporaryFolder();

  private static Path home;
  private static RunningProcess instance;
  private static String four;
  private static String six;

  @BeforeClass
  public static void installAndStart() throws Exception {
    SdkPython.install();
    home = runtime.newFolder().toPath();
    Path conf = Files.createDirectories(home.resolve("conf"));
    Files.writeString(conf.resolve("org.daqstream.server-four.cfg"), Distribution.FREE_PORTS);
    Files.writeString(
        conf.resolve("org.daqstream.server-six.cfg"),
        Distribution.FREE_PORTS.replace("127.0.0.1", "::1"));
    Files.writeString(conf.resolve("org.daqstream.discovery.cfg"), "announce = false\n");
    Files.writeString(conf.resolve("org.daqstream.source.host.cfg"), "rateHz = 100\n");
    Files.writeString(
        conf.resolve("org.daqstream.source.simulator-sine.cfg"), "prefix = sine\nrateHz = 1000\n");
    writePlugin(PluginJar.source("every.kind", 1, EveryKindSource.class), "kinds.jar");
    instance = Distribution.start(home);
    four = awaitAddress("127\\.0\\.0\\.1");
    six = awaitAddress("\\[(?:::1|0:0:0:0:0:0:0:1)\\]");
  }

  private static void writePlugin(PluginJar plugin, String name) throws Exception {
    Path deploy = Files.createDirectories(home.resolve("deploy"));
    Path jar = runtime.newFile().toPath();
    try (InputStream bytes = plugin.open()) {
      Files.write(jar, bytes.readAllBytes());
    }
    Files.move(jar, deploy.resolve(name));
  }

  /** The address as the SDK takes it. */
  private static String awaitAddress(String host) throws Exception {
    Pattern listening = Pattern.compile(".*listening on ws://(" + host + ":\\d+)/ and .*");
    String line = instance.awaitLine(0, each -> listening.matcher(each).matches(), TIMEOUT_MS);
    Matcher matcher = listening.matcher(line);
    assertTrue(line, matcher.matches());
    return "daq.lt://" + matcher.group(1);
  }

  @AfterClass
  public static void stop() {
    if (instance != null) {
      instance.close();
    }
  }

  /** From the first moment on, later, and by the other library. */
  @Test
  public void everyKindIsExactToAllWhoReadAtTheSameTime() throws Exception { // cases 84, 85
    try (RunningProcess one = SdkPython.start("kinds.py", four + "/", "first");
        RunningProcess other = SdkPython.start("kinds.py", four + "/", "first");
        RunningProcess late = SdkPython.start("kinds.py", four + "/", "later");
        RunningProcess old = SdkPython.startOld("old.py", four + "/")) {
      for (RunningProcess client : List.of(one, other, late, old)) {
        assertPasses(client);
      }
    }
  }

  /** Its reference device, through us, as its own client has it by its own protocol. */
  @Test
  public void gatewayPassesOnItsReferenceDevice() throws Exception {
    Path file = home.resolve("conf/org.daqstream.client-rig.cfg");
    try (RunningProcess client =
        SdkPython.start("gateway.py", four + "/", file.toString(), "rig/")) {
      assertPasses(client);
    }
  }

  @Test
  public void connectsByEveryAddress() throws Exception {
    check(
        "connect.py",
        "host#cpu#load",
        "",
        four,
        four + "/",
        four + "/some/path",
        four.replace("daq.lt:", "daq.ws:") + "/",
        six + "/");
  }

  @Test
  public void isFoundByWhatMdnsShows() throws Exception {
    NetworkNamespaces.assumePossible();
    Path lonely = folder.newFolder().toPath();
    Path conf = Files.createDirectories(lonely.resolve("conf"));
    Files.writeString(
        conf.resolve("org.daqstream.discovery.cfg"), "manufacturer = ACME\nserialNumber = 4711\n");
    Files.writeString(conf.resolve("org.daqstream.server.cfg"), "host = *\n");
    List<String> arguments = new ArrayList<>();
    arguments.add(Distribution.FOLDER.toString());
    arguments.add(lonely.toString());
    arguments.addAll(SdkPython.command("connect.py", "host#cpu#load", "4711"));
    try (RunningProcess network = NetworkNamespaces.start(lonely, "sdk.sh", arguments)) {
      assertPasses(network);
    }
  }

  @Test
  public void functionBlocksAndRecordersWorkOnOurSignals() throws Exception {
    check("blocks.py", four + "/", "sine#0", folder.newFolder().toString());
  }

  @Test
  public void signalsComeAndGoWhileOthersAreRead() throws Exception {
    Path jar = home.resolve("deploy/one.jar");
    Path work = runtime.newFolder().toPath();
    try (RunningProcess client =
        SdkPython.start("hot.py", four + "/", "sine#0", "one#first", "one#second")) {
      client.awaitLine(0, "connected"::equals, TIMEOUT_MS);
      OneSignalBundle.write(jar, "one/first", work);
      client.awaitLine(0, "one#first is there"::equals, TIMEOUT_MS);
      OneSignalBundle.write(jar, "one/second", work);
      client.awaitLine(0, "one#second is there"::equals, TIMEOUT_MS);
      Files.delete(jar);
      assertPasses(client);
    }
  }

  /** As it stands there, but for the port. */
  @Test
  public void exampleOfTheReadmePrintsTimesAndValues() throws Exception {
    String readme = Files.readString(Path.of(System.getProperty("daqstream.readme")));
    Matcher matcher = EXAMPLE.matcher(readme);
    assertTrue("an example in Python", matcher.find());
    String example = matcher.group(1);
    assertEquals("lines", 5, example.lines().count());
    assertTrue(example, example.contains("daq.lt://127.0.0.1:7414"));
    Path script = folder.newFile("example.py").toPath();
    Files.writeString(script, example.replace("daq.lt://127.0.0.1:7414", four));
    try (RunningProcess client =
        RunningProcess.start(
            script.getParent(), List.of(SdkPython.PYTHON.toString(), script.toString()))) {
      client.awaitExit(TIMEOUT_MS);
      List<String> rows =
          client.lines(
              line -> line.matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{9} [\\d.]+"));
      client.lines().forEach(System.out::println);
      assertEquals(20, rows.size());
    }
  }

  private static void check(String script, String... arguments) throws Exception {
    try (RunningProcess process = SdkPython.start(script, arguments)) {
      assertPasses(process);
    }
  }

  private static void assertPasses(RunningProcess process) throws Exception {
    int exit = process.awaitExit(TIMEOUT_MS);
    process.lines(line -> !line.startsWith("struct_field")).forEach(System.out::println);
    assertEquals("exit code", 0, exit);
  }
}
