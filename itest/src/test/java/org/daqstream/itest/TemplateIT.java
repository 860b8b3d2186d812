/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** A source and a writer made from the templates, by somebody who has only the distribution. */
public class TemplateIT {
  private static final String SIGNAL = "heap/used";

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
      try (StreamClient client =
          new StreamClient(endpoints.ws().toString(), endpoints.http().toString())) {
        deploy(source);
        awaitSignal(client, "available");
        double percent = firstData(client, Double.BYTES).getDouble();
        assertTrue("heap in per cent: " + percent, percent > 0 && percent <= 100);

        Files.writeString(
            home.resolve("conf/com.acme.heap.cfg"), "dataType = percent8\nperiodMs = 10\n");
        awaitSignal(client, "unavailable");
        instance.awaitLine(
            0, line -> line.contains("no writer for data type percent8 is installed"), 20_000);
        deploy(writer);
        awaitSignal(client, "available");
        int rounded = firstData(client, Byte.BYTES).get();
        assertTrue("heap in per cent: " + rounded, rounded >= 0 && rounded <= 100);

        Files.delete(home.resolve("deploy").resolve(writer.getFileName()));
        awaitSignal(client, "unavailable");
      }
    }
  }

  private void deploy(Path jar) throws Exception {
    Files.copy(jar, home.resolve("deploy").resolve(jar.getFileName()));
  }

  private static void awaitSignal(StreamClient client, String method) throws InterruptedException {
    client.await(
        method + " with " + SIGNAL,
        packet -> packet.is(method) && StreamClient.ids(packet).contains(SIGNAL));
  }

  private static ByteBuffer firstData(StreamClient client, int sampleBytes) throws Exception {
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
