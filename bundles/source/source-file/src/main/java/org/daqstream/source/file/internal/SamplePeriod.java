/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.file.internal;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.daqstream.signal.api.Resolution;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;

/**
 * The times of samples at a steady rate, on a linear domain. Ticks are nanoseconds if the distance
 * of samples is a whole number of them, else that distance, so times are exact at every rate.
 *
 * @param numerator seconds from sample to sample, the upper part of the fraction
 * @param denominator the lower part; 1 to 1e9, as the upper one
 */
record SamplePeriod(long numerator, long denominator) {
  private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final Pattern SIGROK =
      Pattern.compile("samplerate: ?(\\d+(?:\\.\\d+)?) ?([kmg]?)hz", Pattern.CASE_INSENSITIVE);
  private static final Pattern OPENDAQ =
      Pattern.compile("unit=seconds;resolution=(\\d{1,9})/(\\d{1,10});delta=(\\d{1,9});");

  static SamplePeriod ofRate(double rateHz) {
    if (rateHz >= 1 && rateHz == Math.rint(rateHz)) {
      return new SamplePeriod(1, (long) rateHz);
    }
    return new SamplePeriod(Math.round(NANOS_PER_SECOND / rateHz), NANOS_PER_SECOND);
  }

  /** A whole number of nanoseconds; empty when it is out of bounds. */
  static Optional<SamplePeriod> ofNanos(long nanos) {
    return valid(reduced(nanos, NANOS_PER_SECOND));
  }

  /** A fraction of a second in lowest terms; empty when it is out of bounds. */
  static Optional<SamplePeriod> of(BigInteger numerator, BigInteger denominator) {
    boolean isLong = numerator.bitLength() < Long.SIZE && denominator.bitLength() < Long.SIZE;
    return isLong
        ? valid(new SamplePeriod(numerator.longValue(), denominator.longValue()))
        : Optional.empty();
  }

  /** The distance of rows as a decimal number, exactly; empty when it is none or out of bounds. */
  static Optional<SamplePeriod> ofSeconds(String seconds) {
    try {
      BigDecimal period = new BigDecimal(seconds).stripTrailingZeros();
      if (Math.abs((long) period.scale()) > 9) {
        return Optional.empty();
      }
      BigDecimal parts = BigDecimal.TEN.pow(Math.max(0, period.scale()));
      return valid(reduced(period.multiply(parts).longValueExact(), parts.longValueExact()));
    } catch (ArithmeticException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** The rate that sigrok and the recorders of openDAQ put into a line before the header. */
  static Optional<SamplePeriod> ofComment(String comment) {
    Matcher sigrok = SIGROK.matcher(comment);
    if (sigrok.find()) {
      double factor =
          Math.pow(
              1000, " kmg".indexOf((sigrok.group(2) + " ").toLowerCase(Locale.ROOT).charAt(0)));
      return valid(ofRate(Double.parseDouble(sigrok.group(1)) * factor));
    }
    Matcher openDaq = OPENDAQ.matcher(comment);
    if (openDaq.find()) {
      long delta = Long.parseLong(openDaq.group(3));
      long numerator = Long.parseLong(openDaq.group(1)) * delta;
      long denominator = Long.parseLong(openDaq.group(2));
      return valid(reduced(numerator, denominator));
    }
    return Optional.empty();
  }

  private static SamplePeriod reduced(long numerator, long denominator) {
    long a = numerator;
    long b = denominator;
    while (b != 0) {
      long rest = a % b;
      a = b;
      b = rest;
    }
    return a == 0 ? null : new SamplePeriod(numerator / a, denominator / a);
  }

  private static Optional<SamplePeriod> valid(SamplePeriod period) {
    return Optional.ofNullable(period)
        .filter(p -> p.numerator >= 1 && p.numerator <= NANOS_PER_SECOND)
        .filter(p -> p.denominator >= 1 && p.denominator <= NANOS_PER_SECOND);
  }

  boolean ticksAreNanos() {
    return numerator * NANOS_PER_SECOND % denominator == 0;
  }

  double rateHz() {
    return (double) denominator / numerator;
  }

  SignalDescriptor domain(String signalId) {
    if (ticksAreNanos()) {
      return SignalDescriptor.linearTime(signalId, numerator * NANOS_PER_SECOND / denominator);
    }
    return SignalDescriptor.linearTime(signalId, 1).toBuilder()
        .resolution(new Resolution(numerator, denominator))
        .rule(new Rule.Linear(1))
        .build();
  }

  /** When a sample comes, counted from the first one, number 0. */
  long elapsedNanos(long sample) {
    long parts = sample * numerator;
    return parts / denominator * NANOS_PER_SECOND
        + parts % denominator * NANOS_PER_SECOND / denominator;
  }

  /**
   * The tick of a sample, the first of which, number 0, came at {@code startNanos} since
   * 1970-01-01.
   */
  long tick(long startNanos, long sample) {
    if (ticksAreNanos()) {
      return startNanos + sample * (numerator * NANOS_PER_SECOND / denominator);
    }
    long seconds = Math.floorDiv(startNanos, NANOS_PER_SECOND);
    long rest = Math.floorMod(startNanos, NANOS_PER_SECOND);
    return (seconds * denominator + rest * denominator / NANOS_PER_SECOND) / numerator + sample;
  }
}
