/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.api;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/** Takes what is read from a file. */
@ConsumerType
public interface RecordedRows {
  /**
   * Comes once, first.
   *
   * @param names names of the columns, time and rows among them
   */
  void columns(List<String> names);

  /**
   * A row.
   *
   * @param values one for each column: numbers, strings, {@code byte[]}, an {@link
   *     java.time.Instant} for a time, a {@link java.util.Map} for a struct, a list for dimensions;
   *     {@code null} for what is missing
   * @return whether more is wanted
   */
  boolean row(List<Object> values);
}
