/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.file.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongUnaryOperator;
import java.util.stream.LongStream;
import org.daqstream.signal.api.Resolution;
import org.daqstream.signal.api.SignalTable;
import org.daqstream.signal.api.Unit;
import org.daqstream.testing.RecordingRegistry;
import org.junit.Test;

/** Files as other programs write them: which column is the time, and what its cells mean. */
public final class CsvLayoutTest extends CsvBench {
  private static final long NEW_YEAR_2026 = 1_767_225_600 * SECOND;

  /** The ticks of rows that begin with two times. */
  private void assertTimes(String header, String firstTime, String secondTime, long... nanos)
      throws IOException {
    play(header + ";u\n" + firstTime + ";1,5\n" + secondTime + ";2,5\n");
    assertEquals(header, List.of("u"), names);
    assertEquals(header, LongStream.of(nanos).boxed().toList(), registry.ticks("u"));
    assertEquals(header, List.of(1.5, 2.5), registry.values("u"));
    assertTrue(about, whole);
    if (header.isEmpty()) {
      return;
    }
    play(("u;" + header + "\n7;" + firstTime + "\n8;" + secondTime + "\n"), header);
    assertEquals(header, LongStream.of(nanos).boxed().toList(), registry.ticks("u"));
  }

  @Test
  public void unitsOfATimeAreUnderstoodHoweverTheyAreWritten() throws IOException {
    for (String ms :
        List.of(
            "Time (ms)",
            "time [ms]",
            "Time(ms)",
            "t_ms",
            "Time/ms",
            "timeMs",
            "timestampMs",
            "Time in ms",
            "time.msec",
            "Elapsed Time (ms)",
            "Relative Time (milliseconds)",
            "milliseconds",
            "ms",
            "Zeit (ms)",
            "Channel 0 (ms)")) {
      assertTimes(ms, "0,5", "2", MS / 2, 2 * MS);
    }
    assertTimes("Elapsed Time (us)", "5", "1000", 5_000, MS);
    assertTimes("t [μs]", "5", "1000", 5_000, MS);
    assertTimes("timestamp_ns", "1767225600000000001", "5", NEW_YEAR_2026 + 1, 5);
    assertTimes("Time (min)", "1", "2", 60 * SECOND, 120 * SECOND);
    play("\"Time, ms\",u\n0.5,1\n2,2\n");
    assertEquals(List.of(MS / 2, 2 * MS), registry.ticks("u"));
    assertTimes("Time AI 1 (s * 1000)", "1", "2", MS, 2 * MS);
  }

  @Test
  public void aTimeWithoutUnitIsInSeconds() throws IOException {
    for (String seconds : List.of("t", "time", "Time", "Timestamp", "X_Value", "Zeit", "seconds")) {
      assertTimes(seconds, "0,5", "2", SECOND / 2, 2 * SECOND);
    }
  }

  @Test
  public void datesNeedNoUnit() throws IOException {
    LongUnaryOperator sinceNewYear = nanos -> NEW_YEAR_2026 + nanos;
    long first = sinceNewYear.applyAsLong(1);
    long second = sinceNewYear.applyAsLong(SECOND / 2);
    assertTimes(
        "DateTime", "2026-01-01 00:00:00.000000001", "2026-01-01T00:00:00.5", first, second);
    assertTimes(
        "Time (UTC)", "2026-01-01T00:00:00.000000001Z", "2026-01-01 00:00:00,5", first, second);
    assertTimes(
        "",
        "2026-01-01 01:00:00.000000001+01:00",
        "2026-01-01T00:00:00.500000+0000",
        first,
        second);
    assertTimes("Datum", "01.01.2026 00:00:00,000000001", "1.1.2026 00:00:00,5", first, second);
    assertTimes(
        "when [YYYY/MM/DD hh:mm]",
        "2026/01/01 00:00",
        "2026/1/1 00:01",
        NEW_YEAR_2026,
        sinceNewYear.applyAsLong(60 * SECOND));
    assertTimes(
        "date",
        "2026-01-01",
        "2026-01-02",
        NEW_YEAR_2026,
        sinceNewYear.applyAsLong(24 * 3600 * SECOND));
  }

