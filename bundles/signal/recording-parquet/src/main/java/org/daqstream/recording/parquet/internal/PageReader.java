/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.parquet.internal;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.PageHeader;

/** The pages of a column of a row group, one in memory at a time. */
final class PageReader {
  private static final int LEAST_WINDOW = 64 << 10;
  private static final int LARGEST_HEADER = 16 << 20;
  private static final long LARGEST_PAGE =
      Math.min(256L << 20, Runtime.getRuntime().maxMemory() / 4);
  private static final int SLICE_BYTES = 256 << 10;

  private final FileChannel channel;
  private final CompressionCodec codec;
  private final long end;
  private long at; // of the next header
  private byte[] window = {};
  private long windowAt;
  private int windowSize;
  private long bodyAt;
  private int bodySize;
  private PageHeader header;
  private byte[] plain = {};

  PageReader(FileChannel channel, ColumnMetaData meta, long fileBytes) throws IOException {
    this.channel = channel;
    codec = meta.getCodec();
    long first = meta.getData_page_offset();
    boolean hasDictionary =
        meta.isSetDictionary_page_offset()
            && meta.getDictionary_page_offset() > 0
            && meta.getDictionary_page_offset() < first;
    at = hasDictionary ? meta.getDictionary_page_offset() : first;
    long size = meta.getTotal_compressed_size();
    if (at < 0 || size < 0 || size > fileBytes || at > fileBytes - size) {
      throw new IOException("pages at %s of %s bytes in %s".formatted(at, size, fileBytes));
    }
    end = at + size;
  }

  /** Bytes of the file, from a place in the {@link #window} on. */
  private int read(long from, int count, int ahead) throws IOException {
    if (from >= windowAt && from + count <= windowAt + windowSize) {
      return (int) (from - windowAt);
    }
    int size = (int) Math.min(Math.max(count, ahead), end - from);
    if (size < count) {
      throw new IOException("a page of %s bytes where there are %s".formatted(count, size));
    }
    int kept = 0;
    byte[] target = window.length >= size ? window : new byte[size];
    if (from >= windowAt && from < windowAt + windowSize) {
      kept = (int) (windowAt + windowSize - from);
      System.arraycopy(window, (int) (from - windowAt), target, 0, kept);
    }
    window = target;
    windowAt = from;
    windowSize = kept;
    while (windowSize < size) {
      int step = Math.min(SLICE_BYTES, size - windowSize);
      int got = channel.read(ByteBuffer.wrap(window, windowSize, step), from + windowSize);
      if (got <= 0) {
        throw new IOException("the file is cut off");
      }
      windowSize += got;
    }
    return 0;
  }

  /** The head of the next page, {@code null} at the end. */
  PageHeader next() throws IOException {
    if (at >= end) {
      return null;
    }
    int ahead = Math.max(LEAST_WINDOW, bodySize + LEAST_WINDOW / Long.BYTES);
    int size = (int) Math.min(LEAST_WINDOW, end - at);
    while (true) {
      int place = read(at, size, ahead);
      ByteBuffer in = ByteBuffer.wrap(window, place, size);
      try {
        header = Thrift.get(in, new PageHeader());
        bodyAt = at + in.position() - place;
        break;
      } catch (IOException | BufferUnderflowException e) {
        if (size == end - at || size >= LARGEST_HEADER) {
          throw e;
        }
        size = (int) Math.min(size * 8L, end - at);
      }
    }
    bodySize = header.getCompressed_page_size();
    int plainBytes = header.getUncompressed_page_size();
    if (bodySize < 0 || bodySize > end - bodyAt || plainBytes < 0 || plainBytes > LARGEST_PAGE) {
      throw new IOException("a page of %s bytes, %s plain".formatted(bodySize, plainBytes));
    }
    at = bodyAt + bodySize;
    return header;
  }

  /**
   * The body of the page, decompressed: its bytes begin at 0. Gone with the next page.
   *
   * @param levelBytes how many in front are never compressed
   */
  Body body(int levelBytes, boolean isCompressed) throws IOException {
    int place = read(bodyAt, bodySize, bodySize);
    if (header.isSetCrc()) {
      CRC32 crc = new CRC32();
      crc.update(window, place, bodySize);
      if ((int) crc.getValue() != header.getCrc()) {
        throw new IOException("a page whose checksum is wrong");
      }
    }
    if (levelBytes < 0 || levelBytes > Math.min(bodySize, header.getUncompressed_page_size())) {
      throw new IOException("levels of " + levelBytes + " bytes in a page of " + bodySize);
    }
    if (!isCompressed || codec == CompressionCodec.UNCOMPRESSED) {
      return new Body(window, place, place + levelBytes, place + bodySize);
    }
    int size = header.getUncompressed_page_size() - levelBytes;
    if (plain.length != size) {
      plain = new byte[size];
    }
    if (size > 0) {
      Decompression.decompress(codec, window, place + levelBytes, bodySize - levelBytes, plain);
    }
    if (levelBytes == 0) {
      return new Body(plain, 0, 0, size);
    }
    return new Body(plain, 0, 0, size, window, place);
  }

  /** What is in a page. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Body(byte[] data, int from, int values, int end, byte[] levels, int levelsFrom) {
    Body(byte[] data, int from, int values, int end) {
      this(data, from, values, end, data, from);
    }
  }
}
