/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.simulator.internal;

import java.util.Map;
import org.daqstream.config.support.RefusedException;
import org.daqstream.config.support.Values;
import org.daqstream.signal.api.Range;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.Unit;

/**
 * A configuration that was found good, see {@link SimulatorSource.Config}.
 *
 * @param timeline when there are samples
 * @param blockSamples samples of one block, at least 1
 * @param phaseStepCycles distance of neighbouring signals
 */
record Settings(
    String prefix,
    int signals,
    Waveform waveform,
    NumericType type,
    Timeline timeline,
    int blockSamples,
    double frequencyHz,
    double amplitude,
    double offset,
    double phaseStepCycles) {
  private static final int PREFIX_LIMIT_CHARS = 200;
  private static final long TABLE_BLOCK_LIMIT_SAMPLES = 10_000_000;
  private static final int AUTOMATIC_BLOCKS_PER_SECOND = 100;
  private static final double DEGREES_PER_CYCLE = 360;

  static Settings of(Values values) {
    int signals = values.integer("signals");
    int rateHz = values.integer("rateHz");
    int block = values.integer("blockSamples");
    int blockSamples = block > 0 ? block : Math.max(1, rateHz / AUTOMATIC_BLOCKS_PER_SECOND);
    if ((long) signals * blockSamples > TABLE_BLOCK_LIMIT_SAMPLES) {
      throw new RefusedException(
          "blockSamples",
          blockSamples,
          "makes more than %s samples in one block of the table with %s signals"
              .formatted(TABLE_BLOCK_LIMIT_SAMPLES, signals));
    }
    return new Settings(
        values.text("prefix", PREFIX_LIMIT_CHARS),
        signals,
        values.choice("waveform", Waveform.class),
        values.choice("dataType", NumericType.class),
        timeline(values, rateHz),
        blockSamples,
        values.decimal("frequencyHz"),
        values.decimal("amplitude"),
        values.decimal("offset"),
        values.decimal("phaseStepDegrees") / DEGREES_PER_CYCLE);
  }

  private static Timeline timeline(Values values, int rateHz) {
    int gapEvery = values.integer("gapEverySeconds");
    int gapMs = values.integer("gapMs", 0, gapEvery == 0 ? Integer.MAX_VALUE : gapEvery * 1000 - 1);
    long gapPositions = ((long) gapMs * rateHz + 999) / 1000;
    if (gapEvery > 0 && gapPositions >= (long) gapEvery * rateHz) {
      throw new RefusedException(
          "gapMs", gapMs, "leaves no sample between two gaps at " + rateHz + " Hz");
    }
    boolean gaps = gapEvery > 0 && gapMs > 0;
    return new Timeline(
        rateHz,
        gaps ? gapEvery : 0,
        gaps ? gapPositions : 0,
        values.integer("rateChangeEverySeconds"));
  }

  String domainId() {
    return prefix + "/time";
  }

  SignalDescriptor descriptor(int signal) {
    SignalDescriptor.Builder builder =
        SignalDescriptor.value(prefix + "/" + signal, type.dataType())
            .name(prefix + " " + signal)
            .description("Simulated signal: " + waveform.key())
            .unit(waveform == Waveform.COUNTER ? Unit.ONE : Unit.VOLT)
            .metadata(facts(signal));
    if (waveform != Waveform.COUNTER) {
      builder.range(clipped().low(), clipped().high());
    } else if (type.isInteger()) {
      builder.range(type.low(), type.high());
    }
    return builder.build();
  }

  private Range clipped() {
    return type.clip(offset - Math.abs(amplitude), offset + Math.abs(amplitude));
  }

  /** What a client needs to know to compute every sample itself. */
  private Map<String, String> facts(int signal) {
    return Map.of(
        "waveform", waveform.key(),
        "frequencyHz", String.valueOf(frequencyHz),
        "amplitude", String.valueOf(amplitude),
        "offset", String.valueOf(offset),
        "phaseDegrees", String.valueOf(signal * phaseStepCycles * DEGREES_PER_CYCLE),
        "signal", String.valueOf(signal));
  }
}
