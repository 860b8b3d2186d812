/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.simulator.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.daqstream.config.support.RefusedException;
import org.daqstream.config.support.Values;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.Range;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.Unit;
import org.daqstream.signal.api.WriteResult;
import org.daqstream.testing.Await;
import org.daqstream.testing.Configs;
import org.daqstream.testing.LogLines;
import org.daqstream.testing.RecordingRegistry;
import org.daqstream.testing.RecordingRegistry.Block;
import org.junit.After;
import org.junit.Test;

public final class SimulatorSourceTest {
  private final RecordingRegistry registry = new RecordingRegistry();
  private SimulatorSource source;

  @After
  public void stop() {
    if (source != null) {
      source.deactivate();
    }
  }

  private static Map<String, Object> config(Object... keysAndValues) {
    return Configs.of(keysAndValues);
  }

  private void awaitBlocks(String signalId, int count) {
    Await.until(count + " blocks", () -> registry.blocks(signalId).size() >= count);
  }

  private static void checkCounter(List<Block> blocks) {
    long row = 0;
    for (Block block : blocks) {
      for (long value : (long[]) block.samples()) {
        assertEquals(row++, value);
      }
    }
  }

  @Test
  public void publishesOneTablePerConfiguration() {
    source = new SimulatorSource(registry, config("prefix", "a", "signals", 2));
    assertEquals(List.of("a/0", "a/1", "a/time"), registry.ids());
    SignalDescriptor signal = registry.descriptor("a/1");
    assertEquals(DataTypes.REAL64, signal.dataType());
    assertEquals(Unit.VOLT, signal.unit());
    assertEquals(new Range(-1, 1), signal.range());
    assertEquals("sine", signal.metadata().get("waveform"));
    awaitBlocks("a/1", 3);
    long ageNanos = System.currentTimeMillis() * 1_000_000 - registry.blocks("a/1").get(0).tick();
    assertTrue("near the present: " + ageNanos, Math.abs(ageNanos) < 60_000_000_000L);
  }

  @Test
  public void aFirstConfigurationThatIsRefusedIsTriedAgainWhenItChanges() {
    SimulatorSource other = new SimulatorSource(registry, config());
    source = new SimulatorSource(registry, config());
    assertEquals("of one of them", List.of("simulator/0", "simulator/time"), registry.ids());
    source.modified(config("rateHz", 0));
    other.deactivate();
    assertEquals(List.of(), registry.ids());
    source.modified(config());
    awaitBlocks("simulator/0", 2);
  }

  @Test
  public void aTakenSignalIdLeavesNothingBehind() {
    registry.openTable(SignalDescriptor.explicitTime("simulator/1"));
    source = new SimulatorSource(registry, config("signals", 2));
    assertEquals(List.of("simulator/1"), registry.ids());
  }

  @Test
  public void theRateChangesWithoutWithdrawingASignal() {
    source = new SimulatorSource(registry, config("waveform", "counter", "dataType", "int64"));
    awaitBlocks("simulator/0", 2);
    source.modified(
        config("waveform", "counter", "dataType", "int64", "rateHz", 44_100, "signals", 2));
    awaitBlocks("simulator/1", 2);
    source.modified(config("waveform", "counter", "dataType", "int64", "rateHz", 50));
    int before = registry.blocks("simulator/0").size();
    awaitBlocks("simulator/0", before + 2);
    assertEquals(
        List.of(
            "open simulator/time",
            "open simulator/0",
            "open simulator/1",
            "update simulator/time",
            "close simulator/1",
            "update simulator/time"),
        registry.events());
    List<Block> blocks = registry.blocks("simulator/0");
    checkCounter(blocks);
    assertEquals(20_000_000, blocks.get(blocks.size() - 1).deltaTicks());
    for (int i = 1; i < blocks.size(); i++) {
      assertTrue("time runs forward", seconds(blocks.get(i)) > seconds(blocks.get(i - 1)));
    }
  }

  private static double seconds(Block block) {
    return (double) block.tick() / block.resolution().denom();
  }

  @Test
  public void anotherPrefixReplacesTheTable() {
    source = new SimulatorSource(registry, config("waveform", "counter", "dataType", "int64"));
    awaitBlocks("simulator/0", 1);
    source.modified(config("prefix", "b", "waveform", "counter", "dataType", "int64"));
    assertEquals(List.of("b/0", "b/time"), registry.ids());
    awaitBlocks("b/0", 2);
    checkCounter(registry.blocks("b/0"));
  }

