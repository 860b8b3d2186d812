/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.daqstream.recording.api.RecordingFormat;
import org.daqstream.recording.api.RecordingHole;
import org.daqstream.recording.api.RecordingReader;
import org.daqstream.recording.api.RecordingRepair;
import org.daqstream.recording.csv.internal.CsvFormat;
import org.daqstream.recording.support.TableRecording;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.Unit;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** From one format to another, and whether what is in them can be. */
public class RecordingFilesTest {
  private static final long START = 1_795_419_179_900_000_000L;
  private static final long MILLISECOND = 1_000_000;

  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private String path(String name) {
    return folder.getRoot().toPath().resolve(name).toString();
  }

  private int run(String... words) {
    out.reset();
    PrintStream err = new PrintStream(out, true, UTF_8);
    return Daqstream.run(new StandardStreams(out, err, false, false), new Interruption(), words);
  }

  private String text() {
    return out.toString(UTF_8);
  }

  private String printed(String name, String... more) {
    String[] words = new String[more.length + 2];
    words[0] = "print";
    words[1] = path(name);
    System.arraycopy(more, 0, words, 2, more.length);
    assertEquals(text(), 0, run(words));
    return text();
  }

  private TableRecording begin(String name) {
    Path file = Path.of(path(name));
    List<SignalDescriptor> signals =
        List.of(
            SignalDescriptor.value("a/1", DataTypes.REAL64).unit(Unit.VOLT).build(),
            SignalDescriptor.value("b", DataTypes.REAL64).build());
    return new TableRecording(
        SignalDescriptor.linearTime("t", MILLISECOND),
        signals,
        Map.of(),
        (part, number) -> Recordings.format(file).create(file, part));
  }

  /** Two signals, rows 3 to 5 are missing. */
  private void record(String name, boolean isHoleTold) throws IOException {
    try (TableRecording recording = begin(name)) {
      for (String id : List.of("a/1", "b")) {
        for (int row : new int[] {0, 6}) {
          if (row > 0 && isHoleTold) {
            recording.hole(
                new RecordingHole(
                    id, "device", 3, 6, true, START + 3 * MILLISECOND, START + 6 * MILLISECOND));
          }
          ByteBuffer block = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
          block.putDouble(row).putDouble(row + 1).putDouble(row + 2).flip();
          recording.onLine(id, row, 3, START + row * MILLISECOND, MILLISECOND, block);
        }
      }
      recording.finish();
    }
  }

  @Test
  public void eachFormatIsExportedToEach() throws IOException {
    record("x.parquet", true);
    String original = printed("x.parquet");
    assertEquals(7, original.lines().count());
    String before = "x.parquet";
    for (String next : List.of("1.csv", "2.wav", "3.csv", "4.parquet", "5.wav", "6.parquet")) {
      assertEquals(text(), 0, run("export", path(before), path(next)));
      assertTrue(text(), text().contains("6 rows, 12 samples"));
      assertEquals(next, original, printed(next));
      assertEquals(text(), 0, run("verify", path(next)));
      assertTrue(text(), text().contains("ok"));
      assertEquals(0, run("info", path(next), "--json"));
      assertTrue(text(), text().contains("\\\"fromRow\\\":3,\\\"toRow\\\":6"));
      assertEquals(text(), 0, run("repair", path(next)));
      before = next;
    }
    assertEquals(1, run("export", path("x.parquet"), path("1.csv")));
    assertTrue(text(), text().contains("--overwrite would replace it"));
    assertEquals(0, run("export", path("x.parquet"), path("1.csv"), "--overwrite"));
    assertEquals(2, run("export", path("x.parquet"), path("x.parquet"), "--overwrite"));
    assertEquals(original, printed("x.parquet"));
    assertEquals(2, run("export", path("x.parquet"), path("x.txt")));
  }