  @Test
  public void timesOfTheDayGoOnAtMidnightAndDurationsCountDays() throws IOException {
    long hour = 3600 * SECOND;
    assertTimes(
        "Time (HH:MM:SS)", "23:59:59.5", "00:00:01", 24 * hour - SECOND / 2, 24 * hour + SECOND);
    assertTimes("Uhrzeit", "12:00:00", "11:59:59", 12 * hour, 12 * hour - SECOND);
    assertTimes("elapsed", "23:00:00", "100:00:00", 23 * hour, 100 * hour);
    assertTimes("", "0 days 00:00:00.000001", "1 days 01:00:00", 1000, 25 * hour);
    assertTimes("", "-1 days +23:59:59", "0 days 00:00:01", -SECOND, SECOND);
  }

  @Test
  public void dateAndTimeOfTheDayMayBeTwoColumns() throws IOException {
    play("Date,u,Time\n2026-01-01,1,00:00:00.5\n2026-01-02,2,00:00:00\n");
    assertEquals(List.of("u"), names);
    assertEquals("plays 1 column by 'Date' and 'Time'", about);
    assertEquals(
        List.of(NEW_YEAR_2026 + SECOND / 2, NEW_YEAR_2026 + 86_400 * SECOND), registry.ticks("u"));
    assertRefused(
        "line 1: columns 'Date' and 'Time' may both be the time, which timeColumn can name",
        "Date,Time,u\n2026-01-01,0.5,1\n");
  }

  @Test
  public void whatMayBeATimeButIsNotUnderstoodIsRefused() {
    String unknown =
        "' may be a time, but its unit is not known; 'name [unit]' tells it, allowed are s, ms, us,"
            + " ns, min, h and d";
    for (String head :
        List.of(
            "Time (ticks)", "t [V]", "time_ticks", "Time step", "Timestamp (FILETIME)", "Date")) {
      assertRefused("line 1: column '" + head + unknown, head + ",u\n1,2\n2,3\n");
    }
    String allowed = "; allowed are numbers in s, dates as 2026-01-31 12:00:00.5Z and hh:mm:ss";
    for (String cell : List.of("01/02/2026 12:00", "12:00:00 PM", "12:30", "2026-02-30x")) {
      assertRefused(
          "line 2: '" + cell + "' in column 'Time' is no time" + allowed,
          "Time,u\n" + cell + ",2\n");
    }
    assertRefused(
        "line 1: the dates in column 'Time' are in 'CET', allowed are UTC or an offset behind each",
        "Time (CET),u\n2026-01-01 12:00:00,1\n");
    assertRefused(
        "line 1: the dates in column 'Time' are in 'MST', allowed are UTC or an offset behind each",
        "Time (MST),u\n2026-01-01 12:00:00,1\n");
    DamagedFileException e =
        assertThrows(DamagedFileException.class, () -> play("u [V],x\n1,2\n", "u"));
    assertEquals(
        "line 1: the time column 'u' has the unit 'V', allowed are s, ms, us, ns, min, h and d",
        e.getMessage());
  }

  @Test
  public void withoutATimeRowsHaveARateAndTheLogTellsIt() throws IOException {
    for (String header :
        List.of("Voltage (V),Current (A)", "u,v", "T,p", "Temp (min),Temp (max)")) {
      play(header + "\n1,2\n3,4\n");
      assertEquals(header, 2, names.size());
      assertEquals(List.of(0L, SECOND / 50), registry.ticks(names.get(0)));
      assertEquals(
          "plays 2 columns at 50.0 rows per second (rateHz): no column is known to be the"
              + " time, which timeColumn can name",
          about);
      assertFalse(whole);
    }
  }

  @Test
  public void rowsKeepTheirRateInTheNextPass() throws IOException {
    Path file = Files.writeString(folder.getRoot().toPath().resolve("a.csv"), "u,v\n1,2\n3,4\n");
    registry = new RecordingRegistry();
    try (Recording recording = new CsvRecording(file, "", false, 3, false);
        SignalTable table = registry.openTable(recording.domain(""))) {
      recording.signals("").forEach(table::open);
      for (int pass = 0; pass < 2; pass++) {
        assertEquals(2, recording.read(SECOND));
        recording.write(table, 100 * SECOND);
        recording.rewind();
      }
      assertEquals(SECOND, recording.elapsedNanos());
      assertEquals(new Resolution(1, 3), recording.domain("").resolution());
    }
    assertEquals(List.of(300L, 301L, 302L, 303L), registry.ticks("u"));
  }

