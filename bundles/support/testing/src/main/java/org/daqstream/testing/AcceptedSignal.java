/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.testing;

import java.io.ByteArrayOutputStream;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.daqstream.signal.api.SignalDescriptor;

/**
 * A signal that a writer must take, with a block of samples and the bytes of each.
 *
 * @param descriptor the signal
 * @param samples a block as sources write it, which holds these samples and no more
 * @param encoded the bytes of each sample
 */
public record AcceptedSignal(SignalDescriptor descriptor, Object samples, List<byte[]> encoded) {
  /** So many samples reach the ways that a writer has for long blocks. */
  private static final int LONG_BLOCK = 40;

  private static final HexFormat HEX = HexFormat.ofDelimiter(" ");

  /**
   * A signal to be taken.
   *
   * @param signal its description
   * @param samples array or buffer with as many samples as there are texts
   * @param hex the bytes of each sample, for example {@code "01 ff"}
   * @return the signal
   */
  public static AcceptedSignal of(SignalDescriptor.Builder signal, Object samples, String... hex) {
    return new AcceptedSignal(signal.build(), samples, Stream.of(hex).map(HEX::parseHex).toList());
  }

  /** How many samples the block has. */
  int count() {
    return encoded.size();
  }

  /** The bytes of a part of the block. */
  byte[] bytes(int offset, int count) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    encoded.subList(offset, offset + count).forEach(bytes::writeBytes);
    return bytes.toByteArray();
  }

  /** The same signal with the samples over and over, if they are an array or a buffer. */
  AcceptedSignal repeated() {
    int times = (LONG_BLOCK + count() - 1) / count();
    Object block;
    if (samples instanceof ByteBuffer buffer) {
      block = repeated(buffer, times);
    } else if (samples.getClass().isArray()) {
      block = repeated(samples, times);
    } else {
      return this;
    }
    List<byte[]> bytes =
        Collections.nCopies(times, encoded).stream().flatMap(List::stream).toList();
    return new AcceptedSignal(descriptor, block, bytes);
  }

  private static ByteBuffer repeated(ByteBuffer buffer, int times) {
    ByteBuffer block = ByteBuffer.allocate(1 + buffer.remaining() * times).position(1);
    for (int i = 0; i < times; i++) {
      block.put(buffer.duplicate());
    }
    return block.position(1); // a source's buffer may begin anywhere
  }

  private static Object repeated(Object array, int times) {
    int length = Array.getLength(array);
    Object block = Array.newInstance(array.getClass().getComponentType(), length * times);
    for (int i = 0; i < times; i++) {
      System.arraycopy(array, 0, block, i * length, length);
    }
    return block;
  }

  static String hex(byte[] bytes) {
    return HEX.formatHex(bytes);
  }

  @Override
  public String toString() {
    String kind = samples.getClass().getSimpleName();
    return descriptor.signalId() + " of type " + descriptor.dataType() + " from " + kind;
  }

  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }
}
