/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.socket.support;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.daqstream.base.support.ProblemLog;
import org.daqstream.stream.api.StreamStatistics;

/** What an input has seen. Written by its thread, read by any. */
final class InputCounters {
  final ProblemLog problems;
  private final AtomicLong messages = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong pauses = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private final AtomicLong lostMessages = new AtomicLong();
  private final AtomicLong lostBytes = new AtomicLong();
  private final AtomicLong connects = new AtomicLong();
  private final AtomicInteger peers = new AtomicInteger();

  /** The logger gets some of the problems. */
  InputCounters(Consumer<String> logger) {
    this.problems = new ProblemLog(logger);
  }

  void message(int length) {
    messages.incrementAndGet();
    bytes.addAndGet(length);
  }

  void pause() {
    pauses.incrementAndGet();
  }

  /** A connection that never became a peer. */
  void refused() {
    refused.incrementAndGet();
  }

  /** A message of which only so many bytes have come. */
  void lost(long partBytes) {
    lostMessages.incrementAndGet();
    lostBytes.addAndGet(partBytes);
  }

  void peerUp() {
    peers.incrementAndGet();
    connects.incrementAndGet();
  }

  void peerDown() {
    peers.decrementAndGet();
  }

  int peers() {
    return peers.get();
  }

  StreamStatistics statistics() {
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
