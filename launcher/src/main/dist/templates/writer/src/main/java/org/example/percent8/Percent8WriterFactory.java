/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.example.percent8;

import java.nio.ByteBuffer;
import java.util.Map;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.Unit;
import org.daqstream.signal.api.writer.SignalWriter;
import org.daqstream.signal.api.writer.SignalWriterFactory;
import org.daqstream.signal.api.writer.UnsupportedSignalException;
import org.daqstream.writer.support.FixedSizeWriter;
import org.osgi.service.component.annotations.Component;

/**
 * The data type {@code percent8}: sources write {@code double[]} in per cent, clients get a byte
 * each and see a plain {@code uint8}.
 */
@Component(property = SignalWriterFactory.SIGNAL_DATATYPE + "=percent8")
public final class Percent8WriterFactory implements SignalWriterFactory {

  @Override
  public SignalWriter create(SignalDescriptor descriptor) throws UnsupportedSignalException {
    FixedSizeWriter.checkFacts(descriptor);
    if (!descriptor.unit().equals(Unit.PERCENT)) {
      throw UnsupportedSignalException.of(
          descriptor, "unit '" + descriptor.unit().symbol() + "'", "allowed is '%'");
    }
    return new Percent8Writer(descriptor);
  }

  /** For one signal. */
  private static final class Percent8Writer extends FixedSizeWriter {
    private static final Map<String, Object> DEFINITION = Map.of("dataType", DataTypes.UINT8);

    Percent8Writer(SignalDescriptor descriptor) {
      super(descriptor, DEFINITION, "double[]", Byte.BYTES, Byte.BYTES);
    }

    @Override
    public Object newSample() {
      return new double[1];
    }

    @Override
    protected int samplesIn(Object samples) {
      return samples instanceof double[] numbers ? numbers.length : -1;
    }

    /** The hot path: no allocation, no lock, no I/O. */
    @Override
    protected void put(Object samples, int offset, int count, ByteBuffer target) {
      double[] numbers = (double[]) samples;
      for (int i = offset; i < offset + count; i++) {
        target.put((byte) Math.round(Math.min(Math.max(numbers[i], 0), 100)));
      }
    }
  }
}
