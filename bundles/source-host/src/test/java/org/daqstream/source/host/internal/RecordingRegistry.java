/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.host.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;
import org.daqstream.signal.api.SignalRegistry;
import org.daqstream.signal.api.SignalState;
import org.daqstream.signal.api.SignalTable;
import org.daqstream.signal.api.WriteResult;

/** Remembers what a source publishes and writes; may be asked from any thread. */
final class RecordingRegistry implements SignalRegistry {
  record Row(long tick, double value) {}

  private final Map<String, SignalDescriptor> open = new TreeMap<>();
  private final Map<String, List<Row>> rows = new TreeMap<>();
  private final List<String> events = new ArrayList<>();

  /** The ids of what is open now. */
  synchronized List<String> ids() {
    return List.copyOf(open.keySet());
  }

  synchronized SignalDescriptor descriptor(String signalId) {
    return open.get(signalId);
  }

  synchronized List<Row> rows(String signalId) {
    return List.copyOf(rows.getOrDefault(signalId, List.of()));
  }

  synchronized double last(String signalId) {
    List<Row> all = rows(signalId);
    return all.isEmpty() ? Double.NaN : all.get(all.size() - 1).value();
  }

  /** What was opened, closed and changed, in order. */
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

  private synchronized void change(SignalDescriptor descriptor) {
    open.put(descriptor.signalId(), descriptor);
    events.add("update " + descriptor.signalId());
  }

  private synchronized WriteResult write(String signalId, Row row) {
    if (!open.containsKey(signalId)) {
      return WriteResult.CLOSED;
    }
    rows.computeIfAbsent(signalId, id -> new ArrayList<>()).add(row);
    return WriteResult.ACCEPTED;
  }

  @Override
  public SignalTable openTable(SignalDescriptor domain) {
    add(domain);
    return new Table(domain.signalId());
  }

  @Override
  public SignalPort open(SignalDescriptor domain, SignalDescriptor value) {
    return openTable(domain).open(value);
  }

  @Override
  public List<SignalState> signals() {
    return List.of();
  }

  private final class Table implements SignalTable {
    private final String tableId;
    private final List<SignalPort> ports = new ArrayList<>();

    Table(String tableId) {
      this.tableId = tableId;
    }

    @Override
    public SignalDescriptor domain() {
      return RecordingRegistry.this.descriptor(tableId);
    }

    @Override
    public SignalPort open(SignalDescriptor value) {
      add(value);
      ports.add(new Port(value.signalId()));
      return ports.get(ports.size() - 1);
    }

    @Override
    public List<SignalPort> ports() {
      return ports;
    }

    @Override
    public WriteResult write(long tick, Object[] samples, int offset, int count) {
      throw new UnsupportedOperationException("the host source writes single samples");
    }

    @Override
    public WriteResult write(long[] ticks, Object[] samples, int offset, int count) {
      throw new UnsupportedOperationException("the domain is linear");
    }

    @Override
    public void updateDomain(SignalDescriptor domain) {
      change(domain);
    }

    @Override
    public void close() {
      ports.forEach(SignalPort::close);
      remove(tableId);
    }
  }

  private final class Port implements SignalPort {
    private final String signalId;

    Port(String signalId) {
      this.signalId = signalId;
    }

    @Override
    public SignalDescriptor descriptor() {
      return RecordingRegistry.this.descriptor(signalId);
    }

    @Override
    public boolean hasSubscriber() {
      return true;
    }

    @Override
    public WriteResult write(long tick, Object samples, int offset, int count) {
      throw new UnsupportedOperationException("the host source writes single samples");
    }

    @Override
    public WriteResult write(long[] ticks, Object samples, int offset, int count) {
      throw new UnsupportedOperationException("the domain is linear");
    }

    @Override
    public WriteResult write(long tick, double sample) {
      return RecordingRegistry.this.write(signalId, new Row(tick, sample));
    }

    @Override
    public WriteResult write(long tick, long sample) {
      throw new UnsupportedOperationException("the host source writes real samples");
    }

    @Override
    public void update(SignalDescriptor descriptor) {
      change(descriptor);
    }

    @Override
    public void close() {
      remove(signalId);
    }
  }
}
