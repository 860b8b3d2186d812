/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.fanout;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * What the fan-out thread sleeps at: sockets that take bytes again, or another thread that rings.
 */
final class Doorbell {
  private final Selector selector;
  private volatile boolean asleep;

  Doorbell() throws IOException {
    selector = Selector.open();
  }

  Selector selector() {
    return selector;
  }

  /** Wakes the sleeper; any thread, and cheap when nobody sleeps. */
  void ring() {
    if (asleep) {
      asleep = false;
      selector.wakeup();
    }
  }

  /**
   * Sleeps until somebody rings, a socket is ready or the time is over, unless there is something
   * to do when a ring is not missed any more; tells whether it slept.
   */
  boolean sleep(BooleanSupplier isIdle, long timeoutMs) throws IOException {
    asleep = true;
    try {
      if (!isIdle.getAsBoolean()) {
        return false;
      }
      selector.select(timeoutMs);
      return true;
    } finally {
      asleep = false;
    }
  }

  /** Looks at the sockets without sleeping; lets go of those that were closed. */
  void look() throws IOException {
    selector.selectNow();
  }

  /** Tells of the sockets that were seen ready, and whether there are any. */
  boolean ready(Consumer<Client> ready) {
    boolean any = !selector.selectedKeys().isEmpty();
    for (SelectionKey key : selector.selectedKeys()) {
      if (key.isValid()) {
        ready.accept((Client) key.attachment());
      }
    }
    selector.selectedKeys().clear();
    return any;
  }

  void close() throws IOException {
    selector.close();
  }
}
