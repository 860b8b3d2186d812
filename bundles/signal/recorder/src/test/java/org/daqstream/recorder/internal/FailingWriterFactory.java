/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recorder.internal;

import java.nio.ByteBuffer;
import java.util.Map;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.writer.SignalWriter;
import org.daqstream.signal.api.writer.SignalWriterFactory;
import org.daqstream.signal.api.writer.UnsupportedSignalException;
import org.daqstream.writer.numeric.internal.NumericWriterFactory;

/** Numbers, with writers that fail at NaN and write too little at infinity. */
final class FailingWriterFactory implements SignalWriterFactory {
  static final String TYPE = "test.failing";

  @Override
  public SignalWriter create(SignalDescriptor descriptor) throws UnsupportedSignalException {
    SignalWriter number =
        new NumericWriterFactory().create(descriptor.toBuilder().dataType("real64").build());
    return new SignalWriter() {
      @Override
      public int sampleBytes() {
        return number.sampleBytes();
      }

      @Override
      public Map<String, Object> definition() {
        return number.definition();
      }

      @Override
      public Object newSample() {
        return number.newSample();
      }

      @Override
      public int encodedBytes(Object samples, int offset, int count) {
        return number.encodedBytes(samples, offset, count);
      }

      @Override
      public void encode(Object samples, int offset, int count, ByteBuffer target) {
        double[] values = (double[]) samples;
        for (int i = 0; i < count; i++) {
          if (Double.isNaN(values[offset + i])) {
            throw new IllegalStateException("no number");
          }
          if (Double.isInfinite(values[offset + i])) {
            number.encode(samples, offset, i, target);
            return;
          }
        }
        number.encode(samples, offset, count, target);
      }
    };
  }
}
