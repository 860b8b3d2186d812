/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.parquet.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.parquet.format.ColumnOrder;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.KeyValue;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.TypeDefinedOrder;

/**
 * What makes a Parquet file of a working file. What it says of row groups is copied from the
 * records, so that however many there are the memory is the same.
 */
final class Footer {
  static final byte[] MAGIC = {'P', 'A', 'R', '1'};
  private static final int TAIL_BYTES = 8;
  private static final int VERSION = 2;
  private static final int SLICE_BYTES = 64 << 10;

  private Footer() {}

  /** A footer without row groups. */
  static FileMetaData head(List<SchemaElement> schema, List<KeyValue> facts) {
    FileMetaData head = new FileMetaData(VERSION, schema, 0, new ArrayList<>());
    head.setKey_value_metadata(facts);
    head.setCreated_by("daqstream version 0.1.0");
    return head;
  }

  /**
   * Appends the footer.
   *
   * @param head what {@link #head} made
   * @param groups the records of the row groups
   */
  static void write(RecordFile file, FileMetaData head, List<RecordFile.Entry> groups)
      throws IOException {
    long begin = file.size();
    Bytes out = new Bytes();
    Thrift.intField(out, head.getVersion());
    Thrift.listField(out, head.getSchemaSize());
    int leaves = 0;
    for (SchemaElement each : head.getSchema()) {
      Thrift.put(out, each);
      leaves += each.isSetType() ? 1 : 0;
    }
    Thrift.longField(out, groups.stream().mapToLong(RecordFile.Entry::rows).sum());
    Thrift.listField(out, groups.size());
    for (RecordFile.Entry each : groups) {
      byte[] meta = file.readMeta(each);
      out.write(meta, 0, meta.length);
      if (out.size() > SLICE_BYTES) {
        flush(file, out);
      }
    }
    Thrift.listField(out, head.getKey_value_metadataSize());
    for (KeyValue each : head.getKey_value_metadata()) {
      Thrift.put(out, each);
    }
    Thrift.textField(out, head.getCreated_by());
    Thrift.listField(out, leaves);
    for (int i = 0; i < leaves; i++) {
      Thrift.put(out, ColumnOrder.TYPE_ORDER(new TypeDefinedOrder()));
    }
    Thrift.end(out);
    flush(file, out);
    long bytes = file.size() - begin;
    if (bytes > Integer.MAX_VALUE) {
      throw new IOException("the file has too many row groups for a Parquet footer");
    }
    out.putInt((int) bytes);
    out.write(MAGIC, 0, MAGIC.length);
    flush(file, out);
  }

  private static void flush(RecordFile file, Bytes out) throws IOException {
    file.write(out.array(), 0, out.size());
    out.clear();
  }

  /** That of a finished file. */
  static FileMetaData read(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      long size = channel.size();
      ByteBuffer tail = ByteBuffer.allocate(TAIL_BYTES).order(ByteOrder.LITTLE_ENDIAN);
      if (size < TAIL_BYTES + MAGIC.length
          || channel.read(tail, size - TAIL_BYTES) < TAIL_BYTES
          || !Arrays.equals(tail.array(), MAGIC.length, TAIL_BYTES, MAGIC, 0, MAGIC.length)) {
        throw new IOException(path + " is no finished Parquet file");
      }
      int bytes = tail.getInt(0);
      if (bytes < 0 || bytes > size - TAIL_BYTES - MAGIC.length) {
        throw new IOException(path + " has a Parquet footer of " + bytes + " bytes");
      }
      ByteBuffer footer = ByteBuffer.allocate(bytes);
      long at = size - TAIL_BYTES - bytes;
      while (footer.hasRemaining() && channel.read(footer, at + footer.position()) >= 0) {}
      try {
        return Thrift.get(footer.flip(), new FileMetaData());
      } catch (IOException | RuntimeException e) {
        throw new IOException(path + " has a footer that cannot be read: " + e.getMessage(), e);
      }
    }
  }
}
