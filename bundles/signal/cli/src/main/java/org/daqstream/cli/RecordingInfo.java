/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.daqstream.recording.api.RecordingPart;
import org.daqstream.recording.api.RecordingSummary;
import org.daqstream.recording.api.RecordingSummary.Column;
import org.daqstream.recording.format.support.RecordingFacts;
import org.daqstream.recording.support.DomainClock;
import org.daqstream.sample.support.Format;
import org.daqstream.sample.support.Table;

/** What is in a file, as {@code info} tells it. */
final class RecordingInfo {
  private static final String HOLES = "daqstream.holes";
  private static final int HOLES_SHOWN = 20;
  private static final int LONGEST_FACT = 100;

  /** Facts that have a line of their own, or are for those who read the file. */
  private static final Pattern NOT_SHOWN =
      Pattern.compile("daqstream\\.(tick\\..*|holes|format|csv\\..*|wav\\..*)");

  private final Path file;
  private final RecordingSummary summary;
  private final JsonNode holes;
  private final Map<String, String> units = new HashMap<>(); // of signals, by columns
  private DomainClock clock; // null: ticks are no times

  RecordingInfo(Path file, RecordingSummary summary) throws IOException {
    this.file = file;
    this.summary = summary;
    holes = new ObjectMapper().readTree(summary.facts().getOrDefault(HOLES, "[]"));
    if (RecordingFacts.isOwn(summary.facts())) {
      RecordingPart part = RecordingFacts.part(summary.facts());
      List<String> columns = RecordingFacts.columns(summary.facts());
      for (int i = 0; i < columns.size(); i++) {
        units.put(columns.get(i), part.signals().get(i).unit().symbol());
      }
      clock = DomainClock.of(part.domain());
    }
  }

  /** All of it. */
  Map<String, Object> document() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("file", file.toString());
    document.put("rows", summary.rows());
    document.put("rowGroups", summary.blocks());
    document.put("bytes", summary.bytes());
    document.put("firstTick", summary.firstTick());
    document.put("lastTick", summary.lastTick());
    document.put("columns", summary.columns());
    document.put("facts", summary.facts());
    return document;
  }

  void print(StandardStreams streams) {
    Table table = new Table("", "");
    table.add("file", file);
    table.add("size", Format.bytes(summary.bytes()));
    table.add("rows", summary.rows());
    if (summary.blocks() > 1) {
      table.add("row groups", summary.blocks());
    }
    addTimes(table);
    Map<String, String> facts = summary.facts();
    if (facts.containsKey("daqstream.tick.resolution")) {
      String origin = facts.getOrDefault("daqstream.tick.origin", "");
      table.add(
          "tick",
          "%s %s%s, %s to %s"
              .formatted(
                  facts.get("daqstream.tick.resolution"),
                  facts.get("daqstream.tick.unit"),
                  origin.isEmpty() ? "" : " since " + origin,
                  summary.firstTick(),
                  summary.lastTick()));
    }
    facts.forEach(
        (key, value) -> {
          if (value.length() <= LONGEST_FACT && !NOT_SHOWN.matcher(key).matches()) {
            table.add(key.replaceFirst("^daqstream\\.", ""), value);
          }
        });
    table.add("holes", holes.size());
    table.print(streams.out());
    printColumns(streams);
    printHoles(streams);
  }

  /** When it begins and ends, if its ticks, or a column, tell times. */
  private void addTimes(Table table) {
    if (clock != null && summary.firstTick() != null) {
      try {
        table.add("from", Format.time(clock.instant(summary.firstTick())));
        table.add("to", Format.time(clock.instant(summary.lastTick())));
      } catch (ArithmeticException e) {
        // beyond what a time can be; the ticks are told
      }
      return;
    }
    for (Column each : summary.columns()) {
      if (each.type().equals("timestamp") && each.low() instanceof Long low) {
        table.add("from", TimeForm.isoOf(low));
        table.add("to", TimeForm.isoOf((Long) each.high()));
      }
    }
  }

  private void printColumns(StandardStreams streams) {
    streams.out().println();
    Table table =
        new Table("COLUMN", "TYPE", "UNIT", ">VALUES", ">MISSING", ">LOW", ">HIGH", ">SIZE");
    for (Column each : summary.columns()) {
      table.add(
          each.name(),
          each.type(),
          units.getOrDefault(each.name(), ""),
          each.values(),
          each.missing(),
          plain(each.low()),
          plain(each.high()),
          Format.bytes(each.bytes()));
    }
    table.print(streams.out());
  }

  /** Parquet's rules have a negative zero where the least value is zero. */
  private static Object plain(Object value) {
    return value instanceof Number number && number.doubleValue() == 0 && !(value instanceof Long)
        ? 0.0
        : value;
  }

  private void printHoles(StandardStreams streams) {
    if (holes.isEmpty()) {
      return;
    }
    streams.out().println();
    Table table = new Table("HOLE", "WHY", ">FROM ROW", ">TO ROW", ">FROM TICK", ">TO TICK");
    int shown = 0;
    for (JsonNode each : holes) {
      if (shown++ < HOLES_SHOWN) {
        boolean isTimed = each.path("isTimeKnown").asBoolean();
        table.add(
            each.path("signalId").asText(),
            each.path("reason").asText(),
            each.path("fromRow").asLong(),
            each.path("toRow").asLong(),
            isTimed ? each.path("fromTick").asLong() : null,
            isTimed ? each.path("toTick").asLong() : null);
      }
    }
    table.print(streams.out());
    if (holes.size() > HOLES_SHOWN) {
      streams.out().println("and " + (holes.size() - HOLES_SHOWN) + " more; --json has all");
    }
  }
}
