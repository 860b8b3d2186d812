/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest.bench;

import org.daqstream.signal.api.SignalPort;
import org.daqstream.signal.api.SignalState;

/**
 * Where clients read what the runtime of the benchmark publishes.
 *
 * @param end the runtime that they connect to
 * @param prefix what stands there in front of the ids
 * @param tls whether inside TLS
 */
record Way(StreamingRuntime end, String prefix, boolean tls) {
  private static final long TIMEOUT_NANOS = 20_000_000_000L;
  private static final long STEADY_NANOS = 300_000_000;

  /** At the server beside the publisher. */
  static Way direct(StreamingRuntime runtime) {
    return new Way(runtime, "");
  }

  /** The same inside TLS. */
  static Way insideTls(StreamingRuntime runtime) {
    return new Way(runtime, "", true);
  }

  Way(StreamingRuntime end, String prefix) {
    this(end, prefix, false);
  }

  Endpoint endpoint() {
    return tls ? end.tlsEndpoint() : end.endpoint();
  }

  /** The id there, once the signal is there. */
  String idOf(String signalId) {
    String id = prefix + signalId;
    long deadline = System.nanoTime() + TIMEOUT_NANOS;
    while (!isOffered(id)) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("signal " + id + " does not come");
      }
      Pause.millis(1);
    }
    return id;
  }

  /**
   * Waits until it is known at the publisher's side that somebody reads. A gateway subscribes for a
   * moment to hear a description; that ends by itself and does not count.
   */
  static void awaitDemand(SignalPort port) {
    long start = System.nanoTime();
    long since = start;
    while (System.nanoTime() - since < STEADY_NANOS) {
      Pause.millis(1);
      if (!port.hasSubscriber()) {
        since = System.nanoTime();
        if (since - start > TIMEOUT_NANOS) {
          throw new IllegalStateException(port + " gets no subscriber");
        }
      }
    }
  }

  private boolean isOffered(String id) {
    for (SignalState each : end.registry().signals()) {
      if (each.descriptor().signalId().equals(id) && each.available()) {
        return true;
      }
    }
    return false;
  }
}