  @Test
  public void aRefusedConfigurationLeavesTheOldOneRunning() {
    registry.openTable(SignalDescriptor.explicitTime("taken/time"));
    registry.openTable(SignalDescriptor.explicitTime("simulator/2"));
    source = new SimulatorSource(registry, config("waveform", "counter", "dataType", "int64"));
    source.modified(config("rateHz", 0));
    source.modified(config("prefix", "taken"));
    source.modified(config("signals", 3));
    assertEquals(
        List.of("simulator/0", "simulator/2", "simulator/time", "taken/time"), registry.ids());
    int before = registry.blocks("simulator/0").size();
    awaitBlocks("simulator/0", before + 3);
    checkCounter(registry.blocks("simulator/0"));
  }

  @Test
  public void aRefusalNamesKeyValueAndWhatIsAllowed() {
    for (Object rateHz : List.of(0, 1_000_001, "fast")) {
      assertRefused("must be a whole number from 1 to 1000000", "rateHz", rateHz);
    }
    assertRefused("must be a whole number from 1 to 1000", "signals", 0);
    assertRefused("must be a whole number from 0 to 100000", "blockSamples", -1);
    assertRefused("must be a number from 0 to 1000000", "frequencyHz", Double.NaN);
    assertRefused("must be a number from -1.0E30 to 1.0E30", "amplitude", 1 / 0.0);
    assertRefused("must be a number from -360 to 360", "phaseStepDegrees", 361.0);
    assertRefused("must be one of sine, ramp, square, noise, counter", "waveform", "saw");
    assertRefused(
        "must be one of int8, uint8, int16, uint16, int32, uint32, int64, uint64, real32, real64",
        "dataType",
        "int24");
    assertRefused("must be a whole number from 0 to 999", "gapMs", 1000, "gapEverySeconds", 1);
    assertRefused(
        "leaves no sample between two gaps at 1 Hz",
        "gapMs",
        100,
        "gapEverySeconds",
        1,
        "rateHz",
        1);
    assertRefused("must have 1 to 200 characters and no control characters", "prefix", "");
    assertRefused(
        "makes more than 10000000 samples in one block of the table with 1000 signals",
        "blockSamples",
        100_000,
        "signals",
        1000);
  }

  /** The first of the keys is the one that is named. */
  private static void assertRefused(String reason, Object... keysAndValues) {
    Values values = Values.of(SimulatorSource.Config.class, config(keysAndValues));
    RefusedException e = assertThrows(RefusedException.class, () -> Settings.of(values));
    assertEquals(
        "key " + keysAndValues[0] + " = '" + keysAndValues[1] + "' " + reason, e.getMessage());
  }

  @Test
  public void valuesAreReadByTheRuleOfAllComponents() {
    LogLines.clear();
    source =
        new SimulatorSource(
            registry,
            config(
                "signals",
                "2 ",
                "waveform",
                "Counter",
                "amplitude",
                "",
                "rate",
                5,
                "service.pid",
                "org.daqstream.source.simulator~a"));
    awaitBlocks("simulator/1", 1);
    assertEquals(
        List.of(
            "WARN org.daqstream.source.simulator~a: key 'rate' is not known; did you mean"
                + " 'rateHz'?"),
        LogLines.all());
  }

  @Test
  public void blocksThatAreTooLargeDoNotEndTheSource() {
    registry.answer(WriteResult.TOO_LARGE);
    source = new SimulatorSource(registry, config());
    awaitBlocks("simulator/0", 3);
  }

  @Test
  public void deactivationEndsTheThreadAndWithdrawsEverything() {
    AtomicLong standingClock = new AtomicLong(1_700_000_000_000_000_000L);
    source =
        new SimulatorSource(
            registry,
            config("prefix", "slow", "rateHz", 1, "blockSamples", 100),
            standingClock::get);
    assertTrue(Await.threadRuns("daqstream-simulator-slow"));
    long startNanos = System.nanoTime();
    source.deactivate();
    assertTrue("promptly", System.nanoTime() - startNanos < 2_000_000_000L);
    Await.noThread("daqstream-simulator-slow");
    assertEquals(List.of(), registry.ids());
  }
}
