/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.file.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.daqstream.signal.api.SignalTable;
import org.daqstream.testing.RecordingRegistry;
import org.junit.rules.TemporaryFolder;

/** WAV files as tests write them, and what is played of them. */
abstract class WavBench {
  static final long START_NANOS = 1_700_000_000_000_000_123L;
  static final long SECOND_NANOS = 1_000_000_000;

  @org.junit.Rule public final TemporaryFolder folder = new TemporaryFolder();

  final RecordingRegistry registry = new RecordingRegistry();

  Path file(byte[] content) throws IOException {
    return Files.write(folder.getRoot().toPath().resolve("a.wav"), content);
  }

  Recording open(byte[] content) throws IOException {
    return new WavRecording(file(content));
  }

  /** Plays all blocks to signals a/0, a/1 and so on. */
  void play(Recording recording) throws IOException {
    try (SignalTable table = registry.openTable(recording.domain("a/"))) {
      recording.signals("a/").forEach(table::open);
      while (recording.read(10 * SECOND_NANOS) > 0) {
        recording.write(table, START_NANOS);
      }
    }
  }

  static byte[] bytes(ByteBuffer whole) {
    byte[] bytes = new byte[whole.capacity()];
    whole.get(0, bytes);
    return bytes;
  }
}