  @Test
  public void infoIsForPeople() throws IOException {
    record("x.parquet", true);
    for (String name : List.of("x.parquet", "y.csv", "z.wav")) {
      if (!name.startsWith("x")) {
        assertEquals(text(), 0, run("export", path("x.parquet"), path(name)));
      }
      assertEquals(0, run("info", path(name)));
      for (String line :
          List.of(
              "from +2026-11-23T07:32:59.900000000Z",
              "to +2026-11-23T07:32:59.908000000Z",
              "holes +2",
              "a/1 +real64 +V +6 +0 +0.0 +8.0 .*",
              "b +device +3 +6 +" + (START + 3 * MILLISECOND) + " +" + (START + 6 * MILLISECOND))) {
        assertTrue(line + " in " + text(), text().lines().anyMatch(each -> each.matches(line)));
      }
      assertFalse(text(), text().contains("anchors") || text().contains("csv.rows"));
      assertEquals(0, run("info", path(name), "a/*"));
      for (String line : List.of("signal +a/1", "type +real64, .*", "unit +V .*", "domain +t")) {
        assertTrue(line + " in " + text(), text().lines().anyMatch(each -> each.matches(line)));
      }
      assertEquals(0, run("info", path(name), "a/1", "--json"));
      assertTrue(text(), text().startsWith("[\n{\"signalId\":\"a/1\""));
      assertEquals(1, run("info", path(name), "c"));
      assertTrue(text(), text().contains("no signal is meant by 'c'; there are [a/1, b]"));
    }
  }

  @Test
  public void otherFilesAreNoSignals() throws IOException {
    Files.writeString(Path.of(path("x.txt")), "");
    for (String command : List.of("info", "print", "verify")) {
      assertEquals(2, run(command, path("x.txt")));
      assertTrue(text(), text().contains("x.txt is no recording; those are read that end with .c"));
    }
  }

  @Test
  public void foldersAreNamed() throws IOException {
    record("x.parquet", true);
    assertEquals(1, run("export", path("x.parquet"), path("none/x.csv")));
    assertTrue(text(), text().contains("x.csv: there is no folder " + path("none")));
    folder.newFolder("y.csv");
    assertEquals(1, run("export", path("x.parquet"), path("y.csv"), "--overwrite"));
    assertTrue(text(), text().contains("y.csv is a folder"));
    assertEquals(Set.of("x.parquet", "y.csv"), Set.of(folder.getRoot().list()));
  }

  @Test
  public void aPartIsExported() throws IOException {
    record("x.parquet", true);
    assertEquals(
        text(),
        0,
        run(
            "export",
            path("x.parquet"),
            path("p.csv"),
            "--from",
            "2026-11-23T07:32:59.901Z",
            "--to-time",
            Long.toString(START + 7 * MILLISECOND),
            "--signals",
            "a/*"));
    assertEquals(
        """
        time,tick,row,a/1 [V]
        2026-11-23T07:32:59.901000000Z,1795419179901000000,1,1.0
        2026-11-23T07:32:59.902000000Z,1795419179902000000,2,2.0
        2026-11-23T07:32:59.906000000Z,1795419179906000000,6,6.0
        """,
        Files.readString(Path.of(path("p.csv"))));
    assertEquals(2, run("export", path("x.parquet"), path("q.csv"), "--from", "yesterday"));
    assertFalse(Files.exists(Path.of(path("q.csv"))));
    assertEquals(1, run("export", path("x.parquet"), path("q.csv"), "--signals", "c"));
    assertTrue(text(), text().contains("no signal is meant by 'c'"));
  }

  @Test
  public void verifyFindsWhatNobodyTold() throws IOException {
    record("x.parquet", false);
    assertEquals(1, run("verify", path("x.parquet")));
    assertTrue(text(), text().contains("a/1: rows 3 to 6 are missing, and no hole tells it"));
    assertTrue(text(), text().contains("failed"));
    assertEquals(1, run("verify", path("none.parquet")));
    assertTrue(text(), text().contains("there is no "));
  }

  @Test
  public void verifyFindsBrokenFiles() throws IOException {
    record("x.csv", true);
    Path file = Path.of(path("x.csv"));
    Files.writeString(
        file, Files.readString(file).replace(",5\n", ",five\n").replace(",7.0", ",?"));
    assertEquals(1, run("verify", path("x.csv"), "--json"));
    assertTrue(text(), text().contains("x.csv: line 6"));
  }

