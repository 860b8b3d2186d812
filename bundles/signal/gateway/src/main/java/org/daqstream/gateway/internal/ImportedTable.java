/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.gateway.internal;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import org.daqstream.client.SampleBlock;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;
import org.daqstream.signal.api.SignalTable;

/**
 * A table of a device as this runtime publishes it. Its rows are those of the device, as long as
 * these go on; where they do not, as when a device counts anew, they follow the rows before.
 *
 * <p>Under the lock of its link.
 */
final class ImportedTable {
  /** Where rows of a device are no rows any more. */
  private static final long ROWS_LIMIT = 1L << 61;

  /** How far apart, in blocks, siblings of an explicit domain find their common stamps. */
  private static final int STAMPED_BLOCKS = 16;

  private static final class StampedBlock {
    final long row;
    final long[] stamps;

    StampedBlock(long row, long[] stamps) {
      this.row = row;
      this.stamps = stamps;
    }
  }

  private final SignalTable table;
  private final Set<ImportedSignal> signals = new HashSet<>();
  private final Deque<StampedBlock> stamped = new ArrayDeque<>();
  private long rowOffset;
  private long endRow;
  private long deltaTicks;

  ImportedTable(SignalTable table) {
    this.table = table;
    setDelta();
  }

  private void setDelta() {
    deltaTicks = table.domain().rule() instanceof Rule.Linear linear ? linear.deltaTicks() : 0;
  }

  SignalDescriptor domain() {
    return table.domain();
  }

  Set<ImportedSignal> signals() {
    return signals;
  }

  /** Whether the table can go on with another description of its domain. */
  boolean takes(SignalDescriptor domain) {
    return domain().rule().getClass() == domain.rule().getClass()
        && domain().dataType().equals(domain.dataType());
  }

  void update(SignalDescriptor domain) {
    table.updateDomain(domain);
    setDelta();
  }

  SignalPort open(ImportedSignal signal, SignalDescriptor value) {
    SignalPort port = table.open(value);
    signals.add(signal);
    return port;
  }

  /** The port of a signal was closed; whether the table has none any more. */
  boolean left(ImportedSignal signal) {
    signals.remove(signal);
    return signals.isEmpty();
  }

  void close() {
    table.close();
  }

  /**
   * Writes a block to a port of the table.
   *
   * @param signalEnd row behind the signal's last block
   * @return row behind this one; negative when the block does not fit the domain
   */
  long write(SignalPort port, long signalEnd, SampleBlock block) {
    if (!block.hasTicks() || block.isOnLine() != (deltaTicks != 0)) {
      return -1;
    }
    long row;
    if (block.isOnLine()) {
      row = rowOnLine(signalEnd, block);
      writeLine(port, row, block);
    } else {
      long[] stamps = block.ticks();
      row = rowOfStamps(signalEnd, block.row(), stamps);
      port.writeAt(row, stamps, block.payload(), 0, block.count());
    }
    long end = row + block.count();
    endRow = Math.max(endRow, end);
    return Math.max(signalEnd, end);
  }

  private long rowOnLine(long signalEnd, SampleBlock block) {
    long row = block.row() + rowOffset;
    boolean goesOn = row >= signalEnd || (row == signalEnd - 1 && block.count() == 1);
    if (!goesOn || block.row() < 0 || block.row() > ROWS_LIMIT || row > ROWS_LIMIT) {
      rowOffset = endRow - block.row();
      return endRow;
    }
    return row;
  }

  /** Blocks on the way when a rate changes may have another distance than the domain has now. */
  private void writeLine(SignalPort port, long row, SampleBlock block) {
    if (block.count() == 1 || block.deltaTicks() == deltaTicks) {
      port.writeAt(row, block.tick(0), block.payload(), 0, block.count());
      return;
    }
    for (int i = 0; i < block.count(); i++) {
      port.writeAt(row + i, block.tick(i), block.payload(), i, 1);
    }
  }

  /** Siblings with the same stamps share rows, though a device's rows do not tell. */
  private long rowOfStamps(long signalEnd, long remoteRow, long[] stamps) {
    for (StampedBlock each : stamped) {
      if (each.row >= signalEnd && Arrays.equals(each.stamps, stamps)) {
        return each.row;
      }
    }
    long row = remoteRow <= ROWS_LIMIT ? Math.max(remoteRow, endRow) : endRow;
    if (stamped.size() == STAMPED_BLOCKS) {
      stamped.removeFirst();
    }
    stamped.addLast(new StampedBlock(row, stamps));
    return row;
  }
}
