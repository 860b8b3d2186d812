/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.file.internal;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.Set;

/**
 * What stands before the samples of a WAV file: RIFF with 32-bit lengths, or RF64 and BW64 with
 * 64-bit ones for files of more than 4 GiB, or RIFX, which is RIFF in big endian.
 *
 * @param order of all numbers of the file
 * @param format how a sample is stored
 * @param channels number of channels
 * @param rateHz frames per second
 * @param firstByte where the samples begin
 * @param frames number of samples of each channel that are there
 * @param remark what is to be said when the header promises something else; else empty
 */
record WavHeader(
    ByteOrder order,
    SampleFormat format,
    int channels,
    long rateHz,
    long firstByte,
    long frames,
    String remark) {
  private static final int FILE_HEADER_BYTES = 12;
  private static final int CHUNK_HEADER_BYTES = 8;
  private static final int FORMAT_BYTES = 16;
  private static final int EXTENSIBLE_BYTES = 40;
  private static final int LONG_SIZES_BYTES = 16;
  private static final long UNKNOWN_SIZE = 0xffff_ffffL;

  /** A file of zeros is one chunk after the other, each without content. */
  private static final int CHUNK_LIMIT = 1_000;

  private static final int RATE_LIMIT_HZ = 100_000_000;

  /** What may follow a chunk whose padding was forgotten. */
  private static final Set<String> KNOWN_CHUNKS =
      Set.of("fmt ", "data", "fact", "LIST", "JUNK", "bext", "cue ", "PEAK", "smpl", "id3 ");

  private static final int PCM = 1;
  private static final int IEEE_FLOAT = 3;
  private static final int A_LAW = 6;
  private static final int MU_LAW = 7;
  private static final int EXTENSIBLE = 0xfffe;

  int frameBytes() {
    return format.bytes() * channels;
  }

  /**
   * Reads the chunks up to the samples.
   *
   * @throws DamagedFileException when there is something else than a WAV file that can be played
   */
  static WavHeader read(FileChannel file) throws IOException {
    ByteBuffer start = start(file);
    long wholeBytes = start.getInt(4) & UNKNOWN_SIZE;
    long longDataBytes = UNKNOWN_SIZE;
    ByteBuffer format = null;
    long formatAt = 0;
    long at = FILE_HEADER_BYTES;
    for (int i = 0; i < CHUNK_LIMIT; i++) {
      Chunk chunk = Chunk.read(file, at, start.order());
      switch (chunk.name) {
        case "ds64" -> {
          ByteBuffer sizes =
              bytes(file, chunk.content(), LONG_SIZES_BYTES, "the ds64 chunk", start.order());
          wholeBytes = sizes.getLong(0);
          longDataBytes = sizes.getLong(8);
        }
        case "fmt " -> {
          formatAt = chunk.content();
          format = formatChunk(file, chunk, start.order());
        }
        case "data" -> {
          if (format == null) {
            throw DamagedFileException.atByte(at, "the samples come before their format");
          }
          long dataBytes = chunk.contentBytes == UNKNOWN_SIZE ? longDataBytes : chunk.contentBytes;
          long endByte = wholeBytes + CHUNK_HEADER_BYTES;
          return of(
              format, formatAt, new Samples(chunk.content(), dataBytes, endByte, file.size()));
        }
        default -> {
          // of no use here
        }
      }
      at = chunk.end(file);
    }
    throw DamagedFileException.atByte(at, CHUNK_LIMIT + " chunks and 'data' did not come yet");
  }

  /** The header of the file, in its byte order. */
  private static ByteBuffer start(FileChannel file) throws IOException {
    ByteBuffer start = bytes(file, 0, FILE_HEADER_BYTES, "the file header", LITTLE_ENDIAN);
    String kind = text(start, 0);
    if (!Set.of("RIFF", "RIFX", "RF64", "BW64").contains(kind)) {
      throw DamagedFileException.atByte(0, "not a WAV file, it does not begin with RIFF");
    }
    if (!text(start, 8).equals("WAVE")) {
      throw DamagedFileException.atByte(8, "not a WAV file, WAVE is missing");
    }
    return start.order(kind.equals("RIFX") ? BIG_ENDIAN : LITTLE_ENDIAN);
  }

  /** A part of the file that begins, with its name, at a byte. */
  private record Chunk(String name, long at, long contentBytes) {
    static Chunk read(FileChannel file, long at, ByteOrder order) throws IOException {
      ByteBuffer header =
          bytes(file, at, CHUNK_HEADER_BYTES, "a chunk, 'data' did not come yet", order);
      return new Chunk(text(header, 0), at, header.getInt(4) & UNKNOWN_SIZE);
    }

    long content() {
      return at + CHUNK_HEADER_BYTES;
    }

    /** Where the next one begins. */
    long end(FileChannel file) throws IOException {
      long end = content() + contentBytes;
      boolean padded = contentBytes % 2 == 1 && !KNOWN_CHUNKS.contains(nameAt(file, end));
      return padded ? end + 1 : end;
    }
  }

  private static ByteBuffer formatChunk(FileChannel file, Chunk chunk, ByteOrder order)
      throws IOException {
    if (chunk.contentBytes < FORMAT_BYTES) {
      throw DamagedFileException.atByte(
          chunk.content(),
          "the format needs " + FORMAT_BYTES + " bytes, there are " + chunk.contentBytes);
    }
    int formatBytes = (int) Math.min(chunk.contentBytes, EXTENSIBLE_BYTES);
    return bytes(file, chunk.content(), formatBytes, "the format", order);
  }

  /**
   * What is known of the samples before their format is.
   *
   * @param statedBytes their size by the header, {@link #UNKNOWN_SIZE} when it names none
   * @param endByte where the file ends by the header; of no use from a writer that streams or was
   *     killed
   * @param fileBytes where it does end
   */
  private record Samples(long firstByte, long statedBytes, long endByte, long fileBytes) {
    long bytes() {
      return isOpen() ? there() : Math.min(statedBytes, there());
    }

    private long there() {
      return fileBytes - firstByte;
    }

    private boolean isOpen() {
      return statedBytes == UNKNOWN_SIZE
          || statedBytes < 0
          || (statedBytes == 0 && endByte != fileBytes);
    }

    String remark() {
      if (isOpen()) {
        return "; the header does not say how long it is, all " + there() + " bytes are played";
      }
      if (statedBytes > there()) {
        return "; the header promises %s bytes of samples, the %s that are there are played"
            .formatted(statedBytes, there());
      }
      boolean isEnd = firstByte + statedBytes <= endByte;
      return isEnd && endByte + 1 < fileBytes
          ? "; the " + (fileBytes - endByte) + " bytes behind the end by the header are not played"
          : "";
    }
  }

  private static WavHeader of(ByteBuffer chunk, long formatAt, Samples samples)
      throws DamagedFileException {
    SampleFormat format = format(chunk, formatAt);
    int channels = chunk.getShort(2) & 0xffff;
    if (channels == 0 || channels > Recording.SIGNAL_LIMIT) {
      throw DamagedFileException.atByte(
          formatAt + 2, channels + " channels, allowed are 1 to " + Recording.SIGNAL_LIMIT);
    }
    long rateHz = chunk.getInt(4) & UNKNOWN_SIZE;
    if (rateHz == 0 || rateHz > RATE_LIMIT_HZ) {
      throw DamagedFileException.atByte(
          formatAt + 4, "the sample rate is " + rateHz + ", allowed are 1 to " + RATE_LIMIT_HZ);
    }
    int frameBytes = chunk.getShort(12) & 0xffff;
    if (frameBytes != channels * format.bytes()) {
      throw DamagedFileException.atByte(
          formatAt + 12,
          "frames of " + frameBytes + " bytes do not fit " + channels + " channels of " + format);
    }
    if (samples.bytes() < frameBytes) {
      throw DamagedFileException.atByte(samples.firstByte(), "there are no samples");
    }
    return new WavHeader(
        chunk.order(),
        format,
        channels,
        rateHz,
        samples.firstByte(),
        samples.bytes() / frameBytes,
        samples.remark());
  }

  private static SampleFormat format(ByteBuffer chunk, long formatAt) throws DamagedFileException {
    int tag = chunk.getShort(0) & 0xffff;
    if (tag == EXTENSIBLE && chunk.limit() >= EXTENSIBLE_BYTES) {
      tag = chunk.getShort(24) & 0xffff;
    }
    int bits = chunk.getShort(14) & 0xffff;
    int bytes = (bits + Byte.SIZE - 1) / Byte.SIZE; // 12 or 20 bits stand left in their bytes
    for (SampleFormat format : SampleFormat.values()) {
      if (format.bytes() == bytes && tag == tag(format)) {
        return format;
      }
    }
    throw DamagedFileException.atByte(
        formatAt,
        ("format %s with %s bits cannot be played; PCM of 8 to 32 bits, float of 32 and 64 bits,"
                + " A-law and mu-law can")
            .formatted(tag, bits));
  }

  private static int tag(SampleFormat format) {
    return switch (format) {
      case PCM8, PCM16, PCM24, PCM32 -> PCM;
      case FLOAT32, FLOAT64 -> IEEE_FLOAT;
      case A_LAW -> A_LAW;
      case MU_LAW -> MU_LAW;
    };
  }

  private static String text(ByteBuffer bytes, int at) {
    byte[] name = new byte[4];
    bytes.get(at, name);
    return new String(name, ISO_8859_1);
  }

  private static String nameAt(FileChannel file, long at) throws IOException {
    return at + CHUNK_HEADER_BYTES > file.size()
        ? ""
        : text(bytes(file, at, 4, "a chunk", LITTLE_ENDIAN), 0);
  }

  private static ByteBuffer bytes(
      FileChannel file, long at, int count, String what, ByteOrder order) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count).order(order);
    while (bytes.hasRemaining()) {
      if (file.read(bytes, at + bytes.position()) < 0) {
        throw DamagedFileException.atByte(
            Math.min(at, file.size()), "the file ends where " + what + " should be");
      }
    }
    return bytes.flip();
  }
}
