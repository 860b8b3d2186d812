/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest.plugin;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.writer.SignalWriter;
import org.daqstream.signal.api.writer.SignalWriterFactory;
import org.daqstream.signal.api.writer.UnsupportedSignalException;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;

/**
 * A data type that only exists in tests: each sample is a number from a {@code long[]} and the
 * major version of the bundle that wrote it, for clients a struct. The header {@value #BEHAVIOUR}
 * makes it misbehave.
 */
public final class StampedWriterFactory implements SignalWriterFactory {
  public static final String DATA_TYPE = "stamped";
  public static final String BEHAVIOUR = "Test-Behaviour";
  private static final int SAMPLE_BYTES = Long.BYTES + Integer.BYTES;

  private final int version;
  private final String behaviour;

  public StampedWriterFactory() {
    Bundle bundle = FrameworkUtil.getBundle(StampedWriterFactory.class);
    Dictionary<String, String> headers = bundle.getHeaders();
    version = bundle.getVersion().getMajor();
    behaviour = String.valueOf(headers.get(BEHAVIOUR));
  }

  @Override
  public SignalWriter create(SignalDescriptor descriptor) throws UnsupportedSignalException {
    return switch (behaviour) {
      case "refuse" ->
          throw new UnsupportedSignalException("unit " + descriptor.unit() + ", allowed is none");
      case "fail to create" -> throw new IllegalStateException("broken on purpose");
      default -> new Writer(version, behaviour.equals("fail to encode"));
    };
  }

  private record Writer(int version, boolean broken) implements SignalWriter {
    @Override
    public int sampleBytes() {
      return SAMPLE_BYTES;
    }

    @Override
    public Map<String, Object> definition() {
      return Map.of(
          "dataType",
          DataTypes.STRUCT,
          "struct",
          List.of(
              Map.of("name", "number", "dataType", DataTypes.INT64, "rule", "explicit"),
              Map.of("name", "version", "dataType", DataTypes.INT32, "rule", "explicit")));
    }

    @Override
    public Object newSample() {
      return new long[1];
    }

    @Override
    public int encodedBytes(Object samples, int offset, int count) {
      if (samples instanceof long[]) {
        return count * SAMPLE_BYTES;
      }
      throw new IllegalArgumentException("samples must be long[]");
    }

    @Override
    public void encode(Object samples, int offset, int count, ByteBuffer target) {
      if (broken) {
        throw new IllegalStateException("broken on purpose");
      }
      target.order(ByteOrder.LITTLE_ENDIAN);
      for (int i = offset; i < offset + count; i++) {
        target.putLong(((long[]) samples)[i]).putInt(version);
      }
    }
  }
}
