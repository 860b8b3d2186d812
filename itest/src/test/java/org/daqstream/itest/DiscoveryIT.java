/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import static org.daqstream.itest.LiveRuntime.await;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.inject.Inject;
import org.apache.felix.service.command.CommandProcessor;
import org.daqstream.testing.Needs;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.service.cm.ConfigurationAdmin;

/**
 * A server on loopback is found by a peer that was written from the standards alone, {@code
 * node/mdns.mjs}, and leaves nothing behind.
 */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class DiscoveryIT {
  private static final long TIMEOUT_MS = 30_000;

  /** Unanswered, they take longer than what is said to all must be apart. */
  private static final int QUESTIONS = 6;

  private static final String TYPE = "_streaming-lt._tcp.local";
  private static final String MDNS_PORT_HEX = ":14E9";

  /** Nobody else's, also when tests run twice at the same time. */
  private static final String INSTANCE = "ACME_" + Long.toHexString(System.nanoTime());

  @Inject private BundleContext context;

  @Inject private ConfigurationAdmin configurationAdmin;

  @Inject private CommandProcessor processor;

  private RunningProcess peer;

  @Configuration
  public Option[] runtime() {
    return FelixRuntime.withAllBundles();
  }

  @Before
  public void announceOnLoopback() throws Exception {
    Needs.program("node", "nodejs");
    peer =
        RunningProcess.start(
            Path.of(System.getProperty("daqstream.node")),
            List.of("node", "mdns.mjs", "127.0.0.1"));
    configurationAdmin
        .getConfiguration("org.daqstream.discovery", "?")
        .update(
            FrameworkUtil.asDictionary(
                Map.of(
                    "interfaces", "127.0.0.1",
                    "manufacturer", "ACME",
                    "serialNumber", INSTANCE.substring("ACME_".length()))));
    configureServer("/first");
  }

  @After
  public void endPeer() {
    if (peer != null) {
      peer.close();
    }
  }

  private void configureServer(String path) throws IOException {
    configurationAdmin
        .getConfiguration("org.daqstream.server", "?")
        .updateIfDifferent(
            FrameworkUtil.asDictionary(
                Map.of("host", "127.0.0.1", "port", 0, "controlPort", 0, "path", path)));
  }

  private String awaitLine(int from, String start, String end) throws InterruptedException {
    Predicate<String> wanted = line -> line.startsWith(start) && line.endsWith(end);
    return peer.awaitLine(from, wanted, TIMEOUT_MS);
  }

  @Test
  public void peerSeesTheServerHowItChangesAndThatItGoes() throws Exception {
    String pointer = TYPE + " PTR " + INSTANCE + "." + TYPE;
    String location = INSTANCE + "." + TYPE + " SRV ";
    awaitLine(0, "multicast id 0 ttl 4500 " + pointer, "");
    awaitLine(0, "multicast id 0 ttl 120 " + location, " " + INSTANCE + ".local");
    awaitLine(0, "multicast id 0 ttl 120 " + INSTANCE + ".local A 127.0.0.1", "");
    awaitLine(0, "unicast id 4711 ttl 10 " + pointer, "");
    String told = awaitLine(0, "unicast id 4711 ttl 10 " + INSTANCE + "." + TYPE + " TXT ", "");
    assertTrue(told, told.contains(" TXT caps=LT path=/first protocolVersion= name="));
    int before = peer.lines().size();
    configureServer("/second");
    String changed =
        "multicast id 0 ttl 4500 " + INSTANCE + "." + TYPE + " TXT caps=LT path=/second ";
    awaitLine(before, changed, "");
    for (int cycle = 0; cycle < 3; cycle++) {
      stopLeavesNothing(pointer);
      int from = peer.lines().size();
      bundle().start();
      awaitLine(from, "multicast id 0 ttl 4500 " + pointer, "");
    }
  }

  private void stopLeavesNothing(String pointer) throws Exception {
    int from = peer.lines().size();
    bundle().stop();
    assertEquals(List.of(), threads());
    assertEquals("sockets for mDNS", Set.of(), mdnsSockets());
    awaitLine(from, "multicast id 0 ttl 0 " + pointer, "");
    int gone = peer.lines().size();
    for (int question = 0, next = gone; question < QUESTIONS; question++) {
      peer.awaitLine(next, "asks"::equals, TIMEOUT_MS);
      next = peer.lines().size();
    }
    List<String> after = peer.lines().subList(gone, peer.lines().size());
    assertEquals(
        List.of(),
        after.stream()
            .filter(line -> line.contains(INSTANCE) && !line.contains(" ttl 0 "))
            .toList());
  }

  @Test
  public void shellCommandListsTheServerAndSaysWhenItCannot() throws Exception {
    await(
        "device in the list",
        () -> run("signal:discover --json --seconds 0.5").contains('"' + INSTANCE + '"'));
    String table = run("signal:discover");
    System.out.println(table);
    assertTrue(table, table.startsWith("NAME "));
    assertTrue(table, table.contains("ws://127.0.0.1:"));
    bundle().stop();
    String missing = assertThrows(Exception.class, () -> run("signal:discover")).getMessage();
    assertTrue(missing, missing.contains("org.daqstream.discovery is not active"));
    bundle().start();
    await(
        "device in the list",
        () -> run("signal:discover --seconds 0.5").contains("ws://127.0.0.1:"));
  }

  private String run(String line) throws Exception {
    return GogoSession.run(processor, line);
  }

  private Bundle bundle() {
    return Arrays.stream(context.getBundles())
        .filter(bundle -> "org.daqstream.discovery".equals(bundle.getSymbolicName()))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("daqstream-discovery"))
        .toList();
  }

  /** Sockets of this process that are bound to the port of mDNS, as Linux counts them. */
  private static Set<String> mdnsSockets() throws IOException {
    Set<String> bound = new HashSet<>();
    for (String table : List.of("/proc/self/net/udp", "/proc/self/net/udp6")) {
      if (Files.exists(Path.of(table))) {
        for (String line : Files.readAllLines(Path.of(table))) {
          List<String> columns = List.of(line.strip().split("\\s+", -1));
          if (columns.get(1).endsWith(MDNS_PORT_HEX)) {
            bound.add("socket:[" + columns.get(9) + "]");
          }
        }
      }
    }
    Set<String> open = new HashSet<>();
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      for (Path descriptor : descriptors.toList()) {
        if (Files.isSymbolicLink(descriptor)) {
          open.add(Files.readSymbolicLink(descriptor).toString());
        }
      }
    }
    bound.retainAll(open);
    return bound;
  }
}
