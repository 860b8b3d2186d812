/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.daqstream.nats.bridge.internal.BlockMessage.Block;
import org.daqstream.signal.api.ElementType;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;
import org.daqstream.signal.api.SignalTable;

/**
 * A table of a publisher as this runtime publishes it. Its rows are those of the source; when a new
 * life of the table begins there, its rows follow those before. Under the lock of the import.
 */
final class NatsTable {
  private static final int EPOCHS = 16;

  private final SignalTable table;
  private final Set<NatsSignal> signals = new HashSet<>();

  /** What is added to rows of an epoch, in the order of their coming. */
  private final Map<Long, Long> offsets = new LinkedHashMap<>();

  private String publisher;
  private long endRow;
  private long deltaTicks;

  NatsTable(SignalTable table, String publisher) {
    this.table = table;
    this.publisher = publisher;
    deltaTicks = deltaTicks(table.domain());
  }

  /** Distance of neighbouring rows; 0 with an explicit domain. */
  static long deltaTicks(SignalDescriptor domain) {
    return domain.rule() instanceof Rule.Linear linear ? linear.deltaTicks() : 0;
  }

  SignalDescriptor domain() {
    return table.domain();
  }

  Set<NatsSignal> signals() {
    return signals;
  }

  String publisher() {
    return publisher;
  }

  /** The publisher has begun a new life, or another one has taken its place. */
  void setPublisher(String next) {
    publisher = next;
  }

  /** Whether the table can go on with another description of its domain. */
  boolean takes(SignalDescriptor domain) {
    return domain().rule().getClass() == domain.rule().getClass()
        && domain().dataType().equals(domain.dataType());
  }

  void update(SignalDescriptor domain) {
    table.updateDomain(domain);
    deltaTicks = deltaTicks(domain);
  }

  SignalPort open(NatsSignal signal, SignalDescriptor value) {
    SignalPort port = table.open(value);
    signals.add(signal);
    return port;
  }

  /** The port of a signal was closed; whether the table has none any more. */
  boolean left(NatsSignal signal) {
    signals.remove(signal);
    return signals.isEmpty();
  }

  void close() {
    table.close();
  }

  /**
   * Writes a block to a port of the table.
   *
   * @param announced the description that holds for it
   * @param from how many of its first samples are left out
   * @throws IllegalArgumentException when it does not fit the table
   */
  void write(SignalPort port, SignalAnnouncement announced, Block block, int from) {
    if ((block.ticks() == null) != (deltaTicks != 0)) {
      throw new IllegalArgumentException("its block does not fit the rule of its domain");
    }
    long row = Math.addExact(block.row() + from, offset(announced.epoch()));
    long end = row + block.count() - from;
    if (end > limit(announced.epoch())) {
      throw new IllegalArgumentException("the next life of its table has begun");
    }
    if (block.ticks() != null) {
      port.writeAt(row, block.ticks(), block.samples(), from, block.count() - from);
    } else {
      writeLine(port, row, announced, block, from);
    }
    endRow = Math.max(endRow, end);
  }

  private long offset(long epoch) {
    Long known = offsets.get(epoch);
    if (known != null) {
      return known;
    }
    long offset = offsets.isEmpty() ? 0 : endRow;
    if (offsets.size() == EPOCHS) {
      offsets.remove(offsets.keySet().iterator().next());
    }
    offsets.put(epoch, offset);
    return offset;
  }

  /** The row at which the next epoch begins. */
  private long limit(long epoch) {
    boolean isNext = false;
    for (Map.Entry<Long, Long> each : offsets.entrySet()) {
      if (isNext) {
        return each.getValue();
      }
      isNext = each.getKey() == epoch;
    }
    return Long.MAX_VALUE;
  }

  /** Blocks on the way when a rate changes may have another distance than the domain has now. */
  private void writeLine(
      SignalPort port, long row, SignalAnnouncement announced, Block block, int from) {
    long delta = deltaTicks(announced.domain());
    ByteBuffer samples = block.samples();
    SampleLines lines = lines(announced.value());
    for (int at = from; at < block.count(); ) {
      int some = delta == deltaTicks ? block.count() - at : 1;
      if (lines != null && some > 1) {
        some = lines.lengthAt(samples, at, block.count());
      }
      port.writeAt(row + at - from, block.tick() + at * delta, samples, at, some);
      at += some;
    }
  }

  private static SampleLines lines(SignalDescriptor value) {
    return value.rule() instanceof Rule.LinearValue line
        ? new SampleLines(ElementType.of(value.dataType()), line)
        : null;
  }
}
