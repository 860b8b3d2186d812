/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.gateway.internal;

import static java.util.stream.Collectors.toSet;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.daqstream.client.StreamingClient;
import org.daqstream.discovery.api.Device;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.RelatedSignal;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;
import org.daqstream.signal.api.SignalTable;
import org.daqstream.signal.api.Unit;
import org.daqstream.testing.Await;
import org.daqstream.testing.Certificates;
import org.daqstream.testing.LogLines;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** A device whose signals are published, and what its configuration says. */
public final class RemoteDeviceTest {
  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  private final TestRuntime device = new TestRuntime();
  private final TestRuntime here = new TestRuntime();
  private final SignalTable table =
      device.registry().openTable(SignalDescriptor.linearTime("x/time", 1000));
  private final SignalPort v = table.open(SignalDescriptor.value("x/v", DataTypes.REAL64).build());

  @Before
  public void clear() {
    LogLines.clear();
  }

  @After
  public void close() {
    here.close();
    device.close();
    Await.noThread("daqstream-gateway");
  }

  @Test
  public void descriptionsArePrefixedAndKept() {
    table.open(
        SignalDescriptor.value("x/w", DataTypes.INT16)
            .name("W")
            .description("a current")
            .unit(Unit.VOLT)
            .range(-5, 5)
            .relatedSignals(List.of(new RelatedSignal("status", "x/v")))
            .metadata(Map.of("color", "red"))
            .build());
    here.importFrom(device, "dev");
    here.awaitSignals("dev/x/v", "dev/x/w", "dev/x/time");
    SignalDescriptor w = here.descriptor("dev/x/w");
    assertEquals(List.of("W", "a current"), List.of(w.name(), w.description()));
    assertEquals(Unit.VOLT.symbol(), w.unit().symbol());
    assertEquals(5, w.range().high(), 0);
    assertEquals(List.of(new RelatedSignal("status", "dev/x/v")), w.relatedSignals());
    assertEquals("red", w.metadata().get("color"));
    assertTrue(w.metadata().containsKey(LocalNames.PATH));
    assertEquals(
        device.descriptor("x/time").resolution(), here.descriptor("dev/x/time").resolution());
  }

  @Test
  public void idsThatBeginWithASlashGetNoSecondOne() {
    table.open(SignalDescriptor.value("/x/w", DataTypes.INT16).build());
    here.importFrom(device, "dev");
    here.awaitSignals("dev/x/v", "dev/x/w");
  }

  @Test
  public void changesOfDescriptionsAreFollowedWhileSubscribed() throws Exception {
    here.importFrom(device, "dev");
    here.awaitSignals("dev/x/v");
    try (StreamingClient client = here.connect()) {
      Samples samples = new Samples(client, "dev/x/v");
      Await.until("it is wanted", v::hasSubscriber);
      v.update(v.descriptor().toBuilder().unit(Unit.VOLT).build());
      v.write(0, new double[] {1}, 0, 1);
      samples.await(1);
      assertEquals(Unit.VOLT.symbol(), here.descriptor("dev/x/v").unit().symbol());
      v.update(SignalDescriptor.value("x/v", DataTypes.INT32).build());
      Await.until(
          "it is of another type",
          () ->
              here.ids().contains("dev/x/v")
                  && here.descriptor("dev/x/v").dataType().equals(DataTypes.INT32));
      long[] tick = {0};
      Await.until( // samples before the client is back are not for it
          "a sample of the other type",
          () -> {
            tick[0] += 1000;
            v.write(tick[0], new int[] {5}, 0, 1);
            return samples.samples.size() >= 2;
          });
      String[] first = samples.samples.get(1).split(" ", -1); // row, tick, bytes
      assertEquals(1000 * Long.parseLong(first[0]), Long.parseLong(first[1]));
      assertEquals("05000000", first[2]);
      table.updateDomain(SignalDescriptor.linearTime("x/time", 500));
      v.write(tick[0] + 1000, new int[] {6, 7}, 0, 2);
      String last = tick[0] / 1000 + 2 + " " + (tick[0] + 1500) + " 07000000";
      Await.until(last, () -> last.equals(samples.samples.get(samples.samples.size() - 1)));
    }
  }

