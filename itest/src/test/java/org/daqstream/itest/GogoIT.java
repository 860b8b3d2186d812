/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import static org.daqstream.itest.LiveRuntime.await;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.inject.Inject;
import org.apache.felix.service.command.CommandProcessor;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;
import org.daqstream.signal.api.SignalRegistry;
import org.junit.After;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/** What people who type in Gogo are helped with, and the command that says why nothing happens. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class GogoIT {
  @Inject private BundleContext context;

  @Inject private CommandProcessor processor;

  @Inject private SignalRegistry registry;

  private final List<Bundle> plugins = new ArrayList<>();
  private final List<SignalPort> ports = new ArrayList<>();

  @Configuration
  public Option[] runtime() {
    return FelixRuntime.withBundles(
        jar -> !jar.matches("org\\.daqstream\\.(server\\.jar|source|example|discovery\\.jar).*"));
  }

  @After
  public void removeEverything() throws Exception {
    ports.forEach(SignalPort::close);
    for (Bundle plugin : plugins) {
      plugin.uninstall();
    }
  }

  private String run(String line) throws Exception {
    return GogoSession.run(processor, line);
  }

  private void publish(String signalId) {
    ports.add(
        registry.open(
            SignalDescriptor.linearTime(signalId + "/time", 1_000_000),
            SignalDescriptor.value(signalId, DataTypes.INT32).build()));
  }

  @Test
  public void helpListsTheCommandsAndTellsOfEach() throws Exception {
    String list = run("daqstream:help");
    assertTrue(list, list.lines().anyMatch(line -> line.matches("signal:list +Lists the .*")));
    assertTrue(list, list.lines().anyMatch(line -> line.matches("daqstream:why +Tells why .*")));
    assertEquals(run("signal:list --help"), run("daqstream:help signal:list"));
    String both = run("daqstream:help list");
    assertTrue(both, both.contains("usage: signal:list"));
    assertTrue(both, both.contains("usage: stream:list"));
    Exception unknown = assertThrows(Exception.class, () -> run("daqstream:help signal:lst"));
    assertTrue(
        unknown.getMessage(),
        unknown.getMessage().startsWith("no command 'signal:lst'; did you mean 'signal:list'"));
  }

  @Test
  public void searchShowsTheLinesThatMatch() throws Exception {
    publish("gogo/one");
    publish("gogo/two");
    List<String> found = run("signal:list | daqstream:grep -i O/ONE").lines().toList();
    assertEquals(found.toString(), 2, found.size()); // gogo/one/time, gogo/one
    assertTrue(found.toString(), found.stream().allMatch(line -> line.startsWith("gogo/one")));
    String others = run("signal:list gogo | daqstream:grep -v one");
    assertEquals(others, 3, others.lines().count()); // headings, gogo/two/time, gogo/two
  }

  @Test
  public void wordsAreCompleted() throws Exception {
    publish("gogo/word");
    assertEquals("signal:kick\n", run("daqstream:complete signal:k"));
    assertEquals("gogo/word\ngogo/word/time\n", run("daqstream:complete signal:info gogo/w"));
    assertEquals("--json\n", run("daqstream:complete signal:info gogo/word --j"));
  }

  private Bundle install(PluginJar plugin) throws Exception {
    Bundle bundle = context.installBundle("test:" + plugin.name(), plugin.open());
    plugins.add(bundle);
    return bundle;
  }

  /** The rows of {@code daqstream:why}, one line for each. */
  private String why(String word) throws Exception {
    JsonNode rows = new ObjectMapper().readTree(run("daqstream:why --json " + word));
    StringBuilder lines = new StringBuilder();
    for (JsonNode row : rows) {
      lines.append(row.path("problem").asText()).append(" | ");
      lines.append(row.path("what").asText()).append(" | ");
      lines.append(row.path("why").asText()).append('\n');
    }
    return lines.toString();
  }

  @Test
  public void aBundleThatIsLiveIsSaidToBe() throws Exception {
    assertEquals(" |  | it is live, with one component\n", why("org.daqstream.writer.binary"));
  }

  @Test
  public void anImportThatNobodyExportsIsNamed() throws Exception {
    install(
        PluginJar.empty("why.import")
            .header(
                "Import-Package",
                "org.acme.none,org.daqstream.signal.api;version=\"[7.1,8)\",java.util"));
    String why = why("why.import");
    assertTrue(why, why.contains("unresolved | package org.acme.none | no bundle exports it\n"));
    assertTrue(
        why,
        why.contains(
            "unresolved | package org.daqstream.signal.api | no bundle exports it in"
                + " [7.1.0,8.0.0), but there is "));
    String table = run("daqstream:why");
    assertTrue(table, table.contains("why.import 1.0.0"));
  }

  @Test
  public void aReferenceThatNobodySatisfiesIsNamed() throws Exception {
    install(
            PluginJar.component(
                "why.reference",
                """
                <reference name="friend" interface="org.acme.Friend"/>
                <reference name="writer" target="(signal.datatype=gogo)"
                    interface="org.daqstream.signal.api.writer.SignalWriterFactory"/>
                """))
        .start();
    String why = why("why.reference");
    assertTrue(
        why,
        why.contains(
            "unsatisfied reference | why.reference, friend | there is no service"
                + " org.acme.Friend\n"));
    assertTrue(
        why,
        why.contains(
            "unsatisfied reference | why.reference, writer | there is no service"
                + " org.daqstream.signal.api.writer.SignalWriterFactory with"
                + " (signal.datatype=gogo), but "));
  }

  @Test
  public void aConfigurationThatIsMissingIsNamed() throws Exception {
    install(PluginJar.component("why.conf", "").requiringConfiguration()).start();
    assertEquals(
        "missing configuration | why.conf | it is off until there is a configuration why.conf, or"
            + " why.conf-NAME for each of several\n",
        why("why.conf"));
  }

  @Test
  public void aSignalThatIsRefusedIsNamed() throws Exception {
    install(PluginJar.source("why.source", 1)).start();
    await(
        "signal without a writer",
        () -> why("why.source").contains("refused signal | counted/stamped | no writer for "));
    String registryReference =
        "<reference name=\"registry\" interface=\"" + SignalRegistry.class.getName() + "\"/>";
    install(PluginJar.component("why.other", registryReference)).start();
    assertEquals(" |  | it is live, with one component\n", why("why.other"));
    install(PluginJar.source("why.second", 1)).start();
    String why = why("why.second");
    assertTrue(why, why.startsWith("failed component | why.second | "));
    assertTrue(why, why.contains("counted/time"));
    install(PluginJar.writer("why.writer", 1, 0, "refuse")).start();
    await(
        "writer that refuses",
        () -> why("why.writer").startsWith("refused signal | counted/stamped | "));
  }

  @Test
  public void aFileThatIsNoBundleIsToldSo() throws Exception {
    Path file = Files.createTempFile("why", ".jar");
    try {
      Files.writeString(file, "half a jar");
      assertTrue(why(file.toString()).startsWith("no bundle | " + file + " | it is no jar: "));
      PluginJar plugin = PluginJar.empty("why.file");
      try (InputStream jar = plugin.open()) {
        Files.write(file, jar.readAllBytes());
      }
      assertTrue(why(file.toString()).startsWith("not installed | " + file + " | it is not in "));
      install(plugin);
      assertTrue(why(file.toString()).contains("why.file 1.0.0 is there, from test:why.file"));
      assertTrue(why("why.file").startsWith("not started | "));
    } finally {
      Files.delete(file);
    }
    Exception unknown = assertThrows(Exception.class, () -> run("daqstream:why why.nobody"));
    assertTrue(unknown.getMessage().startsWith("no bundle and no file 'why.nobody'"));
  }
}
