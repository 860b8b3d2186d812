/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.api;

/**
 * The names of the data types of the protocol, as they stand in a signal's {@code
 * definition.dataType}. They are strings and not an enum because a bundle may bring a writer for a
 * type that is not listed here. All are little endian and packed on the wire. Besides the arrays
 * named here, all take a {@link java.nio.ByteBuffer} of encoded samples.
 */
public final class DataTypes {
  /** Signed 8-bit integer; samples are {@code byte[]}. */
  public static final String INT8 = "int8";

  /** Unsigned 8-bit integer; samples are {@code byte[]} holding the bits. */
  public static final String UINT8 = "uint8";

  /** Signed 16-bit integer; samples are {@code short[]}. */
  public static final String INT16 = "int16";

  /** Unsigned 16-bit integer; samples are {@code short[]} holding the bits. */
  public static final String UINT16 = "uint16";

  /** Signed 32-bit integer; samples are {@code int[]}. */
  public static final String INT32 = "int32";

  /** Unsigned 32-bit integer; samples are {@code int[]} holding the bits. */
  public static final String UINT32 = "uint32";

  /** Signed 64-bit integer; samples are {@code long[]}. */
  public static final String INT64 = "int64";

  /** Unsigned 64-bit integer; samples are {@code long[]} holding the bits. */
  public static final String UINT64 = "uint64";

  /** IEEE 754 single precision; samples are {@code float[]}. */
  public static final String REAL32 = "real32";

  /** IEEE 754 double precision; samples are {@code double[]}. */
  public static final String REAL64 = "real64";

  /** Two {@link #REAL32}: real, imaginary; samples are {@code float[]} with both in turn. */
  public static final String COMPLEX32 = "complex32";

  /** Two {@link #REAL64}: real, imaginary; samples are {@code double[]} with both in turn. */
  public static final String COMPLEX64 = "complex64";

  /**
   * Signed 128-bit integer, two's complement; samples are {@code long[]} with low and high half in
   * turn, see {@link Int128}.
   */
  public static final String INT128 = "int128";

  /** Unsigned 128-bit integer; samples as for {@link #INT128}. */
  public static final String UINT128 = "uint128";

  /**
   * An unsigned integer whose bits have meanings of their own; samples are arrays of that integer.
   */
  public static final String BIT_FIELD = "bitField";

  /** Members of other types in order, with no padding; samples are a {@link StructBuffer}. */
  public static final String STRUCT = "struct";

  /**
   * Any bytes, at least one: a packet is a sample. Samples are a {@code byte[]} or {@link
   * java.nio.ByteBuffer} each, or arrays of them; of a text also {@link String}s, see {@link
   * SignalDescriptor#text}.
   */
  public static final String BINARY = "binary";

  private DataTypes() {}
}
