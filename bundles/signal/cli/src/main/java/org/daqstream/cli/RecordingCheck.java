/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.daqstream.recording.api.RecordingHole;
import org.daqstream.recording.api.RecordingReader;
import org.daqstream.recording.api.RecordingSummary;
import org.daqstream.recording.api.RowBlock;
import org.daqstream.sample.support.Table;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;

/**
 * Reads all of a recording and looks for what cannot be: a sample twice, rows that jump without a
 * hole that tells it, holes where samples are.
 */
final class RecordingCheck {
  private static final int TOLD_AT_MOST = 20;

  /** What was seen of a signal. */
  private static final class Seen {
    final SignalDescriptor signal;
    final List<RecordingHole> holes = new ArrayList<>();
    long samples;
    long nextRow;
    long lastTick;
    int passedHoles;

    Seen(SignalDescriptor signal) {
      this.signal = signal;
    }
  }

  private final Path file;
  private final StandardStreams streams;
  private final Interruption interruption;
  private final ProgressLine progress;
  private final List<Seen> signals = new ArrayList<>();
  private final List<String> wrong = new ArrayList<>();
  private boolean isRecorded; // by us: rows that are missing have a hole
  private boolean isCountedAnew;
  private long deltaTicks; // 0: not known
  private long wrongs;
  private long timeJumps;
  private long rows;
  private long samples;
  private int holes;
  private boolean isWhole;

  RecordingCheck(
      Path file, StandardStreams streams, Interruption interruption, ProgressLine progress) {
    this.file = file;
    this.streams = streams;
    this.interruption = interruption;
    this.progress = progress;
  }

  /** Reads and looks. */
  void run() {
    try (RecordingReader reader = Recordings.format(file).openToVerify(file)) {
      Recordings.tellLacks(reader, streams);
      begin(reader);
      RowBlock block = reader.next();
      for (; block != null && !interruption.isAsked(); block = reader.next()) {
        look(block);
        progress.tell(samples, 0, () -> ProgressLine.percent(reader));
      }
      isWhole = block == null;
      if (isWhole) {
        compare();
      }
    } catch (IOException e) {
      tell(Recordings.failure(file, e).getMessage());
    } finally {
      progress.end();
    }
  }

  private void begin(RecordingReader reader) {
    isRecorded = reader.part().facts().containsKey("daqstream.part");
    deltaTicks = reader.part().domain().rule() instanceof Rule.Linear line ? line.deltaTicks() : 0;
    reader.part().signals().forEach(each -> signals.add(new Seen(each)));
    holes = reader.holes().size();
    for (RecordingHole each : reader.holes()) {
      isCountedAnew |= each.toRow() < each.fromRow();
      for (Seen seen : signals) {
        if (seen.signal.signalId().equals(each.signalId())) {
          seen.holes.add(each);
        }
      }
    }
  }

  private void tell(String what) {
    wrongs++;
    if (wrong.size() < TOLD_AT_MOST) {
      wrong.add(what);
    }
  }

  private void look(RowBlock block) {
    rows += block.count();
    for (int i = 0; i < signals.size(); i++) {
      ByteBuffer all = block.samples(i);
      if (all == null) {
        continue;
      }
      Seen seen = signals.get(i);
      long bytes = 0;
      for (int row = 0; row < block.count(); row++) {
        bytes += block.sampleBytes(i, row);
      }
      if (bytes != all.remaining()) {
        tell(seen.signal.signalId() + ": samples of other sizes in row " + block.row());
      }
      if (!isCountedAnew && isRecorded) {
        lookAtRows(seen, block);
      }
      seen.samples += block.count();
      samples += block.count();
      seen.nextRow = block.row() + block.count();
      seen.lastTick = block.tick(block.count() - 1);
    }
  }

  private void lookAtRows(Seen seen, RowBlock block) {
    String id = seen.signal.signalId();
    long row = block.row();
    if (seen.samples > 0 && row < seen.nextRow) {
      tell("%s: row %s comes behind row %s".formatted(id, row, seen.nextRow - 1));
      return;
    }
    boolean isHeld = seen.signal.rule() instanceof Rule.Constant;
    boolean isTold = isHeld || seen.samples == 0;
    while (seen.passedHoles < seen.holes.size()) {
      RecordingHole hole = seen.holes.get(seen.passedHoles);
      if (hole.fromRow() >= row + block.count()) {
        break;
      }
      isTold |= hole.toRow() > seen.nextRow || hole.fromRow() >= seen.nextRow;
      if (hole.toRow() > row && !isHeld) {
        tell(
            "%s: a hole of rows %s to %s where there are samples"
                .formatted(id, hole.fromRow(), hole.toRow()));
      }
      seen.passedHoles++;
    }
    if (row > seen.nextRow && !isTold) {
      tell("%s: rows %s to %s are missing, and no hole tells it".formatted(id, seen.nextRow, row));
    }
    boolean jumps =
        deltaTicks != 0
            && seen.samples > 0
            && block.tick(0) - seen.lastTick != (row - seen.nextRow + 1) * deltaTicks;
    if (jumps && !isTold) {
      timeJumps++; // of the source: no row is missing
    }
  }

  /** With what the file says of itself. */
  private void compare() throws IOException {
    RecordingSummary summary = Recordings.format(file).describe(file);
    if (summary.rows() != rows) {
      tell("says that it has %s rows, and has %s".formatted(summary.rows(), rows));
    }
  }

  boolean isBad() {
    return wrongs > 0;
  }

  Map<String, Object> document() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("file", file.toString());
    document.put("verdict", isBad() ? "failed" : isWhole ? "ok" : "interrupted");
    document.put("rows", rows);
    document.put("samples", samples);
    document.put("holes", holes);
    document.put("timeJumps", timeJumps);
    document.put("wrong", wrong);
    document.put("wrongCount", wrongs);
    return document;
  }

  void print() {
    Table table = new Table("", "");
    document()
        .forEach(
            (key, value) -> {
              if (!(value instanceof List) && !key.equals("wrongCount")) {
                table.add(key, value);
              }
            });
    table.print(streams.out());
    wrong.forEach(each -> streams.out().println(streams.text(each)));
    if (wrongs > wrong.size()) {
      streams.out().println("and " + (wrongs - wrong.size()) + " more");
    }
  }
}
