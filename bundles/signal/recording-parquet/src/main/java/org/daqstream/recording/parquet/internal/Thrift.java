/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.parquet.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import shaded.parquet.org.apache.thrift.TBase;
import shaded.parquet.org.apache.thrift.TException;
import shaded.parquet.org.apache.thrift.protocol.TCompactProtocol;

/** Parts of a footer in Thrift's compact protocol. */
final class Thrift {
  private static final int INT = 5;
  private static final int LONG = 6;
  private static final int BINARY = 8;
  private static final int LIST = 9;
  private static final int STRUCT = 12;

  private Thrift() {}

  static void put(Bytes out, TBase<?, ?> struct) throws IOException {
    try {
      struct.write(new TCompactProtocol(new ThriftBytes(null, out)));
    } catch (TException e) {
      throw new IOException(e);
    }
  }

  /** Reads a structure and moves behind it. */
  static <T extends TBase<?, ?>> T get(ByteBuffer in, T empty) throws IOException {
    try {
      empty.read(new TCompactProtocol(new ThriftBytes(in, null)));
      return empty;
    } catch (TException e) {
      throw new IOException("not readable as Parquet's metadata: " + e.getMessage(), e);
    }
  }

  // Fields that follow one another.

  static void intField(Bytes out, int value) {
    out.write(1 << 4 | INT);
    out.putZigzag(value);
  }

  static void longField(Bytes out, long value) {
    out.write(1 << 4 | LONG);
    out.putZigzag(value);
  }

  static void textField(Bytes out, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    out.write(1 << 4 | BINARY);
    out.putVarint(bytes.length);
    out.write(bytes, 0, bytes.length);
  }

  /** The beginning of a list of structs, which the caller appends. */
  static void listField(Bytes out, int size) {
    out.write(1 << 4 | LIST);
    if (size < 15) {
      out.write(size << 4 | STRUCT);
    } else {
      out.write(15 << 4 | STRUCT);
      out.putVarint(size);
    }
  }

  static void end(Bytes out) {
    out.write(0);
  }
}
