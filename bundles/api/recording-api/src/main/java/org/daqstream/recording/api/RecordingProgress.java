/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.api;

import org.osgi.annotation.versioning.ConsumerType;

/** Is told how far a call is that goes through a whole file, on the thread that called. */
@ConsumerType
@FunctionalInterface
public interface RecordingProgress {
  /** For those who do not want to know. */
  RecordingProgress NONE = (doneBytes, allBytes) -> {};

  /**
   * Told now and then; returns soon.
   *
   * @param doneBytes how much was gone through; less than before when it is gone through again
   * @param allBytes of how much
   */
  void at(long doneBytes, long allBytes);
}
