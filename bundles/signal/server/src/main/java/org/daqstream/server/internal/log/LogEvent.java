/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.log;

/** What happened to a signal, at its place between the data in the log. */
public sealed interface LogEvent {
  /** The signal as it is from this place on. */
  LogSignal signal();

  /** The signal is offered. */
  record Available(LogSignal signal, SignalVersion version) implements LogEvent {}

  /** The description changed; data behind this entry, from {@code row} on, follow the new one. */
  record Changed(LogSignal signal, SignalVersion version, long row) implements LogEvent {}

  /**
   * The signal got the sample that it had before it came here; for those who have subscribed
   * already.
   */
  record Replayed(LogSignal signal) implements LogEvent {}

  /** The signal is withdrawn; no data of it follow. */
  record Unavailable(LogSignal signal) implements LogEvent {}
}
