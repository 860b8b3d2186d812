/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.file.internal;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;
import org.daqstream.signal.api.SignalRegistry;
import org.daqstream.signal.api.SignalState;
import org.daqstream.signal.api.SignalTable;
import org.daqstream.signal.api.WriteResult;

/** Remembers what a source publishes and writes; may be asked from any thread. */
final class RecordingRegistry implements SignalRegistry {
  /** One sample with its domain value. */
  record Sample(long tick, Number value) {}

  private final Map<String, SignalDescriptor> open = new TreeMap<>();
  private final Map<String, List<Sample>> samples = new TreeMap<>();
  private final List<String> events = new ArrayList<>();

  /** What the next writes are answered with. */
  volatile WriteResult result = WriteResult.ACCEPTED;

  synchronized List<String> ids() {
    return List.copyOf(open.keySet());
  }

  synchronized SignalDescriptor descriptor(String signalId) {
    return open.get(signalId);
  }

  synchronized List<Sample> samples(String signalId) {
    return List.copyOf(samples.getOrDefault(signalId, List.of()));
  }

  synchronized int count(String signalId) {
    return samples.getOrDefault(signalId, List.of()).size();
  }

  List<Long> ticks(String signalId) {
    return samples(signalId).stream().map(Sample::tick).toList();
  }

  List<Number> values(String signalId) {
    return samples(signalId).stream().map(Sample::value).toList();
  }

  /** What was opened and closed, in order. */
  synchronized List<String> events() {
    return List.copyOf(events);
  }

  private synchronized void add(SignalDescriptor descriptor) {
    if (open.putIfAbsent(descriptor.signalId(), descriptor) != null) {
      throw new IllegalArgumentException("signalId is taken: " + descriptor.signalId());
    }
    events.add("open " + descriptor.signalId());
  }

  private synchronized void remove(String signalId) {
    if (open.remove(signalId) != null) {
      events.add("close " + signalId);
    }
  }

  private synchronized void write(String signalId, long tick, Object array, int i) {
    samples
        .computeIfAbsent(signalId, id -> new ArrayList<>())
        .add(new Sample(tick, (Number) Array.get(array, i)));
  }

  @Override
  public SignalTable openTable(SignalDescriptor domain) {
    add(domain);
    return new Table(domain);
  }

  @Override
  public SignalPort open(SignalDescriptor domain, SignalDescriptor value) {
    throw new UnsupportedOperationException("files are tables");
  }

  @Override
  public List<SignalState> signals() {
    return List.of();
  }

  private final class Table implements SignalTable {
    private final SignalDescriptor domain;
    private final List<Port> ports = new ArrayList<>();

    Table(SignalDescriptor domain) {
      this.domain = domain;
    }

    @Override
    public SignalDescriptor domain() {
      return domain;
    }

    @Override
    public SignalPort open(SignalDescriptor value) {
      add(value);
      Port port = new Port(value);
      ports.add(port);
      return port;
    }

    @Override
    public List<SignalPort> ports() {
      return List.copyOf(ports);
    }

    @Override
    public WriteResult write(long tick, Object[] blocks, int offset, int count) {
      long deltaTicks = ((Rule.Linear) domain.rule()).deltaTicks();
      for (int signal = 0; signal < blocks.length; signal++) {
        for (int i = 0; i < count; i++) {
          RecordingRegistry.this.write(
              ports.get(signal).descriptor.signalId(),
              tick + i * deltaTicks,
              blocks[signal],
              offset + i);
        }
      }
      return result;
    }

    @Override
    public WriteResult write(long[] ticks, Object[] blocks, int offset, int count) {
      for (int signal = 0; signal < blocks.length; signal++) {
        for (int i = 0; i < count; i++) {
          RecordingRegistry.this.write(
              ports.get(signal).descriptor.signalId(),
              ticks[offset + i],
              blocks[signal],
              offset + i);
        }
      }
      return result;
    }

    @Override
    public void updateDomain(SignalDescriptor changed) {
      throw new UnsupportedOperationException("files keep their domain");
    }

    @Override
    public void close() {
      ports.forEach(port -> remove(port.descriptor.signalId()));
      remove(domain.signalId());
    }
  }

  private record Port(SignalDescriptor descriptor) implements SignalPort {
    @Override
    public boolean hasSubscriber() {
      return true;
    }

    @Override
    public WriteResult write(long tick, Object samples, int offset, int count) {
      throw new UnsupportedOperationException("files are written as tables");
    }

    @Override
    public WriteResult write(long[] ticks, Object samples, int offset, int count) {
      throw new UnsupportedOperationException("files are written as tables");
    }

    @Override
    public WriteResult write(long tick, double sample) {
      throw new UnsupportedOperationException("files are written as tables");
    }

    @Override
    public WriteResult write(long tick, long sample) {
      throw new UnsupportedOperationException("files are written as tables");
    }

    @Override
    public void update(SignalDescriptor changed) {
      throw new UnsupportedOperationException("files keep their signals");
    }

    @Override
    public void close() {
      throw new UnsupportedOperationException("the table is closed whole");
    }
  }
}
