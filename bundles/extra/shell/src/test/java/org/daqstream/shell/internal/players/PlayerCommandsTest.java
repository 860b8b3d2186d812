/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal.players;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.daqstream.player.api.Player;
import org.daqstream.player.api.PlayerState;
import org.daqstream.player.api.PlayerStatus;
import org.daqstream.player.api.SeekTarget;
import org.daqstream.shell.internal.CommandException;
import org.daqstream.shell.internal.StubServices;
import org.junit.Before;
import org.junit.Test;

public class PlayerCommandsTest {
  private final StubServices services = new StubServices();
  private final List<SeekTarget> targets = new ArrayList<>();

  private final class Stub implements Player {
    private final String name;
    private PlayerState state = PlayerState.PLAYING;

    Stub(String name) {
      this.name = name;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public PlayerStatus status() {
      return new PlayerStatus(
          state,
          "/srv/" + name,
          name + "/time",
          2,
          Double.POSITIVE_INFINITY,
          true,
          1_000,
          Instant.parse("2026-11-30T14:00:01Z"),
          Duration.ofMillis(1_500));
    }

    @Override
    public void pause() {
      state = PlayerState.PAUSED;
    }

    @Override
    public void resume() {
      state = PlayerState.PLAYING;
    }

    @Override
    public CompletionStage<PlayerStatus> seek(SeekTarget target) {
      targets.add(target);
      return target.equals(new SeekTarget.Row(9))
          ? CompletableFuture.failedFuture(new IllegalArgumentException("no such row"))
          : CompletableFuture.completedFuture(status());
    }
  }

  @Before
  public void setUp() {
    services.players.add(new Stub("file/a.parquet"));
    services.players.add(new Stub("file/b.parquet"));
  }

  private String seek(String... words) throws Exception {
    return services.run(PlayerCommands.seek(services), words);
  }

  @Test
  public void playedFilesAreListed() throws Exception {
    String list = services.run(PlayerCommands.list(services));
    assertTrue(
        list, list.contains("file/a.parquet  playing        2    max  1000  2026-11-30T14:00:01"));
    assertTrue(list, list.contains("1.500 s  /srv/file/a.parquet"));
    String json = services.run(PlayerCommands.list(services), "--json");
    assertTrue(json, json.contains("\"time\":\"2026-11-30T14:00:01Z\""));
    assertTrue(json, json.contains("\"seconds\":1.5"));
  }

  @Test
  public void placesAreToldInSeveralWays() throws Exception {
    String[] words = {
      "+10s", "-1.5m", "90s", "0.000000001s", "1234", "2026-11-30T14:00:00.5Z", "2026-11-30T14:00"
    };
    for (String each : words) {
      assertTrue(seek("file/a.parquet", each).contains("1000"));
    }
    assertEquals(
        List.of(
            new SeekTarget.By(Duration.ofSeconds(10)),
            new SeekTarget.By(Duration.ofSeconds(-90)),
            new SeekTarget.FromBeginning(Duration.ofSeconds(90)),
            new SeekTarget.FromBeginning(Duration.ofNanos(1)),
            new SeekTarget.Row(1234),
            new SeekTarget.At(Instant.parse("2026-11-30T14:00:00.5Z")),
            new SeekTarget.At(Instant.parse("2026-11-30T14:00:00Z"))),
        targets);
    for (String each : List.of("+10", "soon", "1.5", "2026-11-30")) {
      String message =
          assertThrows(CommandException.class, () -> seek("file/a.parquet", each)).getMessage();
      assertTrue(message, message.startsWith("'" + each + "' is no place; allowed are a time as"));
    }
    assertThrows(CommandException.class, () -> seek("file/a.parquet", "-x"));
  }

  @Test
  public void aPatternIsForAllOfThem() throws Exception {
    assertEquals(3, seek("file/*", "5s").lines().count());
    assertEquals(2, targets.size());
    assertTrue(services.run(PlayerCommands.pause(services), "file/*").contains("paused"));
    assertEquals(PlayerState.PAUSED, services.players.get(1).status().state());
    assertTrue(services.run(PlayerCommands.resume(services), "**").contains("playing"));
    assertEquals(PlayerState.PLAYING, services.players.get(0).status().state());
    assertEquals(
        List.of("file/a.parquet", "file/b.parquet"),
        PlayerCommands.seek(services).complete(List.of("")));
  }

  @Test
  public void whatCannotBeDoneIsSaid() {
    String message =
        assertThrows(CommandException.class, () -> seek("file/a.parquet", "9")).getMessage();
    assertEquals("'file/a.parquet': no such row", message);
    message = assertThrows(CommandException.class, () -> seek("file/a.parket", "5")).getMessage();
    assertTrue(message, message.contains("'file/a.parket'") && message.contains("file/a.parquet"));
    services.players.clear();
    message = assertThrows(CommandException.class, () -> seek("x", "5")).getMessage();
    assertTrue(message, message.contains("org.daqstream.source.file-<name>.cfg"));
  }
}
