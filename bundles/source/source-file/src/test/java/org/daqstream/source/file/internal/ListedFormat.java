/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.file.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.daqstream.recording.api.RecordingFormat;
import org.daqstream.recording.api.RecordingHole;
import org.daqstream.recording.api.RecordingPart;
import org.daqstream.recording.api.RecordingReader;
import org.daqstream.recording.api.RecordingRepair;
import org.daqstream.recording.api.RecordingSummary;
import org.daqstream.recording.api.RecordingWriter;
import org.daqstream.recording.api.RowBlock;
import org.daqstream.signal.api.SignalDescriptor;

/** A format whose files are lists in memory; on the disk are empty ones with their names. */
final class ListedFormat implements RecordingFormat {
  /** Samples of each column in consecutive rows; {@code null} where there are none. */
  static final class Rows implements RowBlock {
    private final long row;
    private final long[] ticks;
    private final long deltaTicks;
    private final byte[][][] columns;

    Rows(long row, long[] ticks, long deltaTicks, byte[][][] columns) {
      this.row = row;
      this.ticks = ticks;
      this.deltaTicks = deltaTicks;
      this.columns = columns;
    }

    @Override
    public long row() {
      return row;
    }

    @Override
    public long deltaTicks() {
      return deltaTicks;
    }

    @Override
    public int count() {
      return ticks.length;
    }

    @Override
    public boolean isOnLine() {
      return deltaTicks > 0;
    }

    @Override
    public long tick(int index) {
      return ticks[index];
    }

    @Override
    public ByteBuffer samples(int column) {
      if (columns[column] == null) {
        return null;
      }
      ByteBuffer all = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
      all.putInt(-1); // they need not begin at 0
      for (byte[] sample : columns[column]) {
        all.put(sample);
      }
      return all.flip().position(Integer.BYTES);
    }

    @Override
    public int sampleBytes(int column, int index) {
      return columns[column][index].length;
    }
  }

  private record Content(RecordingPart part, List<Rows> rows) {}

  private final Map<Path, Content> contents = new HashMap<>();

  /** Puts a file of this format into a folder. */
  Path file(
      Path folder,
      String name,
      SignalDescriptor domain,
      List<SignalDescriptor> signals,
      Rows... rows)
      throws IOException {
    Path file = Files.write(folder.resolve(name), new byte[1]);
    contents.put(file, new Content(new RecordingPart(domain, signals, Map.of()), List.of(rows)));
    return file;
  }

  /** Consecutive rows on a line of some columns. */
  static Rows line(long row, long tick, long delta, byte[][]... columns) {
    long[] ticks = new long[columns[0].length];
    for (int i = 0; i < ticks.length; i++) {
      ticks[i] = tick + i * delta;
    }
    return new Rows(row, ticks, delta, columns);
  }

  /** Samples of one byte. */
  static byte[][] bytes(int... values) {
    byte[][] samples = new byte[values.length][];
    for (int i = 0; i < values.length; i++) {
      samples[i] = new byte[] {(byte) values[i]};
    }
    return samples;
  }

  @Override
  public RecordingReader open(Path file) throws IOException {
    Content content = contents.get(file);
    return new RecordingReader() {
      private List<Rows> left = new ArrayList<>(content.rows());

      @Override
      public RecordingPart part() {
        return content.part();
      }

      @Override
      public List<RecordingHole> holes() {
        return List.of();
      }

      @Override
      public RowBlock next() {
        return left.isEmpty() ? null : left.remove(0);
      }

      @Override
      public void seek(long tick) {
        left = new ArrayList<>();
        for (Rows each : content.rows()) {
          if (each.ticks[each.count() - 1] >= tick) {
            left.add(left.isEmpty() ? from(each, tick) : each);
          }
        }
      }

      @Override
      public void close() {}
    };
  }

  private static Rows from(Rows rows, long tick) {
    int first = 0;
    while (rows.ticks[first] < tick) {
      first++;
    }
    byte[][][] columns = new byte[rows.columns.length][][];
    for (int i = 0; i < columns.length; i++) {
      byte[][] all = rows.columns[i];
      columns[i] = all == null ? null : Arrays.copyOfRange(all, first, all.length);
    }
    return new Rows(
        rows.row() + first,
        Arrays.copyOfRange(rows.ticks, first, rows.count()),
        rows.deltaTicks,
        columns);
  }

  @Override
  public RecordingWriter create(Path file, RecordingPart part) {
    throw new UnsupportedOperationException();
  }

  @Override
  public RecordingRepair repair(Path file) {
    throw new UnsupportedOperationException();
  }

  @Override
  public RecordingSummary describe(Path file) {
    throw new UnsupportedOperationException();
  }
}
