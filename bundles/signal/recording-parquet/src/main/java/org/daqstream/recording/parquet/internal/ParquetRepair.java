/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.parquet.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.KeyValue;
import org.apache.parquet.format.RowGroup;
import org.daqstream.recording.api.RecordingProgress;
import org.daqstream.recording.api.RowBlock;
import org.daqstream.recording.format.support.RecordingFacts;
import org.daqstream.recording.format.support.WorkingFiles;
import org.daqstream.recording.parquet.internal.RecordFile.Entry;
import org.daqstream.recording.parquet.internal.RecordFile.Kind;

/**
 * Makes a file of the records that are whole. Rows of the write-ahead file, which has a small row
 * group for each second, become large ones.
 */
final class ParquetRepair {
  private final WorkingFiles files;
  private final List<Entry> groups = new ArrayList<>();
  private final List<String> holes = new ArrayList<>();
  private FileMetaData head;
  private long rows;
  private long droppedBytes;
  private final RecordingProgress progress;
  private final long allBytes;

  private ParquetRepair(WorkingFiles files, RecordingProgress progress) throws IOException {
    this.files = files;
    this.progress = progress;
    long walBytes = Files.exists(files.wal()) ? Files.size(files.wal()) : 0;
    allBytes = Files.size(files.part()) + walBytes;
  }

  /** See {@link WorkingFiles.Mending}. */
  static long mend(WorkingFiles files, FileChannel channel, RecordingProgress progress)
      throws IOException {
    ParquetRepair repair = new ParquetRepair(files, progress);
    repair.mend(RecordFile.open(channel, Footer.MAGIC.length));
    return repair.droppedBytes;
  }

  private void mend(RecordFile part) throws IOException {
    scan(part);
    if (head == null) {
      throw new IOException(files.part() + " was just begun, nothing is in it");
    }
    droppedBytes = part.channel().size() - part.size();
    part.truncate();
    if (Files.exists(files.wal())) {
      try (FileChannel wal = FileChannel.open(files.wal(), StandardOpenOption.READ)) {
        appendAll(RecordFile.open(wal, 0), part);
      }
    }
    List<KeyValue> facts = new ArrayList<>(head.getKey_value_metadata());
    facts.add(
        Facts.pair(
            RecordingFacts.HOLES, holes.stream().collect(Collectors.joining(",", "[", "]"))));
    facts.add(Facts.pair("daqstream.repaired", "true"));
    Footer.write(part, Footer.head(head.getSchema(), facts), groups);
  }

  private void scan(RecordFile part) throws IOException {
    for (Entry entry = part.next(); entry != null; entry = part.next()) {
      switch (entry.kind()) {
        case SCHEMA -> head = head(part.read(entry.dataOffset(), (int) entry.dataBytes()));
        case ROWS -> add(entry);
        case NOTES -> note(part.read(entry.dataOffset(), (int) entry.dataBytes()));
      }
      progress.at(part.size(), allBytes);
    }
  }

  private static FileMetaData head(byte[] bytes) throws IOException {
    return Thrift.get(ByteBuffer.wrap(bytes), new FileMetaData());
  }

  private void note(byte[] array) {
    String json = new String(array, UTF_8);
    holes.add(json.substring(1, json.length() - 1));
  }

  private void add(Entry entry) {
    groups.add(entry);
    rows += entry.rows();
  }

  /** What is in the write-ahead file and, unless it was the end that failed, in no row group. */
  private void appendAll(RecordFile wal, RecordFile part) throws IOException {
    List<RowGroup> pending = new ArrayList<>();
    long bytes = 0;
    long nextRow = rows;
    long partBytes = part.size();
    for (Entry entry = wal.next(); entry != null; entry = wal.next()) {
      progress.at(Math.min(partBytes + wal.size(), allBytes), allBytes);
      if (entry.kind() != Kind.ROWS || entry.firstRow() != nextRow) {
        continue;
      }
      RowGroup group = Thrift.get(ByteBuffer.wrap(wal.readMeta(entry)), new RowGroup());
      if (!pending.isEmpty() && bytes + group.getTotal_byte_size() > GroupBudget.MOST_BYTES) {
        appendGroup(pending, part);
        pending.clear();
        bytes = 0;
      }
      pending.add(group);
      bytes += group.getTotal_byte_size();
      nextRow += entry.rows();
    }
    if (!pending.isEmpty()) {
      appendGroup(pending, part);
    }
    droppedBytes += wal.channel().size() - wal.size();
  }

  /**
   * Makes one row group of some. Each is whole or not there: when mending is interrupted and done
   * again, the rest of the write-ahead file begins at one of its own.
   */
  private void appendGroup(List<RowGroup> pending, RecordFile part) throws IOException {
    FileMetaData footer = Footer.head(head.getSchema(), head.getKey_value_metadata());
    footer.setRow_groups(pending);
    try (ParquetReader reader = new ParquetReader(files.wal(), footer, false);
        ChunkEncoder encoder = new ChunkEncoder()) {
      RowBuffer all = new RowBuffer(reader.part());
      for (RowBlock block = reader.next(); block != null; block = reader.next()) {
        all.add(block);
      }
      add(encoder.append(all, 0, part, rows));
    }
  }
}
