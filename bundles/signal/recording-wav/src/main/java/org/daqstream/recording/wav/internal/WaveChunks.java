/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.wav.internal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.daqstream.sample.support.Json;

/** The chunks of a file: where they are, and what those say that are small. */
final class WaveChunks {
  private static final int LARGEST = 256 << 20;
  private static final int FORMAT_BYTES = 16;
  private static final int EXTENSIBLE = 0xFFFE;
  private static final int EXTENSIBLE_BYTES = 26;

  /** Where the body of a chunk is. */
  private record Chunk(long at, long bytes) {}

  private final FileChannel channel;
  private final long fileBytes;
  private final Map<String, Chunk> chunks = new HashMap<>();
  private long dataBytesOfLarge = -1;
  private long missingBytes;

  /**
   * Finds the chunks.
   *
   * @param isUnfinished whether all behind the head of {@code data} belongs to it
   */
  WaveChunks(FileChannel channel, boolean isUnfinished) throws IOException {
    this.channel = channel;
    fileBytes = channel.size();
    ByteBuffer head = read(0, WaveLayout.DS64_AT);
    String kind = id(head, 0);
    if (kind.equals("RIFX")) {
      throw new IOException("is big endian (RIFX), which is not read as a recording");
    }
    if (!(kind.equals("RIFF") || kind.equals("RF64") || kind.equals("BW64"))
        || !id(head, 8).equals("WAVE")) {
      throw new IOException("is no WAV file");
    }
    long at = WaveLayout.DS64_AT;
    while (at + WaveLayout.CHUNK_HEAD_BYTES <= fileBytes) {
      ByteBuffer chunk = read(at, WaveLayout.CHUNK_HEAD_BYTES);
      String id = id(chunk, 0);
      long bytes = Integer.toUnsignedLong(chunk.getInt(4));
      at += WaveLayout.CHUNK_HEAD_BYTES;
      if (id.equals("ds64") && bytes >= 2 * Long.BYTES) {
        dataBytesOfLarge = read(at + Long.BYTES, Long.BYTES).getLong(0);
      }
      if (id.equals("data")) {
        boolean isNotTold = isUnfinished || (bytes == 0 && head.getInt(4) == 0);
        bytes = dataBytes(isNotTold ? 0 : bytes, fileBytes - at, isNotTold);
      }
      chunks.putIfAbsent(id, new Chunk(at, Math.min(bytes, fileBytes - at)));
      at += bytes + (bytes & 1);
    }
  }

  /** How many bytes of samples there are, of those that are promised. */
  private long dataBytes(long told, long left, boolean isNotTold) {
    boolean isLarge = told == WaveLayout.UNKNOWN_SIZE && dataBytesOfLarge > 0;
    if (isNotTold || (told == WaveLayout.UNKNOWN_SIZE && !isLarge)) {
      return left;
    }
    long promised = isLarge ? dataBytesOfLarge : told;
    // 2 or 4 GB but for a head: what who writes into a pipe says
    boolean isPlaceholder = !isLarge && (told & 0x7FFFF000L) == 0x7FFFF000L;
    missingBytes = isPlaceholder ? 0 : Math.max(0, promised - left);
    return Math.min(promised, left);
  }

  private ByteBuffer read(long at, int bytes) throws IOException {
    ByteBuffer in = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    while (in.hasRemaining()) {
      if (channel.read(in, at + in.position()) < 0) {
        throw new IOException("is cut off within its head");
      }
    }
    return in.flip();
  }

  private static String id(ByteBuffer in, int at) {
    byte[] id = new byte[4];
    in.get(at, id);
    return new String(id, ISO_8859_1);
  }

  private Chunk chunk(String id) throws IOException {
    Chunk chunk = chunks.get(id);
    if (chunk == null) {
      throw new IOException("has no '" + id.strip() + "'");
    }
    return chunk;
  }

  boolean has(String id) {
    return chunks.containsKey(id);
  }

  long dataAt() throws IOException {
    return chunk("data").at();
  }

  long dataBytes() throws IOException {
    return chunk("data").bytes();
  }

  /** How many bytes of {@code data} are promised and not there. */
  long missingBytes() {
    return missingBytes;
  }

  /** Tag (of what is in it), channels, frames a second, bits a sample. */
  long[] format() throws IOException {
    Chunk chunk = chunk("fmt ");
    ByteBuffer in = read(chunk.at(), (int) Math.min(chunk.bytes(), EXTENSIBLE_BYTES));
    if (in.remaining() < FORMAT_BYTES) {
      throw new IOException("has a 'fmt' of " + chunk.bytes() + " bytes");
    }
    int tag = in.getShort(0) & 0xFFFF;
    if (tag == EXTENSIBLE && in.remaining() == EXTENSIBLE_BYTES) {
      tag = in.getShort(EXTENSIBLE_BYTES - 2) & 0xFFFF;
    }
    return new long[] {
      tag, in.getShort(2) & 0xFFFF, Integer.toUnsignedLong(in.getInt(4)), in.getShort(14) & 0xFFFF
    };
  }

  /** The facts of a chunk of ours. */
  Map<String, String> facts(String id) throws IOException {
    Chunk chunk = chunk(id);
    if (chunk.bytes() > LARGEST) {
      throw new IOException("has a '" + id + "' of " + chunk.bytes() + " bytes");
    }
    ByteBuffer in = read(chunk.at(), (int) chunk.bytes());
    Map<String, String> facts = new TreeMap<>();
    if (Json.parse(UTF_8.decode(in).toString()) instanceof Map<?, ?> map) {
      map.forEach((key, value) -> facts.put(String.valueOf(key), String.valueOf(value)));
    }
    return facts;
  }
}
