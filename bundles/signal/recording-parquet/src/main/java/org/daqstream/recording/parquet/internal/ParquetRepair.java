/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.parquet.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.KeyValue;
import org.apache.parquet.format.RowGroup;
import org.daqstream.recording.api.RecordingRepair;
import org.daqstream.recording.format.support.RecordingFacts;
import org.daqstream.recording.format.support.WorkingFiles;
import org.daqstream.recording.parquet.internal.RecordFile.Entry;
import org.daqstream.recording.parquet.internal.RecordFile.Kind;

/** Makes a file of the records that are whole. */
final class ParquetRepair {
  private final WorkingFiles files;
  private final List<Entry> groups = new ArrayList<>();
  private final List<String> holes = new ArrayList<>();
  private FileMetaData head;
  private long rows;
  private long droppedBytes;

  private ParquetRepair(WorkingFiles files) {
    this.files = files;
  }

  static RecordingRepair repair(Path any) throws IOException {
    WorkingFiles files = WorkingFiles.of(any);
    if (Files.exists(files.part())) {
      if (Files.exists(files.file())) {
        throw new FileAlreadyExistsException(files.file().toString());
      }
      return new ParquetRepair(files).mend();
    }
    if (!Files.exists(files.file())) {
      throw new NoSuchFileException(files.file().toString());
    }
    FileMetaData whole = Footer.read(files.file());
    Files.deleteIfExists(files.wal()); // all of it is in the file
    return new RecordingRepair(files.file(), false, whole.getNum_rows(), 0);
  }

  private RecordingRepair mend() throws IOException {
    try (RecordFile part = RecordFile.open(files.part(), Footer.MAGIC.length)) {
      if (!WorkingFiles.lock(part.channel())) {
        throw new IOException(files.file() + " is being recorded");
      }
      scan(part);
      if (head == null) {
        throw new IOException(files.part() + " was just begun, nothing is in it");
      }
      droppedBytes = part.channel().size() - part.size();
      part.truncate();
      if (Files.exists(files.wal())) {
        try (RecordFile wal = RecordFile.open(files.wal(), 0)) {
          appendAll(wal, part);
        }
      }
      List<KeyValue> facts = new ArrayList<>(head.getKey_value_metadata());
      facts.add(
          Facts.pair(
              RecordingFacts.HOLES, holes.stream().collect(Collectors.joining(",", "[", "]"))));
      facts.add(Facts.pair("daqstream.repaired", "true"));
      Footer.write(part, Footer.head(head.getSchema(), facts), groups);
      part.force();
      files.finish();
    }
    return new RecordingRepair(files.file(), true, rows, droppedBytes);
  }

  private void scan(RecordFile part) throws IOException {
    for (Entry entry = part.next(); entry != null; entry = part.next()) {
      switch (entry.kind()) {
        case SCHEMA -> head = head(part.read(entry.dataOffset(), (int) entry.dataBytes()));
        case ROWS -> add(entry);
        case NOTES -> note(part.read(entry.dataOffset(), (int) entry.dataBytes()));
      }
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
    Bytes data = new Bytes();
    Bytes meta = new Bytes();
    for (Entry entry = wal.next(); entry != null; entry = wal.next()) {
      if (entry.kind() != Kind.ROWS || entry.firstRow() != rows) {
        continue;
      }
      data.clear();
      meta.clear();
      byte[] pages = wal.read(entry.dataOffset(), (int) entry.dataBytes());
      data.write(pages, 0, pages.length);
      RowGroup group = Thrift.get(ByteBuffer.wrap(wal.readMeta(entry)), new RowGroup());
      move(group, part.nextDataOffset() - entry.dataOffset());
      Thrift.put(meta, group);
      add(part.append(Kind.ROWS, rows, entry.rows(), data, meta));
    }
    droppedBytes += wal.channel().size() - wal.size();
  }

  private static void move(RowGroup group, long by) {
    group.setFile_offset(group.getFile_offset() + by);
    for (ColumnChunk each : group.getColumns()) {
      each.setFile_offset(each.getFile_offset() + by);
      each.getMeta_data().setData_page_offset(each.getMeta_data().getData_page_offset() + by);
    }
  }
}
