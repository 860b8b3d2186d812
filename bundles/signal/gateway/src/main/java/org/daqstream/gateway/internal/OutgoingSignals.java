/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.gateway.internal;

import java.nio.ByteBuffer;
import org.daqstream.base.support.IdPatterns;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.WriteResult;
import org.daqstream.signal.api.sink.SignalSink;
import org.daqstream.signal.api.sink.SignalTap;
import org.daqstream.signal.api.sink.TableTap;
import org.daqstream.signal.api.writer.SignalWriter;

/**
 * The signals of this runtime that a device is offered: those that are wanted by their ids, but
 * none that the device itself has brought. Each tells by its path that it has passed this runtime.
 */
record OutgoingSignals(SignalSink device, IdPatterns filter, LocalNames names)
    implements SignalSink {

  @Override
  public TableTap openTable(SignalDescriptor domain) {
    return new Table(device.openTable(domain));
  }

  private final class Table implements TableTap {
    private final TableTap table;

    Table(TableTap table) {
      this.table = table;
    }

    @Override
    public SignalTap openSignal(SignalDescriptor value, SignalWriter writer) {
      if (!filter.wants(value.signalId()) || names.isOfThisLink(value)) {
        return SignalTap.IGNORING;
      }
      return new Tap(table.openSignal(names.passedOn(value), writer));
    }

    @Override
    public void updateDomain(SignalDescriptor domain) {
      table.updateDomain(domain);
    }

    @Override
    public void close() {
      table.close();
    }
  }

  private final class Tap implements SignalTap {
    private final SignalTap signal;

    Tap(SignalTap signal) {
      this.signal = signal;
    }

    @Override
    public boolean hasSubscriber() {
      return signal.hasSubscriber();
    }

    @Override
    public void whenDemandChanges(Runnable changed) {
      signal.whenDemandChanges(changed);
    }

    @Override
    public WriteResult accept(
        long row, long tick, long[] ticks, Object samples, int offset, int count) {
      return signal.accept(row, tick, ticks, samples, offset, count);
    }

    @Override
    public void replay(long row, long tick, ByteBuffer sample) {
      signal.replay(row, tick, sample);
    }

    @Override
    public void update(SignalDescriptor value, SignalWriter writer) {
      signal.update(names.passedOn(value), writer);
    }

    @Override
    public void close() {
      signal.close();
    }
  }
}
