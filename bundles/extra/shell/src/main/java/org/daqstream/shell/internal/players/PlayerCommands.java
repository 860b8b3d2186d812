/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal.players;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.daqstream.base.support.IdPatterns;
import org.daqstream.player.api.Player;
import org.daqstream.player.api.PlayerStatus;
import org.daqstream.player.api.SeekTarget;
import org.daqstream.sample.support.Format;
import org.daqstream.sample.support.Near;
import org.daqstream.shell.internal.Call;
import org.daqstream.shell.internal.CommandException;
import org.daqstream.shell.internal.DeclaredCommand;
import org.daqstream.shell.internal.Listing;
import org.daqstream.shell.internal.Services;
import org.daqstream.shell.internal.Syntax;

/** {@code source:list}, {@code source:seek}, {@code source:pause}, {@code source:resume}. */
public final class PlayerCommands {
  private static final String NAME = "NAME";
  private static final long SEEK_LIMIT_S = 60;
  private static final double NANOS_PER_SECOND = 1e9;

  private record Row(String name, PlayerStatus status) {
    static Row of(Player player) {
      return new Row(player.name(), player.status());
    }

    Long row() {
      return status.row() < 0 ? null : status.row();
    }

    String time() {
      return status.time() == null ? null : status.time().toString();
    }

    String timeText() {
      return status.time() == null ? null : Format.time(status.time());
    }

    Double seconds() {
      Duration passed = status.passed();
      return passed == null ? null : passed.getSeconds() + passed.getNano() / NANOS_PER_SECOND;
    }

    String secondsText() {
      return status.passed() == null ? null : String.format(Locale.ROOT, "%.3f s", seconds());
    }
  }

  private static final Listing<Row> LISTING =
      new Listing<Row>()
          .column("PLAYED", "name", Row::name)
          .column("STATE", "state", row -> row.status().state().name().toLowerCase(Locale.ROOT))
          .detail("tableId", row -> row.status().tableId())
          .column(">SIGNALS", "signals", row -> row.status().signals())
          .column(">SPEED", "speed", row -> speed(row.status().speed()))
          .detail("canSeek", row -> row.status().canSeek())
          .column(">ROW", "row", Row::row)
          .detail("time", Row::time)
          .text("TIME", Row::timeText)
          .detail("seconds", Row::seconds)
          .text(">AT", Row::secondsText)
          .column("FILE", "file", row -> row.status().file());

  private PlayerCommands() {}

  private static Object speed(double speed) {
    if (Double.isInfinite(speed)) {
      return "max";
    }
    return speed == Math.rint(speed) ? (Object) (long) speed : (Object) speed;
  }

  public static DeclaredCommand list(Services services) {
    return new DeclaredCommand(
        "source:list",
        "Lists the files that are played, and where they are.",
        Syntax.of().json(),
        call ->
            LISTING.print(
                call, services.players().stream().map(Row::of).toList(), "there are none"));
  }

  public static DeclaredCommand seek(Services services) {
    return new DeclaredCommand(
        "source:seek",
        "Has recordings go on from a time, +10s or -1m from here, 90s from the beginning, or a row.",
        Syntax.of(NAME, "TIME|DISTANCE|ROW").first(() -> names(services)).json(),
        call -> {
          SeekTarget target = Places.parse(call.word(1));
          List<Row> there = new ArrayList<>();
          for (Player each : chosen(services, call)) {
            there.add(new Row(each.name(), seek(each, target)));
          }
          tell(call, there);
        });
  }

  /** Waits until it is there. */
  private static PlayerStatus seek(Player player, SeekTarget target) throws Exception {
    CompletableFuture<PlayerStatus> answer = player.seek(target).toCompletableFuture();
    try {
      return answer.get(SEEK_LIMIT_S, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      boolean isRefused =
          e.getCause() instanceof IllegalArgumentException || e.getCause() instanceof IOException;
      throw isRefused
          ? new CommandException("'" + player.name() + "': " + e.getCause().getMessage())
          : e;
    } catch (TimeoutException e) {
      throw new CommandException(
          "'%s' is not there within %s s; it may come later"
              .formatted(player.name(), SEEK_LIMIT_S));
    }
  }

  public static DeclaredCommand pause(Services services) {
    return each(services, "pause", "Has files stay where they are.", Player::pause);
  }

  public static DeclaredCommand resume(Services services) {
    return each(services, "resume", "Has files go on that stay where they are.", Player::resume);
  }

  private static DeclaredCommand each(
      Services services, String name, String summary, Consumer<Player> action) {
    return new DeclaredCommand(
        "source:" + name,
        summary,
        Syntax.of(NAME).first(() -> names(services)).json(),
        call -> {
          List<Player> chosen = chosen(services, call);
          chosen.forEach(action);
          tell(call, chosen.stream().map(Row::of).toList());
        });
  }

  private static void tell(Call call, List<Row> rows) {
    LISTING.print(call, rows, "there are none");
  }

  private static List<String> names(Services services) {
    return services.players().stream().map(Player::name).toList();
  }

  /** That of a name, or all of a pattern. */
  private static List<Player> chosen(Services services, Call call) {
    String name = call.word(0);
    IdPatterns pattern = new IdPatterns(List.of(name));
    List<Player> chosen =
        services.players().stream()
            .filter(each -> each.name().equals(name) || pattern.wants(each.name()))
            .toList();
    if (chosen.isEmpty()) {
      List<String> names = names(services);
      throw new CommandException(
          names.isEmpty()
              ? "nothing is played: there is no file conf/org.daqstream.source.file-<name>.cfg with"
                  + " files that can be, or the bundle org.daqstream.source.file is not active"
              : "nothing is played as '" + name + "'" + Near.suggestion(name, names));
    }
    return chosen;
  }
}
