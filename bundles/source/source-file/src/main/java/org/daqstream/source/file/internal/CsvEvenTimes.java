/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.file.internal;

import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.channels.FileChannel;
import java.util.Optional;
import org.daqstream.signal.api.Resolution;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;

/**
 * Whether the times of a CSV file lie on a line, as far as their digits tell: found in its first
 * rows. A row that does not fit begins a line of its own, by its own time, so none is ever moved by
 * more than its last digit.
 *
 * @param period from row to row
 * @param toleranceNanos what the last digit of a time is
 */
record CsvEvenTimes(SamplePeriod period, long toleranceNanos) {
  private static final int ROWS_MIN = 16;
  private static final int ROWS_MAX = 1000;
  private static final int COMPARED_ROWS = 32;
  private static final long NANOS_PER_SECOND = 1_000_000_000;
  private static final BigInteger SECOND = BigInteger.valueOf(NANOS_PER_SECOND);

  /** At most so many; good until the year 2115. */
  private static final long TICKS_PER_SECOND = 2 * NANOS_PER_SECOND;

  /** Reads the beginning of a file; leaves its position anywhere. */
  static Optional<CsvEvenTimes> find(FileChannel file, CsvLayout layout) throws IOException {
    if (layout.timeIndex() == CsvLayout.NONE) {
      return Optional.empty();
    }
    CsvText text = new CsvText(file);
    CsvTime time = layout.time();
    long[] nanos = new long[ROWS_MAX];
    long digitNanos = Long.MAX_VALUE;
    int rows = 0;
    try {
      for (int i = 0; i < layout.headerRows(); i++) {
        text.next();
      }
      CsvRecord row = text.next();
      while (row != null && rows < ROWS_MAX) {
        String cell = layout.timeCell(text, row);
        nanos[rows++] = time.parseNanos(cell);
        digitNanos = Math.min(digitNanos, time.lastDigitNanos(cell));
        row = text.next();
      }
    } catch (DamagedFileException | IllegalArgumentException e) {
      return of(nanos, rows, digitNanos); // is said when it is played
    }
    return of(nanos, rows, digitNanos);
  }

  /**
   * By the first times of a file, and the finest digit in any of them. It is a line when half of
   * them are on it before the first one that is not.
   */
  static Optional<CsvEvenTimes> of(long[] nanos, int rows, long digitNanos) {
    if (rows < ROWS_MIN) {
      return Optional.empty();
    }
    Interval steps = new Interval();
    int onLine = 1;
    while (onLine < rows && steps.narrow(nanos, onLine, digitNanos)) {
      onLine++;
    }
    if (onLine < Math.max(ROWS_MIN, rows / 2)) {
      return Optional.empty();
    }
    Optional<SamplePeriod> period =
        exactRows(nanos, rows) >= onLine
            ? SamplePeriod.ofNanos(nanos[1] - nanos[0])
            : steps.simplest();
    return period.map(found -> new CsvEvenTimes(found, digitNanos));
  }

  /** How many rows follow one another at the distance of the first two. */
  private static int exactRows(long[] nanos, int rows) {
    long step = nanos[1] - nanos[0];
    int row = 1;
    while (row < rows && nanos[row] - nanos[row - 1] == step) {
      row++;
    }
    return row;
  }

  /** The distances of rows that are right for the rows so far, as fractions of a second. */
  private static final class Interval {
    private BigInteger[] low = {BigInteger.ZERO, BigInteger.ONE};
    private BigInteger[] high = {BigInteger.ONE, BigInteger.ZERO};

    /**
     * Takes another row, rounded like those before it: no two of them are off by more than a digit.
     * False when no distance is left.
     */
    boolean narrow(long[] nanos, int row, long digitNanos) {
      if (nanos[row] <= nanos[row - 1]) {
        return false;
      }
      for (int i = 0; i < Math.min(row, COMPARED_ROWS); i++) {
        long passed = nanos[row] - nanos[i];
        BigInteger parts = SECOND.multiply(BigInteger.valueOf(row - i));
        BigInteger[] least = {BigInteger.valueOf(passed - digitNanos), parts};
        BigInteger[] most = {BigInteger.valueOf(passed + digitNanos), parts};
        if (isLess(most, low) || isLess(high, least)) {
          return false;
        }
        low = isLess(low, least) ? least : low;
        high = isLess(most, high) ? most : high;
      }
      return true;
    }

    /** The one with the smallest numbers. */
    Optional<SamplePeriod> simplest() {
      if (low[0].signum() <= 0) {
        return Optional.empty();
      }
      BigInteger[] step = between(low, high);
      return SamplePeriod.of(step[0], step[1]);
    }

    private static boolean isLess(BigInteger[] a, BigInteger[] b) {
      return a[0].multiply(b[1]).compareTo(b[0].multiply(a[1])) < 0;
    }

    /** The simplest fraction from low to high, by their continued fractions. */
    private static BigInteger[] between(BigInteger[] low, BigInteger[] high) {
      BigInteger[] division = low[0].divideAndRemainder(low[1]);
      BigInteger whole = division[0];
      BigInteger rest = division[1];
      if (rest.signum() == 0) {
        return new BigInteger[] {whole, BigInteger.ONE};
      }
      BigInteger next = whole.add(BigInteger.ONE);
      if (next.multiply(high[1]).compareTo(high[0]) <= 0) {
        return new BigInteger[] {next, BigInteger.ONE};
      }
      BigInteger[] behind =
          between(
              new BigInteger[] {high[1], high[0].subtract(whole.multiply(high[1]))},
              new BigInteger[] {low[1], rest});
      return new BigInteger[] {whole.multiply(behind[0]).add(behind[1]), behind[0]};
    }
  }

  /**
   * Ticks of nanoseconds if the period is a whole number of them, else of parts of it below 1 ns.
   */
  SignalDescriptor domain(String signalId) {
    return period.ticksAreNanos()
        ? period.domain(signalId)
        : SignalDescriptor.linearTime(signalId, 1).toBuilder()
            .resolution(new Resolution(1, period.denominator() * parts()))
            .rule(new Rule.Linear(period.numerator() * parts()))
            .build();
  }

  private long parts() {
    return TICKS_PER_SECOND / period.denominator();
  }

  /** The tick of a row of a line that begins at a time since 1970-01-01. */
  long tick(long lineNanos, long row) {
    if (period.ticksAreNanos()) {
      return period.tick(lineNanos, row);
    }
    long perSecond = period.denominator() * parts();
    long rest = Math.floorMod(lineNanos, NANOS_PER_SECOND);
    return Math.floorDiv(lineNanos, NANOS_PER_SECOND) * perSecond
        + Math.round((double) rest * perSecond / NANOS_PER_SECOND)
        + row * period.numerator() * parts();
  }

  /** Whether a time, since that of the row which begins the line, is that of a row of the line. */
  boolean fits(long passedNanos, long row) {
    return Math.abs(passedNanos - period.elapsedNanos(row)) <= toleranceNanos;
  }
}
