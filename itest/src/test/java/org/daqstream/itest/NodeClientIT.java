/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import static org.junit.Assert.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.BeforeClass;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/**
 * A client in another language, written from the protocol text alone, against the launcher: {@code
 * node/check.mjs} and {@code node/events.mjs}; and a parser for the page of metrics. It needs Node
 * 18 and npm; what it says is printed.
 */
public class NodeClientIT {
  private static final long TIMEOUT_MS = 120_000;
  private static Path scripts;

  @Rule public TemporaryFolder folder = new TemporaryFolder();

  @BeforeClass
  public static void installScripts() throws Exception {
    scripts = NodeScripts.install();
  }

  @Test
  public void clientInNodeReadsWhatTheOperatingSystemSays() throws Exception {
    Path home = folder.newFolder().toPath();
    Distribution.configureServer(home, Distribution.FREE_PORTS);
    try (RunningProcess instance = Distribution.start(home)) {
      String address = Distribution.awaitListening(instance, 0).ws().toString();
      run(scripts, List.of("node", "check.mjs", address));
    }
  }

  @Test
  public void clientsOfEveryFamilySeeTheTimesThatStandInAFile() throws Exception { // case 67
    Path home = folder.newFolder().toPath();
    Path csv = Files.createDirectories(home.resolve("recordings")).resolve("events.csv");
    Files.writeString(csv, irregularEvents());
    Distribution.configureServer(home, Distribution.FREE_PORTS);
    Files.writeString(
        home.resolve("conf").resolve("org.daqstream.source.file-events.cfg"),
        "path = recordings\nprefix = rec\nabsoluteTime = true\nscanMs = 100\n");
    try (RunningProcess instance = Distribution.start(home)) {
      String address = Distribution.awaitListening(instance, 0).ws().toString();
      run(scripts, List.of("node", "events.mjs", address, csv.toString(), "rec"));
    }
  }

  /** Gaps of 1 ns to 2 ms, and every now and then several events at one time. */
  private static String irregularEvents() {
    Random random = new Random(67);
    StringBuilder csv = new StringBuilder("t [ns],row,half [V],twice\n");
    long stamp = 1_700_000_000_000_000_000L;
    for (int row = 0; row < 997; row++) {
      csv.append("%d,%d,%s,%d\n".formatted(stamp, row, row * 0.5, -2 * row));
      if (random.nextInt(10) < 7) {
        stamp += (long) Math.pow(10, 6.3 * random.nextDouble());
      }
    }
    return csv.toString();
  }

  @Test
  public void metricsAreReadByAParserThatWeDidNotWrite() throws Exception {
    Path home = folder.newFolder().toPath();
    Distribution.configureServer(home, Distribution.FREE_PORTS);
    try (RunningProcess instance = Distribution.start(home)) {
      Distribution.Endpoints endpoints = Distribution.awaitListening(instance, 0);
      try (SignalClient client =
          new SignalClient(endpoints.ws().toString(), endpoints.http().toString())) {
        assertEquals("200 Succeeded", client.command("subscribe", "host/memory/used"));
        client.awaitData(client.await("subscribe", isOf("host/memory/used")).signo());
        String page = endpoints.http().resolve("/metrics").toString();
        run(scripts, List.of("node", "metrics.mjs", page, "client-1"));
      }
    }
  }

  @Test
  public void onlyWhoLogsInComesInAndOnlyAsLongAsTheTokenHolds() throws Exception {
    Path home = folder.newFolder().toPath();
    Distribution.configureServer(home, "login = needed\n" + Distribution.FREE_PORTS);
    try (RunningProcess instance = Distribution.start(home)) {
      String address = Distribution.awaitListening(instance, 0).ws().toString();
      String token = Distribution.said(home, "token:create", "--role", "reader").get(0);
      run(scripts, List.of("node", "login.mjs", address, token));
      try (RunningProcess client =
          RunningProcess.start(scripts, List.of("node", "login.mjs", address, token, "stay"))) {
        client.awaitLine(0, "in"::equals, TIMEOUT_MS);
        Distribution.said(home, "token:revoke", token.split("_", -1)[1]);
        client.awaitLine(0, "closed 1008 the login has ended"::equals, TIMEOUT_MS);
      }
      assertEquals(List.of(), instance.lines(line -> line.contains(token)));
    }
  }

  private static Predicate<SignalClient.Packet> isOf(String signalId) {
    return packet ->
        packet.is("subscribe") && packet.params().path("signalId").asText().equals(signalId);
  }

  private static void run(Path directory, List<String> command) throws Exception {
    try (RunningProcess process = RunningProcess.start(directory, command)) {
      int exit = process.awaitExit(TIMEOUT_MS);
      process.lines().forEach(System.out::println);
      assertEquals(String.join(" ", command), 0, exit);
    }
  }
}
