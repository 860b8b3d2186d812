/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.api.writer;

import java.nio.ByteBuffer;
import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Turns the samples of one signal into payload bytes of data packets (protocol section 3.3). {@link
 * #encodedBytes} and {@link #encode} run on the publisher's thread, one call at a time, and are the
 * hot path: they allocate nothing, take no lock and do no I/O. The test kit of this project has a
 * contract with all that is said here.
 */
@ConsumerType
public interface SignalWriter {
  /** Returned by {@link #sampleBytes()} of a type whose samples differ in length. */
  int VARIABLE = 0;

  /**
   * {@return the bytes of one encoded sample, at least 1 and the same for the writer's lifetime, or
   * {@link #VARIABLE}: then every sample travels in a packet of its own}
   */
  int sampleBytes();

  /**
   * {@return the part of the signal's {@code definition} that belongs to the data type, merged over
   * what is common to all types: at least {@code dataType}} Immutable and equal at each call;
   * strings, numbers, booleans, lists and maps with keys that are Strings only.
   */
  Map<String, Object> definition();

  /**
   * {@return a new array of numbers that holds one sample, for writing single values, for example
   * {@code new double[1]}; {@code null} when the type has no single number}
   */
  Object newSample();

  /**
   * The size of a block once encoded. Checks everything that {@link #encode} relies on.
   *
   * @param samples array or buffer as given by the publisher, or anything else
   * @param offset first sample
   * @param count number of samples; 0 of them are 0 bytes
   * @return bytes that {@link #encode} will write; {@code count} times {@link #sampleBytes()}
   *     unless that is {@link #VARIABLE}
   * @throws IllegalArgumentException when {@code samples} is null or not of a kind that this type
   *     takes; says which is
   * @throws IndexOutOfBoundsException when {@code samples} does not hold the block, or {@code
   *     offset} or {@code count} is negative
   */
  int encodedBytes(Object samples, int offset, int count);

  /**
   * Writes the samples, little endian and packed, at the target's position and moves it behind
   * them. Touches nothing else: not the rest of the target, its limit or order, not the samples,
   * nor the position of a buffer that holds them.
   *
   * @param samples array or buffer, checked before by {@link #encodedBytes}
   * @param offset first sample
   * @param count number of samples
   * @param target little-endian buffer, direct or on the heap, with room from its position to its
   *     limit for {@link #encodedBytes} or more; often the same one as before. With less room it
   *     throws, and no byte is written behind the limit
   */
  void encode(Object samples, int offset, int count, ByteBuffer target);
}
