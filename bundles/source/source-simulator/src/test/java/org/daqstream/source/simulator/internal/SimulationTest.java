/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.simulator.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.daqstream.config.support.Values;
import org.daqstream.signal.api.Resolution;
import org.daqstream.signal.api.SignalTable;
import org.daqstream.testing.Configs;
import org.daqstream.testing.RecordingRegistry;
import org.daqstream.testing.RecordingRegistry.Block;
import org.junit.Test;

public final class SimulationTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long START = 1_700_000_000L * SECOND;

  private final RecordingRegistry registry = new RecordingRegistry();
  private Simulation simulation;
  private Settings settings;

  /** Starts a simulation of one to three signals: key, value, key, value … */
  private void open(Object... keysAndValues) {
    settings = Settings.of(Values.of(SimulatorSource.Config.class, Configs.of(keysAndValues)));
    SignalTable table = registry.openTable(settings.timeline().domain(settings.domainId(), 1));
    for (int i = 0; i < settings.signals(); i++) {
      table.open(settings.descriptor(i));
    }
    simulation = new Simulation(settings, table, 0, START);
  }

  /** Lets the clock run to a time, waking up exactly when asked to. */
  private void runUntil(long endNanos) {
    long now = START;
    while (now <= endNanos) {
      now += simulation.step(now);
    }
  }

  /** One sample as a client sees it: its row, its time in ticks and its value. */
  private record Sample(long row, long tick, double value) {}

  private List<Sample> samples(String signalId) {
    List<Sample> samples = new ArrayList<>();
    for (Block block : registry.blocks(signalId)) {
      for (int i = 0; i < block.count(); i++) {
        double value = Array.getDouble(block.samples(), i);
        samples.add(new Sample(samples.size(), block.tick() + i * block.deltaTicks(), value));
      }
    }
    return samples;
  }

  @Test
  public void aBlockIsWrittenWhenItsLastSampleIsDue() {
    open("rateHz", 1000, "waveform", "counter");
    assertEquals(9_000_000, simulation.step(START));
    assertEquals(List.of(), registry.blocks("simulator/0"));
    assertEquals(0, simulation.step(START + 9_000_000));
    Block block = registry.blocks("simulator/0").get(0);
    assertEquals(START, block.tick());
    assertEquals("about 10 ms", 10, block.count());
    assertEquals(10_000_000, simulation.step(START + 9_000_000));
  }

  @Test
  public void everyPeriodicSampleFollowsItsTime() {
    for (String waveform : List.of("sine", "ramp", "square")) {
      open(
          "prefix",
          waveform,
          "waveform",
          waveform,
          "rateHz",
          44_100,
          "frequencyHz",
          1000.1,
          "amplitude",
          3.0,
          "offset",
          -1.0,
          "signals",
          3,
          "phaseStepDegrees",
          30.0);
      runUntil(START + 2 * SECOND);
      for (int signal = 0; signal < 3; signal++) {
        List<Sample> samples = samples(waveform + "/" + signal);
        assertEquals(2 * 44_100, samples.size(), 441);
        for (Sample sample : samples) {
          assertEquals(1_700_000_000L * 44_100 + sample.row(), sample.tick());
          if (sample.row() % 97 == 0) {
            check(waveform, sample, signal / 12.0);
          }
        }
      }
    }
  }

  private static void check(String waveform, Sample sample, double shift) {
    double phase = exactPhase(sample.tick(), 44_100, "1000.1", shift);
    String message = waveform + " row " + sample.row() + " phase " + phase;
    switch (waveform) {
      case "sine" ->
          assertEquals(message, -1 + 3 * Math.sin(2 * Math.PI * phase), sample.value(), 1e-6);
      case "ramp" -> {
        if (phase > 1e-6 && phase < 1 - 1e-6) {
          assertEquals(message, -1 + 3 * (2 * phase - 1), sample.value(), 1e-6);
        }
      }
      default -> {
        if (Math.abs(phase - 0.5) > 1e-6 && phase > 1e-6 && phase < 1 - 1e-6) {
          assertEquals(message, phase < 0.5 ? 2 : -4, sample.value(), 0);
        }
      }
    }
  }

  /** Phase in exact decimal arithmetic; the frequency is the double nearest to the text. */
  private static double exactPhase(long tick, long rateHz, String frequencyHz, double shift) {
    BigDecimal cycles =
        new BigDecimal(Double.parseDouble(frequencyHz))
            .multiply(BigDecimal.valueOf(tick))
            .divide(BigDecimal.valueOf(rateHz), 30, RoundingMode.HALF_EVEN)
            .add(new BigDecimal(shift));
    return cycles.remainder(BigDecimal.ONE).doubleValue();
  }

  @Test
  public void theCounterIsTheRowInEveryTypeAndSignal() {
    for (NumericType type : NumericType.values()) {
      String id = type.dataType();
      open(
          "prefix",
          id,
          "waveform",
          "counter",
          "dataType",
          id,
          "rateHz",
          100_000,
          "signals",
          2,
          "amplitude",
          7.0);
      runUntil(START + SECOND);
      Object expected = type.allocate(1);
      for (int signal = 0; signal < 2; signal++) {
        List<Sample> samples = samples(id + "/" + signal);
        assertTrue(samples.size() > 70_000);
        for (Sample sample : samples) {
          type.set(expected, 0, sample.row());
          assertEquals(id, Array.getDouble(expected, 0), sample.value(), 0);
          assertEquals(START + sample.row() * 10_000, sample.tick());
        }
      }
    }
  }

  @Test
  public void everyWaveformKeepsToItsRangeInEveryType() {
    for (NumericType type : NumericType.values()) {
      for (Waveform waveform : Waveform.values()) {
        if (waveform == Waveform.COUNTER) {
          continue;
        }
        String prefix = type + "/" + waveform;
        open(
            "prefix",
            prefix,
            "waveform",
            waveform.key(),
            "dataType",
            type.dataType(),
            "rateHz",
            1000,
            "frequencyHz",
            10.0,
            "amplitude",
            100.0,
            "offset",
            100.0);
        runUntil(START + SECOND);
        double[] unsigned =
            samples(prefix + "/0").stream().mapToDouble(s -> s.value()).sorted().toArray();
        if (type == NumericType.UINT8) {
          for (int i = 0; i < unsigned.length; i++) {
            unsigned[i] = (int) unsigned[i] & 0xFF;
          }
          Arrays.sort(unsigned);
        }
        double high = type == NumericType.INT8 ? 127 : 200;
        assertEquals(prefix + " low", 0, unsigned[0], 2);
        assertEquals(prefix + " high", high, unsigned[unsigned.length - 1], 2);
        assertEquals(high, registry.descriptor(prefix + "/0").range().high(), 0);
      }
    }
  }

  @Test
  public void noiseIsTheSameForTheSameRowAndDiffersBetweenSignals() {
    open("waveform", "noise", "rateHz", 1000, "signals", 2, "amplitude", 2.0, "offset", 10.0);
    runUntil(START + SECOND);
    List<Sample> first = samples("simulator/0");
    List<Sample> second = samples("simulator/1");
    double sum = 0;
    for (Sample sample : first) {
      assertEquals(10 + 2 * Waveform.noise(sample.row(), 0), sample.value(), 0);
      sum += sample.value();
    }
    assertEquals("mean", 10, sum / first.size(), 0.2);
    assertNotEquals(first.get(5).value(), second.get(5).value(), 1e-9);
    assertEquals(10 + 2 * Waveform.noise(5, 1), second.get(5).value(), 0);
  }

  @Test
  public void aGapIsAJumpOfTimeAndTheRowsGoOn() {
    open("waveform", "counter", "rateHz", 1000, "gapEverySeconds", 2, "gapMs", 250);
    runUntil(START + 5 * SECOND);
    List<Sample> samples = samples("simulator/0");
    assertEquals("the start lies in a gap", START + 250_000_000, samples.get(0).tick());
    int gaps = 0;
    for (int i = 0; i < samples.size(); i++) {
      assertEquals(i, samples.get(i).value(), 0);
      long step = i == 0 ? 0 : samples.get(i).tick() - samples.get(i - 1).tick();
      if (step > 1_000_000) {
        gaps++;
        assertEquals("first left out at a multiple of 2 s, then 250 ms", 251_000_000, step);
        assertEquals(250_000_000, samples.get(i).tick() % (2 * SECOND));
      }
    }
    assertEquals(2, gaps);
    assertEquals("no domain update", List.of(), updates());
  }

  @Test
  public void theRateAlternatesBetweenFullAndHalf() {
    open("waveform", "counter", "rateHz", 7, "rateChangeEverySeconds", 1, "blockSamples", 3);
    runUntil(START + 4 * SECOND + SECOND / 2);
    List<Long> ticks = samples("simulator/0").stream().map(Sample::tick).toList();
    long start = 1_700_000_000L * 7;
    assertEquals(
        List.of(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 9L, 11L, 13L, 14L, 15L, 16L, 17L, 18L, 19L, 20L),
        ticks.stream().map(tick -> tick - start).limit(18).toList());
    assertEquals(21, ticks.get(18) - start);
    for (Block block : registry.blocks("simulator/0")) {
      assertEquals("half in odd seconds", 1 + block.tick() / 7 % 2, block.deltaTicks());
      assertEquals(new Resolution(1, 7), block.resolution());
    }
    assertEquals(4, updates().size());
  }

  @Test
  public void gapsAndRateChangesGoTogether() {
    open(
        "waveform",
        "counter",
        "rateHz",
        44_100,
        "gapEverySeconds",
        3,
        "gapMs",
        1,
        "rateChangeEverySeconds",
        2,
        "blockSamples",
        1000);
    runUntil(START + 13 * SECOND);
    List<Sample> samples = samples("simulator/0");
    for (int i = 1; i < samples.size(); i++) {
      assertEquals(i, samples.get(i).value(), 0);
      long tick = samples.get(i - 1).tick();
      long before = 1 + tick / (2 * 44_100) % 2;
      long expected = tick + before;
      long boundary = (tick / 44_100 + 1) * 44_100;
      boolean changes = boundary / 44_100 % 2 == 0;
      expected = changes ? Math.min(expected, boundary) : expected;
      if (boundary / 44_100 % 3 == 0 && expected >= boundary) {
        expected = boundary + 45; // 44.1 periods rounded up
      }
      assertEquals("after " + tick, expected, samples.get(i).tick());
    }
  }

  @Test
  public void catchesUpWithoutAChangeToValuesAndTimes() {
    open("waveform", "counter", "rateHz", 1000);
    long late = START + 900_000_000;
    int steps = 0;
    while (simulation.step(late) == 0) {
      steps++;
    }
    assertEquals(90, steps);
    samples("simulator/0")
        .forEach(sample -> assertEquals(START + sample.row() * 1_000_000, sample.tick()));
    assertEquals(900, samples("simulator/0").size());
  }

  @Test
  public void leavesOutWhatItCannotCatchUp() {
    open("waveform", "counter", "rateHz", 1000);
    runUntil(START + SECOND);
    int before = samples("simulator/0").size();
    long wake = START + 3_600 * SECOND;
    long waitNanos = simulation.step(wake);
    assertEquals(9_000_000, waitNanos);
    simulation.step(wake + waitNanos);
    Sample sample = samples("simulator/0").get(before);
    assertEquals(wake, sample.tick());
    assertEquals("the row goes on", before, sample.value(), 0);
  }

  @Test
  public void writesOneMegahertzInBlocksOfTenMs() {
    open("waveform", "counter", "rateHz", 1_000_000, "dataType", "int64");
    runUntil(START + SECOND);
    List<Block> blocks = registry.blocks("simulator/0");
    assertEquals(100, blocks.size());
    for (int b = 0; b < blocks.size(); b++) {
      assertEquals(10_000, blocks.get(b).count());
      assertEquals(START + b * 10_000_000L, blocks.get(b).tick());
      long[] values = (long[]) blocks.get(b).samples();
      assertEquals(b * 10_000L, values[0]);
      assertEquals(b * 10_000L + 9_999, values[9_999]);
    }
  }

  @Test
  public void oneHertzIsOneSampleABlock() {
    open("waveform", "counter", "rateHz", 1);
    runUntil(START + 3 * SECOND + 1);
    assertEquals(4, registry.blocks("simulator/0").size());
  }

  private List<String> updates() {
    return registry.events().stream().filter(event -> event.startsWith("update")).toList();
  }
}
