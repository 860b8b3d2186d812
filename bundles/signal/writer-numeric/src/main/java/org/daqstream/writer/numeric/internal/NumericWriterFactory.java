/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.writer.numeric.internal;

import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.ElementType;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.writer.SignalWriter;
import org.daqstream.signal.api.writer.SignalWriterFactory;
import org.daqstream.signal.api.writer.UnsupportedSignalException;
import org.daqstream.writer.support.ArrayWriter;
import org.daqstream.writer.support.FixedSizeWriter;
import org.daqstream.writer.support.ScaledWriter;
import org.osgi.service.component.annotations.Component;

/** Makes the writers of the integers and of the reals (protocol section 3.3). */
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
      SignalWriterFactory.SIGNAL_DATATYPE + "=" + DataTypes.INT128,
      SignalWriterFactory.SIGNAL_DATATYPE + "=" + DataTypes.UINT128,
      SignalWriterFactory.SIGNAL_DATATYPE + "=" + DataTypes.REAL32,
      SignalWriterFactory.SIGNAL_DATATYPE + "=" + DataTypes.REAL64
    })
public final class NumericWriterFactory implements SignalWriterFactory {
  @Override
  public SignalWriter create(SignalDescriptor descriptor) throws UnsupportedSignalException {
    FixedSizeWriter.checkFacts(descriptor, "dimensions", "postScaling");
    ElementType type = ElementType.of(descriptor.dataType());
    if (type == null || type.isComplex()) {
      throw UnsupportedSignalException.of(
          descriptor,
          "dataType " + descriptor.dataType(),
          "allowed are int8 to int128, uint8 to uint128, real32 and real64");
    }
    int elements = FixedSizeWriter.elementsOf(descriptor, ArrayWriter.elementsLimit(type));
    return descriptor.postScaling() == null
        ? new ArrayWriter(descriptor, type, elements)
        : new ScaledWriter(descriptor, type, elements);
  }
}
