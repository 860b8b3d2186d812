/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import static org.daqstream.itest.LiveRuntime.await;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.inject.Inject;
import org.daqstream.signal.api.SignalRegistry;
import org.daqstream.signal.api.SignalState;
import org.daqstream.stream.api.StreamRegister;
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
 * From a module's stream into a signal, and from that signal onto another stream: {@code talker} →
 * bridge → signal {@code bridged} → bridge → {@code listener}.
 */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class BridgeIT {
  private static final String SIGNAL = "bridged";

  @Inject private BundleContext context;

  @Inject private ConfigurationAdmin configurationAdmin;

  @Inject private StreamRegister streams;

  @Inject private SignalRegistry signals;

  private Modules modules;
  private org.osgi.service.cm.Configuration inward;
  private org.osgi.service.cm.Configuration outward;

  @Configuration
  public Option[] runtime() {
    return FelixRuntime.withStreams();
  }

  @Before
  public void buildTheChain() throws Exception {
    modules = new Modules(context, "talker", "listener");
    String first = Modules.posix(Modules.freePort());
    String second = Modules.posix(Modules.freePort());
    streams.deploy(
        "test",
        Modules.manifest(
            Modules.instance("talker", "data", "posix", "out", first),
            Modules.instance("bridge-in", "data", "posix", "in", first),
            Modules.instance("bridge-out", "data", "posix", "out", second),
            Modules.instance("listener", "data", "posix", "in", second)));
    inward =
        configure(
            "org.daqstream.bridge.stream2signal",
            Map.of("instance", "bridge-in", "stream", "data", "signalId", SIGNAL, "retryMs", 50));
    outward =
        configure(
            "org.daqstream.bridge.signal2stream",
            Map.of("instance", "bridge-out", "stream", "data", "signalId", SIGNAL, "retryMs", 50));
    await("signal", () -> state().isPresent() && state().get().available());
    modules.tell("listener", "in", Modules.OK);
    modules.tell("talker", "out", Modules.OK);
    modules.awaitEvent("listener", "up");
    modules.awaitEvent("talker", "up");
    // Its stream may be open before the registry has the sink.
    await("sink", this::isProbeDelivered);
    await("end of the probes", () -> modules.tell("listener", "drain").equals("0"));
  }

  private boolean isProbeDelivered() throws Exception {
    modules.tell("talker", "write probe", Modules.OK);
    return !modules.tell("listener", "drain").equals("0");
  }

  @After
  public void removeEverything() throws Exception {
    inward.delete();
    outward.delete();
    await("end of the signal", () -> state().isEmpty());
    modules.close();
    streams.undeploy("test");
    await("end of the streams", () -> streams.streams().isEmpty());
  }

  @Test
  public void aStreamBecomesASignalAndTheSignalAStream() throws Exception {
    talk("first");
    talk("second");
    assertEquals("binary", state().orElseThrow().descriptor().dataType());
  }

  @Test
  public void theSignalWaitsForItsWriterAndGoesOn() throws Exception {
    talk("before");
    Bundle writer = modules.bundle("org.daqstream.writer.binary");
    writer.stop();
    await("reason", () -> state().orElseThrow().reason().contains("binary"));
    writer.start();
    await("signal", () -> state().orElseThrow().available());
    talk("after");
  }

  @Test
  public void bothBridgesOpenTheirStreamsAnewWhenTheTransportReturns() throws Exception {
    talk("before");
    Bundle transport = modules.bundle("org.daqstream.transport.posix");
    transport.stop();
    modules.awaitEvent("talker", "ended its transport left");
    modules.awaitEvent("listener", "ended its transport left");
    modules.tell("talker", "close 0", Modules.OK);
    modules.tell("listener", "close 0", Modules.OK);
    assertTrue("the signal stays", state().orElseThrow().available());
    transport.start();
    modules.tell("listener", "in", Modules.OK);
    modules.tell("talker", "out", Modules.OK);
    modules.awaitEvent("listener", "up");
    modules.awaitEvent("talker", "up");
    talk("after");
  }

  private void talk(String text) throws Exception {
    modules.tell("talker", "write " + text, Modules.OK);
    modules.awaitEvent("listener", "data " + text);
  }

  private Optional<SignalState> state() {
    List<SignalState> all = signals.signals();
    return all.stream().filter(s -> s.descriptor().signalId().equals(SIGNAL)).findFirst();
  }

  private org.osgi.service.cm.Configuration configure(String pid, Map<String, Object> values)
      throws Exception {
    org.osgi.service.cm.Configuration configuration =
        configurationAdmin.createFactoryConfiguration(pid, "?");
    configuration.update(FrameworkUtil.asDictionary(values));
    return configuration;
  }
}
