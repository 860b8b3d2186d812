/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.registry.internal;

import org.daqstream.signal.api.WriteResult;

/** Takes no signal, and says why. */
final class RefusingSink extends SingleTapSink {
  private final String refusal;

  RefusingSink(String refusal) {
    this.refusal = refusal;
  }

  @Override
  public String refusal() {
    return refusal;
  }

  @Override
  public boolean hasSubscriber() {
    return false;
  }

  @Override
  public WriteResult accept(
      long row, long tick, long[] ticks, Object samples, int offset, int count) {
    return WriteResult.NO_SUBSCRIBER;
  }
}
