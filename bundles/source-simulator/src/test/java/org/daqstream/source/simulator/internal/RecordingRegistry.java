/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.simulator.internal;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.daqstream.signal.api.Resolution;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;
import org.daqstream.signal.api.SignalRegistry;
import org.daqstream.signal.api.SignalState;
import org.daqstream.signal.api.SignalTable;
import org.daqstream.signal.api.WriteResult;

/** Remembers what a source publishes and writes; may be asked from any thread. */
final class RecordingRegistry implements SignalRegistry {
  /** A block of one signal with the domain it was written under. */
  record Block(long tick, long deltaTicks, Resolution resolution, Object samples, int count) {}

  private final Map<String, SignalDescriptor> open = new TreeMap<>();
  private final Map<String, List<Block>> blocks = new TreeMap<>();
  private final List<String> events = new ArrayList<>();

  /** What the next writes are answered with. */
  volatile WriteResult result = WriteResult.ACCEPTED;

  synchronized List<String> ids() {
    return List.copyOf(open.keySet());
  }

  synchronized SignalDescriptor descriptor(String signalId) {
    return open.get(signalId);
  }

  synchronized List<Block> blocks(String signalId) {
    return List.copyOf(blocks.getOrDefault(signalId, List.of()));
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

  private synchronized void write(
      SignalDescriptor domain, String signalId, long tick, Object samples, int count) {
    Object copy = Array.newInstance(samples.getClass().getComponentType(), count);
    System.arraycopy(samples, 0, copy, 0, count);
    long deltaTicks = ((Rule.Linear) domain.rule()).deltaTicks();
    blocks
        .computeIfAbsent(signalId, id -> new ArrayList<>())
        .add(new Block(tick, deltaTicks, domain.resolution(), copy, count));
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
    private final List<Port> ports = new ArrayList<>();

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
      Port port = new Port(this, value.signalId());
      ports.add(port);
      return port;
    }

    @Override
    public List<SignalPort> ports() {
      return List.copyOf(ports);
    }

    @Override
    public WriteResult write(long tick, Object[] samples, int offset, int count) {
      if (samples.length != ports.size() || offset != 0 || count < 1) {
        throw new IllegalArgumentException(samples.length + " arrays, " + count + " samples");
      }
      for (int i = 0; i < samples.length; i++) {
        RecordingRegistry.this.write(domain(), ports.get(i).signalId, tick, samples[i], count);
      }
      return result;
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
      List.copyOf(ports).forEach(Port::close);
      remove(tableId);
    }
  }

  private final class Port implements SignalPort {
    private final Table table;
    private final String signalId;

    Port(Table table, String signalId) {
      this.table = table;
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
      throw new UnsupportedOperationException("the simulator writes whole tables");
    }

    @Override
    public WriteResult write(long[] ticks, Object samples, int offset, int count) {
      throw new UnsupportedOperationException("the domain is linear");
    }

    @Override
    public WriteResult write(long tick, double sample) {
      throw new UnsupportedOperationException("the simulator writes whole tables");
    }

    @Override
    public WriteResult write(long tick, long sample) {
      throw new UnsupportedOperationException("the simulator writes whole tables");
    }

    @Override
    public void update(SignalDescriptor descriptor) {
      change(descriptor);
    }

    @Override
    public void close() {
      table.ports.remove(this);
      remove(signalId);
    }
  }
}
