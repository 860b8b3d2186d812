/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal.signals;

import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.WriteResult;
import org.daqstream.signal.api.sink.SignalSink;
import org.daqstream.signal.api.sink.SignalTap;
import org.daqstream.signal.api.sink.TableTap;
import org.daqstream.signal.api.writer.SignalWriter;

/**
 * Takes the blocks of one signal into a queue, and counts what finds no room there. A block is
 * allocated for each, other than by sinks that serve all the time: showing it costs far more.
 */
record TapSink(String signalId, BlockQueue queue) implements SignalSink {
  @Override
  public TableTap openTable(SignalDescriptor domain) {
    return new Table(domain);
  }

  /** The signal may be of any table. */
  private final class Table implements TableTap {
    private volatile SignalDescriptor domain;

    Table(SignalDescriptor domain) {
      this.domain = domain;
    }

    @Override
    public SignalTap openSignal(SignalDescriptor value, SignalWriter writer) {
      return value.signalId().equals(signalId) ? new Tap(this, value, writer) : SignalTap.IGNORING;
    }

    @Override
    public void updateDomain(SignalDescriptor changed) {
      domain = changed;
    }

    @Override
    public void close() {}
  }

  private final class Tap implements SignalTap {
    private record Encoding(SignalDescriptor value, SignalWriter writer, String wireType) {
      static Encoding of(SignalDescriptor value, SignalWriter writer) {
        return new Encoding(value, writer, String.valueOf(writer.definition().get("dataType")));
      }
    }

    private final Table table;
    private volatile Encoding encoding;

    Tap(Table table, SignalDescriptor value, SignalWriter writer) {
      this.table = table;
      this.encoding = Encoding.of(value, writer);
    }

    @Override
    public boolean hasSubscriber() {
      return true;
    }

    @Override
    public WriteResult accept(
        long row, long tick, long[] ticks, Object samples, int offset, int count) {
      boolean queued = false;
      try {
        Encoding now = encoding;
        if (queue.hasRoom(Block.bytesOf(now.writer(), samples, offset, count))) {
          queue.put(
              new Block(
                  new Block.Format(table.domain, now.value(), now.wireType()),
                  now.writer(),
                  row,
                  tick,
                  ticks,
                  samples,
                  offset,
                  count));
          queued = true;
        }
      } finally {
        if (!queued) { // no room, or the writer threw
          queue.drop(count);
        }
      }
      return WriteResult.ACCEPTED;
    }

    @Override
    public void update(SignalDescriptor value, SignalWriter writer) {
      encoding = Encoding.of(value, writer);
    }

    @Override
    public void close() {}
  }
}
