/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest.bench;

import java.util.concurrent.atomic.AtomicLong;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.WriteResult;
import org.daqstream.signal.api.sink.SignalSink;
import org.daqstream.signal.api.sink.SignalTap;
import org.daqstream.signal.api.sink.TableTap;
import org.daqstream.signal.api.writer.SignalWriter;

/** Wants one signal of a runtime, and counts what comes of it. */
final class RowCounter implements SignalSink {
  private final String signalId;
  private final AtomicLong samples = new AtomicLong();
  private final AtomicLong missing = new AtomicLong();

  RowCounter(String signalId) {
    this.signalId = signalId;
  }

  long samples() {
    return samples.get();
  }

  /** Rows that did not come. */
  long missing() {
    return missing.get();
  }

  @Override
  public TableTap openTable(SignalDescriptor domain) {
    return new TableTap() {
      @Override
      public SignalTap openSignal(SignalDescriptor value, SignalWriter writer) {
        return value.signalId().equals(signalId) ? new Tap() : SignalTap.IGNORING;
      }

      @Override
      public void updateDomain(SignalDescriptor changed) {}

      @Override
      public void close() {}
    };
  }

  private final class Tap implements SignalTap {
    private long endRow = -1;

    @Override
    public boolean hasSubscriber() {
      return true;
    }

    @Override
    public WriteResult accept(
        long row, long tick, long[] ticks, Object block, int offset, int count) {
      if (endRow >= 0 && row > endRow) {
        missing.addAndGet(row - endRow);
      }
      endRow = row + count;
      samples.addAndGet(count);
      return WriteResult.ACCEPTED;
    }

    @Override
    public void update(SignalDescriptor value, SignalWriter writer) {}

    @Override
    public void close() {}
  }
}
