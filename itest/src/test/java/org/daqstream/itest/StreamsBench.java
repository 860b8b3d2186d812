/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import static org.daqstream.itest.LiveRuntime.await;
import static org.daqstream.itest.Modules.OK;
import static org.junit.Assert.assertEquals;

import java.util.ArrayList;
import java.util.List;
import javax.inject.Inject;
import org.daqstream.stream.api.StreamRegister;
import org.daqstream.stream.api.StreamStatistics;
import org.junit.After;
import org.junit.Before;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.osgi.framework.BundleContext;

/** Modules that talk over streams in a real framework. */
abstract class StreamsBench {
  @Inject BundleContext context;

  @Inject StreamRegister register;

  final List<String> sources = new ArrayList<>();
  Modules modules;
  int port;

  @Configuration
  public Option[] runtime() {
    return FelixRuntime.withStreams();
  }

  @Before
  public void installModules() throws Exception {
    port = Modules.freePort();
    modules = new Modules(context, "talker", "listener");
  }

  @After
  public void removeEverything() throws Exception {
    modules.close();
    sources.forEach(register::undeploy);
    assertEquals(List.of(), register.streams());
    await("end of all threads", () -> threadsOfTransports().isEmpty());
  }

  void talk(String text) throws Exception {
    modules.tell("talker", "write " + text, OK);
    modules.tell("listener", "event", "data " + text);
  }

  StreamStatistics statistics(String instance) {
    return Modules.statistics(register, instance);
  }

  void deploy(String source, String manifest) throws Exception {
    register.deploy(source, manifest);
    sources.add(source);
  }

  String posix() {
    return definition("posix", Modules.posix(port));
  }

  String nng() {
    return Modules.manifest(
        Modules.instance("talker", "data", "nng", "out", Modules.nng("dial", "push", port)),
        Modules.instance("listener", "data", "nng", "in", Modules.nng("listen", "pull", port)));
  }

  static String definition(String type, String parameters) {
    return definition(type, parameters, parameters);
  }

  static String definition(String type, String out, String in) {
    return Modules.manifest(
        Modules.instance("talker", "data", type, "out", out),
        Modules.instance("listener", "data", type, "in", in));
  }

  static List<String> threadsOfTransports() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.matches("stream-[a-z]+-(in|out)-.*"))
        .toList();
  }
}
