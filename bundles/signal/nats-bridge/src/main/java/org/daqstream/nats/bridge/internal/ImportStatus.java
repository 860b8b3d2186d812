/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import java.util.List;
import org.daqstream.signal.api.relay.RelayStatus;

/**
 * How an import stands.
 *
 * @param name of the configuration
 * @param server where it is connected; empty when it is not
 * @param hasStream whether there is a stream that keeps data
 * @param heldBytes of blocks that wait
 * @param droppedMessages that came faster than they could be taken
 * @param badMessages that could not be read
 * @param total what has come of all signals that there have been
 * @param holes how many were told
 * @param holeRows how many rows were in them
 * @param lastHoles some of the last ones
 * @param signals those that publishers announce and the configuration wants
 */
record ImportStatus(
    String name,
    String server,
    boolean hasStream,
    long heldBytes,
    long droppedMessages,
    long badMessages,
    Total total,
    long holes,
    long holeRows,
    List<Hole> lastHoles,
    List<SignalStatus> signals) {
  /** The same for operating tools. */
  RelayStatus relay() {
    return new RelayStatus(
        name,
        "nats",
        RelayStatus.Direction.IN,
        server,
        total.messages(),
        total.blocks(),
        total.samples(),
        total.messageBytes(),
        holeRows,
        total.filledRows(),
        server.isEmpty() ? "not connected" : problem(),
        signals.stream().map(SignalStatus::relayed).toList());
  }

  private String problem() {
    long refused = signals.stream().filter(each -> !each.problem().isEmpty()).count();
    return refused == 0 ? "" : refused + " signals are not published, see the log";
  }

  /** Copies the lists. */
  ImportStatus {
    lastHoles = List.copyOf(lastHoles);
    signals = List.copyOf(signals);
  }

  /** What has come, in messages of so many bytes, some of it from the stream. */
  record Total(long messages, long blocks, long samples, long messageBytes, long filledRows) {}

  /** What a signal is in. */
  enum State {
    /** Nothing was heard of its publisher for a while. */
    SILENT,
    /** It cannot be published here, see {@link SignalStatus#problem}. */
    REFUSED,
    /** Nobody here wants it. */
    UNWANTED,
    /** Blocks are taken as they come. */
    LIVE,
    /** Blocks wait for what is missing before them. */
    FILLING
  }

  /**
   * How a signal stands.
   *
   * @param signalId here
   * @param publisher the name of its publisher for its life
   * @param path ids of the runtimes that it has come by, the last one first
   * @param problem why it is not published; empty when it is
   * @param blocks that were taken
   * @param samples that were taken
   * @param bytes of samples that were taken
   * @param holes how often rows were lost
   * @param holeRows how many
   * @param filledRows taken from the stream
   * @param duplicates blocks that had come before
   * @param ageMs time since the last block was taken; negative when there was none
   * @param behindMs time since the last sample that was taken, by the source's ticks and this
   *     runtime's clock, where the domain is a time; else {@link #NOT_A_TIME}
   */
  record SignalStatus(
      String signalId,
      String publisher,
      List<String> path,
      State state,
      String problem,
      long blocks,
      long samples,
      long bytes,
      long holes,
      long holeRows,
      long filledRows,
      long duplicates,
      long ageMs,
      long behindMs) {
    static final long NOT_A_TIME = Long.MIN_VALUE;
    private static final long LATELY_MS = 60_000;

    private RelayStatus.RelayedSignal relayed() {
      boolean isTold = behindMs != NOT_A_TIME && ageMs >= 0 && ageMs < LATELY_MS;
      return new RelayStatus.RelayedSignal(
          signalId,
          publisher,
          state == State.LIVE || state == State.FILLING,
          isTold ? Math.max(0, behindMs) : RelayStatus.UNKNOWN,
          holeRows);
    }
  }
}
