/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.writer.numeric.internal;

import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.Dimension;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.writer.SignalWriter;
import org.daqstream.signal.api.writer.SignalWriterFactory;
import org.daqstream.signal.api.writer.UnsupportedSignalException;
import org.osgi.service.component.annotations.Component;

/** Makes the writers of the integers up to 64 bits and of the reals (protocol section 3.3). */
@Component(
    property = {
      SignalWriterFactory.SIGNAL_DATATYPE + "=" + DataTypes.INT8,
      SignalWriterFactory.SIGNAL_DATATYPE + "=" + DataTypes.UINT8,
      SignalWriterFactory.SIGNAL_DATATYPE + "=" + DataTypes.INT16,
      SignalWriterFactory.SIGNAL_DATATYPE + "=" + DataTypes.UINT16,
      SignalWriterFactory.SIGNAL_DATATYPE + "=" + DataTypes.INT32,
      SignalWriterFactory.SIGNAL_DATATYPE + "=" + DataTypes.UINT32,
      SignalWriterFactory.SIGNAL_DATATYPE + "=" + DataTypes.INT64,
      SignalWriterFactory.SIGNAL_DATATYPE + "=" + DataTypes.UINT64,
      SignalWriterFactory.SIGNAL_DATATYPE + "=" + DataTypes.REAL32,
      SignalWriterFactory.SIGNAL_DATATYPE + "=" + DataTypes.REAL64
    })
public final class NumericWriterFactory implements SignalWriterFactory {
  /** The encoded sample must fit into an array of bytes, post-scaled too. */
  private static final int SAMPLE_LIMIT_ELEMENTS = Integer.MAX_VALUE / Double.BYTES;

  @Override
  public SignalWriter create(SignalDescriptor descriptor) throws UnsupportedSignalException {
    if (!descriptor.members().isEmpty()) {
      throw refusal(descriptor, "members", "only a struct has members");
    }
    if (!descriptor.bits().isEmpty() || !descriptor.bitFieldType().isEmpty()) {
      throw refusal(descriptor, "bits", "only a bitField has bits");
    }
    if (descriptor.rule() instanceof Rule.Linear) {
      throw refusal(descriptor, "rule linear", "allowed are explicit and constant");
    }
    final int elements = elementsOf(descriptor);
    return switch (descriptor.dataType()) {
      case DataTypes.INT8 -> new ByteWriter(descriptor, elements, false);
      case DataTypes.UINT8 -> new ByteWriter(descriptor, elements, true);
      case DataTypes.INT16 -> new ShortWriter(descriptor, elements, false);
      case DataTypes.UINT16 -> new ShortWriter(descriptor, elements, true);
      case DataTypes.INT32 -> new IntWriter(descriptor, elements, false);
      case DataTypes.UINT32 -> new IntWriter(descriptor, elements, true);
      case DataTypes.INT64 -> new LongWriter(descriptor, elements, false);
      case DataTypes.UINT64 -> new LongWriter(descriptor, elements, true);
      case DataTypes.REAL32 -> new FloatWriter(descriptor, elements);
      case DataTypes.REAL64 -> new DoubleWriter(descriptor, elements);
      default ->
          throw refusal(
              descriptor,
              "dataType " + descriptor.dataType(),
              "allowed are int8 to int64, uint8 to uint64, real32 and real64");
    };
  }

  private static int elementsOf(SignalDescriptor descriptor) throws UnsupportedSignalException {
    long elements = 1;
    for (final Dimension dimension : descriptor.dimensions()) {
      elements *= dimension.size();
      if (elements > SAMPLE_LIMIT_ELEMENTS) {
        throw refusal(
            descriptor,
            "dimensions with " + elements + " or more elements",
            "allowed are " + SAMPLE_LIMIT_ELEMENTS);
      }
    }
    return (int) elements;
  }

  private static UnsupportedSignalException refusal(
      SignalDescriptor descriptor, String asked, String allowed) {
    return new UnsupportedSignalException(
        "signal "
            + descriptor.signalId()
            + " of type "
            + descriptor.dataType()
            + ": "
            + asked
            + " is not supported, "
            + allowed);
  }
}
