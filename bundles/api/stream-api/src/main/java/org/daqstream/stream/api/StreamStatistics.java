/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.api;

/**
 * Counters of one open stream since its opening. The figures are read one by one while the stream
 * runs: each is right by itself, sums may be off by what is under way.
 *
 * @param messages sent or received; for posix inputs these are chunks
 * @param bytes sent (handed to the network) or received, payload only
 * @param queuedMessages waiting now: to be sent, or for the module to process them
 * @param queuedBytes bytes of those
 * @param rejected writes refused (outputs) or connections refused (inputs)
 * @param lostMessages accepted or begun messages that were given up
 * @param lostBytes bytes of those
 * @param connects connections that came up
 * @param disconnects connections that went down
 * @param peers connections up now
 * @param pauses how often reading was stopped because the module's queue was full
 * @param lastError in words; empty when there was none
 */
public record StreamStatistics(
    long messages,
    long bytes,
    long queuedMessages,
    long queuedBytes,
    long rejected,
    long lostMessages,
    long lostBytes,
    long connects,
    long disconnects,
    int peers,
    long pauses,
    String lastError) {
  /** All zero. */
  public static final StreamStatistics NONE =
      new StreamStatistics(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, "");

  /**
   * {@return the same figures with what waits in the module's event queue}
   *
   * @param messages waiting in the event queue
   * @param bytes bytes of those
   * @param pauses how often reading was stopped
   */
  public StreamStatistics withEventQueue(long messages, long bytes, long pauses) {
    return new StreamStatistics(
        this.messages,
        this.bytes,
        messages,
        bytes,
        rejected,
        lostMessages,
        lostBytes,
        connects,
        disconnects,
        peers,
        pauses,
        lastError);
  }
}
