/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.parquet.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.KeyValue;
import org.daqstream.recording.api.RecordingHole;
import org.daqstream.recording.api.RecordingPart;
import org.daqstream.recording.api.RecordingWriter;
import org.daqstream.recording.api.RowBlock;
import org.daqstream.recording.format.support.RecordingFacts;
import org.daqstream.recording.format.support.WorkingFiles;
import org.daqstream.recording.parquet.internal.RecordFile.Kind;

/**
 * Collects rows in memory until they are worth a row group; what is synced before that goes to the
 * write-ahead file, as small row groups that a repair can append. See {@link WorkingFiles}.
 */
final class ParquetWriter implements RecordingWriter {
  /** When synced, what is there is a row group if it has this size and is worth its footer. */
  private static final long LEAST_GROUP_BYTES = 4 << 20;

  private static final int LEAST_CHUNK_BYTES = 8 << 10;

  private final WorkingFiles files;
  private final RecordFile part;
  private final FileMetaData head;
  private final List<RecordFile.Entry> groups = new ArrayList<>();
  private final RowBuffer rows;
  private final ChunkEncoder encoder = new ChunkEncoder();
  private final List<RecordingHole> holes = new ArrayList<>();
  private final Bytes data = new Bytes();
  private final Bytes meta = new Bytes();
  private final GroupBudget budget;
  private boolean hasLeft;
  private RecordFile wal;
  private long groupedRows;
  private int syncedRows; // of those that are in no row group
  private int notedHoles;
  private boolean isFailed;

  ParquetWriter(WorkingFiles files, FileChannel channel, RecordingPart recorded, GroupBudget budget)
      throws IOException {
    this.files = files;
    rows = new RowBuffer(recorded);
    head = Footer.head(rows.schema().elements(), Facts.of(recorded, rows.schema()));
    part = RecordFile.create(channel, Footer.MAGIC);
    Thrift.put(data, head);
    part.append(Kind.SCHEMA, 0, 0, data, meta);
    part.force();
    this.budget = budget;
    budget.enter();
  }

  @Override
  public void write(RowBlock block) throws IOException {
    check();
    rows.add(block);
    if (rows.bytes() >= budget.groupBytes()) {
      guarded(this::writeGroup);
    }
  }

  @Override
  public void hole(RecordingHole hole) {
    holes.add(hole);
  }

  /** Something that goes to the disk. */
  private interface Writing {
    void run() throws IOException;
  }

  private void check() throws IOException {
    if (isFailed) {
      throw new IOException(files.part() + " failed before");
    }
  }

  private void guarded(Writing writing) throws IOException {
    check();
    isFailed = true;
    writing.run();
    isFailed = false;
  }

  private RecordFile.Entry append(RecordFile file, long firstRow, int fromRow) throws IOException {
    return encoder.append(rows, fromRow, file, firstRow);
  }

  private void writeGroup() throws IOException {
    if (rows.count() == 0) {
      return;
    }
    groups.add(append(part, groupedRows, 0));
    groupedRows += rows.count();
    rows.clear();
    if (syncedRows > 0) {
      part.force(); // before the other copy goes
      wal.clear();
      syncedRows = 0;
    }
  }

  private long leastGroupBytes() {
    long least = Math.max(LEAST_GROUP_BYTES, (long) LEAST_CHUNK_BYTES * rows.chunks().size());
    return Math.min(budget.groupBytes(), least);
  }

  private void writeHoles() throws IOException {
    if (notedHoles < holes.size()) {
      data.clear();
      meta.clear();
      List<RecordingHole> more = holes.subList(notedHoles, holes.size());
      data.write(RecordingFacts.textOf(more).getBytes(UTF_8));
      part.append(Kind.NOTES, groupedRows, 0, data, meta);
      notedHoles = holes.size();
    }
  }

  @Override
  public void sync() throws IOException {
    guarded(
        () -> {
          writeHoles();
          boolean isWalLarge = wal != null && wal.size() >= budget.groupBytes();
          if (rows.bytes() >= leastGroupBytes() || isWalLarge) {
            writeGroup();
          } else if (rows.count() > syncedRows) {
            if (wal == null) {
              wal = RecordFile.create(WorkingFiles.create(files.wal()), new byte[0]);
            }
            append(wal, groupedRows + syncedRows, syncedRows);
            wal.force();
            syncedRows = rows.count();
          }
          part.force();
        });
  }

  @Override
  public void finish() throws IOException {
    guarded(
        () -> {
          writeHoles();
          writeGroup();
          List<KeyValue> facts = new ArrayList<>(head.getKey_value_metadata());
          facts.add(Facts.pair(RecordingFacts.HOLES, RecordingFacts.textOf(holes)));
          Footer.write(part, Footer.head(head.getSchema(), facts), groups);
          part.force();
          files.finish();
        });
    close();
    isFailed = true; // nothing more is taken
  }

  @Override
  public long bytes() {
    // rows that wait will not take more than their values, nor than their write-ahead copy
    return part.size() + (wal == null ? 0 : Math.min(wal.size(), rows.bytes()));
  }

  @Override
  public void close() {
    if (!hasLeft) {
      hasLeft = true;
      budget.leave();
    }
    encoder.close();
    try {
      part.close();
      if (wal != null) {
        wal.close();
      }
    } catch (IOException e) {
      // What was synced is on the disk.
    }
  }
}
