/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.registry.internal;

import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.WriteResult;
import org.daqstream.signal.api.sink.SignalSink;
import org.daqstream.signal.api.sink.SignalTap;
import org.daqstream.signal.api.sink.TableTap;
import org.daqstream.signal.api.writer.SignalWriter;

/** A sink that is its own tap for every table and signal; a subscriber that takes every block. */
class SingleTapSink implements SignalSink, TableTap, SignalTap {
  @Override
  public TableTap openTable(SignalDescriptor domain) {
    return this;
  }

  @Override
  public SignalTap openSignal(SignalDescriptor value, SignalWriter writer) {
    return this;
  }

  @Override
  public boolean hasSubscriber() {
    return true;
  }

  @Override
  public WriteResult accept(
      long row, long tick, long[] ticks, Object samples, int offset, int count) {
    return WriteResult.ACCEPTED;
  }

  @Override
  public void updateDomain(SignalDescriptor domain) {}

  @Override
  public void update(SignalDescriptor value, SignalWriter writer) {}

  @Override
  public void close() {}
}
