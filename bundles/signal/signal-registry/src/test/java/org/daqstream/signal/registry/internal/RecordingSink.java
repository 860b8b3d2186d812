/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.registry.internal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.WriteResult;
import org.daqstream.signal.api.sink.SignalSink;
import org.daqstream.signal.api.sink.SignalTap;
import org.daqstream.signal.api.sink.TableTap;
import org.daqstream.signal.api.writer.SignalWriter;

/** Writes down what it is told. */
final class RecordingSink implements SignalSink {
  final List<String> log = new ArrayList<>();
  final List<SignalWriter> writers = new ArrayList<>();
  final List<Runnable> demandChanged = new ArrayList<>();
  boolean subscribed = true;
  double[] lastBlock; // of real64
  WriteResult answer = WriteResult.ACCEPTED;
  Throwable failure;
  String failsAt = "";

  /** What was written down since the last call. */
  List<String> news() {
    List<String> news = List.copyOf(log);
    log.clear();
    return news;
  }

  private void note(String entry) {
    log.add(entry);
    if (!failsAt.isEmpty() && entry.startsWith(failsAt)) {
      throwFailure();
    }
  }

  private void throwFailure() {
    if (failure instanceof Error error) {
      throw error;
    }
    throw (RuntimeException) failure;
  }

  private static String text(SignalDescriptor descriptor) {
    return descriptor.signalId() + ":" + descriptor.description();
  }

  @Override
  public TableTap openTable(SignalDescriptor domain) {
    note("+table " + text(domain));
    return new Table(domain.signalId());
  }

  private final class Table implements TableTap {
    private final String id;

    Table(String id) {
      this.id = id;
    }

    @Override
    public SignalTap openSignal(SignalDescriptor value, SignalWriter writer) {
      note("+" + text(value) + " by " + writer);
      writers.add(writer);
      return new Tap(value.signalId());
    }

    @Override
    public void updateDomain(SignalDescriptor domain) {
      note("~table " + text(domain) + " " + domain.rule());
    }

    @Override
    public void close() {
      note("-table " + id);
    }
  }

  private final class Tap implements SignalTap {
    private final String id;

    Tap(String id) {
      this.id = id;
    }

    @Override
    public boolean hasSubscriber() {
      return subscribed;
    }

    @Override
    public void whenDemandChanges(Runnable changed) {
      demandChanged.add(changed);
    }

    @Override
    public WriteResult accept(
        long row, long tick, long[] ticks, Object samples, int offset, int count) {
      if (!subscribed) {
        return WriteResult.NO_SUBSCRIBER;
      }
      String stamps = ticks == null ? "" + tick : tick + " to " + ticks[offset + count - 1];
      lastBlock =
          samples instanceof double[] reals
              ? Arrays.copyOfRange(reals, offset, offset + count)
              : null;
      note(id + " row " + row + " tick " + stamps + " n " + count);
      return answer;
    }

    @Override
    public void replay(long row, long tick, ByteBuffer sample) {
      note(id + " had row " + row + " tick " + tick + " value " + sample.getDouble());
    }

    @Override
    public void update(SignalDescriptor value, SignalWriter writer) {
      note("~" + text(value) + " by " + writer);
      writers.add(writer);
    }

    @Override
    public void close() {
      note("-" + id);
    }
  }
}
