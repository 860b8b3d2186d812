/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.WriteResult;
import org.daqstream.signal.api.sink.SignalSink;
import org.daqstream.signal.api.sink.SignalTap;
import org.daqstream.signal.api.sink.TableTap;
import org.daqstream.signal.api.writer.SignalWriter;

/** Takes signals further as a server does, and remembers each sample. */
final class TakingSink implements SignalSink {
  /** A sample with the descriptions that held for it. */
  record Sample(
      long row, long tick, ByteBuffer bytes, SignalDescriptor domain, SignalDescriptor value) {}

  private final Predicate<String> wanted;
  private final Map<String, Tap> taps = new ConcurrentHashMap<>();
  private final Map<String, List<Sample>> samples = new ConcurrentHashMap<>();

  /** For those that are wanted. */
  TakingSink(Predicate<String> wanted) {
    this.wanted = wanted;
  }

  List<Sample> samples(String signalId) {
    List<Sample> all = samples.getOrDefault(signalId, List.of());
    synchronized (all) {
      return List.copyOf(all);
    }
  }

  List<Long> rows(String signalId) {
    return samples(signalId).stream().map(Sample::row).toList();
  }

  /** The signal that is there now; {@code null} when there is none. */
  SignalDescriptor value(String signalId) {
    Tap tap = taps.get(signalId);
    return tap == null ? null : tap.value;
  }

  SignalWriter writer(String signalId) {
    return taps.get(signalId).writer;
  }

  SignalDescriptor domain(String signalId) {
    return taps.get(signalId).table.domain;
  }

  /** Asks again who is wanted. */
  void demandChanged() {
    taps.values().forEach(each -> each.changed.run());
  }

  @Override
  public TableTap openTable(SignalDescriptor domain) {
    return new Table(domain);
  }

  private final class Table implements TableTap {
    private volatile SignalDescriptor domain;

    Table(SignalDescriptor domain) {
      this.domain = domain;
    }

    @Override
    public SignalTap openSignal(SignalDescriptor value, SignalWriter writer) {
      Tap tap = new Tap(this, value, writer);
      taps.put(value.signalId(), tap);
      return tap;
    }

    @Override
    public void updateDomain(SignalDescriptor changed) {
      domain = changed;
    }

    @Override
    public void close() {}
  }

  private final class Tap implements SignalTap {
    private final Table table;
    private volatile SignalDescriptor value;
    private volatile SignalWriter writer;
    private volatile Runnable changed = () -> {};

    Tap(Table table, SignalDescriptor value, SignalWriter writer) {
      this.table = table;
      this.value = value;
      this.writer = writer;
    }

    @Override
    public boolean hasSubscriber() {
      return wanted.test(value.signalId());
    }

    @Override
    public void whenDemandChanges(Runnable listener) {
      changed = listener;
    }

    @Override
    public WriteResult accept(
        long row, long tick, long[] ticks, Object from, int offset, int count) {
      List<Sample> to = samples.computeIfAbsent(value.signalId(), id -> new ArrayList<>());
      long delta = table.domain.rule() instanceof Rule.Linear linear ? linear.deltaTicks() : 0;
      for (int i = 0; i < count; i++) {
        int bytes = writer.encodedBytes(from, offset + i, 1);
        ByteBuffer sample = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        writer.encode(from, offset + i, 1, sample);
        long at = ticks == null ? tick + i * delta : ticks[offset + i];
        synchronized (to) {
          to.add(new Sample(row + i, at, sample.flip(), table.domain, value));
        }
      }
      return WriteResult.ACCEPTED;
    }

    @Override
    public void update(SignalDescriptor newValue, SignalWriter newWriter) {
      value = newValue;
      writer = newWriter;
    }

    @Override
    public void close() {
      taps.remove(value.signalId(), this);
    }
  }
}
