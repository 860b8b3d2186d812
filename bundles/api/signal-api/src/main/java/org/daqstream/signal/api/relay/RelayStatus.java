/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.api.relay;

import java.util.List;

/**
 * How a relay of signals goes. Counters never go back while the service lives.
 *
 * @param name of its configuration, or what else tells it from others of its kind
 * @param kind of what the signals go over, {@code nats} say
 * @param direction whether signals come or go
 * @param peer what it is connected to, for people; empty while it is not
 * @param messages that came or went
 * @param blocks of samples that came or went
 * @param samples that came or went
 * @param bytes of the messages
 * @param missingSamples that should have come or gone, and have not
 * @param filledSamples that came later, in their place: what was missing, and the past that was
 *     asked for
 * @param problem what is wrong, for people; empty when all is well
 * @param signals that it brings or takes
 */
public record RelayStatus(
    String name,
    String kind,
    Direction direction,
    String peer,
    long messages,
    long blocks,
    long samples,
    long bytes,
    long missingSamples,
    long filledSamples,
    String problem,
    List<RelayedSignal> signals) {
  /** Of {@link RelayedSignal#behindMs()}: nobody can tell. */
  public static final long UNKNOWN = -1;

  /** Copies the list. */
  public RelayStatus {
    signals = List.copyOf(signals);
  }

  /** Which way signals go. */
  public enum Direction {
    /** They are published here. */
    IN,
    /** They are sent to others. */
    OUT
  }

  /**
   * A signal that comes or goes.
   *
   * @param signalId its id in this runtime
   * @param from where it comes from, for people: who publishes it there; empty of one that goes
   * @param isWanted whether somebody wants it, so that samples come or go
   * @param behindMs how long ago the newest sample was taken that has come, by its own time and
   *     this machine's clock; {@link #UNKNOWN} when none came lately or its time is not of the day
   * @param missingSamples that should have come or gone, and have not
   */
  public record RelayedSignal(
      String signalId, String from, boolean isWanted, long behindMs, long missingSamples) {}
}
