/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.parquet.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.daqstream.recording.api.RecordingReader;
import org.daqstream.recording.api.RowBlock;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.testing.AllTypes;

/** Rows as lists: time, tick, row, then the values of the signals; {@code null} is missing. */
final class DecodedRows {
  private DecodedRows() {}

  static List<List<Object>> of(Path file) throws IOException {
    List<Instant> times = times(file);
    List<List<Object>> rows = new ArrayList<>();
    try (RecordingReader reader = new ParquetFormat().open(file)) {
      List<SignalDescriptor> signals = reader.part().signals();
      for (RowBlock block = reader.next(); block != null; block = reader.next()) {
        int[] at = new int[signals.size()];
        for (int i = 0; i < block.count(); i++) {
          List<Object> row = new ArrayList<>();
          row.add(times.get(rows.size()));
          row.add(block.tick(i));
          row.add(block.row() + i);
          for (int s = 0; s < at.length; s++) {
            ByteBuffer samples = block.samples(s);
            int size = samples == null ? 0 : block.sampleBytes(s, i);
            row.add(
                samples == null
                    ? null
                    : AllTypes.expected(
                        signals.get(s), samples.slice(samples.position() + at[s], size)));
            at[s] += size;
          }
          rows.add(row);
        }
      }
    }
    return rows;
  }

  /** What readers of others see as the time. */
  private static List<Instant> times(Path file) throws IOException {
    FileMetaData footer = Footer.read(file);
    FileLeaf time = FileLeaf.of(footer).get(0);
    List<Instant> times = new ArrayList<>();
    try (FileChannel channel = FileChannel.open(file)) {
      for (RowGroup group : footer.getRow_groups()) {
        ColumnCursor cursor =
            new ColumnCursor(
                channel,
                time,
                Leaf.ofAxis(time),
                group.getColumns().get(0).getMeta_data(),
                channel.size());
        for (long left = group.getNum_rows(); left > 0; ) {
          int count = cursor.alike((int) left);
          long[] nanos = new long[count];
          if (cursor.isPresent()) {
            cursor.longs(nanos, count);
          } else {
            cursor.passMissing(count);
          }
          for (long each : nanos) {
            times.add(cursor.isPresent() ? Instant.ofEpochSecond(0, each) : null);
          }
          left -= count;
        }
      }
    }
    return times;
  }
}
