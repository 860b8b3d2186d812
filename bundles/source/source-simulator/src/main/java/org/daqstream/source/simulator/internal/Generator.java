/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.simulator.internal;

/**
 * Computes the samples of one block. Periodic waveforms are functions of the time since 1970-01-01
 * and noise and counter of the row, so every sample can be computed again by who receives it. The
 * arrays are made once.
 */
final class Generator {
  private final Settings settings;
  private final Object[] samples;

  Generator(Settings settings) {
    this.settings = settings;
    samples = new Object[settings.signals()];
    for (int i = 0; i < samples.length; i++) {
      samples[i] =
          i > 0 && siblingsAreEqual()
              ? samples[0]
              : settings.type().allocate(settings.blockSamples());
    }
  }

  private boolean siblingsAreEqual() {
    return switch (settings.waveform()) {
      case COUNTER -> true;
      case NOISE -> false;
      case SINE, RAMP, SQUARE -> settings.phaseStepCycles() == 0;
    };
  }

  /**
   * Fills the arrays of all signals, one for each and valid until the next call, with samples from
   * a row and position on (see {@link Timeline}) that are a stride of positions apart.
   */
  Object[] block(long position, long stride, long row, int count) {
    int different = siblingsAreEqual() ? 1 : samples.length;
    for (int signal = 0; signal < different; signal++) {
      switch (settings.waveform()) {
        case COUNTER -> fillCounter(samples[signal], row, count);
        case NOISE -> fillNoise(samples[signal], signal, row, count);
        case SINE, RAMP, SQUARE -> fillPeriodic(samples[signal], signal, position, stride, count);
      }
    }
    return samples;
  }

  private void fillCounter(Object target, long row, int count) {
    for (int i = 0; i < count; i++) {
      settings.type().set(target, i, row + i);
    }
  }

  private void fillNoise(Object target, int signal, long row, int count) {
    for (int i = 0; i < count; i++) {
      double value = settings.offset() + settings.amplitude() * Waveform.noise(row + i, signal);
      settings.type().set(target, i, value);
    }
  }

  private void fillPeriodic(Object target, int signal, long position, long stride, int count) {
    long rateHz = settings.timeline().rateHz();
    double shift = signal * settings.phaseStepCycles();
    long second = position / rateHz;
    long rest = position % rateHz;
    double startCycles = phase(settings.frequencyHz(), second) + shift;
    for (int i = 0; i < count; i++) {
      double cycles = startCycles + settings.frequencyHz() * rest / rateHz;
      double unit = settings.waveform().at(fraction(cycles));
      settings.type().set(target, i, settings.offset() + settings.amplitude() * unit);
      rest += stride;
      if (rest >= rateHz) {
        rest -= rateHz;
        second++;
        startCycles = phase(settings.frequencyHz(), second) + shift;
      }
    }
  }

  /**
   * Fraction of {@code frequencyHz * second}, with the digits that the plain product would lose.
   */
  static double phase(double frequencyHz, long second) {
    double cycles = frequencyHz * second;
    return fraction(cycles) + Math.fma(frequencyHz, (double) second, -cycles);
  }

  private static double fraction(double cycles) {
    double fraction = cycles - Math.floor(cycles);
    return fraction < 1 ? fraction : 0; // a tiny negative number rounds to 1
  }
}
