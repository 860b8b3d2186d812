/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import static org.daqstream.itest.LiveRuntime.await;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.inject.Inject;
import org.daqstream.itest.plugin.CounterSource;
import org.daqstream.itest.plugin.StampedWriterFactory;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;
import org.daqstream.signal.api.SignalRegistry;
import org.daqstream.signal.api.SignalState;
import org.daqstream.signal.api.WriteResult;
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
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.service.cm.ConfigurationAdmin;

/**
 * Plug-ins come, change and go under a connected client that counts every sample: of the simulator
 * ({@code witness/0}, 5 kHz), which has nothing to do with them, and of {@code hot/plain}, which
 * shares its table with {@code hot/stamped}, the signal that only the plug-ins can write.
 */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class HotDeployIT {
  private static final String WITNESS = "witness/0";
  private static final String PLAIN = "hot/plain";
  private static final String STAMPED = "hot/stamped";
  private static final String MENDED = "mended/value";
  private static final long FIRST_NANOS = 1_700_000_000_000_000_000L;
  private static final String COUNTED = "counted/value";
  private static final int TIMEOUT_S = 20;

  @Inject private BundleContext context;

  @Inject private ConfigurationAdmin configurationAdmin;

  @Inject private SignalRegistry registry;

  private final Timeline timeline = new Timeline();
  private final List<Bundle> installed = new ArrayList<>();
  private org.osgi.service.cm.Configuration simulator;
  private CountingClient client;
  private CounterSource hot;
  private SignalPort mended; // to be written on the test's thread
  private long mendedRow;

  @Configuration
  public Option[] runtime() {
    return FelixRuntime.withAllBundles();
  }

  @Before
  public void connectWitness() throws Exception {
    configurationAdmin
        .getConfiguration("org.daqstream.server", "?")
        .updateIfDifferent(
            FrameworkUtil.asDictionary(Map.of("host", "127.0.0.1", "port", 0, "controlPort", 0)));
    simulator =
        configurationAdmin.createFactoryConfiguration("org.daqstream.source.simulator", "?");
    simulator.update(
        FrameworkUtil.asDictionary(
            Map.of(
                "prefix", "witness", "waveform", "counter", "dataType", "int64", "rateHz", 5000)));
    await(
        "server and witness",
        () -> LiveRuntime.endpoints(context) != null && state(WITNESS) != null);
    client = new CountingClient(LiveRuntime.endpoints(context), timeline);
    client.subscribe(WITNESS);
  }

  @After
  public void removeEverything() throws Exception {
    if (hot != null) {
      hot.close();
    }
    if (mended != null) {
      mended.close();
    }
    for (Bundle bundle : installed) {
      if (bundle.getState() != Bundle.UNINSTALLED) {
        bundle.uninstall();
      }
    }
    client.close();
    simulator.delete();
    await("end of the witness", () -> state(WITNESS) == null);
    System.out.println(timeline);
  }

  @Test
  public void writersComeChangeAndGo() throws Exception {
    openHot();
    client.subscribe(PLAIN);
    assertReason("no writer for data type stamped is installed");
    Bundle writer = install("writer-a", PluginJar.writer("writer-a", 1, 0, ""), "");
    comesBack(1);
    update(writer, PluginJar.writer("writer-a", 2, 0, ""), "version 2");
    goes();
    comesBack(2);
    refresh(writer);
    goes();
    comesBack(2);
    stop(writer);
    goes();
    start(writer);
    comesBack(2);
    uninstall(writer);
    goes();
    assertReason("no writer for data type stamped is installed");
    assertWitnesses();
  }

  /** What writers have in common is part of each bundle: it is mended in one without the others. */
  @Test
  public void whatOneWriterEmbedsIsUpdatedAndNoOtherSignalBlinks() throws Exception {
    Bundle writer = LiveRuntime.bundle(context, "org.daqstream.writer.complex");
    FrameworkWiring wiring = context.getBundle(0).adapt(FrameworkWiring.class);
    assertEquals(Set.of(writer), Set.copyOf(wiring.getDependencyClosure(List.of(writer))));
    openHot();
    install("writer-a", PluginJar.writer("writer-a", 1, 0, ""), "");
    client.subscribe(PLAIN);
    comesBack(1);
    mended =
        registry.open(
            SignalDescriptor.linearTime("mended/time", CounterSource.DELTA_NANOS),
            SignalDescriptor.value(MENDED, DataTypes.COMPLEX64).build());
    client.awaitNews("available " + MENDED);
    assertEquals("as it was", 1, versionOfMended());
    try (InputStream jar =
        MendedWriter.of(writer, LiveRuntime.bundle(context, "org.daqstream.signal.api"))) {
      OtherBundles others = new OtherBundles(context, writer);
      Map<String, Integer> described = descriptionsOfOthers();
      timeline.operator("updates the writer of complex numbers, a class that it embeds is changed");
      writer.update(jar);
      client.awaitNews("unavailable " + MENDED);
      client.awaitNews("available " + MENDED);
      refresh(writer);
      client.awaitNews("unavailable " + MENDED);
      client.awaitNews("available " + MENDED);
      assertEquals("the changed class writes", -1, versionOfMended());
      assertEquals("news of others", List.of(), client.unreadNews());
      assertEquals("descriptions of others", described, descriptionsOfOthers());
      others.assertUntouched();
      assertNothingLost(MENDED);
      assertWitnesses();
    } finally {
      writer.update(MendedWriter.original(writer));
      refresh(writer);
    }
  }

  /** Subscribes, and writes until the writer's mark is there. */
  private int versionOfMended() throws Exception {
    client.subscribeOnly(MENDED);
    await(
        "samples of " + MENDED,
        () -> {
          double[] sample = {Double.longBitsToDouble(mendedRow), 1};
          mended.write(FIRST_NANOS + mendedRow * CounterSource.DELTA_NANOS, sample, 0, 1);
          mendedRow++;
          return client.samples(MENDED) > 0;
        });
    return client.writerVersion(MENDED);
  }

  private Map<String, Integer> descriptionsOfOthers() {
    Map<String, Integer> described = new HashMap<>(client.descriptions());
    described.keySet().removeIf(id -> id.startsWith("mended/"));
    return described;
  }

  @Test
  public void theWriterOfTheHighestRankingIsTakenAndTheOtherOneFollows() throws Exception {
    openHot();
    client.subscribe(PLAIN);
    Bundle low = install("writer-low", PluginJar.writer("writer-low", 3, 0, ""), "ranking 0");
    comesBack(3);
    Bundle high = install("writer-high", PluginJar.writer("writer-high", 4, 10, ""), "ranking 10");
    client.awaitSamples(STAMPED, 100);
    assertEquals("a running signal stays where it is", List.of(), client.unreadNews());
    assertEquals(3, client.writerVersion(STAMPED));
    stop(low);
    goes();
    comesBack(4);
    start(low);
    client.awaitSamples(STAMPED, 100);
    assertEquals("the higher one keeps it", List.of(), client.unreadNews());
    uninstall(high);
    goes();
    comesBack(3);
    assertWitnesses();
    timeline.operator("closes the table hot");
    hot.close();
    install("writer-high", PluginJar.writer("writer-high", 4, 10, ""), "ranking 10");
    openHot();
    comesBack(4);
    assertWitness();
  }

  @Test
  public void writersThatFailAndRefuseHarmOnlyTheirOwnSignal() throws Exception {
    openHot();
    client.subscribe(PLAIN);
    Bundle refusing =
        install("writer-r", PluginJar.writer("writer-r", 5, 0, "refuse"), "which refuses");
    assertReason("StampedWriterFactory of bundle writer-r 5.0.0 refuses: unit ");
    Bundle broken =
        install(
            "writer-c",
            PluginJar.writer("writer-c", 6, 10, "fail to create"),
            "which throws when it is asked for a writer");
    assertReason(
        "StampedWriterFactory of bundle writer-c 6.0.0 fails: java.lang.IllegalStateException:"
            + " broken");
    assertEquals(List.of(), client.unreadNews());
    Bundle throwing =
        install(
            "writer-t",
            PluginJar.writer("writer-t", 7, 20, "fail to encode"),
            "which throws on every block");
    client.awaitNews("available " + STAMPED);
    client.subscribeOnly(STAMPED);
    await("failed blocks", () -> state(STAMPED).blocks().containsKey(WriteResult.FAILED));
    client.awaitSamples(PLAIN, 500);
    assertEquals("samples of a broken writer", 0, client.samples(STAMPED));
    install("writer-g", PluginJar.writer("writer-g", 8, 0, ""), "which is good");
    uninstall(throwing);
    goes();
    comesBack(8);
    uninstall(refusing);
    uninstall(broken);
    client.awaitSamples(STAMPED, 100);
    assertEquals(List.of(), client.unreadNews());
    assertWitnesses();
  }

  @Test
  public void sourcesComeChangeAndGo() throws Exception {
    Bundle source = install("source-a", PluginJar.source("source-a", 1), "");
    client.awaitNews("available " + COUNTED);
    client.subscribe(COUNTED);
    update(source, PluginJar.source("source-a", 2), "version 2");
    client.awaitNews("unavailable " + COUNTED);
    client.awaitNews("available " + COUNTED);
    client.subscribe(COUNTED);
    stop(source);
    client.awaitNews("unavailable " + COUNTED);
    start(source);
    client.awaitNews("available " + COUNTED);
    client.subscribe(COUNTED);
    Bundle second = install("source-b", PluginJar.source("source-b", 1), "with the same signals");
    client.awaitSamples(COUNTED, 100);
    assertEquals("the first one keeps its signals", List.of(), client.unreadNews());
    uninstall(second);
    client.awaitSamples(COUNTED, 100);
    assertNothingLost(COUNTED);
    uninstall(source);
    client.awaitNews("unavailable " + COUNTED);
    assertWitness();
  }

  private void openHot() throws Exception {
    timeline.operator("opens the table hot: plain (int64) and stamped (needs a plug-in's writer)");
    hot =
        new CounterSource(
            registry, "hot", "plain", DataTypes.INT64, "stamped", StampedWriterFactory.DATA_TYPE);
    client.awaitNews("available " + PLAIN);
  }

  private void goes() throws Exception {
    client.awaitNews("unavailable " + STAMPED);
  }

  private void comesBack(int version) throws Exception {
    client.awaitNews("available " + STAMPED);
    client.subscribe(STAMPED);
    assertEquals(version, client.writerVersion(STAMPED));
  }

  private void assertReason(String reason) throws Exception {
    await("reason '" + reason + "'", () -> state(STAMPED).reason().contains(reason));
    assertFalse(state(STAMPED).available());
  }

  private void assertWitnesses() throws Exception {
    assertNothingLost(STAMPED);
    assertNothingLost(PLAIN);
    assertEquals("one line of time", 0, client.jumps("hot/time"));
    assertWitness();
  }

  private void assertWitness() throws Exception {
    client.awaitSamples(WITNESS, 1000);
    assertNothingLost(WITNESS);
  }

  private void assertNothingLost(String signalId) {
    client.assertNothingLost(signalId);
  }

  private Bundle install(String name, PluginJar jar, String remark) throws Exception {
    timeline.operator("installs and starts " + name + (remark.isEmpty() ? "" : ", " + remark));
    Bundle bundle = context.installBundle("test:" + name, jar.open());
    installed.add(bundle);
    bundle.start();
    return bundle;
  }

  private void update(Bundle bundle, PluginJar jar, String remark) throws Exception {
    timeline.operator("updates " + bundle.getSymbolicName() + " to " + remark);
    bundle.update(jar.open());
  }

  /** What the deploy folder of the launcher does after an update. */
  private void refresh(Bundle bundle) throws Exception {
    timeline.operator("refreshes " + bundle.getSymbolicName());
    CountDownLatch refreshed = new CountDownLatch(1);
    context
        .getBundle(0)
        .adapt(FrameworkWiring.class)
        .refreshBundles(
            List.of(bundle),
            event -> {
              if (event.getType() == FrameworkEvent.PACKAGES_REFRESHED) {
                refreshed.countDown();
              }
            });
    assertTrue("refresh", refreshed.await(TIMEOUT_S, TimeUnit.SECONDS));
  }

  private void stop(Bundle bundle) throws Exception {
    timeline.operator("stops " + bundle.getSymbolicName());
    bundle.stop();
  }

  private void start(Bundle bundle) throws Exception {
    timeline.operator("starts " + bundle.getSymbolicName());
    bundle.start();
  }

  private void uninstall(Bundle bundle) throws Exception {
    timeline.operator("uninstalls " + bundle.getSymbolicName());
    bundle.uninstall();
  }

  private SignalState state(String signalId) {
    return registry.signals().stream()
        .filter(state -> state.descriptor().signalId().equals(signalId))
        .findFirst()
        .orElse(null);
  }
}
