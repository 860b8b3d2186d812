/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.parquet.internal;

import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.Statistics;

/** The rows of one column that are not in a row group yet. */
interface PendingColumn {
  /** Bytes of values, in somebody's array. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Slice(byte[] array, int offset, int length) {}

  Leaf leaf();

  Presence presence();

  Encoding encoding();

  /** How many rows fit into a page. */
  int rowsPerPage();

  /**
   * The values of some rows, as they are encoded.
   *
   * @param scratch empty room
   */
  Slice values(int fromRow, int toRow, Bytes scratch);

  /** The least and the greatest value of some rows, where readers can rely on them. */
  Statistics statistics(int fromRow, int toRow);
}
