/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.file.internal;

import static org.daqstream.source.file.internal.ListedFormat.bytes;
import static org.daqstream.source.file.internal.ListedFormat.line;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.daqstream.config.support.Values;
import org.daqstream.player.api.Player;
import org.daqstream.player.api.PlayerState;
import org.daqstream.player.api.PlayerStatus;
import org.daqstream.player.api.SeekTarget;
import org.daqstream.recording.api.RecordingFormat;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.Rule.Constant;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalTable;
import org.daqstream.testing.Await;
import org.daqstream.testing.Configs;
import org.daqstream.testing.RecordingRegistry;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Going on from another place while it plays: clients get what is there, and no wrong place. */
public final class SeekTest {
  private static final long MS = 1_000_000;
  private static final long START = 1_700_000_000_000L * MS;
  private static final long BEGIN = 40_000 * MS; // of what was recorded
  private static final SignalDescriptor TIME = SignalDescriptor.linearTime("rig/t", MS);
  private static final SignalDescriptor U = SignalDescriptor.value("rig/u", DataTypes.INT8).build();

  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  private final RecordingRegistry registry = new RecordingRegistry();
  private final ListedFormat format = new ListedFormat();
  private final List<String> warnings = new ArrayList<>();
  private Recording recording;
  private SignalTable table;
  private PlaybackControl control;
  private long now = START;
  private boolean isLooped;

  /** A row as clients get it. */
  private record Played(long row, long tick, int value) {}

  private void begin(PlayedTable.Order order, Object... keysAndValues) throws IOException {
    Map<String, Object> values =
        Configs.with(Map.of("path", "/", "prefix", "p", "loop", isLooped), keysAndValues);
    Settings settings = Settings.of(Values.of(FileSource.Config.class, values), Path.of(""));
    recording = new PlayedTable(format, order, settings);
    table = registry.openTable(recording.domain("p/"));
    recording.signals("p/").forEach(table::open);
    Playback playback = new Playback(warnings::add, settings, recording, table, () -> now);
    control = new PlaybackControl("p/x", "x", settings, recording, playback, () -> {});
  }

  @After
  public void close() throws IOException {
    if (table != null) {
      table.close();
      recording.close();
    }
  }

  private static PlayedTable.Order order(Path... files) {
    return new PlayedTable.Order() {
      private int last; // as that of a folder, it knows only the one that was given last

      @Override
      public Path first() {
        last = 0;
        return files[0];
      }

      @Override
      public Path after(Path file) {
        last++;
        return last < files.length ? files[last] : null;
      }
    };
  }

  /** Rows with their numbers, as far as a byte has them, a millisecond apart. */
  private static ListedFormat.Rows rows(long row, long tick, int count) {
    byte[][] samples = new byte[count][];
    for (int i = 0; i < count; i++) {
      samples[i] = new byte[] {(byte) (row + i)};
    }
    return line(row, tick, MS, samples);
  }

  /** Many of them. */
  private static ListedFormat.Rows[] many(long row, long tick, int count) {
    ListedFormat.Rows[] all = new ListedFormat.Rows[count / 1_000];
    for (int i = 0; i < all.length; i++) {
      all[i] = rows(row + i * 1_000L, tick + i * 1_000L * MS, 1_000);
    }
    return all;
  }

  private Path file(String name, ListedFormat.Rows... rows) throws IOException {
    return format.file(folder.getRoot().toPath(), name, TIME, List.of(U), rows);
  }

  /** Lets time pass; whether it goes on. */
  private boolean pass(long ms) throws IOException {
    long end = now + ms * MS;
    while (true) {
      long wait = control.step();
      if (wait == Playback.ENDED || now + wait > end) {
        now = end;
        return wait != Playback.ENDED;
      }
      now += wait;
    }
  }

  private PlayerStatus seek(SeekTarget target) throws IOException {
    CompletionStage<PlayerStatus> answer = control.seek(target);
    control.step();
    return answer.toCompletableFuture().join();
  }

  private String refused(SeekTarget target) throws IOException {
    CompletionStage<PlayerStatus> answer = control.seek(target);
    control.step();
    CompletionException e =
        assertThrows(CompletionException.class, () -> answer.toCompletableFuture().join());
    assertEquals(IllegalArgumentException.class, e.getCause().getClass());
    return e.getCause().getMessage();
  }

