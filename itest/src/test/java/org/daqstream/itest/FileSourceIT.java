/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import javax.inject.Inject;
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

/** Files that are put into a folder reach a client, and leave it again. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class FileSourceIT {
  @Rule public TemporaryFolder folder = new TemporaryFolder();

  @Inject private BundleContext context;

  @Inject private ConfigurationAdmin configurationAdmin;

  private Path files;
  private org.osgi.service.cm.Configuration source;

  @Configuration
  public Option[] runtime() {
    return FelixRuntime.withAllBundles();
  }

  @Before
  public void watchFolder() throws Exception {
    files = folder.newFolder().toPath();
    configurationAdmin
        .getConfiguration("org.daqstream.server", "?")
        .updateIfDifferent(
            FrameworkUtil.asDictionary(Map.of("host", "127.0.0.1", "port", 0, "controlPort", 0)));
    source = configurationAdmin.createFactoryConfiguration("org.daqstream.source.file", "?");
    source.update(FrameworkUtil.asDictionary(Map.of("path", files.toString(), "scanMs", 100)));
  }

  @After
  public void removeSource() throws Exception {
    source.delete();
  }

  @Test
  public void filesStreamAsLongAsTheyAreThere() throws Exception {
    LiveRuntime.await("server", () -> LiveRuntime.endpoints(context) != null);
    String[] endpoints = LiveRuntime.endpoints(context);
    try (SignalClient client = new SignalClient(endpoints[0], endpoints[1])) {
      Files.writeString(files.resolve("bad.wav"), "RIFF, but no sound");
      Files.writeString(files.resolve("a.csv"), "t [ms],x [V]\n0,1\n10,2\n20,3\n");
      awaitSignal(client, "available", "file/a.csv/x");
      double before = Double.NaN;
      int signo = subscribe(client, "file/a.csv/x");
      for (int packets = 0; packets < 10; packets++) {
        ByteBuffer data = client.awaitData(signo).data();
        while (data.hasRemaining()) {
          double value = data.getDouble();
          assertTrue(before + " then " + value, Double.isNaN(before) || value == before % 3 + 1);
          before = value;
        }
      }
      Files.write(files.resolve("b.wav"), wav((short) 5, (short) -6));
      awaitSignal(client, "available", "file/b.wav/1");
      ByteBuffer data = client.awaitData(subscribe(client, "file/b.wav/1")).data();
      assertEquals(-6, data.getShort());
      Files.delete(files.resolve("a.csv"));
      awaitSignal(client, "unavailable", "file/a.csv/x");
    }
  }

  /** One second of two channels with 8 kHz, the same values all the time. */
  private static byte[] wav(short left, short right) {
    int dataBytes = 4 * 8000;
    ByteBuffer wav = ByteBuffer.allocate(44 + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
    wav.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(36 + dataBytes);
    wav.put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII)).putInt(16);
    wav.putShort((short) 1).putShort((short) 2).putInt(8000).putInt(32_000);
    wav.putShort((short) 4).putShort((short) 16);
    wav.put("data".getBytes(StandardCharsets.US_ASCII)).putInt(dataBytes);
    while (wav.hasRemaining()) {
      wav.putShort(left).putShort(right);
    }
    byte[] bytes = new byte[wav.capacity()];
    wav.get(0, bytes);
    return bytes;
  }

  private static void awaitSignal(SignalClient client, String method, String signalId)
      throws InterruptedException {
    client.await(
        method + " with " + signalId,
        packet -> packet.is(method) && SignalClient.ids(packet).contains(signalId));
  }

  private static int subscribe(SignalClient client, String signalId) throws Exception {
    assertEquals("200 Succeeded", client.command("subscribe", signalId));
    return client
        .await(
            "acknowledgement",
            packet ->
                packet.is("subscribe")
                    && packet.params().path("signalId").textValue().equals(signalId))
        .signo();
  }
}
