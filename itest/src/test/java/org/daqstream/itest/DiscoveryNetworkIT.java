/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.daqstream.testing.Needs;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/**
 * Two hosts with two cables between them ({@code network/avahi.sh}), and Avahi on one of them looks
 * for what the distribution announces on the other. It needs the right to make network namespaces,
 * and is left out with a line where there is none.
 */
public class DiscoveryNetworkIT {
  private static final long TIMEOUT_MS = 120_000;

  @Rule public TemporaryFolder folder = new TemporaryFolder();

  @Test
  public void avahiSeesEveryServerOnEveryCableUntilItStops() throws Exception {
    NetworkNamespaces.assumePossible();
    Needs.program("avahi-daemon", "avahi-daemon");
    Needs.program("avahi-browse", "avahi-utils");
    Needs.program("dbus-daemon", "dbus");
    Path home = home("name = Engine bench\nproperties = location=Lab 3\n");
    Path other = home("");
    List<String> arguments =
        List.of(Distribution.FOLDER.toString(), home.toString(), other.toString());
    try (RunningProcess network = NetworkNamespaces.start(home, "avahi.sh", arguments)) {
      try {
        seesBothServersOnEveryCable(network);
        changeIsToldWithoutGoodbye(network, home);
        Files.createFile(other.resolve("start"));
        network.awaitLine(0, line -> line.contains("trying 'ACME_4711-one-2'"), TIMEOUT_MS);
        network.awaitLine(0, line -> line.contains("announced as 'ACME_4711-one-2'"), TIMEOUT_MS);
        awaitResolved(network, "peer0;IPv4;ACME_4711-one-2;", "10.77.0.2");
        Files.createFile(home.resolve("stop"));
        assertEquals(0, network.awaitExit(TIMEOUT_MS));
        endsCleanly(network);
      } finally {
        network.lines().forEach(System.out::println);
      }
    }
  }

  /** Two servers of one device. */
  private Path home(String discovery) throws IOException {
    Path home = folder.newFolder().toPath();
    Path conf = Files.createDirectories(home.resolve("conf"));
    Files.writeString(conf.resolve("org.daqstream.server-one.cfg"), "host = *\nport = 7414\n");
    Files.writeString(
        conf.resolve("org.daqstream.server-two.cfg"),
        "host = *\nport = 7514\ncontrolPort = 7538\n");
    configure(home, discovery);
    return home;
  }

  private static void configure(Path home, String discovery) throws IOException {
    Files.writeString(
        home.resolve("conf/org.daqstream.discovery.cfg"),
        "manufacturer = ACME\nmodel = DAQ 9\nserialNumber = 4711\n" + discovery);
  }

  private static void seesBothServersOnEveryCable(RunningProcess network) throws Exception {
    for (String server : List.of("one", "two")) {
      for (String cable : List.of("0", "1")) {
        for (String family : List.of("IPv4", "IPv6")) {
          String line =
              awaitResolved(
                  network, "peer" + cable + ";" + family + ";ACME_4711-" + server + ";", "");
          String port = server.equals("one") ? ";7414;" : ";7514;";
          assertTrue(line, line.contains(";ACME_4711-" + server + ".local;"));
          assertTrue(line, line.contains(";10.77." + cable + ".1;") || line.contains(";fe80::"));
          assertTrue(line, line.contains(port));
          for (String text :
              List.of(
                  "caps=LT",
                  "path=/",
                  "protocolVersion=",
                  "name=Engine bench-" + server,
                  "manufacturer=ACME",
                  "model=DAQ 9",
                  "serialNumber=4711-" + server,
                  "location=Lab 3")) {
            assertTrue(text + " in " + line, line.contains("\"" + text + "\""));
          }
        }
      }
    }
  }

  private static String awaitResolved(RunningProcess network, String what, String address)
      throws InterruptedException {
    return network.awaitLine(
        0, line -> line.startsWith("=;" + what) && line.contains(address), TIMEOUT_MS);
  }

  private static void changeIsToldWithoutGoodbye(RunningProcess network, Path home)
      throws Exception {
    int from = network.lines().size();
    configure(home, "name = Engine bench\nproperties = location=Lab 4\n");
    for (String server : List.of("one", "two")) {
      network.awaitLine(
          from, line -> line.contains("announced as 'ACME_4711-" + server + "'"), TIMEOUT_MS);
    }
    assertEquals(List.of(), network.lines(line -> line.startsWith("-;")));
  }

  private static void endsCleanly(RunningProcess network) {
    List<String> lines = network.lines();
    for (String line :
        List.of(
            "first runtime: exit 0",
            "second runtime: exit 0",
            "left in the end: ''",
            "sockets in the end: ''")) {
      assertTrue(line + " in " + lines, lines.contains(line));
    }
    List<String> changed =
        network.lines(
            line -> line.startsWith("before the end: =;") && line.contains("location=Lab 4"));
    assertEquals("two servers on four links", 8, changed.size());
    assertEquals(
        List.of(), network.lines(line -> line.contains("ERROR") || line.contains("Exception")));
  }
}
