/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.parquet.internal;

import com.github.luben.zstd.Zstd;
import java.io.IOException;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.apache.parquet.format.CompressionCodec;

/** Decompresses pages. */
final class Decompression {
  private static final int GZIP_HEAD_BYTES = 10;

  private Decompression() {}

  /** Decompresses bytes to exactly as many as there is room. */
  static void decompress(CompressionCodec codec, byte[] in, int from, int count, byte[] out)
      throws IOException {
    switch (codec) {
      case SNAPPY -> Snappy.decompress(in, from, count, out);
      case LZ4_RAW -> Lz4.decompress(in, from, count, out);
      case GZIP -> gzip(in, from, count, out);
      case ZSTD -> {
        long got = Zstd.decompressByteArray(out, 0, out.length, in, from, count);
        if (Zstd.isError(got) || got != out.length) {
          throw new IOException(
              "ZSTD that cannot be decompressed"
                  + (Zstd.isError(got) ? ": " + Zstd.getErrorName(got) : ""));
        }
      }
      default ->
          throw new IOException(
              "compression " + codec + " is not read; write it with ZSTD, SNAPPY, LZ4_RAW or GZIP");
    }
  }

  private static void gzip(byte[] in, int from, int count, byte[] out) throws IOException {
    int head = headBytes(in, from, count);
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(in, from + head, count - head);
      int filled = 0;
      while (filled < out.length) {
        int n = inflater.inflate(out, filled, out.length - filled);
        if (n == 0) {
          throw new IOException("GZIP that ends early");
        }
        filled += n;
      }
    } catch (DataFormatException e) {
      throw new IOException("GZIP that cannot be decompressed: " + e.getMessage(), e);
    } finally {
      inflater.end();
    }
  }

  /** Of the plain head that libraries write; names and comments in it are not expected. */
  private static int headBytes(byte[] in, int from, int count) throws IOException {
    boolean isGzip =
        count > GZIP_HEAD_BYTES && (in[from] & 0xFF) == 0x1F && (in[from + 1] & 0xFF) == 0x8B;
    if (!isGzip || in[from + 3] != 0) {
      throw new IOException("GZIP with a head that cannot be read");
    }
    return GZIP_HEAD_BYTES;
  }

  /** Copies what is there already, maybe more than there is: then what was copied, too. */
  static void copyBack(byte[] out, int filled, int offset, int length) {
    if (offset <= 0 || offset > filled || length > out.length - filled) {
      throw new IndexOutOfBoundsException(offset);
    }
    if (offset >= length) {
      System.arraycopy(out, filled - offset, out, filled, length);
      return;
    }
    for (int i = 0; i < length; i++) {
      out[filled + i] = out[filled - offset + i];
    }
  }
}
