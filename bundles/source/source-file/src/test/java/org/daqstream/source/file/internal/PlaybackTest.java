/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.file.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.daqstream.config.support.Values;
import org.daqstream.signal.api.SignalTable;
import org.daqstream.signal.api.WriteResult;
import org.daqstream.testing.Configs;
import org.daqstream.testing.RecordingRegistry;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public final class PlaybackTest {
  private static final long MS = 1_000_000;
  private static final long START = 1_700_000_000_000L * MS;

  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  private final RecordingRegistry registry = new RecordingRegistry();
  private Recording recording;
  private SignalTable table;
  private final List<String> warnings = new ArrayList<>();
  private long now = START;

  @After
  public void close() throws IOException {
    table.close();
    recording.close();
  }

  private Playback playback(String name, byte[] content, Object... keysAndValues)
      throws IOException {
    Path file = Files.write(folder.getRoot().toPath().resolve(name), content);
    Map<String, Object> values = Configs.with(Map.of("path", file.toString()), keysAndValues);
    Settings settings = Settings.of(Values.of(FileSource.Config.class, values), Path.of(""));
    recording = new FileFormats().of(file).orElseThrow().open(file, settings);
    table = registry.openTable(recording.domain("a/"));
    recording.signals("a/").forEach(table::open);
    return new Playback(warnings::add, settings, recording, table, () -> now);
  }

  private Playback wav(int samples, Object... keysAndValues) throws IOException {
    return playback("a.wav", WavFile.pcm16(1, 1000, new int[samples]), keysAndValues);
  }

  private Playback csv(String text, Object... keysAndValues) throws IOException {
    return playback("a.csv", text.getBytes(StandardCharsets.US_ASCII), keysAndValues);
  }

  /** Lets time pass, as the thread of a file does. */
  private long run(Playback playback, long nanos) throws IOException {
    long end = now + nanos;
    while (true) {
      long waitNanos = playback.step();
      if (waitNanos == Playback.ENDED || now + waitNanos > end) {
        now = end;
        return waitNanos;
      }
      now += waitNanos;
    }
  }

  @Test
  public void aBlockIsWrittenWhenItsLastRowIsDue() throws IOException {
    Playback playback = wav(1000);
    assertEquals(9 * MS, playback.step());
    assertEquals(0, registry.count("a/0"));
    now += 9 * MS;
    assertEquals(0, playback.step());
    assertEquals(10, registry.count("a/0"));
    assertEquals(START, registry.ticks("a/0").get(0).longValue());
  }

  @Test
  public void realTimeIsTheRateOfTheFile() throws IOException {
    run(wav(5000), 2000 * MS);
    assertEquals(2000, registry.count("a/0"));
  }

  @Test
  public void fasterThanRealTimeKeepsTheTimesOfTheFile() throws IOException {
    run(wav(5000, "speed", 4.0), 1000 * MS);
    assertEquals(4000, registry.count("a/0"));
    assertEquals(START + 3999 * MS, registry.ticks("a/0").get(3999).longValue());
  }

  @Test
  public void asFastAsPossibleIsBounded() throws IOException {
    run(wav(200_000, "speed", 0.0, "valuesPerSecond", 16_384), 5000 * MS);
    assertEquals(5 * 16_384, registry.count("a/0"));
  }

  @Test
  public void aLoopGoesOnWithoutAHole() throws IOException {
    run(wav(25), 1000 * MS);
    List<Long> ticks = registry.ticks("a/0");
    assertTrue("samples: " + ticks.size(), ticks.size() >= 990);
    for (int i = 0; i < ticks.size(); i++) {
      assertEquals(START + i * MS, ticks.get(i).longValue());
    }
  }

  @Test
  public void onceEndsAtTheEnd() throws IOException {
    assertEquals(Playback.ENDED, run(wav(25, "loop", false), 1000 * MS));
    assertEquals(25, registry.count("a/0"));
  }

  @Test
  public void irregularRowsComeWhenTheyAreDue() throws IOException {
    Playback playback = csv("t [ms],x\n0,1\n5,2\n1000,3\n", "loop", false);
    assertEquals(5 * MS, playback.step());
    run(playback, 999 * MS);
    assertEquals(List.of(1.0, 2.0), registry.values("a/x"));
    run(playback, MS);
    assertEquals(List.of(START, START + 5 * MS, START + 1000 * MS), registry.ticks("a/x"));
  }

  @Test
  public void absoluteTimesArePacedAllTheSame() throws IOException {
    Playback playback = csv("t [ms],x\n77,1\n1077,2\n", "absoluteTime", true);
    run(playback, 500 * MS);
    assertEquals(List.of(77 * MS), registry.ticks("a/x"));
    run(playback, 500 * MS);
    assertEquals(List.of(77 * MS, 1077 * MS), registry.ticks("a/x"));
  }

  @Test
  public void aShortDelayIsCaughtUp() throws IOException {
    Playback playback = wav(5000);
    now += 900 * MS;
    run(playback, 100 * MS);
    assertEquals(1000, registry.count("a/0"));
    assertEquals(START + 999 * MS, registry.ticks("a/0").get(999).longValue());
  }

  @Test
  public void afterALongDelayTimeJumpsAndNoRowIsLost() throws IOException {
    Playback playback = wav(5000);
    run(playback, 100 * MS);
    now += 10_000 * MS;
    run(playback, 100 * MS);
    List<Long> ticks = registry.ticks("a/0");
    assertEquals(START + 99 * MS, ticks.get(99).longValue());
    long jumpNanos = ticks.get(100) - ticks.get(99);
    assertTrue("jump of " + jumpNanos, jumpNanos > 9_900 * MS && jumpNanos < 10_100 * MS);
    assertTrue("no burst: " + ticks.size(), ticks.size() < 250);
  }

  @Test
  public void blocksThatAreTooLargeDoNotEndIt() throws IOException {
    registry.answer(WriteResult.TOO_LARGE);
    run(wav(100), 1000 * MS);
    assertTrue(registry.count("a/0") > 900);
  }

  @Test
  public void thatItFallsBehindIsSaidOnceAMinute() throws IOException {
    Playback playback = wav(100_000, "speed", 1000.0);
    for (int second = 0; second < 70; second++) {
      now += 2 * Playback.BEHIND_LIMIT_NANOS;
      playback.step();
    }
    assertEquals(warnings.toString(), 3, warnings.size());
    assertTrue(warnings.toString(), warnings.get(2).endsWith(" times so far"));
  }

  @Test
  public void asFastAsItGoesWaitsForNothing() throws IOException {
    Playback playback = wav(100_000, "speed", "Max", "valuesPerSecond", 1, "loop", false);
    int steps = 0;
    while (playback.step() == 0) {
      steps++;
      now += steps % 3 == 0 ? 2 * Playback.BEHIND_LIMIT_NANOS : 0;
    }
    assertEquals(Playback.ENDED, playback.step());
    assertEquals(100_000, registry.count("a/0"));
    assertEquals(START + 99_999 * MS, registry.ticks("a/0").get(99_999).longValue());
    assertEquals(List.of(), warnings);
  }

  @Test
  public void asFastAsItGoesIsNeverTooSlow() throws IOException {
    Playback playback = wav(100_000, "speed", 0.0, "valuesPerSecond", 1_000_000_000);
    for (int i = 0; i < 20; i++) {
      now += 2 * Playback.BEHIND_LIMIT_NANOS;
      assertEquals(0, playback.step());
    }
    assertEquals(List.of(), warnings);
    assertTrue(registry.count("a/0") > 100_000);
  }
}
