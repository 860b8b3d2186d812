/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.protocol.internal;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.daqstream.signal.api.DataTypes;

/** The real numeric data types (protocol section 3.3). */
public enum NumericType {
  INT8(DataTypes.INT8, 1),
  UINT8(DataTypes.UINT8, 1),
  INT16(DataTypes.INT16, 2),
  UINT16(DataTypes.UINT16, 2),
  INT32(DataTypes.INT32, 4),
  UINT32(DataTypes.UINT32, 4),
  INT64(DataTypes.INT64, 8),
  UINT64(DataTypes.UINT64, 8),
  REAL32(DataTypes.REAL32, 4),
  REAL64(DataTypes.REAL64, 8);

  private static final Map<String, NumericType> BY_NAME =
      Stream.of(values()).collect(Collectors.toUnmodifiableMap(t -> t.dataType, t -> t));

  private final String dataType;
  private final int sampleBytes;

  NumericType(String dataType, int sampleBytes) {
    this.dataType = dataType;
    this.sampleBytes = sampleBytes;
  }

  public int sampleBytes() {
    return sampleBytes;
  }

  /** The type of a name, {@code null} for all other types. */
  public static NumericType of(String dataType) {
    return BY_NAME.get(dataType);
  }
}
