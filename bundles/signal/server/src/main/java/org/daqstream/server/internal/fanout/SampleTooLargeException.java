/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.fanout;

import java.io.IOException;
import org.daqstream.protocol.PeerProfile;
import org.daqstream.server.internal.log.LogSignal;

/** A client would have to be sent a sample that its family does not survive. */
final class SampleTooLargeException extends IOException {
  private static final long serialVersionUID = 1L;

  private final transient LogSignal signal;

  private SampleTooLargeException(LogSignal signal, String message) {
    super(message);
    this.signal = signal;
  }

  /** Checks a sample before any of it is sent. */
  static void check(LogSignal signal, int sampleBytes, PeerProfile profile)
      throws SampleTooLargeException {
    if (sampleBytes > profile.maxSampleBytes()) {
      throw new SampleTooLargeException(
          signal,
          "a sample of %s B, at most %s B for this client: signal %s"
              .formatted(sampleBytes, profile.maxSampleBytes(), signal.signalId()));
    }
  }

  LogSignal signal() {
    return signal;
  }
}
