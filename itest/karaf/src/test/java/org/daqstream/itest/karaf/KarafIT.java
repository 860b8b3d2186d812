/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest.karaf;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import javax.inject.Inject;
import org.apache.karaf.features.Feature;
import org.apache.karaf.features.FeaturesService;
import org.apache.karaf.shell.api.console.SessionFactory;
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
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.ConfigurationAdmin;

/**
 * The features in a real Karaf that has no network, as its operator uses them: the KAR goes into
 * {@code deploy/}, all else is typed into the console. A client counts every sample of a simulated
 * signal (5 kHz) all the time. Every test ends with the removal of everything, and with a look at
 * what is left, also in the caches of others: another host listens to mDNS.
 */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class KarafIT {
  private static final String ALL = "daqstream-all";
  private static final String WITNESS = "witness/0";
  private static final String SCR = "org.apache.felix.scr";

  /** The user's own file; KarafRuntime wrote it, too. */
  private static final String SERVER_CFG =
      "host = 127.0.0.1\nport = 0\ncontrolPort = 0\n# by the user\n";

  /** The signal that the client counts. */
  private static final String SIMULATOR_CFG =
      "prefix = witness\nwaveform = counter\ndataType = int64\nrateHz = 5000\n";

  private static final String UNINSTALL = "feature:uninstall ";
  private static final String UNINSTALL_WITH_CONFIGURATION =
      "feature:uninstall --delete-configurations ";

  /** Small features beside the two that the client needs, each after those that it needs itself. */
  private static final List<String> SMALL =
      List.of(
          "daqstream-writers",
          "daqstream-client",
          "daqstream-recording",
          "daqstream-streams",
          "daqstream-transport-null",
          "daqstream-transport-posix",
          "daqstream-transport-nng",
          "daqstream-nats",
          "daqstream-bridge",
          "daqstream-modules",
          "daqstream-shell",
          "daqstream-discovery",
          "daqstream-ops",
          "daqstream-viewer",
          "daqstream-login",
          "daqstream-login-jaas",
          "daqstream-examples");

  @Inject private BundleContext context;

  @Inject private ConfigurationAdmin configurations;

  @Inject private FeaturesService features;

  @Inject private SessionFactory sessions;

  private Path karaf;
  private Path deploy;
  private Path serverCfg;
  private Path simulatorCfg;
  private Console console;
  private Baseline before;
  private Witness client;
  private MdnsPeer peer;
  private String uninstall = UNINSTALL;

  @Configuration
  public Option[] karaf() {
    return KarafRuntime.options();
  }

  @Before
  public void installKarAndConnect() throws Exception {
    karaf = Path.of(System.getProperty("karaf.base"));
    deploy = karaf.resolve("deploy");
    serverCfg = karaf.resolve("etc/org.daqstream.server.cfg");
    simulatorCfg = karaf.resolve("etc/org.daqstream.source.simulator-witness.cfg");
    console = new Console(sessions);
    Needs.program("node", "nodejs");
    peer = new MdnsPeer();
    Files.writeString(serverCfg, SERVER_CFG);
    before = new Baseline(context, configurations);
    undisturbed("KAR into deploy/", this::deployKar);
    client = new Witness(endpoints());
    Files.writeString(simulatorCfg, SIMULATOR_CFG);
    client.awaitNews("available " + WITNESS);
    client.subscribe(WITNESS);
  }

  @After
  public void removeEverything() throws Exception {
    client.close();
    Files.deleteIfExists(simulatorCfg);
    try {
      undisturbed("removal", this::remove);
    } finally {
      peer.close();
    }
    if (uninstall.equals(UNINSTALL_WITH_CONFIGURATION)) {
      assertFalse("the user asked for the end of all configuration", Files.exists(serverCfg));
      before.forget("org.daqstream.server");
    }
    before.assertNothingLeftBehind();
  }

  @Test
  public void theKarBringsEverythingAndRespectsTheUsersFile() throws Exception {
    console.execute("feature:list --installed");
    List<String> idle = new ArrayList<>();
    for (Bundle bundle : context.getBundles()) {
      if (bundle.getSymbolicName().startsWith("org.daqstream.")
          && bundle.getState() != Bundle.ACTIVE) {
        idle.add(bundle.getSymbolicName());
      }
    }
    assertEquals("not active", List.of(), idle);
    String signals = console.execute("signal:list");
    assertTrue(signals, signals.contains(WITNESS));
    String why = console.execute("daqstream:why org.daqstream.server");
    assertTrue(why, why.contains("it is live"));
    assertEquals(SERVER_CFG, Files.readString(serverCfg));
    for (String name : List.of("source.host", "discovery", "ops")) {
      assertTrue(name, Files.exists(karaf.resolve("etc/org.daqstream." + name + ".cfg")));
    }
    client.assertNothingLost(WITNESS);
  }

  @Test
  public void theKarMayComeAndGoByCommand() throws Exception {
    client.close();
    Files.delete(simulatorCfg);
    undisturbed("removal", this::remove);
    before.assertNothingLeftBehind();
    Path kar = Path.of(System.getProperty("daqstream.kar"));
    undisturbed("kar:install", () -> console.execute("kar:install " + kar.toUri()));
    Wait.until("server", () -> endpoints() != null);
    String instance = peer.awaitInstance(port());
    int heard = peer.lines().size();
    String name = kar.getFileName().toString().replace(".kar", "");
    undisturbed("kar:uninstall", () -> console.execute("kar:uninstall " + name));
    peer.assertGoodbye(heard, instance);
    before.assertNothingLeftBehind();
  }

  @Test
  public void smallFeaturesComeAndGoUnderAConnectedClient() throws Exception {
    type("feature:install daqstream daqstream-sources " + String.join(" ", SMALL));
    type("feature:uninstall " + ALL);
    List<String> backwards = new ArrayList<>(SMALL);
    Collections.reverse(backwards);
    for (String feature : backwards) {
      type("feature:uninstall " + feature);
      assertFalse(feature, installed(feature));
    }
    assertFalse("stays", Files.exists(karaf.resolve("etc/streams")));
    assertFalse("stays", Files.exists(karaf.resolve("etc/org.daqstream.discovery.cfg")));
    for (String feature : SMALL) {
      type("feature:install " + feature);
      assertTrue(feature, installed(feature));
    }
    assertTrue(Files.exists(karaf.resolve("etc/streams/cameras.json.sample")));
  }

  @Test
  public void configurationTypedIntoTheConsoleDropsNoClient() throws Exception {
    type("config:property-set --pid org.daqstream.server pingIntervalMs 1000");
    type("config:property-set --pid org.daqstream.source.host rateHz 100");
    type("config:property-set --pid org.daqstream.server clients 1");
    Wait.until("effect", () -> refusesClients());
    type("config:property-set --pid org.daqstream.server clients many");
    assertTrue("a wrong value leaves the old one", refusesClients());
    type("config:property-delete --pid org.daqstream.server clients");
    Wait.until("effect", () -> !refusesClients());
    assertTrue(Files.readString(serverCfg), Files.readString(serverCfg).contains("by the user"));
    uninstall = UNINSTALL_WITH_CONFIGURATION;
  }

  @Test
  public void filesThatTheUserChangedStayForTheNextInstallation() throws Exception {
    Path hostCfg = karaf.resolve("etc/org.daqstream.source.host.cfg");
    Path discoveryCfg = karaf.resolve("etc/org.daqstream.discovery.cfg");
    type("config:property-set --pid org.daqstream.source.host rateHz 100");
    Wait.until("rate in the file", () -> Files.readString(hostCfg).contains("rateHz = 100"));
    type("config:property-set --pid org.daqstream.discovery model M");
    Wait.until("model in the file", () -> Files.readString(discoveryCfg).contains("model = M"));
    type("config:property-delete --pid org.daqstream.discovery model");
    Wait.until("file without it", () -> !Files.readString(discoveryCfg).contains("model = M"));
    type("feature:install daqstream-examples");
    Path manifest = karaf.resolve("etc/streams/mine.json.off");
    Files.writeString(manifest, "{}");
    client.close();
    Files.delete(simulatorCfg);
    undisturbed("removal", this::remove);
    assertTrue(Files.readString(hostCfg).contains("rateHz = 100"));
    assertFalse(Files.exists(manifest.resolveSibling("cameras.json.sample")));
    Files.delete(manifest);
    Files.delete(manifest.getParent());
    assertFalse("says nothing any more", Files.exists(discoveryCfg));
    Files.delete(hostCfg);
    before.assertNothingLeftBehind();
  }

  @Test
  public void plugInsDroppedIntoDeployAreLive() throws Exception {
    try (BundleChanges changes = new BundleChanges(context)) {
      Path source = deploy.resolve("counter.jar");
      Path writer = deploy.resolve("stamper.jar");
      client.dropSource(source);
      client.awaitNews("available counted/value");
      client.subscribe("counted/value");
      for (int i = 0; i < 2; i++) {
        client.dropWriter(writer);
        client.awaitNews("available counted/stamped");
        client.subscribe("counted/stamped");
        client.assertNothingLost("counted/stamped");
        client.operator("removes stamper.jar");
        Files.delete(writer);
        client.awaitNews("unavailable counted/stamped");
      }
      client.assertNothingLost("counted/value");
      client.operator("removes counter.jar");
      Files.delete(source);
      client.awaitNews("unavailable counted/value");
      Wait.until("end of the source", () -> bundles("counter") == 0);
      assertEquals("disturbed by plug-ins", List.of(), changes.disturbed());
    }
    client.assertNothingLost(WITNESS);
  }

  @Test
  public void karafsOwnScrMayComeAfterOrBefore() throws Exception {
    type("feature:install scr");
    assertEquals(1, bundles(SCR));
    type("feature:uninstall " + "scr");
    assertEquals(1, bundles(SCR));
    type("feature:install scr");
    client.close();
    undisturbed("removal", this::remove);
    assertEquals("stays for Karaf", 1, bundles(SCR));
    Files.writeString(serverCfg, SERVER_CFG);
    undisturbed("KAR into deploy/", this::deployKar);
    assertEquals(1, bundles(SCR));
    client = new Witness(endpoints());
    client.subscribe(WITNESS);
    type("feature:uninstall scr");
    assertEquals(1, bundles(SCR));
  }

  /** Types a command that must disturb neither a bundle that stays nor the client. */
  private void type(String command) throws Exception {
    client.operator(command);
    undisturbed(command, () -> console.execute(command));
    client.assertNothingLost(WITNESS);
  }

  /** Nothing that was there before and is there afterwards may be stopped or refreshed. */
  private void undisturbed(String what, Callable<?> action) throws Exception {
    try (BundleChanges changes = new BundleChanges(context)) {
      action.call();
      assertEquals("disturbed by " + what, List.of(), changes.disturbed());
    }
  }

  private Void deployKar() throws Exception {
    Path kar = Path.of(System.getProperty("daqstream.kar"));
    Path beside = karaf.resolve(kar.getFileName());
    Files.copy(kar, beside);
    Files.move(beside, deploy.resolve(kar.getFileName()), StandardCopyOption.ATOMIC_MOVE);
    Wait.until("server", () -> endpoints() != null && installed(ALL));
    return null;
  }

  /** Also what is gone already. */
  private Void remove() throws Exception {
    String instance = endpoints() == null ? "" : peer.awaitInstance(port());
    int heard = peer.lines().size();
    for (Feature feature : features.listRequiredFeatures()) {
      if (feature.getName().startsWith("daqstream")) {
        console.execute(uninstall + feature.getName());
      }
    }
    Path kar = Path.of(System.getProperty("daqstream.kar"));
    Path unpacked =
        karaf.resolve("data/kar").resolve(kar.getFileName().toString().replace(".kar", ""));
    Files.deleteIfExists(deploy.resolve(kar.getFileName()));
    Wait.until("end of " + unpacked, () -> !Files.exists(unpacked));
    if (!instance.isEmpty()) {
      peer.assertGoodbye(heard, instance);
    }
    return null;
  }

  private boolean installed(String name) throws Exception {
    return Arrays.stream(features.listInstalledFeatures())
        .anyMatch(feature -> feature.getName().equals(name));
  }

  private long bundles(String symbolicName) {
    return Arrays.stream(context.getBundles())
        .filter(bundle -> bundle.getSymbolicName().equals(symbolicName))
        .count();
  }

  /** Whether one more client is too many. */
  private boolean refusesClients() throws Exception {
    try {
      new Witness(endpoints()).close();
      return false;
    } catch (AssertionError e) {
      return true;
    }
  }

  private int port() throws Exception {
    return URI.create(endpoints()[0]).getPort();
  }

  /** Stream and command URL of the server, or null. */
  private String[] endpoints() throws Exception {
    ServiceReference<?>[] references =
        context.getAllServiceReferences(
            null,
            "(&(daqstream.endpoints=ws://127.0.0.1:*)(!(daqstream.endpoints=ws://127.0.0.1:7414/)))");
    return references == null ? null : (String[]) references[0].getProperty("daqstream.endpoints");
  }
}
