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
 * #encode} runs on the publisher's thread, one call at a time, and is the hot path: it allocates
 * nothing, takes no lock and does no I/O.
 */
@ConsumerType
public interface SignalWriter {
  /** Returned by {@link #sampleBytes()} of a type whose samples differ in length. */
  int VARIABLE = 0;

  /**
   * The size of one encoded sample.
   *
   * @return bytes per sample, the same for the writer's lifetime, or {@link #VARIABLE}: then every
   *     sample travels in a packet of its own
   */
  int sampleBytes();

  /**
   * The part of the signal's {@code definition} that belongs to the data type, merged over what is
   * common to all types: at least {@code dataType}. Strings, numbers, booleans, lists and maps
   * only.
   *
   * @return keys and values of the definition, immutable
   */
  Map<String, Object> definition();

  /**
   * Makes the array that holds one sample, for writing single values.
   *
   * @return for example {@code new double[1]}; {@code null} when the type has no single number
   */
  Object newSample();

  /**
   * The size of a block once encoded.
   *
   * @param samples array or buffer as given by the publisher
   * @param offset first sample
   * @param count number of samples, at least 1
   * @return bytes that {@link #encode} will write
   * @throws IllegalArgumentException when {@code samples} is not of a kind that this type takes;
   *     says which is
   * @throws IndexOutOfBoundsException when {@code samples} does not hold the block
   */
  int encodedBytes(Object samples, int offset, int count);

  /**
   * Writes the samples, little endian and packed, at the target's position and moves it behind
   * them.
   *
   * @param samples array or buffer, checked before by {@link #encodedBytes}
   * @param offset first sample
   * @param count number of samples, at least 1
   * @param target little-endian buffer with room for exactly {@link #encodedBytes}
   */
  void encode(Object samples, int offset, int count, ByteBuffer target);
}
