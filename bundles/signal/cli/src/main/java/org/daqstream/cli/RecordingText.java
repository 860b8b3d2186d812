/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.daqstream.client.Gap;
import org.daqstream.client.RemoteSignal;
import org.daqstream.client.SampleBlock;
import org.daqstream.recording.api.RecordingFormat;
import org.daqstream.recording.api.RecordingHole;
import org.daqstream.recording.api.RecordingPart;
import org.daqstream.recording.api.RecordingWriter;
import org.daqstream.recording.support.TableRecording;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.SignalDescriptor;

/** Samples as files of a recording: one for each table, another one when a description changes. */
final class RecordingText implements SampleText, AutoCloseable {
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final long SYNC_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  /** Of signals whose device tells no domain: the row is all that is known. */
  private static final SignalDescriptor NO_DOMAIN =
      SignalDescriptor.value("rows", DataTypes.INT64).build();

  private final RecordingFormat format;
  private final boolean overwrites;
  private final Map<String, Table> tables = new HashMap<>(); // by signal
  private final List<Table> all = new ArrayList<>();
  private final List<Path> files = new ArrayList<>();
  private long polledNanos = System.nanoTime();
  private long syncedNanos = polledNanos;

  /** A table of the device. */
  private final class Table {
    final Map<String, RemoteSignal> signals = new LinkedHashMap<>();
    SignalDescriptor domain;
    Path file;
    TableRecording recording;

    /** Of rows behind it nothing is wanted any more. */
    long endRow = Long.MAX_VALUE;

    List<SignalDescriptor> descriptors() {
      return signals.values().stream().map(RemoteSignal::descriptor).toList();
    }

    RecordingWriter begin(RecordingPart part, int number) throws IOException {
      Path name = number == 0 ? file : Recordings.variant(file, "-" + number);
      if (overwrites) {
        Files.deleteIfExists(name);
      }
      RecordingWriter writer = format.create(name, part);
      files.add(name);
      return writer;
    }

    /** Sees to it that the file says of the signal what it is now. */
    @SuppressWarnings("ReferenceEquality") // the same object is the same description
    void describe(RemoteSignal now) throws IOException {
      RemoteSignal before = signals.put(now.signalId(), now);
      SignalDescriptor nowDomain = domainOf(now);
      boolean isOther = before != now && !before.descriptor().equals(now.descriptor());
      if (isOther || (nowDomain != domain && !nowDomain.equals(domain))) {
        String what = isOther ? now.signalId() : nowDomain.signalId();
        recording.change(nowDomain, descriptors(), "'" + what + "' is described differently");
      }
      domain = nowDomain;
    }
  }

  /**
   * Records in files that begin with the first samples.
   *
   * @param file name of the file; with several tables each has a name made of it and its own
   * @param facts goes into every file
   */
  RecordingText(
      Map<String, RemoteSignal> signals,
      RecordingFormat format,
      Path file,
      boolean overwrites,
      Map<String, String> facts) {
    this.format = format;
    this.overwrites = overwrites;
    Map<String, Table> byId = new LinkedHashMap<>();
    signals.forEach(
        (id, signal) -> {
          Table table = byId.computeIfAbsent(signal.tableId(), key -> new Table());
          table.signals.put(id, signal);
          table.domain = domainOf(signal);
          tables.put(id, table);
        });
    all.addAll(byId.values());
    for (Table each : all) {
      String own = each.domain.signalId().replaceAll("[^\\p{L}\\p{N}._-]+", "-");
      each.file = all.size() == 1 ? file : Recordings.variant(file, "." + own);
      each.recording = new TableRecording(each.domain, each.descriptors(), facts, each::begin);
    }
  }

  private static SignalDescriptor domainOf(RemoteSignal signal) {
    return signal.domain() == null ? NO_DOMAIN : signal.domain();
  }

  /** Refuses to write over something, before anything is recorded. */
  void checkFree() throws IOException {
    for (Table each : all) {
      boolean isUnfinished = !Recordings.unfinished(each.file).isEmpty();
      if (isUnfinished || (!overwrites && Files.exists(each.file))) {
        throw new FileAlreadyExistsException(each.file.toString());
      }
    }
  }

  List<Path> files() {
    return files;
  }

  /** How many bytes the files have by now. */
  long bytes() {
    return all.stream().mapToLong(each -> each.recording.bytes()).sum();
  }

  @Override
  public void begin() {}

  @Override
  public int block(String signalId, SampleBlock block, int wanted) throws IOException {
    Table table = tables.get(signalId);
    boolean isBehind = table.endRow <= block.row();
    int count = isBehind ? 0 : (int) Math.min(wanted, table.endRow - block.row());
    table.describe(block.signal());
    long row = block.row();
    if (count == 0) {
      return 0;
    }
    ByteBuffer samples = block.payload();
    samples.limit(samples.position() + samples.remaining() / block.count() * count);
    if (block.signal().domain() == null) {
      table.recording.onLine(signalId, row, count, row, 1, samples);
    } else if (!block.hasTicks()) {
      table.recording.hole(new RecordingHole(signalId, "untimed", row, row + count, false, 0, 0));
    } else if (block.isOnLine()) {
      table.recording.onLine(signalId, row, count, block.tick(0), block.deltaTicks(), samples);
    } else {
      long[] ticks = Arrays.copyOf(block.ticks(), count);
      table.recording.stamped(signalId, row, ticks, samples);
    }
    sync();
    return count;
  }

  @Override
  public void gap(String signalId, Gap gap) throws IOException {
    tables
        .get(signalId)
        .recording
        .hole(
            new RecordingHole(
                signalId,
                gap.reason().name().toLowerCase(Locale.ROOT),
                gap.fromRow(),
                gap.toRow(),
                gap.isTimeKnown(),
                gap.fromTick(),
                gap.toTick()));
  }

  /** The last rows are completed, as far as that takes no time. */
  @Override
  public boolean finish() {
    for (Table each : all) {
      each.endRow = Math.min(each.endRow, each.recording.endRow());
    }
    return all.stream().anyMatch(each -> each.recording.isWaiting());
  }

  @Override
  public void idle() throws IOException {
    sync();
  }

  /** What is on the disk is never more than about a second behind. */
  private void sync() throws IOException {
    long now = System.nanoTime();
    if (now - polledNanos >= POLL_NANOS) {
      polledNanos = now;
      for (Table each : all) {
        each.recording.poll();
      }
    }
    if (now - syncedNanos >= SYNC_NANOS) {
      syncedNanos = now;
      for (Table each : all) {
        each.recording.sync();
      }
    }
  }

  @Override
  public void end() throws IOException {
    for (Table each : all) {
      each.recording.finish();
    }
  }

  @Override
  public void close() {
    all.forEach(each -> each.recording.close());
  }
}