  private List<Played> played() {
    List<Played> all = new ArrayList<>();
    List<Long> rows = registry.rows("p/rig/u");
    List<RecordingRegistry.Block> blocks = registry.blocks("p/rig/u");
    for (int b = 0; b < blocks.size(); b++) {
      ByteBuffer samples = ((ByteBuffer) blocks.get(b).samples()).duplicate();
      for (int i = 0; i < blocks.get(b).count(); i++) {
        all.add(new Played(rows.get(b) + i, blocks.get(b).tick() + i * MS, samples.get()));
      }
    }
    return all;
  }

  /** Values, one after the other but at some places, with rows and times that have no hole. */
  private void assertGoesOn(List<Played> played) {
    for (int i = 1; i < played.size(); i++) {
      assertEquals(played.get(i - 1).row() + 1, played.get(i).row());
      assertEquals(played.get(i - 1).tick() + MS, played.get(i).tick());
    }
  }

  @Test
  public void withTimesOfThePresentRowsAndTimesGoOn() throws IOException {
    begin(order(file("a.list", many(0, BEGIN, 100_000))));
    assertTrue(pass(95));
    PlayerStatus ahead = seek(new SeekTarget.FromBeginning(Duration.ofSeconds(60)));
    assertEquals(60_000, ahead.row());
    assertEquals(Instant.ofEpochSecond(100), ahead.time());
    assertEquals(Duration.ofSeconds(60), ahead.passed());
    int before = played().size();
    assertTrue(pass(100));
    seek(new SeekTarget.By(Duration.ofSeconds(-50)));
    assertTrue(pass(100));
    List<Played> played = played();
    assertGoesOn(played);
    assertEquals(START, played.get(0).tick());
    assertEquals((byte) 60_000, played.get(before).value());
    assertTrue("" + played.size(), played.size() > 250 && played.size() <= 300);
    long row = control.status().row();
    assertTrue("" + row, row > 10_100 && row < 10_300);
    assertEquals((byte) row, played.get(played.size() - 1).value());
    assertEquals(List.of(), warnings);
  }

  @Test
  public void withTimesOfTheFileTheJumpIsThatOfTheFile() throws IOException {
    begin(order(file("a.list", many(500, BEGIN, 100_000))), "absoluteTime", true);
    pass(95);
    int before = played().size();
    seek(new SeekTarget.At(Instant.ofEpochSecond(70, 500)));
    pass(100);
    List<Played> played = played();
    assertEquals(new Played(500, BEGIN, (byte) 500), played.get(0));
    assertEquals(
        new Played(30_501, 70_001 * MS, (byte) 30_501), played.get(before)); // behind 70.0000005 s
    assertGoesOn(played.subList(0, before));
    assertGoesOn(played.subList(before, played.size()));
    int behind = played.size();
    seek(new SeekTarget.Row(510)); // rows are new ones, times those that were
    pass(100);
    long next = played.get(behind - 1).row() + 1;
    played = played();
    assertEquals(new Played(next, BEGIN + 10 * MS, (byte) 510), played.get(behind));
    assertGoesOn(played.subList(behind, played.size()));
    assertTrue("at the pace of before", played.size() > 250 && played.size() <= 300);
  }

  @Test
  public void whereThereIsNothingItStays() throws IOException {
    begin(
        order(
            file("a.list", rows(0, BEGIN, 1_000)),
            file("b.list", rows(1_000, BEGIN + 1_000 * MS, 1_000))));
    pass(95);
    String nothing = "there is no row to be played there, or behind it";
    assertEquals(nothing, refused(new SeekTarget.FromBeginning(Duration.ofSeconds(2))));
    assertEquals(nothing, refused(new SeekTarget.Row(2_000)));
    assertEquals(
        "that is beyond all times",
        refused(new SeekTarget.By(Duration.ofSeconds(Long.MAX_VALUE / 2))));
    while (pass(100)) {}
    List<Played> played = played();
    assertGoesOn(played);
    assertEquals("also of the file behind", 2_000, played.size());
    for (int i = 0; i < played.size(); i++) {
      assertEquals((byte) i, played.get(i).value());
    }
  }