  @Test
  public void pandasIndexOfDatesIsTheTimeAndTextIsLeftOut() throws IOException {
    play(
        ",u,note,ok\n"
            + "2026-01-01 00:00:00.000000001,0.0,NA,True\n"
            + "2026-01-01 00:00:00.001000001,0.1,,False\n"
            + "2026-01-01 00:00:00.002000001,,b,\n"
            + "2026-01-01 00:00:00.003000001,0.3,a,True\n");
    assertEquals(List.of("u", "ok"), names);
    assertEquals("plays 2 columns by 'column 1'; left out, as they hold no numbers: 'note'", about);
    assertFalse(whole);
    assertEquals(List.of(1.0, 0.0, Double.NaN, 1.0), registry.values("ok"));
    assertEquals(NEW_YEAR_2026 + 1, registry.ticks("u").get(0).longValue());
  }

  @Test
  public void pandasIndexThatCountsRowsIsNoValueAndNoTime() throws IOException {
    play(",u\n0,1.0\n1,\n2,inf\n");
    assertEquals(List.of("u"), names);
    assertEquals(List.of(0L, SECOND / 50, 2 * SECOND / 50), registry.ticks("u"));
    play(",0,1\n0,1.0,2.0\n1,3.0,4.0\n");
    assertEquals(List.of("0", "1"), names);
    play(",time,u\n0,0.5,1\n1,0.75,2\n");
    assertEquals(List.of("u"), names);
    assertEquals(List.of(SECOND / 2, 3 * SECOND / 4), registry.ticks("u"));
    play(",u\n0.0,1\n0.001,2\n"); // an index of seconds
    assertEquals(List.of(0L, MS), registry.ticks("u"));
    assertTrue(whole);
  }

  @Test
  public void numpyPutsTheHeaderIntoAComment() throws IOException {
    play("# t,x\n0.000000000000000000e+00,1.0e+00\n1.000000000000000056e-01,nan\n");
    assertEquals(List.of(0L, 100 * MS), registry.ticks("x"));
    assertRefused("line 1: '0.5' in the header is no name of a column", "0.5,1\n1,2\n");
    assertRefused("line 2: '0.5' in the header is no name of a column", "# by me\n0.5,1\n1,2\n");
  }

  @Test
  public void openDaqRecordersAreUnderstood() throws IOException {
    play(
        "\"Time AI 1 (s * 1000000)\",\"AI 1 (V)\"\n"
            + "\"resolution=1/1000000;epoch=1970-01-01T00:00:00Z;unit=seconds;delta=1000\","
            + "\"unit=volts\"\n"
            + "1767225600000001,0.313953\n1767225600001001,-7.34788e-15\n");
    assertEquals(List.of("AI 1"), names);
    assertEquals(Unit.VOLT, unit("AI 1"));
    assertEquals(List.of(NEW_YEAR_2026 + 1000, NEW_YEAR_2026 + MS + 1000), registry.ticks("AI 1"));
    play(
        "# domain;unit=seconds;resolution=1/1000000;delta=250;origin=1970-01-01T00:00:00Z;"
            + "starting_tick=1767225600000001;\n\"AI0 (V)\",\"AI1 (V)\"\n1,2\n3,4\n");
    assertEquals(List.of("AI0", "AI1"), names);
    assertEquals(List.of(0L, MS / 4), registry.ticks("AI0"));
    assertTrue(about, whole);
  }

  @Test
  public void unitsMayStandBelowTheHeader() throws IOException {
    play("Time,Channel A\n(ms),(V)\n\n0.00,1.5\n0.10,1.6\n");
    assertEquals(List.of(0L, MS / 10), registry.ticks("Channel A"));
    assertEquals(Unit.VOLT, unit("Channel A"));
    play("x-axis,1,2\nsecond,Volt,Volt\n0.0,1,2\n0.1,3,4\n");
    assertEquals(List.of("1", "2"), names);
    assertEquals(List.of(0L, 100 * MS), registry.ticks("1"));
  }

