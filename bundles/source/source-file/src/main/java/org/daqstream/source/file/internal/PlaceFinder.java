/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.file.internal;

import java.io.IOException;
import java.nio.file.Path;
import org.daqstream.recording.api.RecordingFormat;

/** Looks for places in the files of a table, one behind the other. */
final class PlaceFinder {
  /** A file that is open, at a row that can be played. */
  record Found(Path path, RecordedFile file) {}

  private final RecordingFormat format;
  private final PlayedTable.Order order;
  private final long fromTick;
  private final long toTick;

  /** Between two ticks, without the second one. */
  PlaceFinder(RecordingFormat format, PlayedTable.Order order, long fromTick, long toTick) {
    this.format = format;
    this.order = order;
    this.fromTick = fromTick;
    this.toTick = toTick;
  }

  /** The first row at a tick or behind it; {@code null} when there is none. */
  Found atTick(long tick) throws IOException {
    for (Path path = order.first(); path != null; path = order.after(path)) {
      RecordedFile file = new RecordedFile(format, path);
      boolean isFound = false;
      try {
        if (file.hasMore()) {
          file.limit(Math.max(tick, fromTick), toTick);
          isFound = file.hasMore();
        }
      } finally {
        closeUnless(isFound, file);
      }
      if (isFound) {
        return new Found(path, file);
      }
    }
    return null;
  }

  /** The first row with a number or a greater one; {@code null} when there is none. */
  Found atRow(long row) throws IOException {
    for (Path path = order.first(); path != null; ) {
      Path next = order.after(path);
      RecordedFile file = new RecordedFile(format, path);
      boolean isFound = false;
      try {
        boolean isHere = file.hasMore() && !beginsBefore(next, file.nextRow(), row);
        isFound = isHere && file.limitFromRow(row, toTick) && file.nextTick() >= fromTick;
      } finally {
        closeUnless(isFound, file);
      }
      if (isFound) {
        return new Found(path, file);
      }
      path = next;
    }
    return null;
  }

  private static void closeUnless(boolean isWanted, RecordedFile file) {
    if (!isWanted) {
      file.close();
    }
  }

  /** Whether the next file begins between two rows, so that this one need not be read. */
  private boolean beginsBefore(Path path, long first, long row) throws IOException {
    if (path == null) {
      return false;
    }
    try (RecordedFile file = new RecordedFile(format, path)) {
      return file.hasMore() && file.nextRow() <= row && file.nextRow() >= first;
    }
  }

  /** Has the order go on behind a file. */
  void goOnBehind(Path wanted) {
    Path path = order.first();
    while (path != null && !path.equals(wanted)) {
      path = order.after(path);
    }
  }
}