  @Test
  public void verifyTellsHowMuchWasCutOff() throws IOException {
    record("x.parquet", true);
    assertEquals(0, run("export", path("x.parquet"), path("x.wav")));
    byte[] whole = Files.readAllBytes(Path.of(path("x.wav")));
    int dataAt = new String(whole, ISO_8859_1).indexOf("data\220\0\0\0") + 8;
    Files.write(Path.of(path("x.wav")), Arrays.copyOf(whole, dataAt + 5 * 16 + 1));
    assertEquals(1, run("verify", path("x.wav")));
    assertTrue(
        text(), text().contains("is cut off: 4 of 9 frames, the last 63 bytes, are missing"));
    assertTrue(text(), text().contains("failed"));
    assertEquals(0, run("info", path("x.wav")));
    assertTrue(text(), text().contains("cutOff"));
    assertEquals(0, run("print", path("x.wav"))); // what is there
    assertTrue(text(), text().contains("daqstream: it is cut off: 4 of 9 frames"));
    assertEquals(0, run("export", path("x.wav"), path("y.csv")));
    assertTrue(text(), text().contains("daqstream: it is cut off: 4 of 9 frames"));
  }

  /** The file that is there stays until another one takes its place. */
  @Test
  public void overwritingBeginsWithAWholeFile() throws IOException {
    record("x.parquet", true);
    assertEquals(0, run("export", path("x.parquet"), path("x.csv")));
    String before = printed("x.csv");
    Files.writeString(Path.of(path("bad.parquet")), "PAR1 and no more");
    assertEquals(1, run("export", path("bad.parquet"), path("x.csv"), "--overwrite"));
    assertEquals(1, run("export", path("none.parquet"), path("x.csv"), "--overwrite"));
    assertEquals(
        1, run("export", path("x.parquet"), path("x.csv"), "--overwrite", "--signals", "c"));
    byte[] source = Files.readAllBytes(Path.of(path("x.parquet")));
    source[40 + source.length / 4] ^= 1;
    Files.write(Path.of(path("bad.parquet")), source);
    run("export", path("bad.parquet"), path("x.csv"), "--overwrite");
    assertEquals(before, printed("x.csv"));
    assertEquals(
        List.of("bad.parquet", "x.csv", "x.csv.json", "x.parquet"),
        Stream.of(folder.getRoot().list()).sorted().toList());
    assertEquals(
        0, run("export", path("x.parquet"), path("x.csv"), "--overwrite", "--signals", "b"));
    assertTrue(printed("x.csv").startsWith("time,tick,row,b\n"));
  }

  @Test
  public void whatAnEarlierRunLeftIsNamed() throws IOException {
    record("x.parquet", true);
    Files.createDirectory(Path.of(path("_x.csv.part")));
    assertEquals(1, run("export", path("x.parquet"), path("x.csv")));
    assertTrue(text(), text().contains("_x.csv.part is of an export that was killed, or still"));
    Files.delete(Path.of(path("_x.csv.part")));
    Files.move(Path.of(path("x.parquet")), Path.of(path("y.parquet")));
    try (TableRecording recording = begin("x.parquet")) {
      recording.onLine("b", 0, 1, START, MILLISECOND, ByteBuffer.allocate(8));
      recording.onLine("a/1", 0, 1, START, MILLISECOND, ByteBuffer.allocate(8));
      recording.sync();
      for (String command : List.of("info", "print", "verify")) {
        assertEquals(1, run(command, path("x.parquet")));
        assertTrue(text(), text().contains("x.parquet is being recorded; it can be read when"));
      }
      assertEquals(1, run("repair", path("x.parquet")));
      assertTrue(text(), text().contains("is being recorded"));
    }
    for (String name : List.of("x.parquet", "_x.parquet.part")) {
      assertEquals(1, run("info", path(name)));
      assertTrue(text(), text().contains("nobody writes it any more; 'daqstream repair "));
    }
    assertEquals(1, run("export", path("y.parquet"), path("x.parquet"), "--overwrite"));
    assertTrue(text(), text().contains("nobody writes it any more; 'daqstream repair "));
    assertEquals(0, run("repair", path("x.parquet")));
    assertEquals(0, run("verify", path("x.parquet")));
  }

