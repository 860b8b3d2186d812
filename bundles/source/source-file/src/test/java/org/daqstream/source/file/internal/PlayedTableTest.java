/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.file.internal;

import static org.daqstream.source.file.internal.ListedFormat.bytes;
import static org.daqstream.source.file.internal.ListedFormat.line;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.daqstream.config.support.RefusedException;
import org.daqstream.config.support.Values;
import org.daqstream.recording.api.RecordingFormat;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.RelatedSignal;
import org.daqstream.signal.api.Rule.Constant;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalTable;
import org.daqstream.testing.Await;
import org.daqstream.testing.Configs;
import org.daqstream.testing.RecordingRegistry;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public final class PlayedTableTest {
  private static final long MS = 1_000_000;
  private static final long START = 1_700_000_000_000L * MS;
  private static final SignalDescriptor TIME = SignalDescriptor.linearTime("rig/t", MS);
  private static final SignalDescriptor U =
      SignalDescriptor.value("rig/u", DataTypes.INT8).description("a voltage").build();
  private static final SignalDescriptor V = SignalDescriptor.value("rig/v", DataTypes.INT8).build();

  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  private final RecordingRegistry registry = new RecordingRegistry();
  private final ListedFormat format = new ListedFormat();
  private long now = START;

  private Path root() {
    return folder.getRoot().toPath();
  }

  private Settings settings(Object... keysAndValues) {
    Map<String, Object> values =
        Configs.with(Map.of("path", root().toString(), "prefix", "p"), keysAndValues);
    return Settings.of(Values.of(FileSource.Config.class, values), Path.of(""));
  }

  /** Plays for so long, by a clock that stands while something is due. */
  private void play(Recording recording, Settings settings, long ms) throws IOException {
    try (recording;
        SignalTable table = registry.openTable(recording.domain("p/"))) {
      recording.signals("p/").forEach(table::open);
      Playback playback =
          new Playback(
              what -> {
                throw new AssertionError(what);
              },
              settings,
              recording,
              table,
              () -> now);
      long end = START + ms * MS;
      for (long wait = 0; wait != Playback.ENDED && now < end; wait = playback.step()) {
        now += wait;
      }
    }
  }

  private void playOne(Path file, long ms, Object... keysAndValues) throws IOException {
    Settings settings = settings(keysAndValues);
    play(PlayedTable.of(format, file, settings), settings, ms);
  }

  private List<Integer> values(String signalId) {
    List<Integer> values = new ArrayList<>();
    for (RecordingRegistry.Block block : registry.blocks(signalId)) {
      ByteBuffer samples = ((ByteBuffer) block.samples()).duplicate();
      while (samples.hasRemaining()) {
        values.add((int) samples.get());
      }
    }
    return values;
  }

  private List<Long> ticks(String signalId) {
    List<Long> ticks = new ArrayList<>();
    for (RecordingRegistry.Block block : registry.blocks(signalId)) {
      for (int i = 0; i < block.count(); i++) {
        ticks.add(
            block.deltaTicks() > 0 ? block.tick() + i * block.deltaTicks() : block.ticks().get(i));
      }
    }
    return ticks;
  }

  @Test
  public void rowsTicksAndBytesAreThoseThatWereRecorded() throws IOException {
    Path file =
        format.file(
            root(),
            "a.list",
            TIME,
            List.of(U, V),
            line(100, 7 * MS, MS, bytes(1, 2, 3), bytes(-1, -2, -3)),
            line(103, 10 * MS, MS, bytes(4), null),
            line(110, 20 * MS, MS, bytes(5, 6), bytes(-5, -6)));
    playOne(file, 100, "absoluteTime", true, "loop", false);
    assertEquals(List.of(1, 2, 3, 4, 5, 6), values("p/rig/u"));
    assertEquals(List.of(7 * MS, 8 * MS, 9 * MS, 10 * MS, 20 * MS, 21 * MS), ticks("p/rig/u"));
    assertEquals(List.of(100L, 103L, 110L), registry.rows("p/rig/u"));
    assertEquals(List.of(-1, -2, -3, -5, -6), values("p/rig/v"));
    assertEquals(List.of(100L, 110L), registry.rows("p/rig/v"));
  }

  @Test
  public void withoutItsTimesTheFirstRowIsNowAndPassesFollowEachOther() throws IOException {
    Path file =
        format.file(
            root(),
            "a.list",
            TIME,
            List.of(U),
            line(5, 40 * MS, MS, bytes(1, 2)),
            line(9, 44 * MS, MS, bytes(3)));
    playOne(file, 10);
    List<Long> ticks = new ArrayList<>();
    registry.samples("p/rig/t"); // the domain has none
    ticks("p/rig/u").forEach(tick -> ticks.add((tick - START) / MS));
    assertEquals(List.of(0L, 1L, 4L, 5L, 6L, 9L), ticks.subList(0, 6));
    assertEquals(List.of(5L, 9L, 10L, 14L), registry.rows("p/rig/u").subList(0, 4));
    assertEquals(List.of(1, 2, 3, 1, 2, 3), values("p/rig/u").subList(0, 6));
  }

  @Test
  public void rowsAreDueWhenTheyWereMadeOrSomeTimesFaster() throws IOException {
    byte[][] samples = new byte[1000][1];
    Path file = format.file(root(), "a.list", TIME, List.of(U), line(0, 0, MS, samples));
    playOne(file, 500);
    assertTrue("" + registry.count("p/rig/u"), Math.abs(registry.count("p/rig/u") - 500) <= 20);
    now = START;
    int before = registry.count("p/rig/u");
    playOne(file, 50, "speed", 10);
    int fast = registry.count("p/rig/u") - before;
    assertTrue("" + fast, Math.abs(fast - 500) <= 200);
  }

  @Test
  public void aPartIsPlayedFromOneTimeToAnother() throws IOException {
    Path file =
        format.file(
            root(),
            "a.list",
            TIME,
            List.of(U),
            line(0, 1000 * MS, MS, bytes(0, 1, 2, 3)),
            line(4, 1004 * MS, MS, bytes(4, 5, 6, 7)));
    playOne(file, 100, "from", "0.002", "to", "0.006", "loop", false, "absoluteTime", true);
    assertEquals(List.of(2, 3, 4, 5), values("p/rig/u"));
    playOne(
        file,
        200,
        "from",
        "1970-01-01T00:00:01.007Z",
        "to",
        "1970-01-01T01:00:02+01:00",
        "loop",
        false,
        "absoluteTime",
        true);
    assertEquals(List.of(2, 3, 4, 5, 7), values("p/rig/u"));
    assertEquals((Long) (1007 * MS), ticks("p/rig/u").get(4));
    IOException nothing = assertThrows(IOException.class, () -> playOne(file, 100, "from", "7.5"));
    assertEquals("there is no row to be played in it", nothing.getMessage());
    assertThrows(RefusedException.class, () -> settings("from", "yesterday"));
    assertThrows(RefusedException.class, () -> settings("to", "-1"));
  }

  @Test
  public void whatHoldsIsToldWhenItChangesAndEachTextIsASample() throws IOException {
    SignalDescriptor range =
        SignalDescriptor.value("rig/range", DataTypes.INT8).rule(new Constant()).build();
    SignalDescriptor note = SignalDescriptor.text("rig/note").build();
    byte[][] texts = {
      "one".getBytes(StandardCharsets.UTF_8), {}, "three".getBytes(StandardCharsets.UTF_8)
    };
    Path file =
        format.file(
            root(),
            "a.list",
            TIME,
            List.of(range, note),
            line(0, 0, MS, bytes(1, 1, 2), texts),
            line(3, 3 * MS, MS, bytes(2, 2, 1), texts));
    playOne(file, 100, "loop", false, "absoluteTime", true);
    assertEquals(List.of(1, 2, 1), values("p/rig/range"));
    assertEquals(List.of(0L, 2L, 5L), registry.rows("p/rig/range"));
    assertEquals(List.of(0L, 1L, 2L, 3L, 4L, 5L), registry.rows("p/rig/note"));
    assertEquals(3, ((ByteBuffer) registry.blocks("p/rig/note").get(3).samples()).remaining());
  }

  @Test
  public void timesWithoutALineAreThoseOfTheFile() throws IOException {
    long[] stamps = {5, 5, 1_000_000, 900_000};
    Path file =
        format.file(
            root(),
            "a.list",
            SignalDescriptor.explicitTime("rig/t"),
            List.of(U),
            new ListedFormat.Rows(3, stamps, 0, new byte[][][] {bytes(1, 2, 3, 4)}));
    playOne(file, 100, "loop", false, "absoluteTime", true);
    assertEquals(List.of(5L, 5L, 1_000_000L, 900_000L), ticks("p/rig/u"));
    assertEquals(List.of(3L), registry.rows("p/rig/u"));
  }

  @Test
  public void filesOfATableAreOneAlsoWhereSignalsChange() throws IOException {
    SignalDescriptor later =
        U.toBuilder()
            .description("another voltage")
            .relatedSignals(List.of(new RelatedSignal("status", "rig/v")))
            .build();
    Path one = format.file(root(), "b.list", TIME, List.of(U), line(0, 10 * MS, MS, bytes(1, 2)));
    Path two =
        format.file(
            root(), "a.list", TIME, List.of(later, V), line(2, 12 * MS, MS, bytes(3), bytes(-3)));
    // A recorder that began anew.
    Path three = format.file(root(), "c.list", TIME, List.of(V), line(0, 50 * MS, MS, bytes(-9)));
    List<Path> files = List.of(one, two, three);
    PlayedTable.Order order =
        new PlayedTable.Order() {
          @Override
          public Path first() {
            return one;
          }

          @Override
          public Path after(Path file) {
            int next = files.indexOf(file) + 1;
            return next < files.size() ? files.get(next) : null;
          }
        };
    Settings settings = settings("loop", false, "absoluteTime", true);
    play(new PlayedTable(format, order, settings), settings, 1000);
    assertEquals(List.of(1, 2, 3), values("p/rig/u"));
    assertEquals(List.of(0L, 2L), registry.rows("p/rig/u"));
    assertEquals(List.of(10 * MS, 11 * MS, 12 * MS), ticks("p/rig/u"));
    assertEquals(List.of(-3, -9), values("p/rig/v"));
    assertEquals(List.of(2L, 3L), registry.rows("p/rig/v"));
    assertEquals(
        List.of("open p/rig/t", "open p/rig/u", "update p/rig/u", "open p/rig/v", "close p/rig/u"),
        registry.events().subList(0, 5));
  }

  @Test
  public void filesAreThereAsLongAsSomebodyReadsThem() throws IOException {
    format.file(root(), "a.list", TIME, List.of(U), line(0, 0, MS, bytes(1, 2)));
    FileSource source =
        new FileSource(
            registry, Path.of(""), Map.of("path", root().toString(), "prefix", "p", "scanMs", 100));
    try {
      source.addFormat(format, Map.of(RecordingFormat.RECORDING_FORMAT, "LIST"));
      Await.until(
          "its signals", () -> registry.ids().equals(List.of("p/a.list/rig/t", "p/a.list/rig/u")));
      source.removeFormat(format);
      Await.until("that they go", () -> registry.ids().isEmpty());
    } finally {
      source.deactivate();
    }
  }

  private void awaitSignals(String... ids) {
    Await.until("signals " + List.of(ids), () -> registry.ids().equals(List.of(ids)));
  }

  @Test
  public void aRecordingAsCsvIsPlayedByItsServiceAndAnyOtherTableIsNot() throws IOException {
    Path file = format.file(root(), "a.csv", TIME, List.of(U), line(7, 4 * MS, MS, bytes(3, 4)));
    Files.writeString(file, "time,tick,row,rig/u\n1970-01-01T00:00:00.004Z,4000000,7,3\n");
    FileSource source =
        new FileSource(
            registry, Path.of(""), Map.of("path", root().toString(), "prefix", "p", "scanMs", 100));
    try {
      source.addFormat(format, Map.of(RecordingFormat.RECORDING_FORMAT, "csv"));
      String[] asTable = {"p/a.csv/rig/u", "p/a.csv/row", "p/a.csv/tick", "p/a.csv/time"};
      awaitSignals(asTable); // nobody says what they were
      Path notes = root().resolve("a.csv.json");
      Files.writeString(notes, "{\"daqstream.signals\":\"[]\"}");
      awaitSignals("p/a.csv/rig/t", "p/a.csv/rig/u");
      Files.writeString(notes, "{}");
      awaitSignals(asTable);
      Files.writeString(notes, "{\"daqstream.signals\":\"[]\"}");
      awaitSignals("p/a.csv/rig/t", "p/a.csv/rig/u");
      source.removeFormat(format);
      awaitSignals(asTable);
    } finally {
      source.deactivate();
    }
  }

  @Test
  public void aWavFileIsARecordingIfItSaysSoInFrontOfTheFramesAndBehind() throws IOException {
    FileFormats formats = new FileFormats();
    byte[] plain = WavFile.pcm16(1, 1000, new int[3]);
    formats.add(format, List.of("wav"));
    byte[] inFront = withChunk(plain, 12, "daqs");
    byte[] behind = withChunk(plain, plain.length, "daqn");
    for (byte[] other : List.of(plain, inFront, behind)) {
      Path file = Files.write(root().resolve(other.length + "" + other[12] + ".wav"), other);
      assertEquals(FileFormat.WAV, formats.of(file).orElseThrow());
    }
    Path file = Files.write(root().resolve("a.wav"), withChunk(behind, 12, "daqs"));
    assertEquals(new FileFormat.Recorded(format), formats.of(file).orElseThrow());
    assertTrue(formats.ownOf(file).isEmpty());
    formats.remove(format);
    assertEquals(FileFormat.WAV, formats.of(file).orElseThrow());
    assertTrue(formats.recordedOf(file).isEmpty());
  }

  private static byte[] withChunk(byte[] wav, int at, String name) {
    ByteBuffer bytes = ByteBuffer.allocate(wav.length + 12).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(wav, 0, at).put(name.getBytes(StandardCharsets.US_ASCII)).putInt(3).putInt(7);
    return bytes.put(wav, at, wav.length - at).array();
  }

  @Test
  public void filesOfAFolderFollowEachOther() throws IOException {
    format.file(root(), "a.list", TIME, List.of(U), line(7, 4 * MS, MS, bytes(3, 4)));
    format.file(root(), "b.list", TIME, List.of(U), line(5, 2 * MS, MS, bytes(1, 2)));
    format.file(
        root(),
        "c.list",
        SignalDescriptor.linearTime("other/t", MS),
        List.of(SignalDescriptor.value("other/x", DataTypes.INT8).build()),
        line(0, 0, MS, bytes(9)));
    FileSource source =
        new FileSource(
            registry,
            Path.of(""),
            Map.of(
                "path",
                root().toString(),
                "prefix",
                "p",
                "scanMs",
                100,
                "sequence",
                true,
                "loop",
                false,
                "absoluteTime",
                true));
    try {
      source.addFormat(format, Map.of(RecordingFormat.RECORDING_FORMAT, new String[] {"list"}));
      Await.until("all is played", () -> registry.count("p/rig/u") == 4);
      Await.until("the other table is played", () -> registry.count("p/other/x") == 1);
    } finally {
      source.deactivate();
    }
    assertEquals(List.of(1, 2, 3, 4), values("p/rig/u"));
    assertEquals(List.of(5L, 7L), registry.rows("p/rig/u"));
  }

  @Test
  public void filesBehindOneThatIsGoneGoOn() throws Exception {
    Path one = format.file(root(), "a.list", TIME, List.of(U), line(0, 0, MS, bytes(1)));
    Path two = format.file(root(), "b.list", TIME, List.of(U), line(1, MS, MS, bytes(2)));
    Path three = format.file(root(), "c.list", TIME, List.of(U), line(2, 2 * MS, MS, bytes(3)));
    FileFormats formats = new FileFormats();
    formats.add(format, List.of("list"));
    AtomicReference<PlayedTable.Order> order = new AtomicReference<>();
    WatchedTables tables =
        new WatchedTables(
            root(),
            formats,
            (service, files) -> {
              order.compareAndSet(null, files); // it is asked for one until it gives one
              return null;
            });
    tables.scan();
    tables.scan();
    assertEquals(one, order.get().first());
    assertEquals(two, order.get().after(one));
    Files.delete(two);
    tables.scan();
    assertEquals(three, order.get().after(two));
    assertNull(order.get().after(three));
  }
}
