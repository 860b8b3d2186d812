/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import static org.daqstream.itest.LiveRuntime.await;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import javax.inject.Inject;
import org.daqstream.client.RemoteSubscription;
import org.daqstream.client.SampleBlock;
import org.daqstream.client.StreamingClient;
import org.daqstream.signal.api.SignalRegistry;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
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
 * Three runtimes in a row: two launchers, of which the second has the signals of the first, and
 * this one, which has those of the second.
 */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class GatewayIT {
  private static final String AT_FIRST = "sim/0";
  private static final String HERE = "b/a/sim/0";

  @Rule public TemporaryFolder folder = new TemporaryFolder();

  @Inject private BundleContext context;

  @Inject private ConfigurationAdmin configurationAdmin;

  @Inject private SignalRegistry registry;

  private Path firstHome;
  private RunningProcess first;
  private RunningProcess second;
  private URI firstAddress;
  private org.osgi.service.cm.Configuration gateway;

  @Configuration
  public Option[] runtime() {
    return FelixRuntime.withAllBundles();
  }

  @Before
  public void chain() throws Exception {
    firstHome = home("host = 127.0.0.1\nport = " + freePort() + "\ncontrolPort = 0\n");
    Files.writeString(
        firstHome.resolve("conf/org.daqstream.source.simulator-sim.cfg"),
        "prefix = sim\nrateHz = 1000\nwaveform = counter\n");
    first = Distribution.start(firstHome);
    firstAddress = Distribution.awaitListening(first, 0).ws();
    Path secondHome = home(Distribution.FREE_PORTS);
    Files.writeString(
        secondHome.resolve("conf/org.daqstream.client-a.cfg"),
        "address = " + firstAddress + "\nsignals = sim/**\nreconnectMaxMs = 500\n");
    second = Distribution.start(secondHome);
    URI secondAddress = Distribution.awaitListening(second, 0).ws();
    configurationAdmin
        .getConfiguration("org.daqstream.server", "?")
        .updateIfDifferent(
            FrameworkUtil.asDictionary(Map.of("host", "127.0.0.1", "port", 0, "controlPort", 0)));
    gateway = configurationAdmin.createFactoryConfiguration("org.daqstream.client", "?");
    gateway.update(
        FrameworkUtil.asDictionary(
            Map.of("address", secondAddress.toString(), "prefix", "b/", "signals", "a/**")));
    await("signal of the first runtime", () -> isPublished(HERE));
    await("server on loopback", () -> LiveRuntime.endpoints(context) != null);
  }

  private Path home(String server) throws IOException {
    Path home = folder.newFolder().toPath();
    Distribution.configureServer(home, server);
    Files.writeString(
        home.resolve("conf/org.daqstream.discovery.cfg"), "announce = false\nbrowse = false\n");
    return home;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private boolean isPublished(String signalId) {
    return registry.signals().stream()
        .anyMatch(each -> each.descriptor().signalId().equals(signalId));
  }

  @After
  public void end() throws Exception {
    gateway.delete();
    second.close();
    first.close();
    await("end of the threads", () -> !hasThread("daqstream-gateway"));
    await("end of the threads", () -> !hasThread("daqstream-client"));
  }

  private static boolean hasThread(String name) {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().startsWith(name));
  }

  /** A sample by its row, as {@code tick value}. */
  private static NavigableMap<Long, String> samplesOf(StreamingClient client, String signalId)
      throws Exception {
    NavigableMap<Long, String> samples = new ConcurrentSkipListMap<>();
    RemoteSubscription subscription =
        client.subscribe(signalId, (SampleBlock block) -> put(samples, block));
    subscription.description().toCompletableFuture().get();
    return samples;
  }

  private static void put(NavigableMap<Long, String> samples, SampleBlock block) {
    double[] values = block.values();
    for (int i = 0; i < values.length; i++) {
      samples.put(block.row() + i, block.tick(i) + " " + values[i]);
    }
  }

  @Test
  public void lastOneTellsWhatTheFirstOneHas() throws Exception {
    try (StreamingClient there = StreamingClient.connect(firstAddress.toString());
        StreamingClient here = StreamingClient.connect(LiveRuntime.endpoints(context)[0])) {
      NavigableMap<Long, String> expected = samplesOf(there, AT_FIRST);
      NavigableMap<Long, String> samples = samplesOf(here, HERE);
      await("samples", () -> samples.size() > 3000 && expected.size() > 3000);
      long from = Math.max(samples.firstKey(), expected.firstKey());
      long to = Math.min(samples.lastKey(), expected.lastKey());
      assertTrue("rows " + from + " to " + to, to - from > 2000);
      assertEquals(expected.subMap(from, to), samples.subMap(from, to));
      assertEquals("no row is missing", to - from, samples.subMap(from, to).size());
    }
  }

  @Test
  public void signalsGoWithTheFirstServerAndComeBack() throws Exception {
    first.close();
    await("end of the signals", () -> !isPublished(HERE));
    first = Distribution.start(firstHome);
    await("signals again", () -> isPublished(HERE));
    try (StreamingClient here = StreamingClient.connect(LiveRuntime.endpoints(context)[0])) {
      NavigableMap<Long, String> samples = samplesOf(here, HERE);
      await("samples", () -> samples.size() > 1000);
    }
  }

  @Test
  public void bundleLeavesNothingBehind() throws Exception {
    Bundle bundle = LiveRuntime.bundle(context, "org.daqstream.gateway");
    bundle.stop();
    assertTrue("its signals are gone", !isPublished(HERE));
    await("end of the threads", () -> !hasThread("daqstream-gateway"));
    bundle.start();
    await("signals again", () -> isPublished(HERE));
  }
}
