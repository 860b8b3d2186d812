/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.daqstream.client.BlockReader;
import org.daqstream.client.RemoteSignal;
import org.daqstream.client.SampleBlock;
import org.daqstream.client.StreamingClient;
import org.daqstream.client.SubscriptionOptions;
import org.junit.BeforeClass;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/**
 * Our client on the openDAQ SDK's own server with its reference device, beside the SDK's native
 * client on the same device: the same values at the same times.
 */
public class SdkServerIT {
  private static final long TIMEOUT_MS = 60_000;
  private static final int SECONDS = 4;
  private static final int CHANNELS = 4;

  /** At 1 kHz each second has a thousand; the two do not begin at the same time. */
  private static final int ENOUGH_IN_COMMON = 1_500;

  @Rule public TemporaryFolder folder = new TemporaryFolder();

  @BeforeClass
  public static void install() throws Exception {
    SdkPython.install();
  }

  @Test
  public void everySignalIsWhatTheNativeClientReads() throws Exception {
    Path file = folder.newFile("native.csv").toPath();
    int port = Modules.freePort();
    try (RunningProcess device =
        SdkPython.start(
            "device.py",
            Integer.toString(port),
            Integer.toString(Modules.freePort()),
            Integer.toString(Modules.freePort()),
            Integer.toString(SECONDS),
            file.toString())) {
      device.awaitLine(0, ("ready " + CHANNELS)::equals, TIMEOUT_MS);
      Map<String, Map<Long, Double>> ours = readOurs("daq.lt://127.0.0.1:" + port);
      device.awaitLine(0, "done"::equals, TIMEOUT_MS);
      Map<String, Map<Long, Double>> theirs = readTheirs(file);
      assertEquals(theirs.keySet(), ours.keySet());
      ours.forEach((id, values) -> compare(id, values, theirs.get(id)));
    }
  }

  private static void compare(String id, Map<Long, Double> ours, Map<Long, Double> theirs) {
    List<Long> common = ours.keySet().stream().filter(theirs::containsKey).toList();
    assertTrue(id + ": " + common.size() + " in common", common.size() >= ENOUGH_IN_COMMON);
    for (long tick : common) {
      assertEquals(id + " at tick " + tick, theirs.get(tick), ours.get(tick));
    }
  }

  private static Map<String, Map<Long, Double>> readOurs(String address) throws Exception {
    Map<String, Map<Long, Double>> values = new HashMap<>();
    try (StreamingClient client = StreamingClient.connect(address)) {
      List<String> ids = client.signalIds(TIMEOUT_MS);
      Map<String, RemoteSignal> signals = client.describe(ids, TIMEOUT_MS).get();
      assertEquals("described", ids.size(), signals.size());
      List<String> channels =
          ids.stream().filter(each -> !signals.get(each).isDomain()).collect(Collectors.toList());
      try (BlockReader reader = client.reader(SubscriptionOptions.DEFAULT, channels)) {
        long end = System.nanoTime() + SECONDS * 1_000_000_000L;
        while (System.nanoTime() < end) {
          SampleBlock block = reader.read(1_000);
          if (block != null) {
            Map<Long, Double> mine =
                values.computeIfAbsent(
                    block.signal().signalId().replaceFirst(".*/", ""), id -> new HashMap<>());
            double[] samples = block.values();
            for (int i = 0; i < block.count(); i++) {
              mine.put(block.tick(i), samples[i]);
            }
          }
        }
        assertEquals("gaps", List.of(), reader.gaps());
      }
    }
    return values;
  }

  private static Map<String, Map<Long, Double>> readTheirs(Path file) throws Exception {
    Map<String, Map<Long, Double>> values = new HashMap<>();
    for (String line : Files.readAllLines(file)) {
      String[] fields = line.split(",", -1);
      values
          .computeIfAbsent(fields[0], id -> new HashMap<>())
          .put(Long.parseLong(fields[1]), Double.parseDouble(fields[2]));
    }
    return values;
  }
}
