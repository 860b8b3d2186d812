/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.writer.complex.internal;

import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.ElementType;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.writer.SignalWriter;
import org.daqstream.signal.api.writer.SignalWriterFactory;
import org.daqstream.signal.api.writer.UnsupportedSignalException;
import org.daqstream.writer.support.ArrayWriter;
import org.daqstream.writer.support.FixedSizeWriter;
import org.osgi.service.component.annotations.Component;

/** Makes the writers of complex numbers: real and imaginary part in turn (protocol section 3.3). */
@Component(
    property = {
      SignalWriterFactory.SIGNAL_DATATYPE + "=" + DataTypes.COMPLEX32,
      SignalWriterFactory.SIGNAL_DATATYPE + "=" + DataTypes.COMPLEX64
    })
public final class ComplexWriterFactory implements SignalWriterFactory {
  @Override
  public SignalWriter create(SignalDescriptor descriptor) throws UnsupportedSignalException {
    FixedSizeWriter.checkFacts(descriptor, "dimensions");
    ElementType type = ElementType.of(descriptor.dataType());
    if (type == null || !type.isComplex()) {
      throw UnsupportedSignalException.of(
          descriptor, "dataType " + descriptor.dataType(), "allowed are complex32 and complex64");
    }
    return new ArrayWriter(
        descriptor, type, FixedSizeWriter.elementsOf(descriptor, ArrayWriter.elementsLimit(type)));
  }
}
