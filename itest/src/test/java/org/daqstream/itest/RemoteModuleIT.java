/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import static org.daqstream.itest.LiveRuntime.await;
import static org.daqstream.itest.Modules.OK;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.inject.Inject;
import org.daqstream.stream.api.StreamRegister;
import org.daqstream.stream.api.module.ModuleHost;
import org.daqstream.stream.api.module.ModuleStatus;
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
import org.osgi.util.tracker.ServiceTracker;

/**
 * The example of the library, as it stands, in a process of its own: modules of bundles talk to it,
 * while its end of the runtime, a transport and itself go and come.
 */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class RemoteModuleIT {
  private static final Path LIBRARY = Distribution.FOLDER.resolve("libraries").resolve("java");
  private static final String PID = "org.daqstream.stream.remote";
  private static final long TIMEOUT_S = 20;

  @Inject private BundleContext context;
  @Inject private StreamRegister register;
  @Inject private ConfigurationAdmin configurationAdmin;

  private final List<Process> processes = new ArrayList<>();
  private Path folder;
  private Modules modules;
  private org.osgi.service.cm.Configuration configuration;
  private ServiceTracker<ModuleHost, ModuleHost> hosts;

  @Configuration
  public Option[] runtime() {
    return FelixRuntime.withStreams();
  }

  @Before
  public void configure() throws Exception {
    folder = Files.createTempDirectory("remote");
    configuration = configurationAdmin.getConfiguration(PID, "?");
    configuration.update(FrameworkUtil.asDictionary(Map.of("socket", socket())));
    hosts =
        new ServiceTracker<>(
            context,
            context.createFilter(
                "(&(objectClass=%s)(component.name=*.remote.*))"
                    .formatted(ModuleHost.class.getName())),
            null);
    hosts.open();
    modules = new Modules(context, "talker", "listener");
    int orders = Modules.freePort();
    int answers = Modules.freePort();
    register.deploy(
        "remote",
        Modules.manifest(
            Modules.instance("talker", "data", "posix", "out", Modules.posix(orders)),
            Modules.instance("listener", "data", "posix", "in", Modules.posix(answers)),
            "\"echo\":{\"streams\":{%s,%s}}"
                .formatted(
                    stream("orders", "in", Modules.posix(orders)),
                    stream("answers", "out", Modules.posix(answers)))));
    await("the socket", () -> Files.exists(Path.of(socket())));
  }

  private static String stream(String name, String direction, String parameters) {
    return "\"%s\":{\"type\":\"posix\",\"direction\":\"%s\",\"parameters\":%s}"
        .formatted(name, direction, parameters);
  }

  private String socket() {
    return folder.resolve("run").resolve("socket").toString();
  }

  @After
  public void removeEverything() throws Exception {
    processes.forEach(Process::destroyForcibly);
    modules.close();
    register.undeploy("remote");
    hosts.close();
    configuration.delete();
    await("the end of the socket", () -> !Files.exists(Path.of(socket())));
    Files.delete(folder.resolve("run"));
    Files.delete(folder);
    assertEquals(List.of(), register.streams());
  }

  private Process startEcho() throws IOException {
    Process echo =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                LIBRARY + "/*",
                LIBRARY.resolve("Echo.java").toString(),
                socket(),
                "echo")
            .inheritIO()
            .start();
    processes.add(echo);
    return echo;
  }

  private List<ModuleStatus> remote() {
    ModuleHost host = hosts.getService();
    return host == null ? List.of() : host.modules();
  }

  private void awaitEcho() throws Exception {
    await(
        "both streams of the module",
        () ->
            register.streams().stream()
                    .filter(open -> open.instance().equals("echo") && open.ended().isEmpty())
                    .count()
                == 2);
  }

  private void talk(String text) throws Exception {
    modules.tell("talker", "write " + text, OK);
    modules.awaitEvent("listener", "data " + text);
  }

  @Test
  public void aProcessTalksToBundlesWhateverGoesAndComes() throws Exception {
    Process echo = startEcho();
    awaitEcho();
    assertEquals(1, remote().size());
    assertEquals(echo.pid(), remote().get(0).processId());
    modules.connect("talker", "listener");
    talk("hello");
    Bundle end = modules.bundle(PID);
    end.stop();
    await("the end of its streams", () -> register.streams().size() == 2);
    end.start();
    awaitEcho();
    talk("again");
    modules.bundle("org.daqstream.transport.posix").update();
    for (String instance : List.of("talker", "listener")) {
      modules.awaitEvent(instance, "ended its transport left");
      modules.tell(instance, "close 1000", OK);
    }
    awaitEcho();
    modules.connect("talker", "listener");
    talk("updated");
    echo.destroyForcibly(); // kill -9
    await("the end of the module", () -> remote().isEmpty());
    startEcho();
    awaitEcho();
    talk("anew");
    assertTrue(hosts.getService().requestStop("echo"));
    assertTrue(processes.get(1).waitFor(TIMEOUT_S, TimeUnit.SECONDS));
    assertEquals(0, processes.get(1).exitValue());
    await("the end of the module", () -> remote().isEmpty());
    modules.tell("talker", "close 1000", OK);
    modules.tell("listener", "close 0", OK);
  }
}
