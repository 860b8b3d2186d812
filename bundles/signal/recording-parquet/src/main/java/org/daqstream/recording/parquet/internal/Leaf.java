/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.parquet.internal;

import java.util.List;
import org.apache.parquet.format.Type;
import org.daqstream.signal.api.ElementType;

/**
 * A column as Parquet knows it: a number of a sample, or an array of them, or texts, or bytes.
 *
 * @param path names from the signal's on
 * @param type what a value is stored as
 * @param element what it is in a sample; {@code null} for samples as they are
 * @param offsets where in a sample each element begins
 * @param maxDefinition definition level of what is there
 * @param maxRepetition depth of the lists it is in
 * @param repetitionPattern repetition levels of a sample that is there
 * @param isUnsigned whether numbers are compared as unsigned ones
 * @param isText whether the bytes are text
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Leaf(
    List<String> path,
    Type type,
    ElementType element,
    int[] offsets,
    int maxDefinition,
    int maxRepetition,
    byte[] repetitionPattern,
    boolean isUnsigned,
    boolean isText) {
  /** Numbers that stand for themselves. */
  static Leaf ofAxis(FileLeaf column) {
    return new Leaf(
        column.path(),
        column.type(),
        ElementType.INT64,
        new int[1],
        column.maxDefinition(),
        0,
        new byte[1],
        false,
        false);
  }

  /** How many values a sample has. */
  int elements() {
    return offsets.length;
  }

  /** Bytes of a value as it is stored; 0 when each has its own size. */
  int valueBytes() {
    return switch (type) {
      case INT32, FLOAT -> Integer.BYTES;
      case INT64, DOUBLE -> Long.BYTES;
      default -> 0;
    };
  }

  /** Whether samples are stored as they are. */
  boolean isAsInSample(int sampleBytes) {
    return element != null
        && element.bytes() == valueBytes()
        && sampleBytes == valueBytes() * elements();
  }
}