  @Test
  public void choiceIsTakenOverWithoutDroppingTheRest() throws Exception {
    table.open(SignalDescriptor.value("x/w", DataTypes.REAL64).build());
    device
        .registry()
        .open(
            SignalDescriptor.linearTime("y/time", 1000),
            SignalDescriptor.value("y/v", DataTypes.REAL64).build());
    here.importFrom(device, "dev", "signals", "x/*");
    here.awaitSignals("dev/x/v", "dev/x/w");
    assertFalse(here.ids().contains("dev/y/v"));
    try (StreamingClient client = here.connect()) {
      Samples samples = new Samples(client, "dev/x/v");
      Await.until("it is wanted", v::hasSubscriber);
      here.importFrom(device, "dev", "signals", "**/v");
      here.awaitSignals("dev/y/v");
      assertFalse(here.ids().contains("dev/x/w"));
      v.write(0, new double[] {1}, 0, 1);
      samples.await(1);
      assertEquals("the connection stays", 1, device.monitor().clients().size());
      here.importFrom(device, "dev", "prefix", "other/");
      here.awaitSignals("other/x/v", "other/y/v");
      assertFalse(here.ids().contains("dev/x/v"));
      here.importFrom(device, "dev", "prefix", "");
      here.awaitSignals("x/v", "y/v");
    }
  }

  @Test
  public void signalsComeAndGoWithThoseOfTheDevice() {
    here.importFrom(device, "dev");
    here.awaitSignals("dev/x/v");
    SignalPort later = table.open(SignalDescriptor.value("x/later", DataTypes.INT8).build());
    here.awaitSignals("dev/x/later");
    later.close();
    Await.until("it is gone", () -> !here.ids().contains("dev/x/later"));
    table.close();
    Await.until("all are gone", () -> here.ids().isEmpty());
  }

  private static void publish(TestRuntime runtime, String id) {
    runtime
        .registry()
        .open(
            SignalDescriptor.linearTime(id + "/time", 1000),
            SignalDescriptor.value(id, DataTypes.REAL64).build());
  }

  private static Set<String> valuesOf(TestRuntime runtime) {
    return runtime.ids().stream().filter(id -> !id.endsWith("/time")).collect(toSet());
  }

  @Test
  public void ringOfTwoDoesNotLoop() throws Exception {
    publish(here, "mine");
    here.importFrom(device, "dev");
    device.importFrom(here, "back");
    here.awaitSignals("dev/x/v");
    device.awaitSignals("back/mine");
    // What would go round in circles was offered before these.
    publish(here, "last");
    publish(device, "end");
    here.awaitSignals("dev/end");
    device.awaitSignals("back/last");
    assertEquals(Set.of("mine", "last", "dev/x/v", "dev/end"), valuesOf(here));
    assertEquals(Set.of("x/v", "end", "back/mine", "back/last"), valuesOf(device));
  }

  @Test
  public void ringOfThreeEndsBeforeItIsClosed() throws Exception {
    try (TestRuntime third = new TestRuntime()) {
      here.importFrom(device, "a");
      third.importFrom(here, "b");
      device.importFrom(third, "c");
      third.awaitSignals("b/a/x/v");
      publish(third, "end"); // what would come home was offered before it
      device.awaitSignals("c/end");
      assertEquals(Set.of("x/v", "c/end"), valuesOf(device));
    }
  }

  @Test
  public void idsThatDoNotFitAreRefusedInOneLine() {
    String longId = "x".repeat(250);
    table.open(SignalDescriptor.value(longId, DataTypes.REAL64).build());
    here.importFrom(device, "dev", "prefix", "prefix-of-a-device/");
    here.awaitSignals("prefix-of-a-device/x/v");
    Await.until("it is refused", () -> LogLines.with("not published").size() == 1);
    here.registry().openTable(SignalDescriptor.linearTime("prefix-of-a-device/y/time", 1000));
    device
        .registry()
        .open(
            SignalDescriptor.linearTime("y/time", 1000),
            SignalDescriptor.value("y/v", DataTypes.REAL64).build());
    Await.until("its domain is refused", () -> LogLines.with("is taken").size() == 1);
  }

  @Test
  public void limitOfSignalsIsToldOnce() {
    for (int i = 0; i < 50; i++) {
      table.open(SignalDescriptor.value("x/n" + i, DataTypes.REAL64).build());
    }
    here.importFrom(device, "dev", "maxSignals", 10);
    Await.until("it is told", () -> LogLines.with("maxSignals").size() == 1);
    Await.until("some are there", () -> here.ids().size() >= 9);
    assertTrue(here.ids().size() <= 11);
  }

