/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import static org.daqstream.itest.LiveRuntime.await;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/**
 * A source, a writer, a transport and a file format made from the templates, by somebody who has
 * only the distribution.
 */
public class TemplateIT {
  private static final String SIGNAL = "heap/used";
  private static final long TIMEOUT_MS = 60_000;

  @Rule public TemporaryFolder folder = new TemporaryFolder();

  private Path home;
  private Path projects;

  @Before
  public void createFolders() throws Exception {
    home = folder.newFolder().toPath();
    projects = folder.newFolder().toPath();
  }

  @Test
  public void sourceAndWriterFromTheTemplatesStreamFromTheDeployFolder() throws Exception {
    Path source = TemplateProject.copy("source", projects.resolve("source")).build();
    Path writer = TemplateProject.copy("writer", projects.resolve("writer")).build();
    Distribution.configureServer(home, Distribution.FREE_PORTS);
    try (RunningProcess instance = Distribution.start(home)) {
      Distribution.Endpoints endpoints = Distribution.awaitListening(instance, 0);
      try (SignalClient client =
          new SignalClient(endpoints.ws().toString(), endpoints.http().toString())) {
        deploy(source);
        awaitSignal(client, "available");
        double percent = firstData(client, Double.BYTES).getDouble();
        assertTrue("heap in per cent: " + percent, percent > 0 && percent <= 100);

        Files.writeString(home.resolve("conf/com.acme.heap.cfg"), "periodMs = often\n");
        instance.awaitLine(
            0, line -> line.contains("com.acme.heap: key periodMs = 'often' must be"), TIMEOUT_MS);
        await("signal", () -> isListed("available"));
        Files.writeString(
            home.resolve("conf/com.acme.heap.cfg"), "dataType = percent8\nperiodMs = 10\n");
        awaitSignal(client, "unavailable");
        await(
            "reason", () -> isListed("unavailable: no writer for data type percent8 is installed"));
        deploy(writer);
        awaitSignal(client, "available");
        int rounded = firstData(client, Byte.BYTES).get();
        assertTrue("heap in per cent: " + rounded, rounded >= 0 && rounded <= 100);

        Files.delete(home.resolve("deploy").resolve(writer.getFileName()));
        awaitSignal(client, "unavailable");
      }
    }
  }

  @Test
  public void aTransportFromTheTemplateCarriesMessages() throws Exception {
    Path transport = TemplateProject.copy("transport", projects.resolve("transport")).build();
    Distribution.configureServer(home, Distribution.FREE_PORTS);
    String port = "{\"hostname\":\"127.0.0.1\",\"port\":\"%d\"}".formatted(Modules.freePort());
    String manifest =
        Modules.manifest(
            Modules.instance("talker", "data", "udp", "out", port),
            Modules.instance("listener", "data", "udp", "in", port));
    Files.createDirectories(home.resolve("etc/streams"));
    Files.writeString(home.resolve("etc/streams/udp.json"), manifest);
    try (RunningProcess instance = Distribution.start(home)) {
      Distribution.awaitListening(instance, 0);
      deploy(transport);
      instance.awaitLine(0, line -> line.contains("stream type 'udp' is there"), TIMEOUT_MS);
      try (RunningProcess listener = command("stream:tail", "listener", "data", "-n", "1")) {
        listener.awaitLine(0, line -> line.startsWith("connected"), TIMEOUT_MS);
        try (RunningProcess talker = command("stream:send", "talker", "data", "by", "udp")) {
          assertEquals(String.valueOf(talker.lines()), 0, talker.awaitExit(TIMEOUT_MS));
        }
        listener.awaitLine(0, line -> line.endsWith("6 B  by udp"), TIMEOUT_MS);
        assertEquals(0, listener.awaitExit(TIMEOUT_MS));
      }
    }
  }

  @Test
  public void aFormatFromTheTemplateRecordsWhileItComesAndGoes() throws Exception {
    Path format = TemplateProject.copy("format", projects.resolve("format")).build();
    Distribution.configureServer(home, Distribution.FREE_PORTS);
    Files.writeString(
        home.resolve("conf/org.daqstream.source.simulator-it.cfg"), "prefix = sim\nsignals = 2\n");
    Files.writeString(
        home.resolve("conf/org.daqstream.recorder-it.cfg"),
        "format = rows\nsignals = sim/**\nminFreeBytes = 0\n");
    try (RunningProcess instance = Distribution.start(home)) {
      Distribution.awaitListening(instance, 0);
      await("a recorder without its format", () -> recorder().contains("no format"));
      deploy(format);
      await("its working file", () -> !recordings("_.*[.]rows[.]part").isEmpty());
      Files.delete(home.resolve("deploy").resolve(format.getFileName()));
      await("the file, complete before the format is gone", () -> !recordings().isEmpty());
      assertEquals(List.of(), recordings("_.*[.]rows[.]part"));
      deploy(format);
      await("the next working file", () -> !recordings("_.*[.]rows[.]part").isEmpty());
      output("recorder:end", "it");
      await("the next file", () -> recordings().size() > 1);
    }
    for (Path each : recordings()) {
      String file = each.toString();
      String facts = output("info", file);
      assertTrue(facts, facts.contains("sim/0") && facts.contains("sim/1"));
      String verdict = output("verify", file);
      assertTrue(verdict, verdict.matches("(?s).*verdict +ok.*"));
    }
  }

  private List<Path> recordings() throws Exception {
    return recordings("it[.].*[.]rows");
  }

  private List<Path> recordings(String pattern) throws Exception {
    Path recordings = home.resolve("recordings");
    if (!Files.exists(recordings)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(recordings)) {
      return files.filter(each -> each.getFileName().toString().matches(pattern)).toList();
    }
  }

  private String recorder() throws Exception {
    return output("recorder:status", "it");
  }

  private String output(String... words) throws Exception {
    try (RunningProcess process = command(words)) {
      process.awaitExit(TIMEOUT_MS);
      return String.join("\n", process.lines());
    }
  }

  private boolean isListed(String state) throws Exception {
    try (RunningProcess list = command("signal:list", SIGNAL)) {
      list.awaitExit(TIMEOUT_MS);
      return !list.lines(line -> line.startsWith(SIGNAL) && line.endsWith(" " + state)).isEmpty();
    }
  }

  private RunningProcess command(String... words) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Distribution.FOLDER.resolve("bin/daqstream").toString());
    command.addAll(List.of("--home", home.toString()));
    command.addAll(List.of(words));
    return RunningProcess.start(home, command);
  }

  private void deploy(Path jar) throws Exception {
    Files.copy(jar, home.resolve("deploy").resolve(jar.getFileName()));
  }

  private static void awaitSignal(SignalClient client, String method) throws InterruptedException {
    client.await(
        method + " with " + SIGNAL,
        packet -> packet.is(method) && SignalClient.ids(packet).contains(SIGNAL));
  }

  private static ByteBuffer firstData(SignalClient client, int sampleBytes) throws Exception {
    assertEquals("200 Succeeded", client.command("subscribe", SIGNAL));
    int signo =
        client
            .await(
                "acknowledgement",
                packet ->
                    packet.is("subscribe")
                        && packet.params().path("signalId").textValue().equals(SIGNAL))
            .signo();
    ByteBuffer data = client.awaitData(signo).data();
    assertEquals("whole samples", 0, data.remaining() % sampleBytes);
    return data;
  }
}
