/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.remote.internal;

import java.util.concurrent.atomic.AtomicLong;

/** What went over one connection. Counted by its thread, read by any. */
final class LinkTraffic {
  final AtomicLong received = new AtomicLong();
  final AtomicLong receivedBytes = new AtomicLong();
  final AtomicLong sent = new AtomicLong();
  final AtomicLong sentBytes = new AtomicLong();
  final AtomicLong lost = new AtomicLong();

  void received(long bytes) {
    add(received, 1);
    add(receivedBytes, bytes);
  }

  void sent(long bytes) {
    add(sent, 1);
    add(sentBytes, bytes);
  }

  void lost(long messages) {
    add(lost, messages);
  }

  /** One thread adds: no need to be atomic. */
  private static void add(AtomicLong figure, long more) {
    figure.setRelease(figure.getPlain() + more);
  }
}
