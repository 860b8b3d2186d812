/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.daqstream.recording.api.RecordingSummary;
import org.daqstream.recording.api.RecordingSummary.Column;
import org.daqstream.sample.support.Format;
import org.daqstream.sample.support.Table;

/** What is in a file, as {@code info} tells it. */
final class RecordingInfo {
  private static final String HOLES = "daqstream.holes";
  private static final int HOLES_SHOWN = 20;

  private final Path file;
  private final RecordingSummary summary;
  private final JsonNode holes;

  RecordingInfo(Path file, RecordingSummary summary) throws IOException {
    this.file = file;
    this.summary = summary;
    holes = new ObjectMapper().readTree(summary.facts().getOrDefault(HOLES, "[]"));
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
    table.add("row groups", summary.blocks());
    for (Column each : summary.columns()) {
      if (each.type().equals("timestamp") && each.low() instanceof Long low) {
        table.add("from", TimeForm.isoOf(low));
        table.add("to", TimeForm.isoOf((Long) each.high()));
      }
    }
    Map<String, String> facts = summary.facts();
    if (facts.containsKey("daqstream.tick.resolution")) {
      table.add(
          "tick",
          "%s %s since %s, %s to %s"
              .formatted(
                  facts.get("daqstream.tick.resolution"),
                  facts.get("daqstream.tick.unit"),
                  facts.get("daqstream.tick.origin"),
                  summary.firstTick(),
                  summary.lastTick()));
    }
    facts.forEach(
        (key, value) -> {
          if (value.length() <= 100 && !key.startsWith("daqstream.tick") && !key.equals(HOLES)) {
            table.add(key.replaceFirst("^daqstream\\.", ""), value);
          }
        });
    table.add("holes", holes.size());
    table.print(streams.out());
    printColumns(streams);
    printHoles(streams);
  }

  private void printColumns(StandardStreams streams) {
    streams.out().println();
    Table table = new Table("COLUMN", "TYPE", ">VALUES", ">MISSING", ">LOW", ">HIGH", ">SIZE");
    for (Column each : summary.columns()) {
      table.add(
          each.name(),
          each.type(),
          each.values(),
          each.missing(),
          each.low(),
          each.high(),
          Format.bytes(each.bytes()));
    }
    table.print(streams.out());
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
