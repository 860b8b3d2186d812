/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recorder.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.daqstream.recording.api.RecordingFormat;
import org.daqstream.recording.api.RecordingHole;
import org.daqstream.recording.api.RecordingPart;
import org.daqstream.recording.api.RecordingReader;
import org.daqstream.recording.api.RecordingRepair;
import org.daqstream.recording.api.RecordingSummary;
import org.daqstream.recording.api.RecordingWriter;
import org.daqstream.recording.api.RowBlock;
import org.daqstream.signal.api.SignalDescriptor;

/** Keeps what is written, and fails or waits when it is told to. */
final class MemoryFormat implements RecordingFormat {
  /** What happens within a call. */
  interface Obstacle {
    void pass() throws IOException;
  }

  /** A sample, with its tick and the first eight bytes of its value. */
  record Sample(long tick, double value) {}

  /** A file. */
  static final class Written {
    final String name;
    final RecordingPart part;
    final Map<String, TreeMap<Long, Sample>> samples = new LinkedHashMap<>();
    final List<RecordingHole> holes = new ArrayList<>();
    final List<String> problems = new ArrayList<>();
    long bytes;
    int syncs;
    int syncedRows;
    int rows;
    boolean isFinished;
    boolean isRepaired;

    Written(String name, RecordingPart part) {
      this.name = name;
      this.part = part;
    }

    String why() {
      return part.facts().getOrDefault("daqstream.part.why", "");
    }

    List<String> ids() {
      return part.signals().stream().map(SignalDescriptor::signalId).toList();
    }
  }

  final List<Written> files = new ArrayList<>();
  volatile Obstacle inCreate = () -> {};
  volatile Obstacle inWrite = () -> {};
  volatile Obstacle inFinish = () -> {};
  volatile Obstacle inRepair = () -> {};
  private final Map<Path, Written> open = new ConcurrentHashMap<>();

  private static Path partOf(Path file) {
    return file.resolveSibling("_" + file.getFileName() + ".part");
  }

  @Override
  public RecordingWriter create(Path file, RecordingPart part) throws IOException {
    inCreate.pass();
    if (Files.exists(file) || Files.exists(partOf(file))) {
      throw new FileAlreadyExistsException(file.toString());
    }
    Files.createFile(partOf(file));
    Written written = new Written(file.getFileName().toString(), part);
    files.add(written);
    open.put(file, written);
    return new Writer(file, written);
  }

  private final class Writer implements RecordingWriter {
    private final Path file;
    private final Written written;

    Writer(Path file, Written written) {
      this.file = file;
      this.written = written;
    }

    @Override
    public void write(RowBlock rows) throws IOException {
      inWrite.pass();
      written.rows += rows.count();
      for (int column = 0; column < written.part.signals().size(); column++) {
        ByteBuffer samples = littleEndian(rows.samples(column));
        if (samples == null) {
          continue;
        }
        written.bytes += samples.remaining();
        TreeMap<Long, Sample> all =
            written.samples.computeIfAbsent(written.ids().get(column), id -> new TreeMap<>());
        int at = samples.position();
        for (int i = 0; i < rows.count(); i++) {
          int size = rows.sampleBytes(column, i);
          double value = size == Double.BYTES ? samples.getDouble(at) : size;
          if (all.put(rows.row() + i, new Sample(rows.tick(i), value)) != null) {
            written.problems.add("row " + (rows.row() + i) + " comes twice");
          }
          at += size;
        }
      }
    }

    private static ByteBuffer littleEndian(ByteBuffer samples) {
      return samples == null ? null : samples.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public void hole(RecordingHole hole) {
      written.holes.add(hole);
    }

    @Override
    public void sync() throws IOException {
      inWrite.pass();
      written.syncs++;
      written.syncedRows = written.rows;
    }

    @Override
    public void finish() throws IOException {
      inFinish.pass();
      Files.write(partOf(file), new byte[(int) written.bytes]);
      Files.move(partOf(file), file);
      written.isFinished = true;
    }

    @Override
    public long bytes() {
      return written.bytes;
    }

    @Override
    public void close() {
      open.remove(file);
    }
  }

  @Override
  public RecordingRepair repair(Path file) throws IOException {
    if (!Files.exists(partOf(file))) {
      if (Files.exists(file)) {
        return new RecordingRepair(file, false, 1, 0);
      }
      throw new NoSuchFileException(file.toString());
    }
    if (open.containsKey(file)) {
      throw new IOException(file + " is being recorded");
    }
    inRepair.pass();
    Files.move(partOf(file), file);
    files.stream()
        .filter(each -> each.name.equals(file.getFileName().toString()))
        .forEach(each -> each.isRepaired = true);
    return new RecordingRepair(file, true, 1, 0);
  }

  @Override
  public RecordingSummary describe(Path file) {
    throw new UnsupportedOperationException();
  }

  @Override
  public RecordingReader open(Path file) {
    throw new UnsupportedOperationException();
  }
}
