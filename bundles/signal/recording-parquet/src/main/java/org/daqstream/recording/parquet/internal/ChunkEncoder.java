/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.parquet.internal;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.DataPageHeaderV2;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.RowGroup;

/** Makes row groups of rows, a chunk of pages of each column. One thread. */
final class ChunkEncoder implements AutoCloseable {
  private static final int LEVEL = 1;

  /** What is hardly smaller when compressed is stored as it is: readers need not decompress it. */
  private static final double WORTH_IT = 0.97;

  private final ZstdCompressCtx zstd = new ZstdCompressCtx();
  private final Bytes levels = new Bytes();
  private final Bytes scratch = new Bytes();
  private final Bytes compressed = new Bytes();
  private final Bytes data = new Bytes();
  private final Bytes meta = new Bytes();

  ChunkEncoder() {
    zstd.setLevel(LEVEL);
  }

  /**
   * Appends a record with a row group.
   *
   * @param fromRow of {@code rows} the first one that belongs to it
   * @param firstRow how many rows of the file are before it
   */
  RecordFile.Entry append(RowBuffer rows, int fromRow, RecordFile file, long firstRow)
      throws IOException {
    data.clear();
    meta.clear();
    List<ColumnChunk> chunks = new ArrayList<>();
    long offset = file.nextDataOffset();
    long plain = 0;
    for (PendingColumn each : rows.chunks()) {
      ColumnChunk chunk = encode(each, fromRow, rows.count(), data, offset);
      plain += chunk.getMeta_data().getTotal_uncompressed_size();
      chunks.add(chunk);
    }
    int count = rows.count() - fromRow;
    RowGroup group = new RowGroup(chunks, plain, count);
    group.setFile_offset(offset);
    group.setTotal_compressed_size(data.size());
    Thrift.put(meta, group);
    return file.append(RecordFile.Kind.ROWS, firstRow, count, data, meta);
  }

  /**
   * Appends the pages of some rows.
   *
   * @param fileOffset where in the file the beginning of {@code out} will be
   */
  private ColumnChunk encode(
      PendingColumn chunk, int fromRow, int toRow, Bytes out, long fileOffset) throws IOException {
    Leaf leaf = chunk.leaf();
    long first = fileOffset + out.size();
    long values = 0;
    long plainBytes = 0;
    int rowsPerPage = chunk.rowsPerPage();
    for (int row = fromRow; row < toRow; row += rowsPerPage) {
      PageHeader header = page(chunk, row, Math.min(toRow, row + rowsPerPage), out);
      values += header.getData_page_header_v2().getNum_values();
      plainBytes += header.getUncompressed_page_size();
    }
    long bytes = fileOffset + out.size() - first;
    ColumnMetaData data =
        new ColumnMetaData(
            leaf.type(),
            List.of(chunk.encoding(), Encoding.RLE),
            leaf.path(),
            CompressionCodec.ZSTD,
            values,
            Math.max(plainBytes, bytes),
            bytes,
            first);
    data.setStatistics(chunk.statistics(fromRow, toRow));
    ColumnChunk made = new ColumnChunk(first);
    made.setMeta_data(data);
    return made;
  }

  private PageHeader page(PendingColumn chunk, int fromRow, int toRow, Bytes out)
      throws IOException {
    Leaf leaf = chunk.leaf();
    Presence presence = chunk.presence();
    int repetitionBytes = levels(leaf, presence, fromRow, toRow);
    scratch.clear();
    PendingColumn.Slice slice = chunk.values(fromRow, toRow, scratch);
    int size = compress(slice);
    boolean isWorthIt = size < slice.length() * WORTH_IT;
    int rows = toRow - fromRow;
    int present = presence.presentBefore(toRow) - presence.presentBefore(fromRow);
    DataPageHeaderV2 data =
        new DataPageHeaderV2(
            present * leaf.elements() + rows - present,
            rows - present,
            rows,
            chunk.encoding(),
            levels.size() - repetitionBytes,
            repetitionBytes);
    data.setIs_compressed(isWorthIt);
    PageHeader header =
        new PageHeader(
            PageType.DATA_PAGE_V2,
            levels.size() + slice.length(),
            levels.size() + (isWorthIt ? size : slice.length()));
    header.setData_page_header_v2(data);
    byte[] body = isWorthIt ? compressed.array() : slice.array();
    int from = isWorthIt ? 0 : slice.offset();
    int length = isWorthIt ? size : slice.length();
    header.setCrc(checksum(body, from, length));
    Thrift.put(out, header);
    out.write(levels.array(), 0, levels.size());
    out.write(body, from, length);
    return header;
  }

  /** Writes those of a page, and tells how many bytes are of repetitions. */
  private int levels(Leaf leaf, Presence presence, int fromRow, int toRow) {
    levels.clear();
    if (leaf.maxRepetition() > 0) {
      Levels.repetition(levels, presence, fromRow, toRow, leaf);
    }
    int repetitionBytes = levels.size();
    if (leaf.maxDefinition() > 0) {
      Levels.definition(levels, presence, fromRow, toRow, leaf);
    }
    return repetitionBytes;
  }

  /** Of a page's levels and values as they are in the file. */
  private int checksum(byte[] body, int from, int length) {
    CRC32 crc = new CRC32();
    crc.update(levels.array(), 0, levels.size());
    crc.update(body, from, length);
    return (int) crc.getValue();
  }

  private int compress(PendingColumn.Slice slice) {
    int bound = (int) Zstd.compressBound(slice.length());
    compressed.clear();
    compressed.reserve(bound);
    return zstd.compressByteArray(
        compressed.array(), 0, bound, slice.array(), slice.offset(), slice.length());
  }

  @Override
  public void close() {
    zstd.close();
  }
}