  @Test
  public void filesOneBehindTheOtherAreOneToGoThrough() throws IOException {
    begin(
        order(
            file("a.list", rows(0, BEGIN, 1_000)),
            file("b.list", rows(1_000, BEGIN + 1_000 * MS, 1_000)),
            file("c.list", rows(2_000, BEGIN + 2_000 * MS, 1_000))));
    pass(20);
    PlayerStatus status = seek(new SeekTarget.Row(1_900));
    assertTrue(status.file(), status.file().endsWith("b.list"));
    pass(200);
    assertTrue(control.status().file(), control.status().file().endsWith("c.list"));
    status = seek(new SeekTarget.FromBeginning(Duration.ofMillis(2)));
    assertEquals(2, status.row());
    assertTrue(status.file(), status.file().endsWith("a.list"));
    while (pass(100)) {}
    List<Played> played = played();
    assertGoesOn(played);
    assertEquals((byte) 2_999, played.get(played.size() - 1).value());
  }

  @Test
  public void onlyWhatIsPlayedCanBeGoneTo() throws IOException {
    begin(order(file("a.list", rows(0, BEGIN, 1_000))), "from", "0.1", "to", "0.2");
    pass(20);
    assertEquals(100, seek(new SeekTarget.FromBeginning(Duration.ZERO)).row());
    refused(new SeekTarget.FromBeginning(Duration.ofMillis(200)));
    refused(new SeekTarget.Row(200));
    refused(new SeekTarget.Row(99));
    assertEquals(199, seek(new SeekTarget.Row(199)).row());
  }

  @Test
  public void pausedItStaysAndGoesOnWithoutLosingARow() throws IOException {
    begin(order(file("a.list", rows(0, BEGIN, 10_000))), "speed", 2);
    pass(100);
    control.pause();
    int before = played().size();
    assertTrue(pass(60_000));
    assertEquals(PlayerState.PAUSED, control.status().state());
    assertEquals(before, played().size());
    assertEquals(5_000, seek(new SeekTarget.Row(5_000)).row());
    assertEquals(6_000, seek(new SeekTarget.By(Duration.ofSeconds(1))).row());
    assertEquals("still", before, played().size());
    control.resume();
    pass(100);
    assertEquals(PlayerState.PLAYING, control.status().state());
    List<Played> played = played();
    assertGoesOn(played);
    assertEquals((byte) 6_000, played.get(before).value());
    assertTrue("" + played.size(), played.size() > 300 && played.size() <= 420);
    assertEquals("nobody is to blame", List.of(), warnings);
  }

  @Test
  public void inALongPauseOfTheFileItGoesOnAtOnce() throws IOException {
    begin(order(file("a.list", rows(0, BEGIN, 10), rows(10, BEGIN + 3_600_000 * MS, 10))));
    pass(60_000);
    assertEquals(10, played().size());
    seek(new SeekTarget.Row(3));
    pass(20);
    assertEquals(17, played().size());
    assertEquals(3, played().get(10).value());
    long jump = played().get(10).tick() - START;
    assertTrue("the time is now, " + jump, jump > 59_900 * MS && jump < 60_100 * MS);
  }

  @Test
  public void whatHoldsIsToldAgain() throws IOException {
    SignalDescriptor range =
        SignalDescriptor.value("rig/u", DataTypes.INT8).rule(new Constant()).build();
    Path file =
        format.file(
            folder.getRoot().toPath(),
            "a.list",
            TIME,
            List.of(range),
            line(0, 0, MS, bytes(7, 7, 7, 8, 8, 8)),
            line(6, 9_000 * MS, MS, bytes(8)));
    begin(order(file), "absoluteTime", true);
    pass(100);
    seek(new SeekTarget.Row(4));
    pass(100);
    assertEquals(
        List.of(new Played(0, 0, 7), new Played(3, 3 * MS, 8), new Played(6, 4 * MS, 8)), played());
  }

