/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import static org.daqstream.itest.LiveRuntime.await;
import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.inject.Inject;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;
import org.daqstream.signal.api.SignalRegistry;
import org.daqstream.signal.api.SignalTable;
import org.daqstream.signal.api.WriteResult;
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

/** Signals reach a client out of a real framework, whatever bundle comes and goes. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class StreamingIT {
  private static final String SIGNAL = "host/memory/used";

  @Inject private BundleContext context;

  @Inject private ConfigurationAdmin configurationAdmin;

  @Configuration
  public Option[] runtime() {
    return FelixRuntime.withAllBundles();
  }

  @Before
  public void listenOnEphemeralPorts() throws Exception {
    configurationAdmin
        .getConfiguration("org.daqstream.server", "?")
        .updateIfDifferent(
            FrameworkUtil.asDictionary(Map.of("host", "127.0.0.1", "port", 0, "controlPort", 0)));
    await("server on loopback", () -> LiveRuntime.endpoints(context) != null);
  }

  @Test
  public void clientReceivesSamplesOfTheHost() throws Exception {
    try (SignalClient client = connect()) {
      int signo = subscribe(client, SIGNAL);
      double usedBytes = client.awaitData(signo).data().getDouble(0);
      assertTrue("bytes used: " + usedBytes, usedBytes > 1e6 && usedBytes < 1e14);
      client.awaitData(signo);
    }
  }

  @Test
  public void signalLeavesAndReturnsWithItsWriter() throws Exception {
    leavesAndReturnsWith("org.daqstream.writer.numeric");
  }

  @Test
  public void signalLeavesAndReturnsWithItsSource() throws Exception {
    leavesAndReturnsWith("org.daqstream.source.host");
  }

  @Test
  public void signalLeavesAndReturnsWithTheRegistry() throws Exception {
    leavesAndReturnsWith("org.daqstream.signal.registry");
  }

  private void leavesAndReturnsWith(String symbolicName) throws Exception {
    Bundle bundle = LiveRuntime.bundle(context, symbolicName);
    try (SignalClient client = connect()) {
      client.awaitData(subscribe(client, SIGNAL));
      bundle.stop();
      client.await("unavailable", p -> p.is("unavailable") && SignalClient.ids(p).contains(SIGNAL));
      bundle.start();
      client.await("available", p -> p.is("available") && SignalClient.ids(p).contains(SIGNAL));
      client.awaitData(subscribe(client, SIGNAL));
    }
  }

  @Test
  public void stoppedServerSaysGoodByeAndLeavesNothing() throws Exception {
    Bundle server = LiveRuntime.bundle(context, "org.daqstream.server");
    for (int cycle = 0; cycle < 5; cycle++) {
      InetSocketAddress address = address(LiveRuntime.endpoints(context)[0]);
      try (SignalClient client = connect()) {
        client.awaitData(subscribe(client, SIGNAL));
        server.stop();
        assertEquals(1001, client.awaitClose());
      }
      assertFalse("still listening on " + address, accepts(address));
      await("threads of the server to end", () -> threadsOfServer().isEmpty());
      server.start();
      await("server on loopback", () -> LiveRuntime.endpoints(context) != null);
    }
  }

  @Test
  public void configurationThatCannotBeUsedLeavesTheServerAndItsClientsAlone() throws Exception {
    String[] before = LiveRuntime.endpoints(context);
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        SignalClient client = connect()) {
      int signo = subscribe(client, SIGNAL);
      client.awaitData(signo);
      for (Map<String, Object> refused :
          List.<Map<String, Object>>of(
              Map.of("host", "127.0.0.1", "port", taken.getLocalPort(), "controlPort", 0),
              Map.of("host", "203.0.113.1", "port", address(before[0]).getPort(), "controlPort", 0),
              Map.of("host", "127.0.0.1", "port", 0, "controlPort", 0, "clients", "many"))) {
        configurationAdmin
            .getConfiguration("org.daqstream.server", "?")
            .update(FrameworkUtil.asDictionary(refused));
        for (int i = 0; i < 10; i++) { // a second of the host's samples
          client.awaitData(signo);
        }
        assertArrayEquals(before, LiveRuntime.endpoints(context));
      }
    }
  }

  @Test
  public void allBundlesStopAndStartAgainAndLeaveNothing() throws Exception {
    List<Bundle> ours =
        Arrays.stream(context.getBundles())
            .filter(bundle -> bundle.getSymbolicName().startsWith("org.daqstream."))
            .toList();
    assertTrue("bundles: " + ours, ours.size() >= 7);
    long socketsOfTheTest = Long.MAX_VALUE;
    for (int cycle = 0; cycle < 3; cycle++) {
      try (SignalClient client = connect()) {
        client.awaitData(subscribe(client, SIGNAL));
        for (Bundle bundle : ours) {
          bundle.stop();
        }
        client.awaitClose();
      }
      await("end of all threads", () -> threadsNamed("daqstream", "stream-").isEmpty());
      if (cycle == 0) {
        socketsOfTheTest = openSockets();
      }
      long limit = socketsOfTheTest;
      await("end of all sockets", () -> openSockets() <= limit);
      for (Bundle bundle : ours) {
        bundle.start();
      }
      await("server on loopback", () -> LiveRuntime.endpoints(context) != null);
    }
  }

  /** Sockets of this process, as Linux counts them. */
  private static long openSockets() throws IOException {
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return descriptors.filter(StreamingIT::isSocket).count();
    }
  }

  private static boolean isSocket(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
    } catch (IOException e) {
      return false; // closed meanwhile
    }
  }

  @Test
  public void simulatorStreamsWhenTheHostSourceIsRemoved() throws Exception {
    Bundle host = LiveRuntime.bundle(context, "org.daqstream.source.host");
    org.osgi.service.cm.Configuration simulator =
        configurationAdmin.createFactoryConfiguration("org.daqstream.source.simulator", "?");
    simulator.update(
        FrameworkUtil.asDictionary(
            Map.of("name", "sim", "waveform", "counter", "dataType", "int32", "rateHz", 1000)));
    host.stop();
    try (SignalClient client = connect()) {
      String signalId =
          client.available().stream()
              .filter(id -> id.startsWith("sim") && !id.endsWith("time"))
              .findFirst()
              .orElseGet(() -> awaitSimulated(client));
      int signo = subscribe(client, signalId);
      int expected = -1;
      for (int packets = 0; packets < 5; packets++) {
        ByteBuffer data = client.awaitData(signo).data();
        while (data.hasRemaining()) {
          int value = data.getInt();
          assertTrue(
              "after " + (expected - 1) + " comes " + value, expected < 0 || value == expected);
          expected = value + 1;
        }
      }
    } finally {
      simulator.delete();
      host.start();
    }
  }

  @Test
  public void linearValueReachesAClientSampleForSample() throws Exception {
    SignalDescriptor position =
        SignalDescriptor.value("axis/position", DataTypes.REAL32)
            .rule(new Rule.LinearValue(0.25))
            .build();
    SignalRegistry registry = context.getService(context.getServiceReference(SignalRegistry.class));
    try (SignalTable table =
        registry.openTable(SignalDescriptor.linearTime("axis/time", 1_000_000))) {
      SignalPort port = table.open(position);
      try (SignalClient client = connect()) {
        int signo = subscribe(client, position.signalId());
        assertEquals(WriteResult.ACCEPTED, port.write(0, new float[] {10}, 0, 4));
        assertEquals(WriteResult.ACCEPTED, port.write(4_000_000, new float[] {-1}, 0, 2));
        List<Float> samples = new ArrayList<>();
        while (samples.size() < 6) {
          ByteBuffer data = client.awaitData(signo).data();
          while (data.hasRemaining()) {
            samples.add(data.getFloat());
          }
        }
        assertEquals(List.of(10f, 10.25f, 10.5f, 10.75f, -1f, -0.75f), samples);
      }
    }
  }

  private static String awaitSimulated(SignalClient client) {
    try {
      return SignalClient.ids(
              client.await(
                  "simulated signal",
                  p ->
                      p.is("available")
                          && SignalClient.ids(p).stream().anyMatch(StreamingIT::isSimulated)))
          .stream()
          .filter(StreamingIT::isSimulated)
          .findFirst()
          .orElseThrow();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean isSimulated(String signalId) {
    return signalId.startsWith("sim") && !signalId.endsWith("time");
  }

  private SignalClient connect() throws Exception {
    SignalClient client =
        new SignalClient(LiveRuntime.endpoints(context)[0], LiveRuntime.endpoints(context)[1]);
    return client;
  }

  private static int subscribe(SignalClient client, String signalId) throws Exception {
    await(
        "subscription of " + signalId,
        () -> client.command("subscribe", signalId).equals("200 Succeeded"));
    return client
        .await(
            "acknowledgement",
            p -> p.is("subscribe") && p.params().path("signalId").textValue().equals(signalId))
        .signo();
  }

  private static InetSocketAddress address(String url) {
    URI uri = URI.create(url);
    return new InetSocketAddress(uri.getHost(), uri.getPort());
  }

  private static boolean accepts(InetSocketAddress address) {
    try (Socket socket = new Socket()) {
      socket.connect(address);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static List<String> threadsOfServer() {
    return threadsNamed("daqstream-").stream()
        .filter(name -> name.matches("daqstream-(fanout|timer.*|[0-9]+.*)"))
        .toList();
  }

  private static List<String> threadsNamed(String... prefixes) {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> Arrays.stream(prefixes).anyMatch(name::startsWith))
        .toList();
  }
}
