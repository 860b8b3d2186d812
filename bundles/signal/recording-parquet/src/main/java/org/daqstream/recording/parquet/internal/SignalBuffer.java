/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.parquet.internal;

import java.nio.ByteBuffer;
import java.util.List;
import org.daqstream.recording.api.RowBlock;

/** The samples of a signal that are not in a row group yet, apart by columns. */
final class SignalBuffer {
  private final Presence presence = new Presence();
  private final List<LeafBuffer> leaves;

  SignalBuffer(Schema.Signal signal, DeltaEncoder encoder) {
    leaves = signal.leaves().stream().map(leaf -> new LeafBuffer(leaf, presence, encoder)).toList();
  }

  List<LeafBuffer> leaves() {
    return leaves;
  }

  /** Takes rows; how many bytes that is. */
  long add(RowBlock rows, int column) {
    ByteBuffer samples = rows.samples(column);
    int count = rows.count();
    presence.add(count, samples != null);
    if (samples == null) {
      return 0;
    }
    long bytes = 0;
    for (LeafBuffer leaf : leaves) {
      bytes +=
          leaf.leaf().element() == null
              ? leaf.addVariable(samples, rows, column)
              : leaf.addFixed(samples, rows.sampleBytes(column, 0), count);
    }
    return bytes;
  }

  void clear() {
    presence.clear();
    leaves.forEach(LeafBuffer::clear);
  }
}
