/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import static org.daqstream.itest.LiveRuntime.await;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import javax.inject.Inject;
import org.daqstream.itest.plugin.CounterSource;
import org.daqstream.itest.plugin.StampedWriterFactory;
import org.daqstream.server.api.ServerMonitor;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.SignalRegistry;
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
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.ConfigurationAdmin;

/**
 * Clients of all families come and leave in every way, signals, writers and configurations come and
 * go, and nothing grows (case 83); one client stays and loses no sample. Takes ten seconds; {@code
 * -Ddaqstream.soak.seconds=86400} makes it a day, with a line of figures now and then.
 */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class SoakIT {
  private static final long SOAK_S = Long.getLong("daqstream.soak.seconds", 10);
  private static final int REPORTS = 10;
  private static final List<String> FAMILIES =
      List.of("daqstream/soak", "Boost.Beast/345 stream-client", "ws-streaming/3.0.2");
  private static final String WITNESS = "witness/0";

  /** The log keeps what was told of signals until it comes round: here, within half a minute. */
  private static final int RING_BYTES = 1 << 20;

  /** What the pools of the runtime may differ by from one moment to another. */
  private static final int DESCRIPTORS_SLACK = 4;

  private static final int THREADS_SLACK = 8;
  private static final long HEAP_SLACK_BYTES = 2 << 20;

  @Inject private BundleContext context;

  @Inject private ConfigurationAdmin configurationAdmin;

  @Inject private SignalRegistry registry;

  private final Random random = new Random(83);
  private final Timeline timeline = new Timeline();
  private org.osgi.service.cm.Configuration server;
  private org.osgi.service.cm.Configuration simulator;
  private CountingClient witness;
  private ServerMonitor monitor;
  private int port;
  private long rounds;
  private long clients;

  /** What must not grow. */
  private record Usage(long descriptors, int threads, long heapBytes) {
    static Usage now() {
      long heapBytes = Long.MAX_VALUE;
      for (int i = 0; i < 3; i++) {
        System.gc();
        heapBytes =
            Math.min(heapBytes, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
      }
      int threads = ManagementFactory.getThreadMXBean().getThreadCount();
      return new Usage(openDescriptors(), threads, heapBytes);
    }

    private static long openDescriptors() {
      return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
          ? unix.getOpenFileDescriptorCount()
          : 0;
    }

    boolean isWithin(Usage before) {
      return descriptors <= before.descriptors + DESCRIPTORS_SLACK
          && threads <= before.threads + THREADS_SLACK
          && heapBytes <= before.heapBytes + HEAP_SLACK_BYTES;
    }

    @Override
    public String toString() {
      return "%d descriptors, %d threads, %.1f MiB of heap"
          .formatted(descriptors, threads, heapBytes / 1048576.0);
    }
  }

  @Configuration
  public Option[] runtime() {
    return FelixRuntime.withAllBundles();
  }

  @Before
  public void connectWitness() throws Exception {
    server = configurationAdmin.getConfiguration("org.daqstream.server", "?");
    configureServer(1_000);
    simulator =
        configurationAdmin.createFactoryConfiguration("org.daqstream.source.simulator", "?");
    simulator.update(
        FrameworkUtil.asDictionary(
            Map.of(
                "prefix", "witness", "waveform", "counter", "dataType", "int64", "rateHz", 5000)));
    await("server", () -> findServer() && isOffered(WITNESS));
    witness = new CountingClient(monitor.endpoints().toArray(String[]::new), timeline);
    witness.subscribe(WITNESS);
  }

  @After
  public void removeEverything() throws Exception {
    witness.close();
    simulator.delete();
  }

  /** The limit changes nothing here, but it is a new configuration. */
  private void configureServer(int clientLimit) throws Exception {
    server.updateIfDifferent(
        FrameworkUtil.asDictionary(
            Map.of(
                "host",
                "127.0.0.1",
                "port",
                0,
                "controlPort",
                0,
                "ringBytes",
                RING_BYTES,
                "clients",
                clientLimit)));
  }

  private boolean findServer() {
    ServiceReference<ServerMonitor> reference = LiveRuntime.server(context);
    monitor = reference == null ? null : context.getService(reference);
    if (monitor == null) {
      return false;
    }
    port = URI.create(monitor.endpoints().get(0)).getPort();
    return true;
  }

  private boolean isOffered(String signalId) {
    return registry.signals().stream()
        .anyMatch(state -> state.descriptor().signalId().equals(signalId) && state.available());
  }

  @Test
  public void nothingGrows() throws Exception { // case 83
    long soakNanos = TimeUnit.SECONDS.toNanos(SOAK_S);
    runFor(soakNanos / 3); // pools, caches and compiled code find their size
    Usage before = settled("after warming up");
    for (int report = 1; report <= REPORTS; report++) {
      runFor(soakNanos * 2 / 3 / REPORTS);
      if (SOAK_S >= 100 || report == REPORTS) {
        Usage now = settled("now");
        // A collector may be late and a pool large for a moment: only what stays is too much.
        await("return to " + before + " from " + now, () -> Usage.now().isWithin(before));
      }
    }
    witness.awaitSamples(WITNESS, 1_000);
    witness.assertNothingLost(WITNESS);
  }

  /** What is used when only the witness is connected. */
  private Usage settled(String when) {
    await("end of all clients", () -> monitor.clients().size() == 1);
    Usage usage = Usage.now();
    System.out.printf("soak: %d rounds, %d clients, %s: %s%n", rounds, clients, when, usage);
    return usage;
  }

  private void runFor(long nanos) throws Exception {
    long end = System.nanoTime() + nanos;
    while (System.nanoTime() < end) {
      round();
      witness.forgetNews();
      rounds++;
    }
  }

  private void round() throws Exception {
    CounterSource source =
        new CounterSource(
            registry, "round", "plain", DataTypes.INT64, "stamped", StampedWriterFactory.DATA_TYPE);
    try {
      if (rounds % 10 == 0) {
        configureServer(1_000 + (int) (rounds / 10 % 2));
        withWriter();
      }
      for (LeavingClient.Farewell farewell : LeavingClient.Farewell.values()) {
        String family = FAMILIES.get(random.nextInt(FAMILIES.size()));
        try (LeavingClient client = new LeavingClient(port, family)) {
          clients++;
          client.take(List.of(WITNESS, "round/plain"), random.nextInt(20));
          client.leave(farewell);
        }
      }
    } finally {
      source.close();
    }
  }

  private void withWriter() throws Exception {
    Bundle writer = context.installBundle("test:soak", PluginJar.writer("soak", 1, 0, "").open());
    writer.start();
    await("signal of the writer", () -> isOffered("round/stamped"));
    try (LeavingClient client = new LeavingClient(port, FAMILIES.get(0))) {
      clients++;
      client.take(List.of("round/stamped"), 5);
      writer.uninstall();
    }
  }
}