  /** Recordings with holes and times that jump, also in several files, and places at random. */
  @Test
  public void anyPlaceIsFoundExactly() throws IOException {
    isLooped = true;
    Random random = new Random(17);
    for (int pass = 0; pass < 200; pass++) {
      List<Path> files = new ArrayList<>();
      List<Played> recorded = new ArrayList<>();
      long row = random.nextInt(10);
      long tick = BEGIN;
      for (int f = 0; f <= random.nextInt(3); f++) {
        List<ListedFormat.Rows> blocks = new ArrayList<>();
        for (int b = 0; b <= random.nextInt(5); b++) {
          int count = 1 + random.nextInt(20);
          blocks.add(rows(row, tick, count));
          for (int i = 0; i < count; i++) {
            recorded.add(new Played(row + i, tick + i * MS, (byte) (row + i)));
          }
          int hole = random.nextInt(3) * random.nextInt(5);
          row += count + hole;
          tick += (count + hole) * MS + (random.nextInt(3) == 0 ? random.nextInt(50) * MS : 0);
        }
        files.add(file(pass + "-" + f + ".list", blocks.toArray(ListedFormat.Rows[]::new)));
      }
      begin(order(files.toArray(Path[]::new)));
      for (int i = 0; i < 10; i++) {
        boolean isRow = random.nextBoolean();
        long target = isRow ? random.nextLong(row + 3) : BEGIN + random.nextLong(tick - BEGIN + 9);
        Played expected =
            recorded.stream()
                .filter(each -> (isRow ? each.row() : each.tick()) >= target)
                .findFirst()
                .orElse(null);
        SeekTarget wanted =
            isRow
                ? new SeekTarget.Row(target)
                : new SeekTarget.At(Instant.ofEpochSecond(0, target));
        int before = registry.count("p/rig/u");
        if (expected == null) {
          refused(wanted);
        } else {
          PlayerStatus status = seek(wanted);
          assertEquals(pass + " " + wanted, expected.row(), status.row());
          assertEquals(Instant.ofEpochSecond(0, expected.tick()), status.time());
        }
        pass(random.nextInt(30));
        if (expected != null && registry.count("p/rig/u") > before) {
          assertEquals(expected.value(), played().get(before).value());
        }
      }
      close();
    }
  }

  @Test
  public void playersAreThereAsLongAsFilesArePlayed() throws Exception {
    List<Player> players = new CopyOnWriteArrayList<>();
    Path root = folder.getRoot().toPath();
    file("a.list", many(0, BEGIN, 100_000));
    Files.writeString(root.resolve("b.csv"), "t,x\n0,1\n0.01,2\n");
    FileSource source =
        new FileSource(
            registry,
            Path.of(""),
            Map.of("path", root.toString(), "prefix", "p", "scanMs", 100),
            player -> {
              players.add(player);
              return () -> players.remove(player);
            });
    try {
      source.addFormat(format, Map.of(RecordingFormat.RECORDING_FORMAT, "list"));
      Await.until("two players", () -> players.size() == 2);
      players.sort((a, b) -> a.name().compareTo(b.name()));
      Player player = players.get(0);
      assertEquals("p/a.list", player.name());
      assertEquals("p/a.list/rig/t", player.status().tableId());
      assertEquals(1, player.status().signals());
      PlayerStatus there = player.seek(new SeekTarget.Row(70_000)).toCompletableFuture().get();
      assertEquals(70_000, there.row());
      Await.until("rows behind it", () -> player.status().row() > 70_000);
      player.pause();
      assertEquals(PlayerState.PAUSED, player.status().state());
      Player table = players.get(1);
      assertEquals("p/b.csv", table.name());
      assertFalse(table.status().canSeek());
      assertNull(table.status().time());
      Exception no =
          assertThrows(
              Exception.class, () -> table.seek(new SeekTarget.Row(1)).toCompletableFuture().get());
      assertEquals("is no recording, and stays where it is", no.getCause().getMessage());
      source.deactivate();
      Await.until("none", players::isEmpty);
      Exception gone =
          assertThrows(
              Exception.class,
              () -> player.seek(new SeekTarget.Row(1)).toCompletableFuture().get());
      assertEquals("is not played any more", gone.getCause().getMessage());
    } finally {
      source.deactivate();
    }
  }
}
