/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.parquet.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.daqstream.recording.support.TableRecording;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.testing.AllTypes;

/**
 * Records for ever and prints how many rows are safe, until somebody kills it or the disk is full.
 * Row {@code r} has the values {@code r} and {@code noise(r)}.
 */
final class RecordingProcess {
  static final int BLOCK = 200;
  private static final long PAUSE_NANOS = 100_000;

  private RecordingProcess() {}

  /** A file, and how many rows there are between two syncs. */
  public static void main(String[] args) throws IOException {
    Path file = Path.of(args[0]);
    int rowsPerSync = Integer.parseInt(args[1]);
    System.out.println("begun");
    try (TableRecording recording = record(file)) {
      for (long row = 0; ; row += BLOCK) {
        write(recording, row);
        LockSupport.parkNanos(PAUSE_NANOS);
        if (row % rowsPerSync == 0) {
          recording.sync();
          System.out.println(row + BLOCK);
        }
      }
    } catch (IOException e) {
      System.out.println("failed " + e.getMessage());
    }
  }

  static TableRecording record(Path file) {
    List<SignalDescriptor> signals =
        List.of(
            SignalDescriptor.value("a", DataTypes.REAL64).build(),
            SignalDescriptor.value("b", DataTypes.INT64).build());
    return new TableRecording(
        AllTypes.DOMAIN, signals, Map.of(), (part, n) -> new ParquetFormat().create(file, part));
  }

  static void write(TableRecording recording, long row) throws IOException {
    ByteBuffer a = ByteBuffer.allocate(BLOCK * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer b = ByteBuffer.allocate(BLOCK * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < BLOCK; i++) {
      a.putDouble((double) (row + i));
      b.putLong(noise(row + i));
    }
    recording.onLine("a", row, BLOCK, row, 1, a.flip());
    recording.onLine("b", row, BLOCK, row, 1, b.flip());
  }

  static long noise(long row) {
    long mixed = row * 0x9E3779B97F4A7C15L;
    return (mixed ^ (mixed >>> 31)) * 0xBF58476D1CE4E5B9L;
  }
}
