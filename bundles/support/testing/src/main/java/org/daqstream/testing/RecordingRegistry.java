/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.testing;

import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.daqstream.signal.api.Resolution;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;
import org.daqstream.signal.api.SignalRegistry;
import org.daqstream.signal.api.SignalState;
import org.daqstream.signal.api.SignalTable;
import org.daqstream.signal.api.StructBuffer;
import org.daqstream.signal.api.WriteResult;

/**
 * Remembers what a source publishes and writes; may be asked from any thread. It refuses what the
 * real registry refuses, apart from samples that do not fit the data type: only a writer knows.
 */
public final class RecordingRegistry implements SignalRegistry {
  /**
   * A block of one signal.
   *
   * @param domain the domain under which it was written
   * @param ticks of each sample on an explicit domain, else that of the first one
   * @param samples array of the samples; a copy of a buffer has all that the buffer held
   * @param count number of samples
   */
  public record Block(SignalDescriptor domain, LongBuffer ticks, Object samples, int count) {
    /** Tick of the first sample. */
    public long tick() {
      return ticks.get(0);
    }

    /** Ticks between samples, 0 on an explicit domain. */
    public long deltaTicks() {
      return domain.rule() instanceof Rule.Linear linear ? linear.deltaTicks() : 0;
    }

    /** That of the domain. */
    public Resolution resolution() {
      return domain.resolution();
    }

    private Sample sample(int i) {
      long tick = deltaTicks() > 0 ? tick() + i * deltaTicks() : ticks.get(i);
      return new Sample(tick, (Number) Array.get(samples, i));
    }
  }

  /** One sample with its domain value. */
  public record Sample(long tick, Number value) {}

  private final Map<String, SignalDescriptor> open = new TreeMap<>();
  private final Map<String, List<Block>> blocks = new TreeMap<>();
  private final Map<String, List<Long>> rows = new TreeMap<>();
  private final List<String> events = new ArrayList<>();
  private final List<Table> tables = new CopyOnWriteArrayList<>();

  /** What the next writes are answered with. */
  private volatile WriteResult result = WriteResult.ACCEPTED;

  private volatile boolean subscribed = true;

  /** Answers the writes to come. */
  public void answer(WriteResult newResult) {
    result = newResult;
  }

  /** What ports say to {@link SignalPort#hasSubscriber()} from now on; true at first. */
  public void subscribed(boolean isSubscribed) {
    subscribed = isSubscribed;
    tables.forEach(table -> table.ports.forEach(port -> port.demandListener.run()));
  }

  /** The signals that are open now, in order. */
  public synchronized List<String> ids() {
    return List.copyOf(open.keySet());
  }

  /** The description of an open signal. */
  public synchronized SignalDescriptor descriptor(String signalId) {
    return open.get(signalId);
  }

  /** What was written to a signal, also if it is closed now. */
  public synchronized List<Block> blocks(String signalId) {
    return List.copyOf(blocks.getOrDefault(signalId, List.of()));
  }

  /** The samples of all blocks of a signal. */
  public List<Sample> samples(String signalId) {
    List<Sample> samples = new ArrayList<>();
    for (Block block : blocks(signalId)) {
      for (int i = 0; i < block.count(); i++) {
        samples.add(block.sample(i));
      }
    }
    return samples;
  }

  /** How many samples were written to a signal. */
  public int count(String signalId) {
    return blocks(signalId).stream().mapToInt(Block::count).sum();
  }

  /** The domain values of a signal's samples. */
  public List<Long> ticks(String signalId) {
    return samples(signalId).stream().map(Sample::tick).toList();
  }

  /** The values of a signal's samples. */
  public List<Number> values(String signalId) {
    return samples(signalId).stream().map(Sample::value).toList();
  }

  /** The last sample of a signal, NaN when there is none. */
  public double last(String signalId) {
    List<Block> all = blocks(signalId);
    return all.isEmpty()
        ? Double.NaN
        : all.get(all.size() - 1).sample(all.get(all.size() - 1).count() - 1).value().doubleValue();
  }

  /** What was opened, closed and changed, in order. */
  public synchronized List<String> events() {
    return List.copyOf(events);
  }

  private synchronized void noteRow(String signalId, long row) {
    rows.computeIfAbsent(signalId, id -> new ArrayList<>()).add(row);
  }

