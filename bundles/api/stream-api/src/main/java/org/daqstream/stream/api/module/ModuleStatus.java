/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.api.module;

/**
 * A module instance as it stands now.
 *
 * @param instance name, as in the manifest
 * @param kind how it runs, {@code wasm} for example
 * @param state what it does
 * @param reason in words: why it does not run, or what is wrong though it does; empty if nothing is
 * @param file or other place that its code is from; empty when that is not known
 * @param user whose process it is; empty when that is not known, or it has none of its own
 * @param processId of its process; 0 when that is not known, or it has none of its own
 * @param memoryBytes what it holds now; -1 when that is not known
 * @param busyNanos how long it has been at work since it is there; -1 when that is not known
 * @param events data and other events that it has been given
 * @param failures how often it was ended by a fault of its own
 * @param updates how often its code was replaced while its streams stayed open
 */
public record ModuleStatus(
    String instance,
    String kind,
    State state,
    String reason,
    String file,
    String user,
    long processId,
    long memoryBytes,
    long busyNanos,
    long events,
    long failures,
    long updates) {
  /** What an instance does. */
  public enum State {
    /** Its code is not there, or cannot be used. */
    WAITING,
    /** Its code is prepared. */
    STARTING,
    /** It takes events. */
    RUNNING,
    /** It was ended by a fault of its own and starts again after a while. */
    FAILED,
    /** It has been told to end. */
    STOPPED
  }
}
