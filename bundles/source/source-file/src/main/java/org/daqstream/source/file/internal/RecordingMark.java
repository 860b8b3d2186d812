/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.file.internal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Whether a CSV or WAV file is a recording of ours, which says what its signals were, or one like
 * any other. Looks into a file once, as long as it stays the same. Any thread.
 */
final class RecordingMark {
  private static final int KNOWN_LIMIT = 1_000;
  private static final int NOTES_LIMIT_BYTES = 1 << 20;
  private static final int HEAD_BYTES = 32;
  private static final String NOTES_ENDING = ".json"; // of what is beside a CSV file
  private static final int WAV_HEAD_BYTES = 12;
  private static final int CHUNK_HEAD_BYTES = 8;
  private static final long UNKNOWN_SIZE = 0xffff_ffffL;
  private static final int CHUNK_LIMIT = 20;

  /** What a file was when it was looked into. */
  private record Stamp(long bytes, long modifiedMs, long notesBytes, long notesModifiedMs) {
    static Stamp of(Path file, Path notes) throws IOException {
      boolean hasNotes = Files.exists(notes);
      return new Stamp(
          Files.size(file),
          Files.getLastModifiedTime(file).toMillis(),
          hasNotes ? Files.size(notes) : -1,
          hasNotes ? Files.getLastModifiedTime(notes).toMillis() : -1);
    }
  }

  private record Seen(Stamp stamp, boolean isRecording) {}

  private final Map<Path, Seen> known = new ConcurrentHashMap<>();

  /** Whether a file that ends with {@code csv} or {@code wav} is a recording. */
  boolean isOn(Path file, String ending) {
    try {
      Path notes = file.resolveSibling(file.getFileName() + NOTES_ENDING);
      Stamp stamp = Stamp.of(file, notes);
      Seen seen = known.get(file);
      if (seen == null || !seen.stamp().equals(stamp)) {
        boolean isRecording =
            ending.equals("wav") ? isRecordedWav(file) : isRecordedCsv(file, notes);
        seen = new Seen(stamp, isRecording);
        if (known.size() >= KNOWN_LIMIT) {
          known.clear();
        }
        known.put(file, seen);
      }
      return seen.isRecording();
    } catch (IOException e) {
      return false; // who plays it says what is wrong
    }
  }

  /** Its first columns, and descriptions beside it. */
  private static boolean isRecordedCsv(Path file, Path notes) throws IOException {
    if (!Files.isRegularFile(notes)) {
      return false;
    }
    String header = new String(head(file, HEAD_BYTES), UTF_8);
    return (header.startsWith("time,tick,row,") || header.startsWith("tick,row,"))
        && new String(head(notes, NOTES_LIMIT_BYTES), UTF_8).contains("\"daqstream.signals\"");
  }

  private static byte[] head(Path file, int bytes) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(bytes);
    }
  }

  /** A chunk with descriptions in front of the frames, and one with places behind them. */
  private static boolean isRecordedWav(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      long dataBytesOfLarge = UNKNOWN_SIZE;
      boolean isDescribed = false;
      long at = WAV_HEAD_BYTES;
      for (int i = 0; i < CHUNK_LIMIT; i++) {
        ByteBuffer chunk = bytes(channel, at, CHUNK_HEAD_BYTES);
        long bytes = chunk.getInt(4) & UNKNOWN_SIZE;
        at += CHUNK_HEAD_BYTES;
        switch (name(chunk)) {
          case "ds64" -> dataBytesOfLarge = bytes(channel, at, 2 * Long.BYTES).getLong(Long.BYTES);
          case "daqs" -> isDescribed = true;
          case "data" -> {
            long end = at + (bytes == UNKNOWN_SIZE ? dataBytesOfLarge : bytes);
            return isDescribed
                && end > 0
                && end < channel.size()
                && name(bytes(channel, end + (end & 1), CHUNK_HEAD_BYTES)).equals("daqn");
          }
          default -> {
            // says nothing of that
          }
        }
        at += bytes + (bytes & 1);
      }
      return false;
    }
  }

  private static String name(ByteBuffer chunk) {
    byte[] name = new byte[4];
    chunk.get(0, name);
    return new String(name, ISO_8859_1);
  }

  /** Those that are not there are zeros. */
  private static ByteBuffer bytes(FileChannel channel, long at, int count) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining() && channel.read(bytes, at + bytes.position()) >= 0) {}
    return bytes.clear();
  }
}