  @Test
  public void deviceThatIsNotThereIsSaidOnce() throws Exception {
    device.stopServer();
    try (ServerSocket silent =
        new ServerSocket(device.port(), 0, InetAddress.getLoopbackAddress())) {
      silent.setSoTimeout(20_000);
      here.importFrom(device, "dev");
      for (int attempts = 0; attempts < 5; attempts++) {
        try (Socket attempt = silent.accept()) {
          attempt.shutdownOutput();
          attempt.getInputStream().transferTo(OutputStream.nullOutputStream());
        }
      }
      assertEquals(1, LogLines.with("no connection to").size());
      assertEquals(1, LogLines.with("dev:").size());
    }
    device.startServer();
    here.awaitSignals("dev/x/v");
  }

  @Test
  public void wrongConfigurationsAreRefused() {
    here.importFrom(device, "dev", "address", "http://localhost");
    here.importFrom(device, "dev2", "device", "both");
    assertEquals(2, LogLines.with("nothing of it is published").size());
    assertTrue(LogLines.with("address").get(0), LogLines.with("address").get(0).contains("http"));
  }

  @Test
  public void deviceThatIsFoundIsConnectedTo() throws Exception {
    here.importFrom(device, "dev", "address", "", "device", "rig");
    Device rig =
        new Device(
            "rig on host",
            "host.local",
            device.port(),
            List.of(InetAddress.getLoopbackAddress()),
            Map.of("name", "rig"));
    here.find(new Device("other", "host.local", 1, rig.addresses(), Map.of()));
    here.find(rig);
    here.awaitSignals("dev/x/v");
    here.find(rig); // again, with another property, say
    try (TestRuntime moved = new TestRuntime()) {
      moved
          .registry()
          .open(
              SignalDescriptor.linearTime("y/time", 1000),
              SignalDescriptor.value("y/v", DataTypes.REAL64).build());
      here.find(
          new Device(
              "rig on host", "host.local", moved.port(), rig.addresses(), Map.of("name", "rig")));
      Await.noThread("daqstream-gateway-found"); // which has decided
      assertTrue(here.ids().contains("dev/x/v"));
      assertEquals(List.of(), LogLines.with("is gone"));
      device.stopServer();
      here.awaitSignals("dev/y/v");
      assertFalse(here.ids().contains("dev/x/v"));
      device.startServer();
    }
  }

  @Test
  public void deviceIsConnectedToWhenTheFilesOfTlsAreBack() throws Exception {
    Path file = folder.newFile("ca.crt").toPath();
    byte[] certificate = Files.readAllBytes(Path.of(Certificates.instance().file("ca.crt")));
    Files.write(file, certificate);
    here.importFrom(device, "dev", "address", "", "device", "rig", "tls.ca", file.toString());
    Files.delete(file);
    here.find(
        new Device(
            "rig on host",
            "host.local",
            device.port(),
            List.of(InetAddress.getLoopbackAddress()),
            Map.of("name", "rig")));
    Await.until("it is said", () -> LogLines.with("cannot connect to").size() == 1);
    long startNanos = System.nanoTime();
    Await.until("the time of more attempts", () -> Await.sinceMs(startNanos) > 300);
    assertEquals(1, LogLines.with("cannot connect to").size());
    Files.write(file, certificate);
    here.awaitSignals("dev/x/v");
  }

  @Test
  public void foundDevicesAreKnownByNameSerialNumberAndInstance() throws Exception {
    Device found =
        new Device(
            "rig on host",
            "host.local",
            7414,
            List.of(InetAddress.getByName("fe80::1"), InetAddress.getByName("10.0.0.7")),
            Map.of("name", "rig", "serialNumber", "17"));
    assertTrue(RemoteDevice.isWanted(found, "rig"));
    assertTrue(RemoteDevice.isWanted(found, "17"));
    assertTrue(RemoteDevice.isWanted(found, "rig on host"));
    assertFalse(RemoteDevice.isWanted(found, "other"));
    assertEquals("ws://10.0.0.7:7414/", RemoteDevice.addressOf(found).orElseThrow().toString());
  }
}
