/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.writer.struct.internal;

import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.StructLayout;
import org.daqstream.signal.api.writer.SignalWriter;
import org.daqstream.signal.api.writer.SignalWriterFactory;
import org.daqstream.signal.api.writer.UnsupportedSignalException;
import org.daqstream.writer.support.FixedSizeWriter;
import org.daqstream.writer.support.StructWriter;
import org.osgi.service.component.annotations.Component;

/** Makes the writers of structs: members in order, without padding (protocol section 3.3). */
@Component(property = SignalWriterFactory.SIGNAL_DATATYPE + "=" + DataTypes.STRUCT)
public final class StructWriterFactory implements SignalWriterFactory {
  @Override
  public SignalWriter create(SignalDescriptor descriptor) throws UnsupportedSignalException {
    FixedSizeWriter.checkFacts(descriptor, "dimensions", "members");
    StructLayout layout;
    try {
      layout = StructLayout.of(descriptor);
    } catch (IllegalArgumentException e) {
      throw UnsupportedSignalException.of(descriptor, "a struct like this", e.getMessage());
    }
    return new StructWriter(
        descriptor,
        layout,
        FixedSizeWriter.elementsOf(descriptor, Integer.MAX_VALUE / layout.recordBytes()));
  }
}
