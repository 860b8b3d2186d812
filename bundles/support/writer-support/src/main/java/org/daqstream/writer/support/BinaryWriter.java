/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.writer.support;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Objects;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.writer.SignalWriter;

/**
 * Writes samples that are bytes as they are. A {@code byte[]} or {@link ByteBuffer} is one sample,
 * an array of them so many. A signal whose metadata says that it is UTF-8 text also takes a {@link
 * String} or an array of them.
 *
 * <p>A sample has at least one byte, because some peers do not count empty packets.
 */
public final class BinaryWriter implements SignalWriter {
  private final String signalId;
  private final boolean text;

  /**
   * A writer of its own for one signal.
   *
   * @param descriptor the signal
   * @param takesText whether it takes texts, whatever the metadata says
   */
  public BinaryWriter(SignalDescriptor descriptor, boolean takesText) {
    signalId = descriptor.signalId();
    text = takesText;
  }

  /** A writer of its own for one signal, which takes texts if the metadata says that it is one. */
  public BinaryWriter(SignalDescriptor descriptor) {
    this(
        descriptor,
        SignalDescriptor.UTF8_TEXT.equalsIgnoreCase(
            descriptor.metadata().get(SignalDescriptor.CONTENT_TYPE)));
  }

  @Override
  public int sampleBytes() {
    return VARIABLE;
  }

  @Override
  public Map<String, Object> definition() {
    return Map.of("dataType", DataTypes.BINARY);
  }

  @Override
  public Object newSample() {
    return null;
  }

  @Override
  public int encodedBytes(Object samples, int offset, int count) {
    int held = samples instanceof Object[] several ? several.length : 1;
    Blocks.checkWithin(held, signalId, offset, count);
    long bytes = 0;
    for (int i = offset; i < offset + count; i++) {
      bytes += bytesOf(sample(samples, i));
    }
    return Blocks.checkedBytes(bytes, signalId);
  }

  private static Object sample(Object samples, int index) {
    return samples instanceof Object[] several ? several[index] : samples;
  }

  private int bytesOf(Object sample) {
    int bytes;
    if (sample instanceof byte[] array) {
      bytes = array.length;
    } else if (sample instanceof ByteBuffer buffer) {
      bytes = buffer.remaining();
    } else if (text && sample instanceof String string) {
      bytes = Utf8.bytes(string);
    } else {
      throw new IllegalArgumentException(wrongKind(sample));
    }
    if (bytes == 0) {
      throw new IllegalArgumentException(
          "signal " + signalId + ": a binary sample must have at least one byte");
    }
    return bytes;
  }

  private String wrongKind(Object sample) {
    if (sample instanceof String) {
      return "signal %s takes no String: its metadata must say %s = %s"
          .formatted(signalId, SignalDescriptor.CONTENT_TYPE, SignalDescriptor.UTF8_TEXT);
    }
    return "signal %s of type binary takes byte[], ByteBuffer%s or arrays of them, not %s"
        .formatted(
            signalId,
            text ? ", String" : "",
            sample == null ? "null" : sample.getClass().getSimpleName());
  }

  @Override
  public void encode(Object samples, int offset, int count, ByteBuffer target) {
    for (int i = offset; i < offset + count; i++) {
      Object sample = Objects.requireNonNull(sample(samples, i));
      if (sample instanceof byte[] array) {
        target.put(array);
      } else if (sample instanceof ByteBuffer buffer) {
        int bytes = buffer.remaining();
        target.put(target.position(), buffer, buffer.position(), bytes);
        target.position(target.position() + bytes);
      } else {
        Utf8.put((String) sample, target);
      }
    }
  }
}
