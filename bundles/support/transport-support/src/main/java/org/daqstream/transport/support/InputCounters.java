/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.support;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.daqstream.base.support.ProblemLog;
import org.daqstream.stream.api.StreamStatistics;

/** What an input has seen. Written by its thread, read by any. */
public final class InputCounters {
  /** What was wrong with peers and connections. */
  public final ProblemLog problems;

  private final AtomicLong messages = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong pauses = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private final AtomicLong lostMessages = new AtomicLong();
  private final AtomicLong lostBytes = new AtomicLong();
  private final AtomicLong connects = new AtomicLong();
  private final AtomicInteger peers = new AtomicInteger();

  /** The logger gets some of the problems. */
  public InputCounters(Consumer<String> logger) {
    this.problems = new ProblemLog(logger);
  }

  /** A message, or a chunk, of so many bytes was handed over. */
  public void message(int length) {
    messages.incrementAndGet();
    bytes.addAndGet(length);
  }

  /** Reading was stopped, for the module's queue was full. */
  public void pause() {
    pauses.incrementAndGet();
  }

  /** A connection that never became a peer. */
  public void refused() {
    refused.incrementAndGet();
  }

  /** A message of which so many bytes had come, and which nobody gets. */
  public void lost(long partBytes) {
    lostMessages.incrementAndGet();
    lostBytes.addAndGet(partBytes);
  }

  /** A connection is up. */
  public void peerUp() {
    peers.incrementAndGet();
    connects.incrementAndGet();
  }

  /** A connection that was up is gone. */
  public void peerDown() {
    peers.decrementAndGet();
  }

  /** Connections that are up. */
  public int peers() {
    return peers.get();
  }

  /** The figures as they stand. */
  public StreamStatistics statistics() {
    int up = peers.get();
    return new StreamStatistics(
        messages.get(),
        bytes.get(),
        0,
        0,
        refused.get(),
        lostMessages.get(),
        lostBytes.get(),
        connects.get(),
        connects.get() - up,
        up,
        pauses.get(),
        problems.last());
  }
}
