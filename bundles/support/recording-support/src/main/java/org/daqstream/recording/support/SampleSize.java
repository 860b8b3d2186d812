/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.support;

import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.Dimension;
import org.daqstream.signal.api.ElementType;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.StructLayout;

/** How many bytes a sample has. */
public final class SampleSize {
  /** Each sample has its own. */
  public static final int VARIABLE = 0;

  private SampleSize() {}

  /** That of a signal; {@link #VARIABLE} also for types that are not known here. */
  public static int of(SignalDescriptor signal) {
    int elements =
        signal.dimensions().stream().mapToInt(Dimension::size).reduce(1, (a, b) -> a * b);
    if (signal.dataType().equals(DataTypes.STRUCT)) {
      return elements * StructLayout.of(signal).recordBytes();
    }
    boolean isBits = signal.dataType().equals(DataTypes.BIT_FIELD);
    ElementType type = ElementType.of(isBits ? signal.bitFieldType() : signal.dataType());
    return type == null ? VARIABLE : elements * type.bytes();
  }
}