  @Test
  public void howFarItIsIsTold() throws IOException {
    record("x.parquet", true);
    try (RecordingReader reader = Recordings.format(Path.of("x.csv")).open(csvOf("x.parquet"))) {
      assertEquals("  6 %", ProgressLine.percent(reader)); // the header
      while (reader.next() != null) {}
      assertEquals("  100 %", ProgressLine.percent(reader));
    }
  }

  @Test
  public void mendingTellsHowFarItIsAndHowFast() throws IOException {
    for (String name : List.of("x.parquet", "x.csv", "x.wav")) {
      try (TableRecording recording = begin(name)) {
        for (int row = 0; row < 6_000; row++) {
          for (String id : List.of("a/1", "b")) {
            ByteBuffer sample = ByteBuffer.allocate(8);
            recording.onLine(id, row, 1, START + row * MILLISECOND, MILLISECOND, sample);
          }
          if (row % 500 == 499) {
            recording.sync();
          }
        }
      }
      List<Double> told = new ArrayList<>();
      RecordingRepair repair =
          Recordings.format(Path.of(name))
              .repair(Path.of(path(name)), (done, all) -> told.add(1.0 * done / all));
      assertEquals(name, 6_000, repair.rows());
      assertTrue(name + told, told.size() > 1 && told.stream().allMatch(each -> each <= 1));
      assertEquals(name, 1.0, told.get(told.size() - 1), 0.01);
    }
  }

  @Test
  public void aRateIsShownOnceItIsTime() {
    PrintStream err = new PrintStream(out, true, UTF_8);
    ProgressLine line = new ProgressLine(new StandardStreams(out, err, false, false), true);
    line.at(40_000_000, 160_000_000);
    long deadline = System.nanoTime() + 10_000_000_000L;
    while (text().isEmpty() && System.nanoTime() < deadline) {
      line.tellBytes(() -> "  and more");
      Thread.onSpinWait();
    }
    assertTrue(text(), text().matches("\\d\\.\\d s  25 %  [\\d.]+ MB/s  and more\\R"));
  }

  private Path csvOf(String name) {
    assertEquals(0, run("export", path(name), path("as.csv")));
    return Path.of(path("as.csv"));
  }

  /** A bundle in the folder of plug-ins, which says of itself what the runtime would read. */
  @Test
  public void formatsOfPlugInsAreKnown() throws IOException {
    Path jar = folder.newFolder("deploy").toPath().resolve("tables.jar");
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().putValue("Service-Component", "OSGI-INF/a.xml,OSGI-INF/b.xml");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
      for (String kind : List.of("a", "b")) {
        out.putNextEntry(new ZipEntry("OSGI-INF/" + kind + ".xml"));
        String provided = kind.equals("a") ? "java.lang.Runnable" : RecordingFormat.class.getName();
        out.write(
            COMPONENT.formatted(kind, kind, provided, CsvFormat.class.getName()).getBytes(UTF_8));
      }
    }
    Files.writeString(jar.resolveSibling("broken.jar"), "no jar");
    List<String> problems = new ArrayList<>();
    Map<String, Supplier<RecordingFormat>> formats =
        PluginFormats.of(
            List.of(folder.getRoot().toPath().resolve("none"), jar.getParent()), problems::add);
    assertEquals(Set.of("b", "b2"), formats.keySet());
    assertTrue(formats.get("b2").get() instanceof CsvFormat);
    assertEquals(problems.toString(), 1, problems.size());
    assertTrue(problems.toString(), problems.get(0).contains("broken.jar cannot be read"));
  }

  private static final String COMPONENT =
      """
      <?xml version="1.0"?>
      <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.3.0" name="x">
        <property name="recording.format" type="String">%s
      %s2</property>
        <service><provide interface="%s"/></service>
        <implementation class="%s"/>
      </scr:component>
      """;
}