  /**
   * The first rows of the blocks of a signal that were written to rows of their source's choice.
   */
  public synchronized List<Long> rows(String signalId) {
    return List.copyOf(rows.getOrDefault(signalId, List.of()));
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

  private synchronized void change(String signalId, SignalDescriptor descriptor) {
    if (!descriptor.signalId().equals(signalId)) {
      throw new IllegalArgumentException(
          "signalId " + signalId + " cannot become " + descriptor.signalId());
    }
    if (open.replace(signalId, descriptor) == null) {
      throw new IllegalStateException("closed: " + signalId);
    }
    events.add("update " + signalId);
  }

  private synchronized WriteResult write(Port port, long[] ticks, Object samples, int count) {
    if (!open.containsKey(port.signalId)) {
      return WriteResult.CLOSED;
    }
    if (count > 0) {
      blocks
          .computeIfAbsent(port.signalId, id -> new ArrayList<>())
          .add(new Block(port.table.domain(), LongBuffer.wrap(ticks), samples, count));
    }
    return result;
  }

  private static Object copy(Object samples, int offset, int count) {
    if (samples instanceof ByteBuffer buffer) {
      return ByteBuffer.allocate(buffer.remaining()).put(buffer.duplicate()).flip();
    }
    if (samples instanceof StructBuffer buffer) {
      return copy(buffer.bytes().duplicate().clear(), 0, count);
    }
    Object copy = Array.newInstance(samples.getClass().getComponentType(), count);
    System.arraycopy(samples, offset, copy, 0, count);
    return copy;
  }

  @Override
  public SignalTable openTable(SignalDescriptor domain) {
    return new Table(domain, false);
  }

  @Override
  public SignalPort open(SignalDescriptor domain, SignalDescriptor value) {
    return new Table(domain, true).open(value);
  }

  /** All are available, without counts of blocks. */
  @Override
  public synchronized List<SignalState> signals() {
    List<SignalState> states = new ArrayList<>();
    for (Table table : tables) {
      states.add(new SignalState(table.domain(), table.tableId, 0, true, "", Map.of()));
      for (Port port : table.ports) {
        states.add(new SignalState(port.descriptor(), table.tableId, 0, true, "", Map.of()));
      }
    }
    return states;
  }

  private final class Table implements SignalTable {
    private final String tableId;
    private final boolean ofOneSignal;
    private final List<Port> ports = new CopyOnWriteArrayList<>();

    Table(SignalDescriptor domain, boolean ofOneSignal) {
      if (!(domain.rule() instanceof Rule.Linear) && !(domain.rule() instanceof Rule.Explicit)) {
        throw new IllegalArgumentException(domain.signalId() + ": rule does not fit a domain");
      }
      this.tableId = domain.signalId();
      this.ofOneSignal = ofOneSignal;
      add(domain);
      tables.add(this);
    }

    @Override
    public SignalDescriptor domain() {
      return RecordingRegistry.this.descriptor(tableId);
    }

    @Override
    public SignalPort open(SignalDescriptor value) {
      if (domain() == null) {
        throw new IllegalStateException("closed: " + tableId);
      }
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
      checkPorts(samples);
      for (int i = 0; i < samples.length; i++) {
        if (samples[i] != null) {
          ports.get(i).write(tick, samples[i], offset, count);
        }
      }
      return result;
    }

    @Override
    public WriteResult write(long[] ticks, Object[] samples, int offset, int count) {
      checkPorts(samples);
      for (int i = 0; i < samples.length; i++) {
        if (samples[i] != null) {
          ports.get(i).write(ticks, samples[i], offset, count);
        }
      }
      return result;
    }

    private void checkPorts(Object[] samples) {
      if (samples.length != ports.size()) {
        throw new IllegalArgumentException(
            samples.length + " arrays for " + ports.size() + " ports");
      }
    }

    @Override
    public void updateDomain(SignalDescriptor domain) {
      change(tableId, domain);
    }

    @Override
    public void close() {
      ports.forEach(Port::withdraw);
      tables.remove(this);
      remove(tableId);
    }
  }

  private final class Port implements SignalPort {
    private final Table table;
    private final String signalId;
    private volatile Runnable demandListener = () -> {};

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
      return subscribed;
    }

    @Override
    public WriteResult write(long tick, Object samples, int offset, int count) {
      if (!(table.domain().rule() instanceof Rule.Linear)) {
        throw new IllegalStateException("the domain is explicit");
      }
      return RecordingRegistry.this.write(
          this, new long[] {tick}, copy(samples, offset, count), count);
    }

    @Override
    public WriteResult write(long[] ticks, Object samples, int offset, int count) {
      if (table.domain().rule() instanceof Rule.Linear) {
        throw new IllegalStateException("the domain is linear");
      }
      return RecordingRegistry.this.write(
          this, (long[]) copy(ticks, offset, count), copy(samples, offset, count), count);
    }

    @Override
    public void whenDemandChanges(Runnable changed) {
      demandListener = changed;
    }

    @Override
    public WriteResult writeAt(long row, long tick, Object samples, int offset, int count) {
      noteRow(signalId, row);
      return write(tick, samples, offset, count);
    }

    @Override
    public WriteResult writeAt(long row, long[] ticks, Object samples, int offset, int count) {
      noteRow(signalId, row);
      return write(ticks, samples, offset, count);
    }

    @Override
    public WriteResult write(long tick, double sample) {
      return RecordingRegistry.this.write(this, new long[] {tick}, new double[] {sample}, 1);
    }

    @Override
    public WriteResult write(long tick, long sample) {
      return RecordingRegistry.this.write(this, new long[] {tick}, new long[] {sample}, 1);
    }

    @Override
    public void update(SignalDescriptor descriptor) {
      change(signalId, descriptor);
    }

    private void withdraw() {
      table.ports.remove(this);
      remove(signalId);
    }

    @Override
    public void close() {
      withdraw();
      if (table.ofOneSignal) {
        table.close();
      }
    }
  }
}