  @Test
  public void sigrokTellsTheRateBeforeTheHeader() throws IOException {
    play("; CSV generated by libsigrok\n; Samplerate: 1 kHz\nD0,D1\n0,1\n1,1\n");
    assertEquals(List.of(0L, MS), registry.ticks("D0"));
    assertEquals("plays 2 columns at 1000.0 rows per second as the file says", about);
  }

  @Test
  public void excelMayNameTheSeparatorAndLabViewAddsAnEmptyColumn() throws IOException {
    play("sep=;\r\nZeit (s);U (V)\r\n0,5;1,5\r\n1;2\r\n");
    assertEquals(List.of(SECOND / 2, SECOND), registry.ticks("U"));
    play("X_Value\tUntitled\tComment\n0.000000\t1.5\t\n0.001000\t1.6\t\n");
    assertEquals(List.of("Untitled"), names);
    assertEquals(
        "plays 1 column by 'X_Value' in s; left out, as they hold no numbers: 'Comment'", about);
    play("t,x,\n0,1,\n1,2\n2,3,,\n");
    assertEquals(List.of(1.0, 2.0, 3.0), registry.values("x"));
    assertTrue(whole);
  }

  @Test
  public void namesMayRepeat() throws IOException {
    play("t,U,U,U [mV]\n0,1,2,3\n");
    assertEquals(List.of("U", "U (column 3)", "U [mV]"), names);
    assertEquals(List.of(2.0), registry.values("U (column 3)"));
  }

  @Test
  public void roundBracketsHoldAUnitOnlyIfItIsOne() throws IOException {
    play("t,U (V),U (mV),f(x),CH1 (2),Temp (C),x,x [m]\n0,1,2,3,4,5,6,7\n");
    assertEquals(List.of("U (V)", "U (mV)", "f(x)", "CH1 (2)", "Temp (C)", "x", "x [m]"), names);
    assertEquals(Unit.VOLT, unit("U (V)"));
    assertEquals(Unit.NONE, unit("Temp (C)"));
  }

  @Test
  public void aColumnWithNothingInItIsLeftOut() throws IOException {
    StringBuilder text = new StringBuilder("t,x,empty,sick\n");
    for (int i = 0; i < 20; i++) {
      text.append(i).append(",1,,NaN\n");
    }
    play(text.toString());
    assertEquals(List.of("x", "sick"), names);
    List<String> many = new ArrayList<>(List.of("t", "x"));
    for (int i = 0; i < 12; i++) {
      many.add("note" + i);
    }
    play(String.join(",", many) + "\n0,1" + ",a".repeat(12) + "\n");
    assertTrue(about, about.endsWith("'note8', 'note9' and 2 more"));
  }

  @Test
  public void numbersAreUnderstoodInTheSpellingsOfAllPrograms() {
    for (String nan :
        List.of(
            "",
            "nan",
            "NaN",
            "NAN",
            "-nan",
            "-nan(ind)",
            "1.#QNAN",
            "-1.#IND",
            "#N/A",
            "#DIV/0!",
            "#VALUE!",
            "NA",
            "N/A",
            "<NA>",
            "null",
            "NaT",
            "None")) {
      assertEquals(nan, Double.NaN, CsvNumber.parse(nan).orElseThrow(), 0);
    }
    for (String infinity : List.of("inf", "Inf", "+inf", "INF", "Infinity", "1.#INF", "∞")) {
      assertEquals(Double.POSITIVE_INFINITY, CsvNumber.parse(infinity).orElseThrow(), 0);
    }
    for (String infinity : List.of("-inf", "-Inf", "-Infinity", "-1.#INF")) {
      assertEquals(Double.NEGATIVE_INFINITY, CsvNumber.parse(infinity).orElseThrow(), 0);
    }
    assertEquals(1, CsvNumber.parse("True").orElseThrow(), 0);
    assertEquals(0, CsvNumber.parse("false").orElseThrow(), 0);
    for (String none :
        List.of("oops", "0x10", "1d", "1.2.3", "1 000", "****", "OL", "--", "(1+2j)")) {
      assertTrue(none, CsvNumber.parse(none).isEmpty());
    }
  }
}
