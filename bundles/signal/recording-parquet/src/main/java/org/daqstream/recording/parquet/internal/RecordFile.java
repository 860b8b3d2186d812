/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.parquet.internal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32;

/**
 * A working file: records that are whole or not at all, each with a head that tells its size and
 * checksums. Behind the head stand the pages of a row group, behind these what a footer says of
 * them; readers of Parquet find the pages and never look at what is between. One thread.
 */
final class RecordFile implements Closeable {
  /** What a record holds. */
  enum Kind {
    /** What a footer without row groups would say. */
    SCHEMA('S'),
    /** Pages of rows. */
    ROWS('R'),
    /** Holes. */
    NOTES('N');

    private final int code;

    Kind(char code) {
      this.code = code;
    }

    private static Kind of(int code) throws IOException {
      for (Kind each : values()) {
        if (each.code == code) {
          return each;
        }
      }
      throw new IOException("a record of kind " + code + ", as only a newer version knows");
    }
  }

  /**
   * A record.
   *
   * @param firstRow how many rows of the file are before it
   * @param dataOffset where in the file the pages begin
   */
  record Entry(
      Kind kind, long firstRow, long rows, long dataOffset, long dataBytes, int metaBytes) {
    long metaOffset() {
      return dataOffset + dataBytes;
    }

    long end() {
      return metaOffset() + metaBytes;
    }
  }

  static final int HEAD_BYTES = 44;
  private static final int MAGIC = 0x31515144; // "DQQ1"
  private static final int SLICE_BYTES = 256 << 10;

  private final FileChannel channel;
  private long size;

  private RecordFile(FileChannel channel, long size) {
    this.channel = channel;
    this.size = size;
  }

  /** A new file with a few bytes in front of its records. */
  static RecordFile create(FileChannel channel, byte[] prefix) throws IOException {
    RecordFile file = new RecordFile(channel, 0);
    file.write(prefix, 0, prefix.length);
    return file;
  }

  /** A file with records in it; reading begins behind its prefix. */
  static RecordFile open(FileChannel channel, int prefixBytes) throws IOException {
    return new RecordFile(channel, Math.min(prefixBytes, channel.size()));
  }

  FileChannel channel() {
    return channel;
  }

  /** Where the next record begins. */
  long size() {
    return size;
  }

  /** Where the pages of the next record will begin. */
  long nextDataOffset() {
    return size + HEAD_BYTES;
  }

  Entry append(Kind kind, long firstRow, long rows, Bytes data, Bytes meta) throws IOException {
    Entry entry = new Entry(kind, firstRow, rows, nextDataOffset(), data.size(), meta.size());
    ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    head.putInt(MAGIC).putInt(kind.code).putLong(firstRow).putLong(rows);
    head.putLong(data.size()).putInt(meta.size());
    CRC32 crc = new CRC32();
    crc.update(data.array(), 0, data.size());
    crc.update(meta.array(), 0, meta.size());
    head.putInt((int) crc.getValue());
    head.putInt(headSum(head.array()));
    long before = size;
    try {
      write(head.array(), 0, HEAD_BYTES);
      write(data.array(), 0, data.size());
      write(meta.array(), 0, meta.size());
    } catch (IOException e) {
      size = before;
      truncate(e);
      throw e;
    }
    return entry;
  }

  private void truncate(IOException why) {
    try {
      channel.truncate(size);
    } catch (IOException e) {
      why.addSuppressed(e); // the checksum will tell that it is not whole
    }
  }

  private static int headSum(byte[] head) {
    CRC32 crc = new CRC32();
    crc.update(head, 0, HEAD_BYTES - Integer.BYTES);
    return (int) crc.getValue();
  }

  /** Appends bytes that are no record, in slices: for larger ones Java would keep large buffers. */
  void write(byte[] bytes, int offset, int count) throws IOException {
    for (int done = 0; done < count; ) {
      ByteBuffer slice = ByteBuffer.wrap(bytes, offset + done, Math.min(SLICE_BYTES, count - done));
      int written = channel.write(slice, size);
      size += written;
      done += written;
    }
  }

  /** The next whole record, {@code null} when there is none; to be called until then. */
  Entry next() throws IOException {
    byte[] bytes = read(size, HEAD_BYTES);
    ByteBuffer head = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.length < HEAD_BYTES
        || head.getInt() != MAGIC
        || head.getInt(HEAD_BYTES - Integer.BYTES) != headSum(bytes)) {
      return null;
    }
    Kind kind = Kind.of(head.getInt());
    Entry entry =
        new Entry(
            kind, head.getLong(), head.getLong(), size + HEAD_BYTES, head.getLong(), head.getInt());
    if (entry.end() > channel.size() || sum(entry) != head.getInt()) {
      return null;
    }
    size = entry.end();
    return entry;
  }

  private int sum(Entry entry) throws IOException {
    CRC32 crc = new CRC32();
    for (long at = entry.dataOffset(); at < entry.end(); at += SLICE_BYTES) {
      crc.update(read(at, (int) Math.min(SLICE_BYTES, entry.end() - at)));
    }
    return (int) crc.getValue();
  }

  /** Some bytes, fewer where the file ends. */
  byte[] read(long at, int count) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate((int) Math.max(0, Math.min(count, channel.size() - at)));
    while (bytes.hasRemaining() && channel.read(bytes, at + bytes.position()) >= 0) {}
    return bytes.array();
  }

  byte[] readMeta(Entry entry) throws IOException {
    return read(entry.metaOffset(), entry.metaBytes());
  }

  /** Takes away everything behind the last whole record. */
  void truncate() throws IOException {
    channel.truncate(size);
  }

  /** Takes away all records of a file without a prefix. */
  void clear() throws IOException {
    size = 0;
    channel.truncate(0);
  }

  void force() throws IOException {
    channel.force(false);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
