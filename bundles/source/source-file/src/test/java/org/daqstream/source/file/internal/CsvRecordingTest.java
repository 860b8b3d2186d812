/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.file.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalTable;
import org.daqstream.signal.api.Unit;
import org.daqstream.testing.RecordingRegistry;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public final class CsvRecordingTest {
  private static final long START_NANOS = 1_700_000_000_000_000_000L;
  private static final long SECOND_NANOS = 1_000_000_000;

  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  private final RecordingRegistry registry = new RecordingRegistry();

  private Path file(byte[] content) throws IOException {
    return Files.write(folder.getRoot().toPath().resolve("a.csv"), content);
  }

  private Recording open(String text) throws IOException {
    return new CsvRecording(file(text.getBytes(StandardCharsets.UTF_8)), "", false, 1000, false);
  }

  private void play(Recording recording) throws IOException {
    try (SignalTable table = registry.openTable(recording.domain("a/"))) {
      recording.signals("a/").forEach(table::open);
      while (recording.read(10 * SECOND_NANOS) > 0) {
        recording.write(table, START_NANOS);
      }
    }
  }

  private void play(String text) throws IOException {
    try (Recording recording = open(text)) {
      play(recording);
    }
  }

  private List<Long> millis(String signalId) {
    return registry.ticks(signalId).stream().map(t -> (t - START_NANOS) / 1_000_000).toList();
  }

  @Test
  public void eachColumnIsASignalWithNameAndUnit() throws IOException {
    try (Recording recording = open("time [s],U in [V],count,w [furlong]\n0,1,2,3\n")) {
      List<SignalDescriptor> signals = recording.signals("p/");
      assertEquals(
          List.of("p/U in", "p/count", "p/w"),
          signals.stream().map(SignalDescriptor::signalId).toList());
      assertEquals(Unit.VOLT, signals.get(0).unit());
      assertEquals(Unit.NONE, signals.get(1).unit());
      assertEquals(new Unit(0, "furlong", "furlong", ""), signals.get(2).unit());
      assertEquals("real64", signals.get(0).dataType());
    }
  }

  @Test
  public void rowsKeepTheirDistanceAndTheFirstOneIsNow() throws IOException {
    play("t,x,y\r\n100.5,1,-1\r\n100.75,2e3,-2\r\n100.75,3,\r\n102,NaN,-4");
    assertEquals(List.of(0L, 250L, 250L, 1500L), millis("a/x"));
    assertEquals(List.of(1.0, 2000.0, 3.0, Double.NaN), registry.values("a/x"));
    assertEquals(List.of(-1.0, -2.0, Double.NaN, -4.0), registry.values("a/y"));
  }

  @Test
  public void absoluteTimeIsTheFilesOwn() throws IOException {
    Path path = file("t [ns],x\n1700000000123456789,1\n5,2\n".getBytes(StandardCharsets.US_ASCII));
    try (Recording recording = new CsvRecording(path, "", true, 1000, false)) {
      play(recording);
    }
    assertEquals(List.of(1_700_000_000_123_456_789L, 5L), registry.ticks("a/x"));
  }

  @Test
  public void datesCountFrom1970InUtc() throws IOException {
    Path path =
        file(
            ("when,x\n1970-01-01T00:00:01Z,1\n1970-01-01 00:00:02.5,2\n"
                    + "1970-01-01T01:00:03+01:00,3\n")
                .getBytes(StandardCharsets.US_ASCII));
    try (Recording recording = new CsvRecording(path, "when", true, 1000, false)) {
      play(recording);
    }
    assertEquals(List.of(SECOND_NANOS, 2_500_000_000L, 3 * SECOND_NANOS), registry.ticks("a/x"));
  }

  @Test
  public void timeMayBeAnyColumnInAnyUnit() throws IOException {
    Path path = file("x,ms [ms]\n1,10\n2,20.5\n".getBytes(StandardCharsets.US_ASCII));
    try (Recording recording = new CsvRecording(path, "ms", false, 1000, false)) {
      play(recording);
    }
    assertEquals(List.of(START_NANOS, START_NANOS + 10_500_000), registry.ticks("a/x"));
    assertEquals(List.of(1.0, 2.0), registry.values("a/x"));
  }

  @Test
  public void decimalsOfATimeAreExact() {
    CsvTime seconds = time("s");
    assertEquals(1_700_000_000_123_456_789L, seconds.parseNanos("1700000000.123456789"));
    assertEquals(100_000_000L, seconds.parseNanos("0.1"));
    assertEquals(-1L, seconds.parseNanos("-1e-9"));
    assertEquals(3_600_000_000_000L, time("h").parseNanos("1"));
    assertEquals(1_795_942_233_459_154_000L, time("s * 1000000").parseNanos("1795942233459154"));
  }

  private static CsvTime time(String unit) {
    return new CsvTime("t", CsvTimeUnit.of(unit));
  }

  @Test
  public void separatorIsFoundAndCommasMayBeDecimalPoints() throws IOException {
    play("\ufefft;x\n0,5;1,25\n1;2\n");
    assertEquals(List.of(1.25, 2.0), registry.values("a/x"));
    assertEquals(List.of(0L, 500L), millis("a/x"));
  }

  @Test
  public void quotedNamesMayHoldTheSeparator() throws IOException {
    play("t\t\"a, b\"\tc\n0\t1\t2\n");
    assertEquals(List.of(1.0), registry.values("a/a, b"));
  }

  @Test
  public void emptyLinesAreSkipped() throws IOException {
    play("t,x\n0,1\n\n1,2\n\n");
    assertEquals(List.of(1.0, 2.0), registry.values("a/x"));
  }

  @Test
  public void blocksEndBeforeTheirSpan() throws IOException {
    try (Recording recording = open("t [ms],x\n0,1\n9,2\n10,3\n500,4\n")) {
      assertEquals(2, recording.read(10_000_000));
      assertEquals(9_000_000, recording.elapsedNanos());
      assertEquals(1, recording.read(10_000_000));
      assertEquals(1, recording.read(10_000_000));
      assertEquals(0, recording.read(10_000_000));
    }
  }

  @Test
  public void theSecondPassFollowsAtTheLastDistance() throws IOException {
    try (Recording recording = open("t [ms],x\n7,1\n9,2\n14,3\n")) {
      play(recording);
      recording.rewind();
      play(recording);
      recording.rewind();
      play(recording);
    }
    assertEquals(List.of(0L, 2L, 7L, 12L, 14L, 19L, 24L, 26L, 31L), millis("a/x"));
    assertEquals(List.of(1.0, 2.0, 3.0, 1.0, 2.0, 3.0, 1.0, 2.0, 3.0), registry.values("a/x"));
  }

  @Test
  public void oneRowRepeatsEverySecond() throws IOException {
    try (Recording recording = open("t,x\n7,1\n")) {
      play(recording);
      recording.rewind();
      play(recording);
    }
    assertEquals(List.of(0L, 1000L), millis("a/x"));
  }

  @Test
  public void theSecondPassNeedsNoNameOfTheFile() throws IOException {
    try (Recording recording = open("\ufefft;x\n7;1\n")) {
      play(recording);
      Files.delete(folder.getRoot().toPath().resolve("a.csv"));
      recording.rewind();
      play(recording);
    }
    assertEquals(List.of(1.0, 1.0), registry.values("a/x"));
  }

  @Test
  public void rowsBeforeTheDamageAreStillPlayed() throws IOException {
    DamagedFileException e =
        assertThrows(DamagedFileException.class, () -> play("t,x\n0,1\n1,2\n2,oops\n3,4\n"));
    assertEquals("line 4: 'oops' in column 'x' is no number", e.getMessage());
    assertEquals(List.of(1.0, 2.0), registry.values("a/x"));
  }

  @Test
  public void damageIsNamedWithItsPlaceAndReason() {
    assertRefused("line 1: there is no header", "");
    assertRefused("line 2: there are no rows", "t,x\n");
    assertRefused("line 1: '1' in the header is no name of a column", "1,2\n3,4\n");
    assertRefused(
        "line 1: 1 columns, allowed are 2 to 1001, separated by comma, semicolon or tab", "t\n0\n");
    assertRefused("line 2: 3 cells, the header has 2", "t,x\n0,1,2\n");
    assertRefused("line 2: 1 cells, the header has 2", "t,x\n0\n1,1\n");
    String allowed =
        " in column 't' is no time; allowed are numbers in s, dates as 2026-01-31 12:00:00.5Z and"
            + " hh:mm:ss";
    assertRefused("line 2: 'noon'" + allowed, "t,x\nnoon,1\n");
    assertRefused("line 2: ''" + allowed, "t,x\n,1\n");
    assertRefused("line 2: '1e999999999'" + allowed, "t,x\n1e999999999,1\n");
    assertRefused(
        "line 2: '1700000000500' in column 't' in s lies beyond the year 2262, is its unit another?",
        "t,x\n1700000000500,1\n");
    assertRefused("line 3: '0x10' in column 'x' is no number", "t,x\n0,1\n1,0x10\n");
    assertRefused("line 3: '1d' in column 'x' is no number", "t,x\n0,1\n1,1d\n");
    assertRefused("line 3: '1.2.3' in column 'x' is no number", "t;x\n0;1\n1;1.2,3\n");
    assertRefused("line 1: there are no numbers in any column but the time", "t,x\n0,a\n");
    assertRefused("line 5: 'oops' in column 'x' is no number", "# a\n; b\nt,x\n0,1\n1,oops\n");
  }

  private void assertRefused(String message, String text) {
    DamagedFileException e = assertThrows(DamagedFileException.class, () -> play(text));
    assertEquals(message, e.getMessage());
  }

  @Test
  public void timesTooFarApartAreDamage() throws IOException {
    for (String rows : List.of("-9e9,1\n9e9,2\n", "0,1\n8e9,2\n")) { // the latter: from now
      DamagedFileException e = assertThrows(DamagedFileException.class, () -> play("t,x\n" + rows));
      assertEquals("line 3: the time is too far from the first one", e.getMessage());
    }
  }

  @Test
  public void bytesThatAreNoTextAreDamage() throws IOException {
    byte[] content = "t,x\n0,1\n1,2\n".getBytes(StandardCharsets.US_ASCII);
    content[10] = (byte) 0xff;
    try (Recording recording = new CsvRecording(file(content), "", false, 1000, false)) {
      DamagedFileException e = assertThrows(DamagedFileException.class, () -> play(recording));
      assertEquals("line 3: '\ufffd' in column 'x' is no number", e.getMessage());
    }
    content[2] = (byte) 0xff;
    Path path = file(content);
    DamagedFileException e =
        assertThrows(
            DamagedFileException.class,
            () -> new CsvRecording(path, "", false, 1000, false).close());
    assertEquals("line 1: '\ufffd' is not text in UTF-8", e.getMessage());
  }

  @Test
  public void aLineWithoutEndIsDamageAndNotLoaded() throws IOException {
    byte[] endless = new byte[4 << 20];
    Arrays.fill(endless, (byte) '1');
    System.arraycopy("t,x\n0,".getBytes(StandardCharsets.US_ASCII), 0, endless, 0, 6);
    Path path = file(endless);
    DamagedFileException e =
        assertThrows(
            DamagedFileException.class,
            () -> new CsvRecording(path, "", false, 1000, false).close());
    assertEquals(
        "line 2: the cell is too long; is a quotation mark or the end of the line missing?",
        e.getMessage());
  }

  @Test
  public void aMissingTimeColumnIsNamed() throws IOException {
    Path path = file("t,x\n0,1\n".getBytes(StandardCharsets.US_ASCII));
    DamagedFileException e =
        assertThrows(
            DamagedFileException.class,
            () -> new CsvRecording(path, "zeit", false, 1000, false).close());
    assertEquals("line 1: there is no column 'zeit' for the time", e.getMessage());
  }

  @Test
  public void noFileDoesMoreThanBeRefused() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder("t [ms],x [V],\"y, z\"\n");
    for (int i = 0; i < 50; i++) {
      text.append(i).append(',').append(random.nextDouble()).append(",1e").append(i).append('\n');
    }
    byte[] good = text.toString().getBytes(StandardCharsets.US_ASCII);
    byte[] likely = ",;\t\"\n\r.eE+-:[]0".getBytes(StandardCharsets.US_ASCII);
    long deadline = System.nanoTime() + 1_500_000_000L;
    int refused = 0;
    for (int round = 0; System.nanoTime() < deadline; round++) {
      byte[] content = Arrays.copyOf(good, round % 5 == 0 ? random.nextInt(400) : good.length);
      for (int i = random.nextInt(4); i > 0 && content.length > 0; i--) {
        content[random.nextInt(content.length)] =
            random.nextBoolean() ? likely[random.nextInt(likely.length)] : (byte) random.nextInt();
      }
      try (Recording recording = new CsvRecording(file(content), "", false, 1000, false)) {
        recording.signals("p/");
        for (int blocks = 0; recording.read(SECOND_NANOS) > 0; blocks++) {
          assertTrue("seed " + seed, blocks < 100);
        }
      } catch (IOException | IllegalArgumentException e) {
        refused++;
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + " round " + round, e);
      }
    }
    assertTrue("damage was noticed", refused > 0);
  }
}
