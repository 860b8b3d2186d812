/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.file.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.daqstream.testing.Await;
import org.daqstream.testing.Configs;
import org.daqstream.testing.LogLines;
import org.daqstream.testing.RecordingRegistry;
import org.junit.After;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** CSV files that grow while they are played. */
public final class FollowedFileTest {
  private static final long NEW_YEAR_2026 = 1_767_225_600_000_000_000L;

  @org.junit.Rule public final TemporaryFolder temporary = new TemporaryFolder();

  private final RecordingRegistry registry = new RecordingRegistry();
  private FileSource source;
  private Path file;

  private void follow(Object... keysAndValues) {
    Path folder = temporary.getRoot().toPath();
    file = folder.resolve("a.csv");
    Map<String, Object> values =
        Map.of("path", folder.toString(), "prefix", "p", "scanMs", 100, "follow", true);
    source = new FileSource(registry, Path.of(""), Configs.with(values, keysAndValues));
  }

  @After
  public void stop() {
    source.deactivate();
  }

  private void append(String text) throws IOException {
    Files.writeString(
        file, text, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
  }

  private void awaitRows(int count) {
    Await.until(count + " rows", () -> registry.count("p/a.csv/u") >= count);
    assertEquals(count, registry.count("p/a.csv/u"));
  }

  private static void awaitLine(String text) {
    Await.until("log: " + text, () -> !LogLines.with(text).isEmpty());
  }

  @Test
  public void everyRowComesOnceWhenItsLineHasEnded() throws IOException {
    follow("absoluteTime", true);
    append("when,u\n2026-01-01 00:00:00.5,1\n2026-01-01 00:00:01,2");
    awaitRows(1);
    append("5\n2026-01-0");
    awaitRows(2);
    append("1 00:00:05,3\n");
    awaitRows(3);
    assertEquals(List.of(1.0, 25.0, 3.0), registry.values("p/a.csv/u"));
    assertEquals(
        List.of(
            NEW_YEAR_2026 + 500_000_000,
            NEW_YEAR_2026 + 1_000_000_000L,
            NEW_YEAR_2026 + 5_000_000_000L),
        registry.ticks("p/a.csv/u"));
    assertTrue(registry.events().stream().noneMatch(event -> event.startsWith("close")));
  }

  @Test
  public void aHeaderMayComeBeforeItsFirstRowAndAFileAfterItsFollower() throws IOException {
    LogLines.clear();
    follow();
    append("t,u\n");
    awaitLine("there are no rows; it may grow");
    append("0,1\n");
    awaitRows(1);
  }

  @Test
  public void anyPiecesOfAnyLengthMakeTheSameRows() throws IOException {
    StringBuilder text = new StringBuilder("# made by µlab\nModel,X1\n\nt,u,täxt\n");
    IntStream.range(0, 2000).forEach(i -> text.append(i * 0.5 + "," + i + ",grün\r\n"));
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    follow();
    Random random = new Random(3);
    try (FileChannel writer =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      for (int at = 0; at < bytes.length; ) {
        int n = Math.min(bytes.length - at, 1 + random.nextInt(300));
        writer.write(java.nio.ByteBuffer.wrap(bytes, at, n));
        at += n;
      }
    }
    awaitRows(2000);
    assertEquals(
        IntStream.range(0, 2000).mapToObj(i -> (double) i).toList(), registry.values("p/a.csv/u"));
  }

  @Test
  public void aFileThatBeginsAgainIsFollowedFromItsBeginning() throws IOException {
    follow();
    append("t,u\n0,1\n1,2\n");
    awaitRows(2);
    Files.writeString(file, "t,u\n7,3\n");
    awaitRows(3);
    assertEquals(List.of(1.0, 2.0, 3.0), registry.values("p/a.csv/u"));
  }

  @Test
  public void aFileThatBeginsAgainWithAtLeastAsMuchIsKnownWhenItGrows() throws IOException {
    follow();
    append("t,u\n0,1\n1,2\n");
    awaitRows(2);
    Files.writeString(file, "t,u\n5,6\n7,8\n9,10\n");
    awaitRows(5);
    assertEquals(List.of(1.0, 2.0, 6.0, 8.0, 10.0), registry.values("p/a.csv/u"));
  }

  @Test
  public void aRowThatCannotBeReadIsNamedAndTheNextOnesCome() throws IOException {
    LogLines.clear();
    follow();
    append("t,u\n0,1\n");
    awaitRows(1);
    append("1,oops\n2,3\n");
    awaitLine("line 3: 'oops' in column 'u' is no number; the row is left out");
    append("3,4\n");
    awaitRows(3);
    assertEquals(List.of(1.0, 3.0, 4.0), registry.values("p/a.csv/u"));
  }

  @Test
  public void aFileThatCouldNotBeFollowedIsTriedAgainWhenItChanges() throws IOException {
    LogLines.clear();
    follow();
    append("t,u\n0,1\n");
    awaitRows(1);
    append("1,\"" + "x".repeat(1 << 20));
    awaitLine("the line is longer than");
    Files.writeString(file, "t,u\n7,3\n");
    awaitRows(2);
    assertEquals(List.of(1.0, 3.0), registry.values("p/a.csv/u"));
  }
}
