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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
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
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.service.cm.ConfigurationAdmin;

/**
 * A launcher that nobody connects to offers its signals to the server of this runtime, where a
 * client in Node.js reads them, which knows nothing of us.
 */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class PublishedSignalsIT {
  private static final String INSIDE = "sim/0";
  private static final String HERE = "clients/127.0.0.1/press/sim/0";
  private static final int SAMPLES = 3_000;
  private static final long TIMEOUT_MS = 60_000;

  @Rule public TemporaryFolder folder = new TemporaryFolder();

  @Inject private BundleContext context;

  @Inject private ConfigurationAdmin configurationAdmin;

  @Inject private SignalRegistry registry;

  private Path scripts;
  private String address;
  private RunningProcess inside;
  private String insideAddress;

  @Configuration
  public Option[] runtime() {
    return FelixRuntime.withAllBundles();
  }

  @Before
  public void connect() throws Exception {
    scripts = NodeScripts.install();
    int port = freePort();
    address = "ws://127.0.0.1:" + port + "/";
    configurationAdmin
        .getConfiguration("org.daqstream.server", "?")
        .update(
            FrameworkUtil.asDictionary(
                Map.of(
                    "host", "127.0.0.1", "port", port, "controlPort", 0, "acceptSignals", true)));
    await("server", () -> isListening());
    Path home = folder.newFolder().toPath();
    Distribution.configureServer(home, Distribution.FREE_PORTS);
    Path conf = home.resolve("conf");
    Files.writeString(
        conf.resolve("org.daqstream.discovery.cfg"), "announce = false\nbrowse = false\n");
    Files.writeString(
        conf.resolve("org.daqstream.source.simulator-sim.cfg"),
        "prefix = sim\nrateHz = 1000\nwaveform = counter\n");
    Files.writeString(
        conf.resolve("org.daqstream.client-press.cfg"),
        "address = " + address + "\nsignals =\npublish = sim/**\nreconnectMaxMs = 500\n");
    inside = Distribution.start(home);
    insideAddress = Distribution.awaitListening(inside, 0).ws().toString();
    await("signal of the launcher", () -> isPublished(HERE));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private boolean isListening() {
    String[] endpoints = LiveRuntime.endpoints(context);
    return endpoints != null && endpoints[0].equals(address);
  }

  private boolean isPublished(String signalId) {
    return registry.signals().stream()
        .anyMatch(each -> each.descriptor().signalId().equals(signalId));
  }

  @After
  public void end() {
    if (inside != null) { // without Node the tests are left out
      inside.close();
    }
  }

  /** What the client in Node.js reads here, as {@code tick value}. */
  private List<String> read() throws Exception {
    try (RunningProcess process =
        RunningProcess.start(
            scripts, List.of("node", "published.mjs", address, HERE, Integer.toString(SAMPLES)))) {
      int exit = process.awaitExit(TIMEOUT_MS);
      assertEquals(String.join("\n", process.lines()), 0, exit);
      return process.lines();
    }
  }

  /** That each of them is a sample of the simulator, as it is told by its own server. */
  private void assertReadAsPublished() throws Exception {
    Map<Long, Double> published = new ConcurrentHashMap<>();
    try (StreamingClient client = StreamingClient.connect(insideAddress)) {
      RemoteSubscription subscription =
          client.subscribe(INSIDE, (SampleBlock block) -> put(published, block));
      subscription.description().toCompletableFuture().get();
      await("samples of the simulator", () -> !published.isEmpty());
      List<String> lines = read();
      assertTrue(lines.size() + " samples", lines.size() >= SAMPLES);
      String last = lines.get(lines.size() - 1);
      await("the last one", () -> published.containsKey(tickOf(last)));
      for (String line : lines) {
        Double value = published.get(tickOf(line));
        assertEquals(line, value, valueOf(line), 0);
      }
      await("they are many values", () -> published.values().stream().distinct().count() > 100);
    }
  }

  private static void put(Map<Long, Double> samples, SampleBlock block) {
    double[] values = block.values();
    for (int i = 0; i < values.length; i++) {
      samples.put(block.tick(i), values[i]);
    }
  }

  private static long tickOf(String line) {
    return Long.parseLong(line.substring(0, line.indexOf(' ')));
  }

  private static double valueOf(String line) {
    return Double.parseDouble(line.substring(line.indexOf(' ') + 1));
  }

  @Test
  public void aClientThatKnowsNothingOfUsReadsWhatIsPublishedInside() throws Exception {
    assertTrue("only what is chosen", !isPublished("clients/127.0.0.1/press/host/memory/used"));
    assertReadAsPublished();
  }

  @Test
  public void theyComeBackWhenTheServerIsUpdated() throws Exception {
    LiveRuntime.bundle(context, "org.daqstream.server").update();
    await("the new server", () -> isListening());
    await("signal of the launcher", () -> isPublished(HERE));
    assertReadAsPublished();
  }
}
