/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.daqstream.client.Gap;
import org.daqstream.client.SampleBlock;
import org.daqstream.client.SubscriptionOptions;
import org.daqstream.sample.support.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code watch}. */
@Command(
    name = "watch",
    description = {
      "Shows the newest values, with a line of bars for those before.",
      "Where the output is no terminal: a line for each new value, again and again."
    })
final class WatchCommand extends DeviceCommand {
  private static final String NO_WRAP = "\033[?7l\033[?25l";
  private static final String WRAP = "\033[?7h\033[?25h";
  private static final String CLEAR_LINE = "\033[K";
  private static final int DEFAULT_ROWS = 24;

  @Option(
      names = "--every",
      paramLabel = "TIME",
      defaultValue = "500ms",
      converter = TimeSpan.Converter.class,
      description = "How often, 500ms; not more often than every 50ms.")
  private TimeSpan every;

  @Option(
      names = "--for",
      paramLabel = "TIME",
      converter = TimeSpan.Converter.class,
      description = "End after so long: 500ms, 5s, 2m, 1h.")
  private TimeSpan length;

  private final Map<String, WatchedSignal> watched = new LinkedHashMap<>();
  private int drawnLines;

  /** Keeps the newest. */
  private final class Newest implements SampleInbox.Reader {
    @Override
    public void block(String signalId, SampleBlock block) {
      watched.get(signalId).take(block);
    }

    @Override
    public void gap(String signalId, Gap gap) {
      watched.get(signalId).gap();
    }

    @Override
    public boolean hasEnough() {
      return interruption().isAsked();
    }
  }

  @Override
  int run() throws IOException, InterruptedException {
    try (DeviceSession session = open()) {
      session.values(globsOrAll()).keySet().forEach(id -> watched.put(id, new WatchedSignal(id)));
      boolean isScreen = streams().isTerminal() && !json();
      try (SampleInbox inbox =
          new SampleInbox(
              session.client(), watched.keySet(), SubscriptionOptions.DEFAULT, new Newest())) {
        streams().out().print(isScreen ? NO_WRAP : "");
        watch(inbox, isScreen);
      } catch (InterruptedException e) {
        // The end is wanted.
      } finally {
        streams().out().print(isScreen ? WRAP : "");
        streams().out().flush();
      }
    }
    return Daqstream.OK;
  }

  private void watch(SampleInbox inbox, boolean isScreen) throws IOException, InterruptedException {
    long periodNanos = TimeUnit.MILLISECONDS.toNanos(Math.max(50, every.millis()));
    long start = System.nanoTime();
    long lengthNanos =
        length == null ? Long.MAX_VALUE / 2 : TimeUnit.MILLISECONDS.toNanos(length.millis());
    long next = start + periodNanos;
    while (!interruption().isAsked() && System.nanoTime() - start < lengthNanos) {
      long leftNanos = Math.min(next, start + lengthNanos) - System.nanoTime();
      inbox.take(TimeUnit.NANOSECONDS.toMillis(leftNanos) + 1);
      if (System.nanoTime() >= next) {
        watched.values().forEach(WatchedSignal::tick);
        if (isScreen) {
          draw();
        } else {
          list();
        }
        streams().check();
        next = Math.max(next + periodNanos, System.nanoTime());
      }
    }
  }

  /** Over what was drawn before. */
  private void draw() {
    int told = Integer.getInteger("daqstream.terminal.rows", 0);
    int rows = told > 0 ? told : DEFAULT_ROWS; // some terminals say 0
    Table table = new Table("SIGNAL", ">VALUE", "", ">RATE", "TIME");
    int shown = Math.min(watched.size(), Math.max(1, rows - 3));
    watched.values().stream()
        .limit(shown)
        .forEach(
            each ->
                table.add(
                    each.signalId(),
                    each.valueText(),
                    each.bars(),
                    each.rateText(),
                    each.time() + (each.gaps() == 0 ? "" : "  " + each.gaps() + " gaps")));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    table.print(new PrintStream(bytes, false, StandardCharsets.UTF_8));
    List<String> lines = bytes.toString(StandardCharsets.UTF_8).lines().toList();
    PrintStream out = streams().out();
    out.print(drawnLines == 0 ? "" : "\033[" + drawnLines + "A");
    lines.forEach(line -> out.print("\r" + line + CLEAR_LINE + "\n"));
    drawnLines = lines.size();
    if (shown < watched.size()) {
      out.print("\r" + (watched.size() - shown) + " more do not fit" + CLEAR_LINE + "\n");
      drawnLines++;
    }
  }

  /** The new ones, one on a line. */
  private void list() {
    for (WatchedSignal each : watched.values()) {
      if (!each.fetchNew()) {
        continue;
      }
      if (json()) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("time", each.time());
        object.put("signalId", each.signalId());
        object.put("value", each.value());
        streams().out().println(streams().json(object));
      } else {
        streams().out().println(each.time() + "  " + each.signalId() + "  " + each.valueText());
      }
    }
  }
}
