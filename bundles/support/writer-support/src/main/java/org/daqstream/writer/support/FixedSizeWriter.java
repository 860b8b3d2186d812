/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.writer.support;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;
import org.daqstream.signal.api.Dimension;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.writer.SignalWriter;
import org.daqstream.signal.api.writer.UnsupportedSignalException;

/**
 * What writers of samples of one size have in common: they check the block and take encoded samples
 * from a {@link ByteBuffer}. A subclass says what else it takes and puts that.
 */
public abstract class FixedSizeWriter implements SignalWriter {
  private final String signalId;
  private final String dataType;
  private final String takes;
  private final int sampleBytes;
  private final int carriedBytes;
  private final Map<String, Object> definition;

  /**
   * Remembers what all samples share.
   *
   * @param descriptor the signal
   * @param definition see {@link #definition()}
   * @param takes kind of samples besides {@link ByteBuffer}, for messages, for example {@code
   *     "double[]"}
   * @param carriedBytes bytes of a sample in a {@link ByteBuffer} that is given to be encoded
   * @param sampleBytes bytes of an encoded sample; differs from {@code carriedBytes} only when
   *     {@link #putCarried} is overridden
   */
  protected FixedSizeWriter(
      SignalDescriptor descriptor,
      Map<String, Object> definition,
      String takes,
      int carriedBytes,
      int sampleBytes) {
    this.signalId = descriptor.signalId();
    this.dataType = descriptor.dataType();
    this.definition = Map.copyOf(definition);
    this.takes = takes;
    this.carriedBytes = carriedBytes;
    this.sampleBytes = sampleBytes;
  }

  /**
   * {@return the number of elements that the dimensions of a signal make: the product of the sizes,
   * 1 without dimensions}
   *
   * @param descriptor the signal
   * @param limit the greatest number allowed
   * @throws UnsupportedSignalException when they are more
   */
  public static int elementsOf(SignalDescriptor descriptor, int limit)
      throws UnsupportedSignalException {
    long elements = 1;
    for (Dimension dimension : descriptor.dimensions()) {
      elements *= dimension.size();
      if (elements > limit) {
        throw UnsupportedSignalException.of(
            descriptor,
            "dimensions with " + elements + " or more elements",
            "allowed are " + limit);
      }
    }
    return (int) elements;
  }

  /**
   * Refuses what belongs to other data types, and what no value signal can have.
   *
   * @param descriptor the signal
   * @param mayHave of the facts {@code "members"}, {@code "bits"}, {@code "dimensions"} and {@code
   *     "postScaling"} those that fit the type
   * @throws UnsupportedSignalException for the others, naming the fact
   */
  public static void checkFacts(SignalDescriptor descriptor, String... mayHave)
      throws UnsupportedSignalException {
    Set<String> allowed = Set.of(mayHave);
    if (!descriptor.members().isEmpty() && !allowed.contains("members")) {
      throw UnsupportedSignalException.of(descriptor, "members", "only a struct has members");
    }
    boolean hasBits = !descriptor.bits().isEmpty() || !descriptor.bitFieldType().isEmpty();
    if (hasBits && !allowed.contains("bits")) {
      throw UnsupportedSignalException.of(descriptor, "bits", "only a bitField has bits");
    }
    if (!descriptor.dimensions().isEmpty() && !allowed.contains("dimensions")) {
      throw UnsupportedSignalException.of(
          descriptor, "dimensions", "a sample of this type has none");
    }
    if (descriptor.postScaling() != null && !allowed.contains("postScaling")) {
      throw UnsupportedSignalException.of(
          descriptor, "postScaling", "only integers and reals can be scaled");
    }
    if (descriptor.rule() instanceof Rule.Linear) {
      throw UnsupportedSignalException.of(
          descriptor, "rule linear", "allowed are explicit and constant");
    }
  }

  /**
   * {@return the number of samples in what the publisher gave, or -1 when it is of a kind that this
   * writer does not take}
   *
   * @param samples anything but a {@link ByteBuffer}
   */
  protected abstract int samplesIn(Object samples);

  /**
   * Puts samples of the subclass's own kind, as {@link SignalWriter#encode}.
   *
   * @param samples something of which {@link #samplesIn} said how many it holds
   * @param offset first sample
   * @param count number of samples
   * @param target little-endian buffer with room for them
   */
  protected abstract void put(Object samples, int offset, int count, ByteBuffer target);

  /**
   * Puts encoded samples from a buffer; copies them as they are.
   *
   * @param carried the publisher's buffer, not to be changed
   * @param fromByte index of the first byte
   * @param count number of samples
   * @param target little-endian buffer with room for them
   */
  protected void putCarried(ByteBuffer carried, int fromByte, int count, ByteBuffer target) {
    int bytes = count * carriedBytes;
    target.put(target.position(), carried, fromByte, bytes);
    target.position(target.position() + bytes);
  }

  @Override
  public final int sampleBytes() {
    return sampleBytes;
  }

  @Override
  public final Map<String, Object> definition() {
    return definition;
  }

  @Override
  public final int encodedBytes(Object samples, int offset, int count) {
    int held =
        samples instanceof ByteBuffer carried
            ? carried.remaining() / carriedBytes
            : samplesIn(samples);
    if (held < 0) {
      throw new IllegalArgumentException(
          "signal %s of type %s takes %s or ByteBuffer, not %s"
              .formatted(
                  signalId,
                  dataType,
                  takes,
                  samples == null ? "null" : samples.getClass().getSimpleName()));
    }
    Blocks.checkWithin(held, signalId, offset, count);
    return Blocks.checkedBytes((long) count * sampleBytes, signalId);
  }

  @Override
  public final void encode(Object samples, int offset, int count, ByteBuffer target) {
    if (samples instanceof ByteBuffer carried) {
      putCarried(carried, carried.position() + offset * carriedBytes, count, target);
    } else {
      put(samples, offset, count, target);
    }
  }
}
