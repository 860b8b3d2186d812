/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.parquet.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.luben.zstd.Zstd;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.Arrays;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.DataPageHeaderV2;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Type;

/** The values of a column of a row group. Reads what {@link ChunkEncoder} writes. */
final class ColumnReader {
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private final SchemaElement element;
  private final int maxDefinition;
  private final int maxRepetition;
  private final byte[] definitions;
  private final byte[] repetitions;
  private final Object[] values;
  private int levels;
  private int filled;
  private int level;
  private int value;

  ColumnReader(
      SchemaElement element,
      int maxDefinition,
      int maxRepetition,
      ColumnMetaData data,
      byte[] chunk)
      throws IOException {
    this.element = element;
    this.maxDefinition = maxDefinition;
    this.maxRepetition = maxRepetition;
    int count = (int) data.getNum_values();
    definitions = new byte[count];
    repetitions = new byte[count];
    values = new Object[count];
    ByteBuffer in = ByteBuffer.wrap(chunk);
    while (levels < count) {
      PageHeader header = Thrift.get(in, new PageHeader());
      byte[] page = new byte[header.getCompressed_page_size()];
      in.get(page);
      if (!header.isSetData_page_header_v2()) {
        throw new IOException("pages as only others write them, " + header.getType());
      }
      page(header, page, data.getCodec());
    }
  }

  private void page(PageHeader header, byte[] page, CompressionCodec codec) throws IOException {
    DataPageHeaderV2 data = header.getData_page_header_v2();
    int repetitionBytes = data.getRepetition_levels_byte_length();
    int levelBytes = repetitionBytes + data.getDefinition_levels_byte_length();
    int count = data.getNum_values();
    levels(ByteBuffer.wrap(page, 0, repetitionBytes), repetitions, count, maxRepetition);
    ByteBuffer definition = ByteBuffer.wrap(page, repetitionBytes, levelBytes - repetitionBytes);
    levels(definition, definitions, count, maxDefinition);
    levels += count;
    byte[] plain = Arrays.copyOfRange(page, levelBytes, page.length);
    if (data.isIs_compressed() && codec != CompressionCodec.UNCOMPRESSED) {
      if (codec != CompressionCodec.ZSTD) {
        throw new IOException("compressed as only others do, " + codec);
      }
      plain = Zstd.decompress(plain, header.getUncompressed_page_size() - levelBytes);
    }
    decode(ByteBuffer.wrap(plain).order(ByteOrder.LITTLE_ENDIAN), data);
  }

  private void levels(ByteBuffer in, byte[] target, int count, int max) {
    int width = Integer.SIZE - Integer.numberOfLeadingZeros(max);
    int at = levels;
    while (at < levels + count && in.hasRemaining()) {
      int head = (int) varint(in);
      if ((head & 1) == 0) {
        int end = Math.min(levels + count, at + (head >>> 1));
        Arrays.fill(target, at, end, width == 0 ? 0 : in.get());
        at = end;
        continue;
      }
      for (int group = 0; group < head >>> 1; group++) {
        long word = 0;
        for (int i = 0; i < width; i++) {
          word |= (in.get() & 0xFFL) << (i * Byte.SIZE);
        }
        for (int i = 0; i < Byte.SIZE && at < levels + count; i++) {
          target[at++] = (byte) ((word >>> (i * width)) & ((1 << width) - 1));
        }
      }
    }
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte b = in.get();
      value |= (b & 0x7FL) << shift;
      if (b >= 0) {
        return value;
      }
    }
  }

  private static long zigzag(ByteBuffer in) {
    long value = varint(in);
    return (value >>> 1) ^ -(value & 1);
  }

  private void decode(ByteBuffer in, DataPageHeaderV2 data) throws IOException {
    int count = data.getNum_values() - data.getNum_nulls();
    if (data.getEncoding() == Encoding.DELTA_BINARY_PACKED) {
      deltas(in, count);
    } else if (data.getEncoding() == Encoding.PLAIN) {
      for (int i = 0; i < count; i++) {
        values[filled++] = plain(in);
      }
    } else {
      throw new IOException("encoded as only others do, " + data.getEncoding());
    }
  }

  private Object plain(ByteBuffer in) throws IOException {
    Type type = element.getType();
    return switch (type) {
      case INT32 -> number(in.getInt());
      case INT64 -> number(in.getLong());
      case FLOAT -> in.getFloat();
      case DOUBLE -> in.getDouble();
      case BYTE_ARRAY -> {
        byte[] bytes = new byte[in.getInt()];
        in.get(bytes);
        boolean isText = element.isSetLogicalType() && element.getLogicalType().isSetSTRING();
        yield isText ? new String(bytes, UTF_8) : bytes;
      }
      default -> throw new IOException("a type that only others write, " + type);
    };
  }

  private Object number(long value) {
    if (element.isSetLogicalType() && element.getLogicalType().isSetTIMESTAMP()) {
      return Instant.ofEpochSecond(
          Math.floorDiv(value, NANOS_PER_SECOND), Math.floorMod(value, NANOS_PER_SECOND));
    }
    if (!ParquetSummary.isUnsigned(element)) {
      return value;
    }
    return element.getType() == Type.INT32
        ? (Object) (value & 0xFFFF_FFFFL)
        : new BigInteger(Long.toUnsignedString(value));
  }

  private void deltas(ByteBuffer in, int count) {
    int block = (int) varint(in);
    int miniblocks = (int) varint(in);
    varint(in); // how many values: the same again
    long last = zigzag(in);
    if (count > 0) {
      values[filled++] = number(last);
    }
    int perMini = block / miniblocks;
    byte[] widths = new byte[miniblocks];
    for (int left = count - 1; left > 0; ) {
      long least = zigzag(in);
      in.get(widths);
      for (int mini = 0; mini < miniblocks && left > 0; mini++) {
        byte[] packed = new byte[perMini / Byte.SIZE * widths[mini]];
        in.get(packed);
        for (int i = 0; i < perMini && left > 0; i++, left--) {
          last += least + bits(packed, i * widths[mini], widths[mini]);
          last = element.getType() == Type.INT32 ? (int) last : last;
          values[filled++] = number(last);
        }
      }
    }
  }

  private static long bits(byte[] packed, int from, int width) {
    long value = 0;
    for (int i = 0; i < width; i++) {
      int bit = from + i;
      value |= ((packed[bit >> 3] >>> (bit & 7)) & 1L) << i;
    }
    return value;
  }

  /** The definition level of what comes next. */
  int definition() {
    return definitions[level];
  }

  /** The repetition level of what comes next, -1 at the end. */
  int repetition() {
    return level < levels ? repetitions[level] : -1;
  }

  /** What comes next, {@code null} for what is missing. */
  Object next() {
    return definitions[level++] == maxDefinition ? values[value++] : null;
  }
}
