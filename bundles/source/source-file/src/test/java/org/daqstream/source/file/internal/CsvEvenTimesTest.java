/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.file.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import org.daqstream.signal.api.Resolution;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalTable;
import org.daqstream.testing.RecordingRegistry;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Times that lie on a line, as far as their digits tell. */
public final class CsvEvenTimesTest {
  private static final long MS = 1_000_000;
  private static final long NEW_YEAR_2026 = 1_767_225_600_000_000_000L;

  @org.junit.Rule public final TemporaryFolder folder = new TemporaryFolder();

  private final RecordingRegistry registry = new RecordingRegistry();
  private SignalDescriptor domain;
  private String about;

  private static String csv(String header, List<String> times) {
    StringBuilder text = new StringBuilder(header + ",u\n");
    for (int i = 0; i < times.size(); i++) {
      text.append(times.get(i)).append(',').append(i).append('\n');
    }
    return text.toString();
  }

  /** Plays a file with its own times, or from a time on. */
  private List<Long> play(String text, long startNanos, int passes) throws IOException {
    Path file = Files.writeString(folder.getRoot().toPath().resolve("a.csv"), text);
    try (Recording recording = new CsvRecording(file, "", startNanos == 0, 50, false)) {
      domain = recording.domain("");
      about = recording.about();
      assertTrue(about, recording.isWhole());
      try (SignalTable table = registry.openTable(domain)) {
        recording.signals("").forEach(table::open);
        for (int i = 0; i < passes; i++) {
          while (recording.read(7 * MS) > 0) {
            recording.write(table, startNanos);
          }
          recording.rewind();
        }
      }
    }
    return registry.ticks("u");
  }

  private List<Long> play(String header, List<String> times) throws IOException {
    return play(csv(header, times), 0, 1);
  }

  private static List<String> times(int rows, String format, double factor) {
    return IntStream.range(0, rows)
        .mapToObj(i -> String.format(Locale.ROOT, format, i * factor))
        .toList();
  }

  @Test
  public void evenTimesMakeALinearDomain() throws IOException {
    List<Long> ticks = play("Time (s)", times(40, "%.3f", 0.001));
    assertEquals(new Rule.Linear(MS), domain.rule());
    assertEquals(IntStream.range(0, 40).mapToObj(i -> i * MS).toList(), ticks);
    assertTrue(about, about.endsWith("in s; its times lie on a line of 1000.0 rows per second"));
  }

  @Test
  public void datesMayLieOnALine() throws IOException {
    List<String> dates =
        IntStream.range(0, 30)
            .mapToObj(i -> String.format(Locale.ROOT, "2026-01-01 00:00:00.%06d", i * 250))
            .toList();
    assertEquals(
        IntStream.range(0, 30).mapToObj(i -> NEW_YEAR_2026 + i * MS / 4).toList(),
        play("when", dates));
    assertEquals(new Rule.Linear(MS / 4), domain.rule());
  }

  @Test
  public void aDateAndATimeOfDayInTwoColumnsMayLieOnALine() throws IOException {
    long begin = NEW_YEAR_2026 - 2_000 * MS; // and over midnight
    List<String> times =
        IntStream.range(0, 60)
            .mapToObj(i -> Instant.ofEpochSecond(0, begin + i * 100L * MS).toString())
            .map(each -> each.replace("T", ",").replaceFirst("Z$", ""))
            .toList();
    assertEquals(
        IntStream.range(0, 60).mapToObj(i -> begin + i * 100L * MS).toList(),
        play("Date,Time", times));
    assertEquals(new Rule.Linear(100 * MS), domain.rule());
    assertTrue(about, about.contains("'Date' and 'Time'"));
  }

  @Test
  public void thirdsInTwoColumnsAreThirdsAsFarAsTheirDigitsTell() throws IOException {
    List<String> times =
        IntStream.range(0, 100)
            .mapToObj(i -> String.format(Locale.ROOT, "01.01.2026;00:00:%09.6f", i / 3.0))
            .map(each -> each.replaceFirst("[.](\\d+)$", ",$1"))
            .toList();
    StringBuilder text = new StringBuilder("Datum;Zeit;u\n");
    times.forEach(each -> text.append(each).append(";1,5\n"));
    List<Long> ticks = play(text.toString(), 0, 1);
    Resolution resolution = domain.resolution();
    long delta = ((Rule.Linear) domain.rule()).deltaTicks();
    assertEquals(3 * delta, resolution.denom());
    assertEquals(IntStream.range(0, 100).mapToObj(i -> ticks.get(0) + i * delta).toList(), ticks);
    assertEquals(NEW_YEAR_2026 / 1_000_000_000 * resolution.denom(), (long) ticks.get(0));
  }

