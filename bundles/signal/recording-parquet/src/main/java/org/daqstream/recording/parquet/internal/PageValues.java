/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.parquet.internal;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The values of a page, those that are there, one after another. */
interface PageValues {
  /** Little-endian views of arrays. */
  VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  /** Little-endian views of arrays. */
  VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** The bits of values of a fixed size. */
  void longs(long[] target, int from, int count) throws IOException;

  /** Appends the bytes of a value of any size. */
  void bytes(Bytes target) throws IOException;

  void skip(int count) throws IOException;

  /** Values as they are in the page, {@code null} where they are not so. */
  default ByteBuffer slice(int count) throws IOException {
    return null;
  }

  /** The greatest size of a value in bytes, as far as many can be that large. */
  default int largest() {
    return 0;
  }

  /** What does not fit the type of the column. */
  static IOException misfit() {
    return new IOException("an encoding that does not fit the column's type");
  }
}
