/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.format.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.TreeMap;
import org.daqstream.sample.support.Json;

/** Facts as a small file of JSON, which is replaced as a whole. */
public final class NotesFile {
  private static final long LARGEST = 256 << 20;

  private NotesFile() {}

  /** Writes or replaces it; it outlasts the machine. */
  public static void write(Path file, Map<String, String> facts) throws IOException {
    Path next = file.resolveSibling(file.getFileName() + ".new");
    try (FileChannel channel =
        FileChannel.open(
            next,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap((Json.of(new TreeMap<>(facts)) + "\n").getBytes(UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Reads it. */
  public static Map<String, String> read(Path file) throws IOException {
    if (Files.size(file) > LARGEST) {
      throw new IOException(file + " is too large for facts of a recording");
    }
    Map<String, String> facts = new TreeMap<>();
    try {
      if (Json.parse(Files.readString(file)) instanceof Map<?, ?> map) {
        map.forEach((key, value) -> facts.put(String.valueOf(key), String.valueOf(value)));
        return facts;
      }
    } catch (IOException e) {
      throw new IOException(file + " cannot be read: " + e.getMessage(), e);
    }
    throw new IOException(file + " holds no facts of a recording");
  }
}
