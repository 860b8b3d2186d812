/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.simulator.internal;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.function.IntSupplier;
import org.daqstream.signal.api.Range;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.Unit;

/**
 * A configuration that was found good.
 *
 * @param prefix first part of all signal ids
 * @param signals number of signals in the table
 * @param waveform their shape
 * @param type their data type
 * @param timeline when there are samples
 * @param blockSamples samples of one block, at least 1
 * @param frequencyHz of a periodic waveform
 * @param amplitude greatest distance from the offset
 * @param offset middle of the values
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
  private static final int SIGNALS_LIMIT = 1000;
  private static final int RATE_LIMIT_HZ = 1_000_000;
  private static final int BLOCK_LIMIT_SAMPLES = 100_000;
  private static final long TABLE_BLOCK_LIMIT_SAMPLES = 10_000_000;
  private static final int AUTOMATIC_BLOCKS_PER_SECOND = 100;
  private static final int DAY_SECONDS = 86_400;
  private static final double AMPLITUDE_LIMIT = 1e30;
  private static final double DEGREES_PER_CYCLE = 360;

  /** Checks the values; the exception names key, value and what is allowed. */
  static Settings of(SimulatorSource.Config config) {
    int signals = checked("signals", config::signals, 1, SIGNALS_LIMIT);
    int rateHz = checked("rateHz", config::rateHz, 1, RATE_LIMIT_HZ);
    int block = checked("blockSamples", config::blockSamples, 0, BLOCK_LIMIT_SAMPLES);
    int blockSamples = block > 0 ? block : Math.max(1, rateHz / AUTOMATIC_BLOCKS_PER_SECOND);
    if ((long) signals * blockSamples > TABLE_BLOCK_LIMIT_SAMPLES) {
      throw new IllegalArgumentException(
          "blockSamples: "
              + blockSamples
              + " of "
              + signals
              + " signals exceed "
              + TABLE_BLOCK_LIMIT_SAMPLES
              + " samples in one block of the table");
    }
    return new Settings(
        prefix(config.prefix()),
        signals,
        Waveform.of(config.waveform()),
        NumericType.of(config.dataType()),
        timeline(config, rateHz),
        blockSamples,
        checked("frequencyHz", config::frequencyHz, 0, RATE_LIMIT_HZ),
        checked("amplitude", config::amplitude, -AMPLITUDE_LIMIT, AMPLITUDE_LIMIT),
        checked("offset", config::offset, -AMPLITUDE_LIMIT, AMPLITUDE_LIMIT),
        checked("phaseStepDegrees", config::phaseStepDegrees, -DEGREES_PER_CYCLE, DEGREES_PER_CYCLE)
            / DEGREES_PER_CYCLE);
  }

  private static String prefix(String prefix) {
    if (prefix.isBlank()
        || prefix.length() > 200
        || prefix.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "prefix: must have 1 to 200 characters and no control characters, not '" + prefix + "'");
    }
    return prefix;
  }

  private static Timeline timeline(SimulatorSource.Config config, int rateHz) {
    int gapEvery = checked("gapEverySeconds", config::gapEverySeconds, 0, DAY_SECONDS);
    int gapLimitMs = gapEvery == 0 ? DAY_SECONDS * 1000 : gapEvery * 1000 - 1;
    int gapMs = checked("gapMs", config::gapMs, 0, gapLimitMs);
    int change = checked("rateChangeEverySeconds", config::rateChangeEverySeconds, 0, DAY_SECONDS);
    long gapPositions = ((long) gapMs * rateHz + 999) / 1000;
    if (gapEvery > 0 && gapPositions >= (long) gapEvery * rateHz) {
      throw new IllegalArgumentException(
          "gapMs: " + gapMs + " ms leave no sample between two gaps at " + rateHz + " Hz");
    }
    boolean gaps = gapEvery > 0 && gapMs > 0;
    return new Timeline(rateHz, gaps ? gapEvery : 0, gaps ? gapPositions : 0, change);
  }

  private static int checked(String key, IntSupplier read, int low, int high) {
    try {
      int value = read.getAsInt();
      if (value >= low && value <= high) {
        return value;
      }
      throw new IllegalArgumentException("not " + value);
    } catch (RuntimeException e) {
      throw refused(key, low + " to " + high, e);
    }
  }

  private static double checked(String key, DoubleSupplier read, double low, double high) {
    try {
      double value = read.getAsDouble();
      if (value >= low && value <= high) {
        return value;
      }
      throw new IllegalArgumentException("not " + value);
    } catch (RuntimeException e) {
      throw refused(key, low + " to " + high, e);
    }
  }

  /** Also for what the component runtime says of a text that is no number. */
  private static IllegalArgumentException refused(
      String key, String allowed, RuntimeException why) {
    return new IllegalArgumentException(
        key + ": must be " + allowed + ", " + why.getMessage(), why);
  }

  static IllegalArgumentException notOneOf(String key, String value, Enum<?>[] allowed) {
    return new IllegalArgumentException(
        key
            + ": '"
            + value
            + "' is not one of "
            + String.join(
                ", ", Arrays.stream(allowed).map(e -> e.name().toLowerCase(Locale.ROOT)).toList()));
  }

  String domainId() {
    return prefix + "/time";
  }

  /** The descriptor of a signal. */
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
