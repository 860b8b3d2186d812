/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.daqstream.protocol.ProtocolException;
import org.daqstream.protocol.SampleReader;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.ElementType;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.StructBuffer;
import org.daqstream.signal.api.StructLayout;
import org.daqstream.signal.api.writer.SignalWriter;
import org.daqstream.signal.api.writer.SignalWriterFactory;
import org.daqstream.signal.api.writer.UnsupportedSignalException;
import org.daqstream.writer.support.ArrayWriter;
import org.daqstream.writer.support.Blocks;
import org.daqstream.writer.support.FixedSizeWriter;

/** Writers of all data types, for who publishes without bundles that bring them. */
public final class OwnWriters implements SignalWriterFactory {
  @Override
  public SignalWriter create(SignalDescriptor descriptor) throws UnsupportedSignalException {
    return switch (descriptor.dataType()) {
      case DataTypes.STRUCT -> struct(descriptor);
      case DataTypes.BINARY -> binary(descriptor);
      case DataTypes.BIT_FIELD -> {
        FixedSizeWriter.checkFacts(descriptor, "dimensions", "bits");
        yield array(descriptor, descriptor.bitFieldType());
      }
      default -> {
        FixedSizeWriter.checkFacts(descriptor, "dimensions", "postScaling");
        SignalWriter raw = array(descriptor, descriptor.dataType());
        yield descriptor.postScaling() == null ? raw : new Scaled(descriptor, raw);
      }
    };
  }

  private static SignalWriter array(SignalDescriptor descriptor, String dataType)
      throws UnsupportedSignalException {
    ElementType type = ElementType.of(dataType);
    if (type == null) {
      throw UnsupportedSignalException.of(
          descriptor, "dataType '" + dataType + "'", "allowed are those of DataTypes");
    }
    return new ArrayWriter(
        descriptor, type, FixedSizeWriter.elementsOf(descriptor, ArrayWriter.elementsLimit(type)));
  }

  private static SignalWriter struct(SignalDescriptor descriptor)
      throws UnsupportedSignalException {
    FixedSizeWriter.checkFacts(descriptor, "dimensions", "members");
    try {
      StructLayout layout = StructLayout.of(descriptor);
      int limit = Integer.MAX_VALUE / layout.recordBytes();
      return new Records(descriptor, layout, FixedSizeWriter.elementsOf(descriptor, limit));
    } catch (IllegalArgumentException e) {
      throw UnsupportedSignalException.of(descriptor, "a struct like this", e.getMessage());
    }
  }

  private static SignalWriter binary(SignalDescriptor descriptor)
      throws UnsupportedSignalException {
    FixedSizeWriter.checkFacts(descriptor);
    return new Bytes(descriptor);
  }

  /**
   * Numbers with post-scaling, scaled here: not every device scales (protocol section 4, row 28).
   */
  private static final class Scaled extends FixedSizeWriter {
    private final SignalWriter raw;
    private final SampleReader reader;
    private final ElementType type;
    private final int elements;

    Scaled(SignalDescriptor descriptor, SignalWriter raw) throws UnsupportedSignalException {
      super(
          descriptor,
          Map.of("dataType", DataTypes.REAL64),
          ElementType.of(descriptor.dataType()).arrayType().getSimpleName(),
          raw.sampleBytes(),
          raw.sampleBytes() / ElementType.of(descriptor.dataType()).bytes() * Double.BYTES);
      this.raw = raw;
      type = ElementType.of(descriptor.dataType());
      elements = raw.sampleBytes() / type.bytes();
      try {
        reader = SampleReader.of(descriptor);
      } catch (ProtocolException e) {
        throw UnsupportedSignalException.of(descriptor, "postScaling", e.getMessage());
      }
    }

    @Override
    public Object newSample() {
      return raw.newSample();
    }

    @Override
    protected int samplesIn(Object samples) {
      int length = type.lengthOf(samples);
      return length < 0 ? -1 : length / elements;
    }

    @Override
    protected void put(Object samples, int offset, int count, ByteBuffer target) {
      ByteBuffer encoded =
          ByteBuffer.allocate(raw.encodedBytes(samples, offset, count))
              .order(ByteOrder.LITTLE_ENDIAN);
      raw.encode(samples, offset, count, encoded);
      putScaled(encoded.flip(), count, target);
    }

    @Override
    protected void putCarried(ByteBuffer carried, int fromByte, int count, ByteBuffer target) {
      ByteBuffer part =
          carried.slice(fromByte, count * raw.sampleBytes()).order(ByteOrder.LITTLE_ENDIAN);
      putScaled(part, count, target);
    }

    private void putScaled(ByteBuffer encoded, int count, ByteBuffer target) {
      double[] values = new double[count * elements];
      try {
        reader.readValues(encoded, values, 0);
      } catch (ProtocolException e) {
        throw new IllegalArgumentException(e.getMessage(), e);
      }
      for (double each : values) {
        target.putDouble(each);
      }
    }
  }

  /** Records of a layout. */
  private static final class Records extends FixedSizeWriter {
    private final StructLayout layout;
    private final int records;

    Records(SignalDescriptor descriptor, StructLayout layout, int records) {
      super(
          descriptor,
          Map.of("dataType", DataTypes.STRUCT),
          StructBuffer.class.getSimpleName(),
          records * layout.recordBytes(),
          records * layout.recordBytes());
      this.layout = layout;
      this.records = records;
    }

    @Override
    public Object newSample() {
      return null;
    }

    @Override
    protected int samplesIn(Object samples) {
      return samples instanceof StructBuffer block && block.layout().equals(layout)
          ? block.size() / records
          : -1;
    }

    @Override
    protected void put(Object samples, int offset, int count, ByteBuffer target) {
      int fromByte = offset * records * layout.recordBytes();
      putCarried(((StructBuffer) samples).bytes(), fromByte, count, target);
    }
  }

  /** Bytes as they are, and texts; an array of them is several samples. */
  private static final class Bytes implements SignalWriter {
    private final String signalId;

    Bytes(SignalDescriptor descriptor) {
      signalId = descriptor.signalId();
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

    private ByteBuffer sample(Object samples, int index) {
      Object sample = samples instanceof Object[] several ? several[index] : samples;
      ByteBuffer bytes;
      if (sample instanceof byte[] array) {
        bytes = ByteBuffer.wrap(array);
      } else if (sample instanceof ByteBuffer buffer) {
        bytes = buffer.duplicate();
      } else if (sample instanceof String text) {
        bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      } else {
        throw new IllegalArgumentException(
            "signal %s of type binary takes byte[], ByteBuffer, String or arrays of them"
                .formatted(signalId));
      }
      if (!bytes.hasRemaining()) {
        throw new IllegalArgumentException(
            "signal " + signalId + ": a binary sample must have at least one byte");
      }
      return bytes;
    }

    @Override
    public int encodedBytes(Object samples, int offset, int count) {
      int held = samples instanceof Object[] several ? several.length : 1;
      Blocks.checkWithin(held, signalId, offset, count);
      long bytes = 0;
      for (int i = offset; i < offset + count; i++) {
        bytes += sample(samples, i).remaining();
      }
      return Blocks.checkedBytes(bytes, signalId);
    }

    @Override
    public void encode(Object samples, int offset, int count, ByteBuffer target) {
      for (int i = offset; i < offset + count; i++) {
        target.put(sample(samples, i));
      }
    }
  }
}