  @Test
  public void aGapARepeatedRowAndAStepBackKeepTheirTimes() throws IOException {
    List<String> times = new ArrayList<>(times(20, "%.3f", 0.001));
    times.addAll(List.of("5.000", "5.001", "5.001", "4.000", "4.001", "4.0025"));
    List<Long> ticks = play("t", times);
    assertEquals(new Rule.Linear(MS), domain.rule());
    assertEquals(
        List.of(19 * MS, 5000 * MS, 5001 * MS, 5001 * MS, 4000 * MS, 4001 * MS, 4_002_500_000L),
        ticks.subList(19, 26));
  }

  @Test
  public void aThirdOfAMillisecondIsOneThoughItsDigitsAreRounded() throws IOException {
    List<Long> ticks = play("t", times(50, "%.6f", 1 / 3000.0));
    long delta = ((Rule.Linear) domain.rule()).deltaTicks();
    Resolution resolution = domain.resolution();
    assertEquals("per second", 3000 * delta, resolution.denom());
    assertEquals(1, resolution.num());
    assertEquals(IntStream.range(0, 50).mapToObj(i -> i * delta).toList(), ticks);
  }

  @Test
  public void aStartBetweenTheTicksIsKeptToTheNanosecond() throws IOException {
    long start = NEW_YEAR_2026 + 831_000_123;
    List<Long> ticks = play(csv("t", times(50, "%.9f", 1 / 44_100.0)), start, 1);
    Resolution resolution = domain.resolution();
    BigDecimal seconds =
        BigDecimal.valueOf(ticks.get(0))
            .multiply(BigDecimal.valueOf(resolution.num()))
            .divide(BigDecimal.valueOf(resolution.denom()), 12, RoundingMode.HALF_UP);
    BigDecimal off = seconds.subtract(BigDecimal.valueOf(start, 9)).abs();
    assertTrue(off.toString(), off.compareTo(BigDecimal.valueOf(5, 10)) <= 0);
  }

  @Test
  public void theNextPassFollowsAtTheSameDistance() throws IOException {
    List<Long> ticks = play(csv("t", times(20, "%.3f", 0.001)), NEW_YEAR_2026, 2);
    assertEquals(IntStream.range(0, 40).mapToObj(i -> NEW_YEAR_2026 + i * MS).toList(), ticks);
  }

  @Test
  public void timesThatShakeOrRepeatOrAreFewStayAsTheyAre() throws IOException {
    List<String> shaking = new ArrayList<>(times(40, "%.3f", 0.001));
    shaking.set(7, "0.0072");
    assertStaysExplicit(shaking);
    shaking = new ArrayList<>(times(40, "%.2f", 0.1));
    shaking.set(3, "0.31"); // one digit up and one down is no rounding
    shaking.set(5, "0.49");
    assertStaysExplicit(shaking);
    assertStaysExplicit(times(40, "%.0f", 0.5));
    assertStaysExplicit(times(15, "%.3f", 0.001));
  }

  private void assertStaysExplicit(List<String> times) throws IOException {
    assertEquals(
        times.stream().map(each -> new BigDecimal(each).movePointRight(9).longValue()).toList(),
        play("t", times)
            .subList(registry.ticks("u").size() - times.size(), registry.ticks("u").size()));
    assertEquals(SignalDescriptor.explicitTime("time").rule(), domain.rule());
  }

  @Test
  public void anyRateIsFoundFromRoundedOrCutNanoseconds() {
    Random random = new Random(7);
    for (int i = 0; i < 500; i++) {
      long rateHz = 1L + random.nextInt(100_000);
      RoundingMode mode = random.nextBoolean() ? RoundingMode.HALF_EVEN : RoundingMode.DOWN;
      long start = random.nextInt(1_000_000_000);
      long[] nanos = new long[1000];
      for (int row = 0; row < nanos.length; row++) {
        nanos[row] =
            start
                + BigDecimal.valueOf(row)
                    .movePointRight(9)
                    .divide(BigDecimal.valueOf(rateHz), 0, mode)
                    .longValueExact();
      }
      CsvEvenTimes found = CsvEvenTimes.of(nanos, nanos.length, 1).orElseThrow();
      SamplePeriod period =
          nanos[999] - nanos[0] == 999 * (nanos[1] - nanos[0]) // its digits tell no more
              ? SamplePeriod.ofNanos(nanos[1] - nanos[0]).orElseThrow()
              : SamplePeriod.of(BigInteger.ONE, BigInteger.valueOf(rateHz)).orElseThrow();
      assertEquals(rateHz + " Hz", period, found.period());
      for (int row = 0; row < nanos.length; row++) {
        assertTrue(rateHz + " Hz, row " + row, found.fits(nanos[row] - nanos[0], row));
      }
    }
  }
}
