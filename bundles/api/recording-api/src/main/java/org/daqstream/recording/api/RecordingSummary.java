/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.api;

import java.util.List;
import java.util.Map;

/**
 * What is in a file.
 *
 * @param rows how many rows
 * @param blocks in how many pieces that can be read by themselves
 * @param bytes its size
 * @param firstTick least domain value, {@code null} when it is not known
 * @param lastTick greatest domain value, {@code null} when it is not known
 * @param columns its columns, time and rows among them
 * @param facts all that is written about it: descriptions of the signals, {@linkplain RecordingHole
 *     holes}, the facts of its {@link RecordingPart}
 */
public record RecordingSummary(
    long rows,
    long blocks,
    long bytes,
    Long firstTick,
    Long lastTick,
    List<Column> columns,
    Map<String, String> facts) {
  /** Copies the collections. */
  public RecordingSummary {
    columns = List.copyOf(columns);
  }

  /**
   * A column; of a struct or a complex number there is one for each part.
   *
   * @param name name in the file
   * @param type type in the file
   * @param values how many values it has
   * @param missing how many are missing; of a list one for each
   * @param bytes its size in the file
   * @param low the least value, of a {@code timestamp} in nanoseconds since 1970, {@code null} when
   *     it is not known
   * @param high the greatest value, {@code null} when it is not known
   */
  public record Column(
      String name, String type, long values, long missing, long bytes, Object low, Object high) {}
}
