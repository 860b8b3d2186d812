/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.writer.support;

import java.nio.ByteBuffer;
import java.util.Map;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.StructBuffer;
import org.daqstream.signal.api.StructLayout;

/**
 * Writes packed records from a {@link StructBuffer} of the signal's own layout, or from a {@link
 * ByteBuffer}. A sample with dimensions is so many records in a row, row-major.
 */
public final class StructWriter extends FixedSizeWriter {
  private final String signalId;
  private final StructLayout layout;
  private final int records;
  private StructLayout accepted;

  /**
   * A writer of its own for one signal.
   *
   * @param descriptor the signal
   * @param layout that of its members
   * @param recordsPerSample see {@link #elementsOf}
   */
  public StructWriter(SignalDescriptor descriptor, StructLayout layout, int recordsPerSample) {
    super(
        descriptor,
        Map.of("dataType", DataTypes.STRUCT),
        StructBuffer.class.getSimpleName(),
        recordsPerSample * layout.recordBytes(),
        recordsPerSample * layout.recordBytes());
    this.signalId = descriptor.signalId();
    this.layout = layout;
    this.records = recordsPerSample;
    this.accepted = layout;
  }

  @Override
  public Object newSample() {
    return null;
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // spares comparing all fields for every block
  protected int samplesIn(Object samples) {
    if (!(samples instanceof StructBuffer block)) {
      return -1;
    }
    if (block.layout() != accepted) {
      if (!block.layout().equals(layout)) {
        throw new IllegalArgumentException(
            "signal " + signalId + " takes " + layout + ", not " + block.layout());
      }
      accepted = block.layout();
    }
    return block.size() / records;
  }

  @Override
  protected void put(Object samples, int offset, int count, ByteBuffer target) {
    putCarried(
        ((StructBuffer) samples).bytes(), offset * records * layout.recordBytes(), count, target);
  }
}
