/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.registry.internal;

import java.nio.ByteBuffer;
import java.util.Map;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.writer.SignalWriter;
import org.daqstream.signal.api.writer.SignalWriterFactory;
import org.daqstream.signal.api.writer.UnsupportedSignalException;

/** Makes writers that take {@code double[]} or samples of their own kind, under a name. */
final class FakeFactory implements SignalWriterFactory {
  private final String name;
  String refusal;
  RuntimeException failure;
  RuntimeException checkFailure;
  Runnable creates = () -> {};
  Runnable encodes = () -> {};

  /** A kind that only these writers know. */
  record OwnSample(double value) {}

  FakeFactory(String name) {
    this.name = name;
  }

  /** Service properties of this factory. */
  static Map<String, Object> properties(long serviceId, int ranking, String... dataTypes) {
    return Map.of(
        "service.id",
        serviceId,
        "service.ranking",
        ranking,
        SignalWriterFactory.SIGNAL_DATATYPE,
        dataTypes);
  }

  @Override
  public SignalWriter create(SignalDescriptor descriptor) throws UnsupportedSignalException {
    creates.run();
    if (refusal != null) {
      throw new UnsupportedSignalException(refusal);
    }
    if (failure != null) {
      throw failure;
    }
    return new Writer(descriptor.postScaling() == null ? descriptor.dataType() : "scaled");
  }

  private final class Writer implements SignalWriter {
    private final String wireType;

    Writer(String wireType) {
      this.wireType = wireType;
    }

    @Override
    public int sampleBytes() {
      return Double.BYTES;
    }

    @Override
    public Map<String, Object> definition() {
      return Map.of("dataType", wireType);
    }

    @Override
    public Object newSample() {
      return wireType.equals("text") ? null : new double[1];
    }

    @Override
    public int encodedBytes(Object samples, int offset, int count) {
      if (checkFailure != null) {
        throw checkFailure;
      }
      if (samples instanceof OwnSample) {
        return Double.BYTES;
      }
      if (!(samples instanceof double[] reals)) {
        throw new IllegalArgumentException("takes double[]");
      }
      if (offset < 0 || count > reals.length - offset) {
        throw new IndexOutOfBoundsException("not within " + reals.length);
      }
      return count * Double.BYTES;
    }

    @Override
    public void encode(Object samples, int offset, int count, ByteBuffer target) {
      encodes.run();
      if (samples instanceof OwnSample own) {
        target.putDouble(own.value());
        return;
      }
      for (int i = offset; i < offset + count; i++) {
        target.putDouble(((double[]) samples)[i]);
      }
    }

    @Override
    public String toString() {
      return name;
    }
  }
}
